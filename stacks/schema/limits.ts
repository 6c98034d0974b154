import { z } from "zod";
import { whole } from "./common";
import { groupName } from "./people";

const requestsPerMinute = (whose: string, mend: string) =>
  whole(`Requests in a minute ${whose}, over all pods of the door`, 1, 1_000_000, mend);

// The service that counts keeps a limit in 32 bits.
const tokensPerHour = (whose: string, mend: string) =>
  whole(`Tokens of prompts and answers in an hour ${whose}, over all guards`, 1, 4_000_000_000, mend);

const groupLimit = z.strictObject({
  group: groupName("A group of platform.people.groups, all of whose members share the limit"),
  requestsPerMinute: requestsPerMinute("of all members together", "start at 60 for each who is at it at once"),
  tokensPerHour: tokensPerHour("of all members together", "start at 250000 for each who is at it at once"),
});

/** What persons and groups may use. Nobody is without a limit. */
export const limits = z
  .strictObject({
    person: z
      .strictObject({
        requestsPerMinute: requestsPerMinute("of each person", "start at 60, what the kit chose").default(60),
        tokensPerHour: tokensPerHour("of each person", "start at 250000, what the kit chose").default(250_000),
      })
      .prefault({})
      .meta({
        description: "What each person may use, whoever it is",
        allowed: "requestsPerMinute and tokensPerHour",
        mend: "raise the limit that is too low: none can be switched off",
      }),
    groups: z.array(groupLimit).default([]).meta({
      description: "Groups with a limit for all members together; who is in several uses up each",
      allowed: "a limit for each group, once",
      mend: "name a group of platform.people.groups, or leave the list out",
    }),
  })
  .prefault({})
  .meta({
    description: "What persons and groups may use; where nobody can count, nobody is let in",
    allowed: "person and groups",
    mend: "leave it out for the limits that the kit chose",
  });
