import { controlsOf } from "../../catalogue";
import { podOf, workloadTypes } from "../../reading/workload";
import { isOfZone, TRAINING } from "../../reading/zones";
import { matches, type Properties, type Rule, type Subject } from "../../rule";

/** Kinds that run to an end, or start what does: a training run is one of them. */
const runs = ["kubernetes:core/v1:Pod", "kubernetes:batch/*:Job", "kubernetes:batch/*:CronJob"];
const customRuns = [
  "kubernetes:ray.io/*:RayJob",
  "kubernetes:kubeflow.org/*:*Job",
  "kubernetes:trainer.kubeflow.org/*:TrainJob",
  "kubernetes:jobset.x-k8s.io/*:JobSet",
  "kubernetes:kueue.x-k8s.io/*:Workload",
];

/**
 * Largest privacy loss that may be spent. Up to 10 is the tier that Ponomareva et al. ("How to DP-fy ML", 2023) call
 * reasonable for models of text, and 8 the largest at which fine-tuning is commonly reported.
 */
const epsilonCeiling = 8;
/** A record's chance of a worse loss: below one in the number of records, and 100,000 is a small set. */
const deltaCeiling = 1e-5;

/** What the run says of itself: the object, or the pods it starts. */
function annotationsOf(subject: Subject): Properties {
  const own = subject.props.metadata?.annotations ?? {};
  return matches(workloadTypes, subject.type) ? { ...podOf(subject).metadata.annotations, ...own } : own;
}

const within = (value: string | undefined, ceiling: number): string | undefined => {
  if (value === undefined) return "it is not named";
  const number = Number(value);
  if (!(number > 0)) return `${value} is no number above 0`;
  return number <= ceiling ? undefined : `${number} is more than ${ceiling}`;
};

export const ai07: Rule = {
  id: "AI-07",
  title: "Training jobs name their privacy budget and the sanitiser's digest",
  severity: "high",
  scope: "resource",
  types: [...runs, ...customRuns],
  remediation:
    "Annotate the job with cloister.dev/privacy-epsilon, cloister.dev/privacy-delta and cloister.dev/sanitiser-digest.",
  supports: controlsOf("AI-07"),
  check(job, examination) {
    if (!isOfZone(job, TRAINING)) return examination.notApplicable(`it is not in the zone ${TRAINING}`);
    const ask = (name: string, question: (value: string | undefined) => string | undefined) =>
      examination.ask(`metadata.annotations["cloister.dev/${name}"]`, () =>
        question(annotationsOf(job)[`cloister.dev/${name}`] as string | undefined),
      );
    ask("privacy-epsilon", (value) => within(value, epsilonCeiling));
    ask("privacy-delta", (value) => within(value, deltaCeiling));
    ask("sanitiser-digest", (value) =>
      /^sha256:[0-9a-f]{64}$/.test(value ?? "") ? undefined : "no sanitiser is named by its digest",
    );
  },
};
