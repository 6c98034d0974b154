/** A step of a bring-up: what to do, what to type, and what is seen. Backticks mark code; `<env>` is the environment. */
export interface Step {
  readonly title: string;
  readonly says: string;
  readonly commands?: readonly string[];
  /** In place of the commands, on the page of an environment that has taken this step already. */
  readonly taken?: string;
  /** What is seen when it went well. */
  readonly seen?: string;
}

export interface Row {
  readonly what: string;
  readonly how: string;
}

export interface Failure {
  readonly sign: string;
  readonly cause: string;
  readonly mend: string;
}

/** What a person reads of one footprint: said once, shown as a page of HTML and as one of Markdown. */
export interface GuideText {
  readonly lead: string;
  /** What sets this ground apart from the other two. */
  readonly differs: readonly string[];
  readonly before: readonly string[];
  readonly steps: readonly Step[];
  readonly operation: readonly Row[];
  readonly failures: readonly Failure[];
  /** What nobody has done yet with the kit on this ground. */
  readonly untried: readonly string[];
}
