import type { Lab } from "../lab/lab";
import type { PlannedProcess } from "../lab/process-plan";

/** What a request's way leads through, in the order in which a pod's containers end: what it is for before what it leans on. */
const containers = ["ledger", "vllm", "guard", "router", "envoy"];

/** The processes that a request's way leads through; others of a lab only look on. */
export const partsOf = (lab: Lab): PlannedProcess[] => containers.flatMap((container) => lab.processesOf(container));
