/** Which prompts were read before, by salt: callers with different salts share nothing, and so learn nothing of each other. */
export class PrefixCache {
  private readonly known = new Map<string, Set<string>>();

  /** Blocks of 16 characters from the prompt's beginning that this salt's cache had; all of it is there from now on. */
  public take(salt: string, prompt: string): number {
    const known = this.known.get(salt) ?? new Set<string>();
    const blocks = prompt.match(/[^]{16}/g) ?? [];
    let hits = 0;
    for (let index = 0; index < blocks.length; index += 1) {
      const prefix = blocks.slice(0, index + 1).join("");
      if (known.has(prefix)) hits += 1;
      known.add(prefix);
    }
    this.known.set(salt, known);
    return hits;
  }
}
