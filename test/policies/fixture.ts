/** One resource of a test's stack. */
export interface Fixture {
  type: string;
  name: string;
  // The tests break fixtures at any path.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  props: any;
  protect?: boolean;
  provider?: Record<string, unknown>;
  /** Properties that take the id of another fixture, by its name. */
  from?: Record<string, string>;
}

/** The key that everything of the compliant world is encrypted with. */
export const key = "arn:aws:kms:eu-central-1:111122223333:key/audit";

/** Where the resources of the cloud are. */
export const provider = { region: "eu-central-1" };
