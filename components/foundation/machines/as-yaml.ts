import { stringify } from "yaml";

/** YAML that a person can read on a machine: no folded lines, and nothing said by reference to elsewhere. */
export const asYaml = (value: unknown): string =>
  stringify(value, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false, blockQuote: "literal" });
