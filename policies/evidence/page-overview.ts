import { catalogue } from "../catalogue";
import { promises } from "../promises";
import type { State } from "../rule";
import { rules } from "../rules";
import type { EvidenceInput } from "./evidence";
import { markup, type Markup } from "./markup";
import { changeSentence, readable } from "./page-changes";
import { chaptersOf, controlStates, frameworksOf, type FrameworkControls } from "./page-controls";
import { counted, entryOf, nameOf, place, type PageModel, type PageResource } from "./page-model";
import { planProof } from "./page-promises";
import { foundParts } from "./page-rules";
import { zoneGroups, type ZoneGroup } from "./page-resources";
import { pill, states, worst } from "./page-states";
import { time } from "./page-waivers";
import { summarise, verdictsOf } from "./summary";

export const outcomes: Record<
  EvidenceInput["outcome"],
  { readonly word: string; readonly like: State; readonly says: string }
> = {
  released: {
    word: "Released",
    like: "pass",
    says: "It is deployed, and the deployed state was judged again: nothing critical failed or stayed open.",
  },
  "not-released": {
    word: "Not released",
    like: "fail",
    says: "It is deployed, but something critical failed or could not be decided. Do not use it.",
  },
  stopped: { word: "Stopped", like: "fail", says: "The gate stopped it. What it stopped was not made." },
  planned: {
    word: "Planned only",
    like: "open",
    says: "This is a preview: nothing was made, and the deployed state was not judged.",
  },
};

export function facts(input: EvidenceInput): Markup {
  const all: readonly (readonly [string, string | Markup])[] = [
    ["Footprint", input.footprint],
    [input.ledgers.length === 1 ? "Stack" : "Stacks", input.ledgers.map(({ stack }) => stack).join(", ") || "none"],
    ["Phase", [...new Set(input.ledgers.map(({ phase }) => phase))].join(", ") || "none"],
    ["Engine", `Pulumi ${input.engine.version}, ${input.engine.origin}`],
    ["Written", readable(input.generatedAt)],
    ...(input.plan ? [["Plan, SHA-256", markup`<code class="hash">${input.plan.sha256}</code>`] as const] : []),
  ];
  return markup`<dl class="facts">${all.map(([term, fact]) => markup`<div><dt>${term}</dt><dd>${fact}</dd></div>`)}</dl>`;
}

/** What the gate found, in six numbers that are never added up. */
export function found(model: PageModel): Markup {
  const { ledgers } = model.input;
  const summary = summarise(ledgers);
  const sum = (pick: (one: (typeof ledgers)[number]["population"]) => number) =>
    ledgers.reduce((total, { population }) => total + pick(population), 0);
  const incomplete = ledgers.filter((ledger) => !ledger.complete);
  const critical = (state: State) => verdictsOf(ledgers, "critical", state).length;
  return markup`<p class="lead">
      ${sum((one) => one.evaluated)} of ${sum((one) => one.resources)} resources were judged by at least one rule;
      ${rules.length} of ${catalogue.length} catalogued rules are implemented. Critical: ${critical("fail")} failed,
      ${critical("open")} undecided.
    </p>
    ${incomplete.length > 0 && markup`<p class="alarm"><strong>Incomplete:</strong> the run over ${incomplete.map(({ stack }) => stack).join(", ")} ended before the rules that see the whole stack.</p>`}
    ${bar(
      states.map(({ state }) => ({
        state,
        count: catalogue.filter(({ id }) => model.stateOfRule(id) === state).length,
      })),
      catalogue.length,
    )}
    <p class="tags">The ${catalogue.length} rules of the catalogue, each by its worst verdict. Below, a check is one rule on one resource.</p>
    <ul class="states">
      ${states.map(
        ({ state, counts }) =>
          markup`<li><a href="#state=${state}"><b class="s ${state} ${summary[state] === 0 && "zero"}">${summary[state]}</b> <span>${counts}</span></a></li>`,
      )}
    </ul>`;
}

/**
 * Lengths of one unit, so that they may be compared. The numbers stand beside it in words.
 *
 * @param total what the whole length stands for; the part of it that has no state stays empty.
 */
function bar(parts: readonly { readonly state: State; readonly count: number }[], total: number): Markup {
  let x = 0;
  return markup`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
    ${parts.map(({ state, count }) => {
      const width = total === 0 ? 0 : (count / total) * 1000;
      const start = x;
      x += width;
      return (
        width > 0 &&
        markup`<rect x="${start.toFixed(2)}" width="${Math.max(0, width - 2).toFixed(2)}" height="10" class="${state}" />`
      );
    })}
  </svg>`;
}

/** The three ways into the same verdicts. */
export function threeWays(model: PageModel): Markup {
  return markup`<div class="ways">
    <div class="way">
      <h3><a href="#promises">By promise</a></h3>
      <p>What the kit promises, and what proves it here.</p>
      <ol class="promises">
        ${promises.map((promise) => {
          const { like, word } = planProof(promise, model);
          return markup`<li><a href="#${place.promise(promise.number)}"><span class="number">${promise.number}</span> <span>${promise.title}</span> ${pill(like, word)}</a></li>`;
        })}
      </ol>
    </div>
    <div class="way">
      <h3><a href="#controls">By control</a></h3>
      <p>A paragraph of a framework, the rules that support it, their verdicts.</p>
      <ul class="frameworks">${frameworksOf(model).own.map((one) => frameworkWay(one, model))}</ul>
    </div>
    <div class="way">
      <h3><a href="#resources">By resource</a></h3>
      <p>Every resource by stack, zone and component.</p>
      <ul class="stacks">${zoneGroups(model).map(({ stack, zones }) => stackWay(stack, zones))}</ul>
    </div>
  </div>`;
}

function frameworkWay(framework: FrameworkControls, model: PageModel): Markup {
  const { key, title, controls } = framework;
  const held = controlStates(framework, model);
  const touched = held.reduce((sum, { count }) => sum + count, 0);
  return markup`<li>
    <a href="#${place.framework(key)}"><b>${title}</b> <small>${touched} of ${controls.length} controls have rules</small> ${bar(held, controls.length)}</a>
    <ul class="chips">${chaptersOf(framework, model).map(
      ({ chapter, state }) =>
        state && markup`<li><a class="s ${state}" href="#${place.chapter(key, chapter)}">${chapter}</a></li>`,
    )}</ul>
  </li>`;
}

function stackWay(stack: string, zones: readonly ZoneGroup[]): Markup {
  const chip = (at: string, name: string, inside: readonly PageResource[]) => {
    const state = worst(inside.flatMap(({ verdicts }) => verdicts.map((verdict) => verdict.state)));
    return markup`<li><a class="${state && `s ${state}`}" href="#${at}">${name} <small>${inside.length}</small></a></li>`;
  };
  const size = zones.reduce((sum, { resources }) => sum + resources.length, 0);
  return markup`<li><b>${stack}</b> <small>${counted(size, "resource")}</small>
    <ul class="chips">${zones.map(({ zone, resources, components }) =>
      zone === ""
        ? components.map(({ component, resources: inside }) =>
            chip(place.component(stack, zone, component), component.split(" › ").at(-1) || "others", inside),
          )
        : chip(place.zone(stack, zone), zone, resources),
    )}</ul></li>`;
}

export function toMend(model: PageModel): Markup {
  const findings = model.findings();
  if (findings.length === 0) return markup`<p>No check failed, and none is undecided.</p>`;
  return markup`${findings.map((verdict) => {
    const rule = rules.find(({ id }) => id === verdict.rule);
    return markup`<article class="card ${verdict.state}">
      <h4>${pill(verdict.state)} <a href="#${place.verdict(verdict)}"><code>${verdict.rule}</code> on ${nameOf(verdict.urn)}</a> <span class="severity ${entryOf(verdict.rule)?.severity}">${entryOf(verdict.rule)?.severity}</span></h4>
      <div>${foundParts(verdict.message, 6)}</div>
      <p><strong>To mend:</strong> ${rule?.remediation}</p>
      <p class="urn">${verdict.urn}</p>
    </article>`;
  })}`;
}

/** Waivers and changes in a line each; their own sections tell the rest. */
export function inShort(model: PageModel): Markup {
  const active = model.waivers.filter(({ state }) => state === "active").sort((a, b) => a.daysLeft - b.daysLeft);
  const [next] = active;
  const others = model.waivers.length - active.length;
  return markup`<ul class="plain short">
    <li><a href="#waivers">Waivers</a>: ${
      model.waivers.length === 0
        ? "none."
        : `${active.length} active${next ? `, the next one (${next.waiver.id}) with ${time(next.daysLeft)}` : ""}; ${others} that waive nothing and need somebody.`
    }</li>
    <li><a href="#changes">Changes</a>: ${changeSentence(model)}</li>
  </ul>`;
}
