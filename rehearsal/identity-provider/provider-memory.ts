import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

interface Kept {
  readonly model: string;
  readonly payload: AdapterPayload;
  /** Milliseconds since 1970. */
  readonly until: number;
}

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
    const living = (): Kept[] => this.living().filter((one) => one.model === model);
    const first = async (matches: (payload: AdapterPayload) => boolean): Promise<AdapterPayload | undefined> =>
      living().find(({ payload }) => matches(payload))?.payload;
    return {
      upsert: async (id, payload, expiresIn) => {
        const until = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000;
        this.kept.set(key(id), { model, payload, until });
      },
      find: async (id) => {
        this.living();
        return this.kept.get(key(id))?.payload;
      },
      findByUid: (uid) => first((payload) => payload.uid === uid),
      findByUserCode: (userCode) => first((payload) => payload.userCode === userCode),
      // The library marks what may be used only once, and itself refuses it the second time.
      consume: async (id) => {
        const found = this.kept.get(key(id));
        if (found !== undefined) found.payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => {
        this.kept.delete(key(id));
      },
      revokeByGrantId: async (grantId) => {
        for (const [name, one] of this.kept)
          if (one.model === model && one.payload.grantId === grantId) this.kept.delete(name);
      },
    };
  }

  /** Drops what is past its time: a lab that runs for days must not grow. */
  private living(): Kept[] {
    const now = Date.now();
    for (const [name, { until }] of this.kept) if (until <= now) this.kept.delete(name);
    return [...this.kept.values()];
  }
}
