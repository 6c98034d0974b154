import { catalogue } from "../catalogue";
import { waiversOf } from "../waivers/judge-waivers";
import type { JudgedWaiver, WaiverState } from "../waivers/waiver";
import type { EvidenceInput, UngatedUpdate } from "./evidence";
import type { VerdictLedger } from "./ledger";

/** One invocation for each stack that was judged, with its population: silence is no pass. */
export function invocations(input: EvidenceInput): object[] {
  const waivers = (input.waivers ?? waiversOf(input.ledgers)).flatMap(notification);
  const ungated = (input.ungated ?? []).map(ungatedNotification);
  return input.ledgers.map((ledger, index) => ({
    executionSuccessful: ledger.complete,
    startTimeUtc: ledger.startedAt,
    endTimeUtc: ledger.finishedAt,
    // What is about the environment as a whole is told once.
    ...(index === 0 && waivers.length > 0 ? { toolConfigurationNotifications: waivers } : {}),
    ...(index === 0 && ungated.length > 0 ? { toolExecutionNotifications: ungated } : {}),
    properties: population(ledger, input),
  }));
}

const population = (ledger: VerdictLedger, { plan }: EvidenceInput): object => ({
  stack: ledger.stack,
  phase: ledger.phase,
  packSha256: ledger.packSha256,
  ...(plan ? { planSha256: plan.sha256 } : {}),
  resources: ledger.population.resources,
  components: ledger.population.components,
  evaluated: ledger.population.evaluated,
  opaque: ledger.population.opaque,
  unmappedTypes: ledger.population.unmappedTypes,
});

/** An active waiver is told where it counts; one that does not is told here, or nobody would know that it was meant to. */
const waiverLevels: Record<Exclude<WaiverState, "active">, string> = {
  expired: "error",
  malformed: "error",
  "changed-inputs": "error",
  refused: "error",
  unused: "warning",
};

function notification({ waiver, state, message }: JudgedWaiver): object[] {
  if (state === "active") return [];
  const ruleIndex = catalogue.findIndex(({ id }) => id === waiver.policy);
  return [
    {
      level: waiverLevels[state],
      message: { text: `The waiver ${waiver.id || "without an id"} does not count (${state}): ${message}.` },
      ...(ruleIndex < 0 ? {} : { associatedRule: { id: waiver.policy, index: ruleIndex } }),
      ...(waiver.urn === "" ? {} : { locations: [{ logicalLocations: [{ fullyQualifiedName: waiver.urn }] }] }),
      properties: { waiver: waiver.id, state, owner: waiver.owner, expires: waiver.expires },
    },
  ];
}

const ungatedNotification = ({ stack, why, judgedAt, released, updates, resources }: UngatedUpdate): object => ({
  level: "error",
  message: { text: `${stack} was changed without the gate: ${why}.` },
  properties: { stack, judgedAt, released, updates, resources },
});
