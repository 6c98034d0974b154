import { shown } from "../schema-check";
import type { InvokeFunction, Properties } from "../provider";
import { rehearsalAccount, scopeOf } from "./configuration";

const scoped =
  (answer: (scope: ReturnType<typeof scopeOf>, args: Properties) => Properties): InvokeFunction =>
  (args, { configuration }) =>
    Promise.resolve(answer(scopeOf(configuration, args.region), args));

/** Look-ups that need no account. What they cannot know is named as a stand-in, or refused. */
export const invokes: Readonly<Record<string, InvokeFunction>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": scoped(({ account, partition }) => ({
    accountId: account,
    arn: `arn:${partition}:iam::${account}:user/computed-in-rehearsal`,
    id: account,
    userId: "computed-in-rehearsal",
  })),
  "aws:index/getRegion:getRegion": scoped(({ region, dnsSuffix }) => ({
    description: "computed in a rehearsal",
    endpoint: `ec2.${region}.${dnsSuffix}`,
    id: region,
    name: region,
    region,
  })),
  "aws:index/getPartition:getPartition": scoped(({ partition, dnsSuffix }) => ({
    dnsSuffix,
    id: partition,
    partition,
    reverseDnsPrefix: dnsSuffix.split(".").reverse().join("."),
  })),
  // Three zones named after the region: which zones an account really sees is not known here.
  "aws:index/getAvailabilityZones:getAvailabilityZones": scoped(({ region }, args) => {
    const excluded = Array.isArray(args.excludeNames) ? args.excludeNames : [];
    const names = ["a", "b", "c"].map((letter) => region + letter).filter((name) => !excluded.includes(name));
    return {
      ...args,
      groupNames: [region],
      id: region,
      names,
      region,
      zoneIds: names.map((name) => `computed-${name}`),
    };
  }),
  // Real parameters hold image identifiers that change by the day: an invented one would look like a pinned one.
  "aws:ssm/getParameter:getParameter": (args, { configuration }) => {
    const where = `account ${rehearsalAccount} in ${scopeOf(configuration, args.region).region}`;
    return Promise.reject(
      new Error(
        `the parameter ${shown(args.name)} cannot be read: ${where} is a rehearsal's own; pin its value in the environment`,
      ),
    );
  },
};
