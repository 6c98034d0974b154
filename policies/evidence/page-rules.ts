import { catalogue, type CatalogueEntry, type Group } from "../catalogue";
import { isNamed } from "../controls/selection";
import { framework } from "../frameworks";
import { promises } from "../promises";
import type { Verdict } from "../rule";
import { rules } from "../rules";
import { markup, Markup } from "./markup";
import { grouped, nameOf, place, type PageModel } from "./page-model";
import { gravity, pill, states } from "./page-states";
import { waiverLine } from "./page-waivers";

const groups: Record<Group, string> = {
  encryption: "Encryption",
  immutability: "Immutability",
  isolation: "Isolation",
  identity: "Identity and rights",
  "supply-chain": "Supply chain",
  "data-residency": "Data residency",
  audit: "Audit",
  availability: "Availability",
  ai: "Models and data",
};

/** Every rule of the catalogue with every verdict: the one place where verdicts stand in full. */
export function ruleList(model: PageModel): Markup {
  return markup`${[...grouped(catalogue, ({ group }) => group)].map(
    ([group, entries]) =>
      markup`<div class="group" data-group>
        <h3>${groups[group as Group]}</h3>
        ${entries.map((entry) => ruleEntry(entry, model))}
      </div>`,
  )}`;
}

function ruleEntry(entry: CatalogueEntry, model: PageModel): Markup {
  const own = model.judged(entry.id);
  const state = model.stateOfRule(entry.id);
  const rule = rules.find(({ id }) => id === entry.id);
  const promise = promises.find((one) => one.rules.includes(entry.id));
  return markup`<details class="rule" data-rule="${entry.id}" data-severity="${entry.severity}" data-frameworks="${Object.keys(entry.supports).join(" ")}" data-state="${state}">
    <summary>
      <code>${entry.id}</code> <span class="title">${entry.title}</span>
      <span class="severity ${entry.severity}">${entry.severity}</span>
      <span class="tally">${tally(entry.id, model)}</span>
    </summary>
    <div class="body" id="${place.rule(entry.id)}">
      <dl class="about">
        <div><dt>When</dt><dd>${
          entry.scope === "resource"
            ? "Prevents: runs before a resource is made"
            : "Detects: runs once every resource is known"
        }</dd></div>
        ${promise && markup`<div><dt>Promise</dt><dd><a href="#${place.promise(promise.number)}">${promise.number}. ${promise.title}</a></dd></div>`}
        <div><dt>Supports</dt><dd>${supports(entry)}${!isNamed(entry.supports, model.input.frameworks) && markup`<small>Beyond the frameworks that the environment names: it keeps a promise of the kit</small>`}</dd></div>
        ${rule && markup`<div><dt>To mend a failure</dt><dd>${rule.remediation}</dd></div>`}
      </dl>
      ${own.length > 0 ? verdictTable(own, model) : markup`<p class="silence">${pill(state)} ${model.silence(entry.id)}</p>`}
    </div>
  </details>`;
}

/** Numbers of checks by state, or the one word where none was made. */
export function tally(rule: string, model: PageModel): Markup {
  const own = model.judged(rule);
  if (own.length === 0) return pill(model.stateOfRule(rule));
  return markup`${states.map(({ state, word }) => {
    const count = own.filter((verdict) => verdict.state === state).length;
    return count > 0 && markup`<span class="s ${state}">${count} <span class="word">${word}</span></span> `;
  })}`;
}

/** What somebody has to look at comes first; within a state the order is the ledger's. */
function verdictTable(verdicts: readonly Verdict[], model: PageModel): Markup {
  const sorted = [...verdicts].sort((left, right) => gravity.indexOf(left.state) - gravity.indexOf(right.state));
  return markup`<table class="verdicts">
    <thead>
      <tr><th scope="col">Resource</th><th scope="col">Verdict</th><th scope="col">What was found</th><th scope="col">Evidence hash</th></tr>
    </thead>
    <tbody>${sorted.map((verdict) => verdictRow(verdict, model))}</tbody>
  </table>`;
}

function verdictRow(verdict: Verdict, model: PageModel): Markup {
  const { urn, type, state, message, path, inputsSha256 } = verdict;
  const resource = model.resource(urn);
  const found = state === "pass" ? "as the rule wants it" : foundParts(message);
  return markup`
<tr id="${place.verdict(verdict)}" data-state="${state}"><th scope="row"><a href="#${place.resource(urn)}">${nameOf(urn)}</a><small>${breakable(type)}${resource?.zone && ` in ${resource.zone}`}</small></th><td>${pill(state)}</td><td>${found}${path && state !== "pass" && markup`<small>at <code>${path}</code></small>`}${model.waiversOf(verdict).map((waiver) => waiverLine(waiver, model))}</td><td>${inputsSha256 ? markup`<code class="hash">${inputsSha256}</code>` : markup`<small>none was kept</small>`}</td></tr>`;
}

/**
 * What a rule found, as a list where it is more than a reader takes in at a glance.
 *
 * @param longest how many of its parts are told; the rest is counted.
 */
export function foundParts(message: string, longest = Infinity): Markup {
  const parts = message.split("; ");
  if (parts.length <= 3) return markup`${message}`;
  const rest = parts.length - longest;
  return markup`<ul class="parts">${parts.slice(0, longest).map((part) => markup`<li>${part}</li>`)}${rest > 0 && markup`<li>and ${rest} more, at the verdict</li>`}</ul>`;
}

/** A type token that may be broken where it has a joint, and not within a word. */
function breakable(type: string): Markup {
  return markup`${type.split(/(?<=[:/])/).map((part, index) => markup`${index > 0 && new Markup("<wbr>")}${part}`)}`;
}

/** Controls by framework, each a way to its place in the page. */
function supports({ supports }: CatalogueEntry): Markup {
  return markup`${Object.entries(supports).map(([key, ids]) => {
    const { name, version } = framework(key);
    return markup`<span class="supported">${name}${version && ` ${version}`} ${ids.map((id, index) => markup`${index > 0 && ", "}<a href="#${place.control(key, id)}">${id}</a>`)}</span> `;
  })}`;
}

/** The rules that bear on something, as ways to their verdicts. */
export function ruleLinks(ids: readonly string[], model: PageModel): Markup {
  return markup`<ul class="rules">${ids.map((id) => {
    const entry = catalogue.find((one) => one.id === id);
    return markup`
<li data-for="${id}"><a href="#${place.rule(id)}"><code>${id}</code> <span class="title">${entry?.title}</span></a> <span class="severity ${entry?.severity}">${entry?.severity}</span> <span class="tally">${tally(id, model)}</span></li>`;
  })}</ul>`;
}
