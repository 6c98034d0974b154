import { createHash, type Hash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { open, readFile, rename, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { paddedSegment } from "./segment";

/** The disk did not take it, and holds what it held before: the caller may be refused and the ledger goes on. */
export class DiskFull extends Error {
  override readonly name = "DiskFull";
}

/** Nobody knows what the disk holds: only a restart, which reads it again, can tell. */
export class DiskBroken extends Error {
  override readonly name = "DiskBroken";
}

/** Makes a new name in a folder last: the file's own sync does not. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync();
  await handle.close();
}

/**
 * The files of a chain on the ledger's own disk, one for each segment. What `append` has resolved for is on the disk and
 * outlives a power cut.
 */
export class Journal {
  private handle: FileHandle | undefined;
  private size = 0;
  private digest: Hash = createHash("sha256");

  public constructor(
    private readonly folder: string,
    /** Number of the segment that is written next. */
    private segment: number,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  public static pathOf(folder: string, segment: number, anchored: boolean): string {
    return join(folder, `${paddedSegment(segment)}${anchored ? ".anchored" : ""}.ndjson`);
  }

  /** Bytes of the records in the segment that is being written. */
  public get bytes(): number {
    return this.size;
  }

  /** SHA-256 of the bytes of the records in it. */
  public get recordsDigest(): string {
    return this.digest.copy().digest("hex");
  }

  /** Goes on in a segment that holds these bytes already; the file was cut to them. */
  public async resume(kept: Buffer): Promise<void> {
    this.handle = await open(Journal.pathOf(this.folder, this.segment, false), "r+");
    this.size = kept.length;
    this.digest.update(kept);
  }

  /**
   * Adds lines, and resolves once they are on the disk.
   *
   * @throws DiskFull where there is no room: nothing was added. DiskBroken where that cannot be told.
   */
  public async append(lines: Buffer): Promise<void> {
    await this.put(lines);
    this.size += lines.length;
    this.digest.update(lines);
  }

  /** Adds the head, and leaves the segment for good. @returns all of its bytes. */
  public async seal(headLine: string): Promise<Buffer> {
    const path = Journal.pathOf(this.folder, this.segment, false);
    await this.put(Buffer.from(headLine));
    await this.handle?.close();
    this.handle = undefined;
    this.size = 0;
    this.digest = createHash("sha256");
    this.segment += 1;
    return readFile(path);
  }

  /** Remembers that the bucket has a segment: after a restart it is not sent again. */
  public async anchored(segment: number): Promise<void> {
    await rename(Journal.pathOf(this.folder, segment, false), Journal.pathOf(this.folder, segment, true));
  }

  public async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }

  private async put(bytes: Buffer): Promise<void> {
    const handle = (this.handle ??= await this.create());
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, this.size + done);
        done += bytesWritten;
      }
    } catch (error) {
      await this.undo(handle, error);
    }
    try {
      await handle.datasync();
    } catch (error) {
      // After a failed sync the kernel may have thrown the pages away: a second one would succeed and mean nothing.
      throw new DiskBroken(`fdatasync: ${(error as NodeJS.ErrnoException).code ?? "failed"}`);
    }
  }

  private async undo(handle: FileHandle, error: unknown): Promise<never> {
    const { code } = error as NodeJS.ErrnoException;
    try {
      await handle.truncate(this.size);
      await handle.datasync();
    } catch {
      throw new DiskBroken(`write: ${code ?? "failed"}, and what it left cannot be cut off`);
    }
    if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") throw new DiskFull(code);
    throw new DiskBroken(`write: ${code ?? "failed"}`);
  }

  private async create(): Promise<FileHandle> {
    const path = Journal.pathOf(this.folder, this.segment, false);
    try {
      const handle = await open(path, "wx+", 0o600);
      await syncFolder(this.folder);
      return handle;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOSPC" || code === "EDQUOT") throw new DiskFull(code);
      throw new DiskBroken(`create ${paddedSegment(this.segment)}: ${code ?? "failed"}`);
    }
  }
}
