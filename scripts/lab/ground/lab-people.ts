import type { Person } from "../../../rehearsal/identity-provider/identity-provider";

/** People of a lab: one with every right, one without a second factor, one in no group that may ask. */
export const labPeople = (groups: readonly string[]): Person[] => [
  { name: "ada@example.com", groups, secondFactor: true },
  { name: "bob@example.com", groups, secondFactor: false },
  { name: "carol@example.com", groups: ["visitors"], secondFactor: true },
];
