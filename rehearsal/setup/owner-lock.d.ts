/** What a lock is told while it waits for the process that holds it. */
export interface LockOptions {
  /** Called once, when the lock is found taken by a living process. */
  readonly onWait?: (pid: number) => void;
}

/**
 * Runs the work while this process alone holds the lock file, and lets go afterwards. A lock left by a process that
 * is gone (killed, or its number reused by another) is taken over; the children it had adopted, each the leader of a
 * process group, are ended first, so that none goes on writing where the next one writes.
 */
export function withOwnerLock<Result>(
  path: string,
  work: (adopt: (pid: number) => void) => Promise<Result>,
  options?: LockOptions,
): Promise<Result>;

/** Tells one process from a later one with the same number; undefined when no such process lives. */
export function processStart(pid: number): string | undefined;
