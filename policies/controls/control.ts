/** Who has to act for a control to be met. */
export type Party = "kit" | "operator" | "provider";

/**
 * How far code that declares infrastructure reaches into a control. `supported`: rules bear on the whole of what it asks of
 * infrastructure. `partly`: rules bear on a part of it. `beyond`: it asks for what no such code can show.
 */
export type Coverage = "supported" | "partly" | "beyond";

/** One control of one framework, whether a rule bears on it or not: a list that leaves some out is no list. */
export interface Control {
  /** As the framework writes it: `164.312(a)(2)(iv)`, `10.3.2`, `SC-28(1)`, `32(1)(a)`. */
  readonly id: string;
  /** What it asks for, in our own words where the framework's text is not free. */
  readonly title: string;
  readonly coverage: Coverage;
  /** Who has to act, the one who does most of it first. */
  readonly parties: readonly Party[];
  /** For `partly` and `beyond`: what code cannot show, in a sentence. */
  readonly remains?: string;
}
