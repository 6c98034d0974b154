/** What two windows share, characters: what stands across their border is in one of them. */
const overlap = 200;

/** A text that comes in pieces, cut into windows of so many characters at most. */
export class Windows {
  private held = "";
  /** Characters at the beginning of what is held that a window had already. */
  private seen = 0;

  /** @param characters of a window; more than the overlap. */
  public constructor(private readonly characters: number) {}

  /** @returns windows that are full now. */
  public push(text: string): string[] {
    this.held += text;
    const full: string[] = [];
    while (this.held.length >= this.characters) {
      full.push(this.held.slice(0, this.characters));
      this.held = this.held.slice(this.characters - overlap);
      this.seen = overlap;
    }
    return full;
  }

  /** @returns what no window had yet, with what stands before it. */
  public end(): string[] {
    const rest = this.held.length > this.seen ? [this.held] : [];
    this.held = "";
    this.seen = 0;
    return rest;
  }
}
