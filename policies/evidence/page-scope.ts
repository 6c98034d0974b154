import { catalogue } from "../catalogue";
import { beyondCode, type EvidenceInput } from "./evidence";
import { markup, type Markup } from "./markup";
import { readable } from "./page-changes";
import { nameOf, place, type PageModel } from "./page-model";
import { pill } from "./page-states";

/** Who was judged, stack by stack: silence is never a pass. */
export function populationTable({ ledgers }: EvidenceInput): Markup {
  return markup`<table class="stack">
    <thead>
      <tr>
        <th scope="col">Stack</th><th scope="col">Judged</th><th scope="col">Components</th>
        <th scope="col">Run</th><th scope="col">Pack</th>
      </tr>
    </thead>
    <tbody>
      ${ledgers.map(
        ({ stack, phase, complete, startedAt, finishedAt, packVersion, packSha256, population }) =>
          markup`<tr>
            <th scope="row">${stack}</th>
            <td>${population.evaluated} of ${population.resources} resources<small>by at least one rule</small></td>
            <td>${population.components}</td>
            <td>${phase}${!complete && markup` ${pill("fail", "incomplete")}`}<small>${readable(startedAt)} to ${readable(finishedAt)}</small></td>
            <td>${packVersion}<small>sha256 <code class="hash">${packSha256}</code></small></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What nobody could look into, and what nobody looks at. */
export function unseen(model: PageModel): Markup {
  const opaque = model.input.ledgers.flatMap((ledger) => ledger.population.opaque);
  const unmapped = [...new Set(model.input.ledgers.flatMap((ledger) => ledger.population.unmappedTypes))].sort();
  const waiting = catalogue.filter(({ id }) => model.stateOfRule(id) === "notEvaluated");
  return markup`<h3>Opaque resources</h3>
    ${
      opaque.length === 0
        ? markup`<p>None: the content of every resource could be seen.</p>`
        : markup`<p>What is inside them is judged by no rule.</p>
          <ul class="columns">${opaque.map((urn) => markup`<li><a href="#${place.resource(urn)}">${nameOf(urn)}</a></li>`)}</ul>`
    }
    <h3>Types that no rule looks at</h3>
    ${
      unmapped.length === 0
        ? markup`<p>None: every type of resource is looked at by at least one rule.</p>`
        : markup`<ul class="columns">${unmapped.map((type) => markup`<li><code>${type}</code></li>`)}</ul>`
    }
    <h3>Rules not evaluated</h3>
    ${
      waiting.length === 0
        ? markup`<p>None: every rule of the catalogue ran.</p>`
        : markup`<p>In the catalogue, and judged by nobody here. They are counted, and never taken for passed.</p>
          <ul class="columns">${waiting.map(({ id, title }) => markup`<li><a href="#${place.rule(id)}"><code>${id}</code></a> ${title}</li>`)}</ul>`
    }`;
}

export function partsTable({ parts }: EvidenceInput): Markup {
  const like = { real: "pass", "stand-in": "open", placeholder: "open", "not run": "notEvaluated" } as const;
  return markup`<table class="stack">
    <thead>
      <tr>
        <th scope="col">Part</th>
        <th scope="col">How real</th>
        <th scope="col">What it was</th>
      </tr>
    </thead>
    <tbody>
      ${parts.map(
        ({ name, fidelity, detail }) =>
          markup`<tr>
            <th scope="row">${name}</th>
            <td><span class="fidelity ${like[fidelity]}">${fidelity}</span></td>
            <td>${detail}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

export function beyond(): Markup {
  return markup`<ul class="plain">${beyondCode.map((sentence) => markup`<li>${sentence}</li>`)}</ul>`;
}
