import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

interface Kept {
  readonly model: string;
  readonly payload: AdapterPayload;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** The library waits for a store, and this one is at hand. */
const soon = <T>(work: () => T): Promise<T> => Promise.resolve().then(work);

/**
 * Where the library keeps sessions, codes and grants. The library's own memory belongs to one instance; this one outlives
 * the instance that a new signing key replaces, so that who is halfway through a login gets through.
 */
export class ProviderMemory {
  private readonly kept = new Map<string, Kept>();

  /** For the library's `adapter`. */
  public readonly adapter: AdapterFactory = (model) => this.adapterOf(model);

  private adapterOf(model: string): Adapter {
    const key = (id: string): string => `${model}:${id}`;
    const first = (matches: (payload: AdapterPayload) => boolean): Promise<AdapterPayload | undefined> =>
      soon(() => this.living().find((one) => one.model === model && matches(one.payload))?.payload);
    return {
      upsert: (id, payload, expiresIn = Infinity) =>
        soon(() => void this.kept.set(key(id), { model, payload, until: Date.now() + expiresIn * 1000 })),
      find: (id) => soon(() => (this.living(), this.kept.get(key(id))?.payload)),
      findByUid: (uid) => first((payload) => payload.uid === uid),
      findByUserCode: (userCode) => first((payload) => payload.userCode === userCode),
      // The library marks what may be used only once, and itself refuses it the second time.
      consume: (id) =>
        soon(
          () => void Object.assign(this.kept.get(key(id))?.payload ?? {}, { consumed: Math.floor(Date.now() / 1000) }),
        ),
      destroy: (id) => soon(() => void this.kept.delete(key(id))),
      revokeByGrantId: (grantId) => soon(() => this.revoke(model, grantId)),
    };
  }

  private revoke(model: string, grantId: string): void {
    for (const [name, one] of this.kept)
      if (one.model === model && one.payload.grantId === grantId) this.kept.delete(name);
  }

  /** Drops what is past its time: a lab that runs for days must not grow. */
  private living(): Kept[] {
    const now = Date.now();
    for (const [name, { until }] of this.kept) if (until <= now) this.kept.delete(name);
    return [...this.kept.values()];
  }
}
