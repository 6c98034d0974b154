import { promises, type KitPromise } from "../promises";
import type { EvidenceProof } from "./evidence";
import { markup, type Markup } from "./markup";
import { place, type PageModel } from "./page-model";
import { ruleLinks } from "./page-rules";
import { pill } from "./page-states";
import type { State } from "../rule";

/** What the environment's own resources say of a promise. */
export interface PlanProof {
  readonly like: State;
  readonly word: string;
  readonly says: string;
}

export function planProof({ rules }: KitPromise, model: PageModel): PlanProof {
  const [passed, failed, open, waived] = (["pass", "fail", "open", "waived"] as const).map((state) =>
    model.count(rules, state),
  ) as [number, number, number, number];
  const checks = passed + failed + open + waived;
  if (failed > 0) return { like: "fail", word: "broken", says: `${failed} of ${checks} checks fail` };
  if (open > 0) return { like: "open", word: "undecided", says: `${open} of ${checks} checks are not known yet` };
  if (waived > 0) return { like: "waived", word: "waived in part", says: `${waived} of ${checks} checks are waived` };
  if (passed > 0) {
    const judging = rules.filter((rule) => model.count([rule], "pass") > 0).length;
    return { like: "pass", word: "supported", says: `${passed} checks by ${judging} of its ${rules.length} rules` };
  }
  return {
    like: "notEvaluated",
    word: "not proven",
    says: `no check of its ${rules.length} rules met a resource`,
  };
}

/** The twelve promises: what this environment's plan, its last drill and the kit's tests say of each, kept apart. */
export function promiseList(model: PageModel): Markup {
  const proofs = model.input.proofs ?? [];
  return markup`${promises.map((promise) => {
    const plan = planProof(promise, model);
    const mine = proofs.filter((proof) => proof.promise === promise.number);
    const live = mine.filter(({ kind }) => kind === "live");
    const kit = mine.filter(({ kind }) => kind === "kit");
    return markup`<details class="promise">
      <summary>
        <span class="number">${promise.number}</span>
        <span class="title">${promise.title}<small>${promise.says}</small></span>
        <span class="proofs">
          <span class="kind">plan</span> ${pill(plan.like, plan.word)}
          <span class="kind">live</span> ${proofPill(live, "never")}
          <span class="kind">kit</span> ${proofPill(kit, "not run here")}
        </span>
      </summary>
      <div class="body" id="${place.promise(promise.number)}">
        <dl class="about">
          <div><dt>Plan: this environment’s own resources</dt><dd>${plan.says}</dd></div>
          <div><dt>Live: the last drill in this environment</dt><dd>${told(live, "no drill was ever made here")}</dd></div>
          <div><dt>Kit: tests of the kit itself</dt><dd>${told(kit, "none was run with this evidence")}</dd></div>
        </dl>
        ${ruleLinks(promise.rules, model)}
      </div>
    </details>`;
  })}`;
}

function proofPill(proofs: readonly EvidenceProof[], none: string): Markup {
  if (proofs.length === 0) return pill("notEvaluated", none);
  const broken = proofs.filter(({ held }) => !held).length;
  return broken > 0 ? pill("fail", `${broken} of ${proofs.length} broken`) : pill("pass", `${proofs.length} held`);
}

function told(proofs: readonly EvidenceProof[], none: string): Markup {
  if (proofs.length === 0) return markup`${none}`;
  return markup`<ul class="plain">${proofs.map(
    ({ held, what, at }) =>
      markup`<li>${pill(held ? "pass" : "fail", held ? "held" : "broken")} ${what} <small>${at}</small></li>`,
  )}</ul>`;
}
