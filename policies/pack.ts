import { resolve } from "node:path";
import {
  PolicyPack,
  type PolicyResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { LedgerWriter, packSha256, type Phase } from "./evidence/ledger";
import { examine } from "./examination";
import { version } from "./package.json";
import { PlanCapture } from "./plan-capture";
import { matches, type Rule, type Subject } from "./rule";
import { rules } from "./rules";
import { settingsSchema, type Settings } from "./settings";
import { unpackOnce } from "./unpack-once";

const directory = process.env["CLOISTER_VERDICTS_DIR"];
const capture = new PlanCapture(process.env["CLOISTER_PLAN_DIR"]);
const ledger = new LedgerWriter(rules, { version, sha256: packSha256(resolve(__dirname)) }, phase());

/** The engine does not tell a pack what it is run for; who starts the engine may. */
function phase(): Phase {
  const given = process.env["CLOISTER_VERDICTS_PHASE"];
  if (given === "preview" || given === "update" || given === "analysis") return given;
  return "unstated";
}

function save(): void {
  if (directory) ledger.save(directory);
}

let pending: NodeJS.Timeout | undefined;
/** The engine ends a pack without a word, so the ledger is also written whenever the pack has nothing to do. */
function saveSoon(): void {
  pending ??= setTimeout(() => {
    pending = undefined;
    save();
  }, 100).unref();
}

function subjectOf(resource: ResourceValidationArgs | PolicyResource): Subject {
  const origins =
    "propertyDependencies" in resource
      ? Object.fromEntries(
          Object.entries(resource.propertyDependencies).map(([property, from]) => [
            property,
            from.map(({ urn }) => urn),
          ]),
        )
      : undefined;
  return {
    urn: resource.urn,
    type: resource.type,
    name: resource.name,
    props: resource.props,
    protect: resource.opts.protect,
    ...(resource.provider ? { provider: resource.provider.props } : {}),
    ...(origins ? { origins } : {}),
  };
}

function judge(
  rule: Rule,
  subject: Subject,
  resources: readonly Subject[],
  report: (message: string, urn: string) => void,
): void {
  const verdict = ledger.add(examine(rule, subject, { settings: ledger.settings, resources }));
  if (verdict.state !== "fail") return;
  report(`${verdict.message}. To mend: ${rule.remediation}`, subject.urn);
  save();
}

function policyOf(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
  const described = {
    name: rule.id,
    displayName: rule.title,
    description: rule.title,
    severity: rule.severity,
    enforcementLevel:
      rule.severity === "critical" || rule.severity === "high" ? ("mandatory" as const) : ("advisory" as const),
    remediationSteps: rule.remediation,
  };
  if (rule.scope === "resource") {
    return {
      ...described,
      validateResource: (resource, report) => {
        if (!matches(rule.types, resource.type)) return resource.notApplicable("not of the kinds this rule looks at");
        judge(rule, subjectOf(resource), [], (message) => report(message));
      },
    };
  }
  return {
    ...described,
    validateStack: (stack, report) => {
      const resources = stack.resources.map(subjectOf);
      const mine = resources.filter((resource) => matches(rule.types, resource.type));
      if (mine.length === 0) return stack.notApplicable("the stack has none of the kinds this rule looks at");
      for (const subject of mine) judge(rule, subject, resources, report);
    },
  };
}

/** Runs before every rule: takes in the settings, because a policy only ever sees its own configuration. */
const settings: ResourceValidationPolicy = {
  name: "settings",
  description: "Takes in what the environment tells the pack; judges nothing",
  enforcementLevel: "advisory",
  configSchema: settingsSchema,
  validateResource: (resource) => {
    ledger.settings = resource.getConfig<Settings>();
    ledger.see(subjectOf(resource));
    capture.see(subjectOf(resource));
    saveSoon();
  },
};

/** Shows every waiver, those that count and those that do not; what it says stops nothing, the failures do that. */
const waivers: StackValidationPolicy = {
  name: "waivers",
  description: "Shows what is accepted for a while, until when, and each waiver that does not count",
  enforcementLevel: "advisory",
  validateStack: (stack, report) => {
    // By now every rule has said what it has to say.
    ledger.complete = true;
    const there = new Set(stack.resources.map(({ urn }) => urn));
    for (const { waiver, state, message } of ledger.waivers()) {
      if (state === "malformed") continue;
      const told = `${waiver.id} ${state === "active" ? "waives" : `(${state}) does not waive`} ${waiver.policy}: ${message}`;
      report(`${told}. ${waiver.owner} answers for it`, there.has(waiver.urn) ? waiver.urn : undefined);
    }
  },
};

/** A waiver that is not as a waiver has to be was meant to accept something: what it was is for a person to say first. */
const malformedWaivers: StackValidationPolicy = {
  name: "malformed-waivers",
  description: "Stops at a waiver that is not as a waiver has to be",
  enforcementLevel: "mandatory",
  validateStack: (_stack, report) => {
    for (const { waiver, state, message } of ledger.waivers()) {
      if (state !== "malformed") continue;
      const file = ledger.settings.waivers?.file ?? "the waivers";
      report(`${waiver.id || "a waiver without an id"} in ${file}: ${message}. To mend: correct or remove it`);
    }
  },
};

/** What every environment of its kind has, and this stack has not: an emptied stack has nothing left to fail by. */
const expected: StackValidationPolicy = {
  name: "expected",
  description: "Stops where a rule had less to judge than such a stack always has",
  enforcementLevel: "mandatory",
  validateStack: (_stack, report) => {
    for (const { rule, urn, message } of ledger.absences()) report(`${rule}: ${message}`, urn);
  },
};

/** Runs after every rule: by then the whole stack was seen, and what could not be known can be told. */
const undecided: StackValidationPolicy = {
  name: "undecided",
  description: "Counts what could not be known yet, and closes the verdict ledger",
  enforcementLevel: "advisory",
  validateStack: (stack, report) => {
    const resources = stack.resources.map(subjectOf);
    for (const resource of resources) ledger.see(resource);
    capture.close(/^urn:pulumi:([^:]*)::/.exec(resources[0]?.urn ?? "")?.[1] ?? "", resources);
    ledger.complete = true;
    save();
    const opens = ledger.opens();
    if (opens.length === 0) return;
    const named = [...new Set(opens.map(({ rule }) => rule))].join(", ");
    report(`${opens.length} verdicts are undecided (${named}): first, ${opens[0]?.message ?? ""}`);
  },
};

unpackOnce();
process.on("exit", save);
process.on("SIGTERM", () => process.exit(0));

new PolicyPack("cloister", {
  enforcementLevel: "mandatory",
  policies: [settings, ...rules.map(policyOf), waivers, malformedWaivers, expected, undecided],
});
