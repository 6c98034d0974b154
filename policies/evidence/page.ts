import { catalogue } from "../catalogue";
import { promises } from "../promises";
import { markup, Markup } from "./markup";
import type { EvidenceInput } from "./evidence";
import { contentHash, pageScript, pageStyle } from "./page-assets";
import { changeList, readable } from "./page-changes";
import { controlList, frameworksOf } from "./page-controls";
import { filters } from "./page-filters";
import { flowFigure, flowTable } from "./page-flows";
import { PageModel } from "./page-model";
import { facts, found, inShort, outcomes, threeWays, toMend } from "./page-overview";
import { promiseList } from "./page-promises";
import { resourceTree } from "./page-resources";
import { ruleList } from "./page-rules";
import { beyond, partsTable, populationTable, unseen } from "./page-scope";
import { pill, states } from "./page-states";
import { ungatedAlarm, ungatedList } from "./page-ungated";
import { waiverList } from "./page-waivers";

interface Section {
  readonly id: string;
  readonly name: string;
  /** How many things it lists. */
  readonly count?: number;
  /** Shown as the section's heading. */
  readonly title: string;
  readonly lead?: string;
  readonly content: Markup;
}

/**
 * One HTML page that needs nothing else: no request leaves it, and only its own style and script may run. Everything is
 * in it as text, so it can be read and printed where scripts are switched off; the script shows one section at a time,
 * filters, and keeps the back button working.
 */
export function evidencePage(input: EvidenceInput): string {
  const model = new PageModel(input);
  const { word, like, says } = outcomes[input.outcome];
  const sections = sectionsOf(model);
  const policy = `default-src 'none'; style-src '${contentHash(pageStyle)}'; script-src '${contentHash(pageScript)}'; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${word}: ${input.environment} — Cloister evidence</title>
        <style>${new Markup(pageStyle)}</style>
      </head>
      <body>
        <a class="skip" href="#main">To the evidence</a>
        <header class="side">
          <div class="brand">
            <p class="eyebrow">Cloister evidence</p>
            <h1>${input.environment}</h1>
            <p class="outcome">${pill(like, word)}<small>${readable(input.generatedAt)}</small></p>
          </div>
          <nav aria-label="Sections">
            <ul>
              ${sections.map(({ id, name, count }) => markup`<li><a href="#${id}">${name}${count !== undefined && markup` <span class="count">${count}</span>`}</a></li>`)}
            </ul>
          </nav>
          ${filters(model)}
        </header>
        <main id="main" tabindex="-1">
          <p id="filtered" hidden></p>
          <section id="overview" aria-labelledby="overview-title">
            <h2 id="overview-title" tabindex="-1">${pill(like, word)}</h2>
            <p class="lead">${says}</p>
            ${facts(input)} ${ungatedAlarm(input)}
            <h3>What the gate found</h3>
            ${found(model)}
            ${inShort(model)}
            <h3 id="ways">Three ways in</h3>
            ${threeWays(model)}
            <h3>To mend</h3>
            ${toMend(model)}
          </section>
          ${sections.slice(1).map(
            ({ id, title, lead, content }) =>
              markup`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title" tabindex="-1">${title}</h2>
                ${lead && markup`<p class="lead">${lead}</p>`}
                ${content}
              </section>`,
          )}
        </main>
        <footer>
          <p>“Supports” is our reading of a control. Whether a control is met, an assessor decides.</p>
          <p>This page is one file and asks nothing of any network.</p>
        </footer>
        <script>${new Markup(pageScript)}</script>
      </body>
    </html> `.text;
}

function sectionsOf(model: PageModel): readonly Section[] {
  const { input } = model;
  return [
    { id: "overview", name: "Overview", title: "Overview", content: markup`` },
    {
      id: "promises",
      name: "Promises",
      count: promises.length,
      title: "The twelve promises",
      lead: "A promise is kept only when something that was executed would have failed if it were broken. Three kinds of proof are kept apart: the plan of this environment, a live drill in it, and the tests of the kit.",
      content: promiseList(model),
    },
    {
      id: "controls",
      name: "Controls",
      count: frameworksOf(model).own.reduce((sum, { controls }) => sum + controls.length, 0),
      title: "Controls, framework by framework",
      lead: "Every control, those too that no code can cover: then it says what remains and who has to act.",
      content: controlList(model),
    },
    {
      id: "resources",
      name: "Resources",
      count: model.resources.length,
      title: "Every resource",
      content: resourceTree(model),
    },
    {
      id: "rules",
      name: "Rules",
      count: catalogue.length,
      title: "Every rule, every verdict",
      lead: "An evidence hash is the SHA-256 over the names and values that a rule read of a resource. It changes when they do, and a waiver is bound to it.",
      content: markup`${states.map(({ state }) => markup`<span id="state=${state}"></span>`)}${ruleList(model)}`,
    },
    {
      id: "waivers",
      name: "Waivers",
      count: model.waivers.length,
      title: "Waivers",
      lead: "A waived check is still made and still shown. Only an active waiver turns a failure into “waived”.",
      content: waiverList(model),
    },
    {
      id: "changes",
      name: "Changes",
      title: "What changed since the last run",
      content: markup`${changeList(model)}
        <h3 id="ungated" tabindex="-1">Changed without the gate</h3>${ungatedList(input)}`,
    },
    {
      id: "flows",
      name: "Flows",
      title: "Zones and flows",
      content: markup`${flowFigure(input)}${flowTable(input)}`,
    },
    {
      id: "scope",
      name: "Scope",
      title: "What was judged, and what was not",
      content: markup`${populationTable(input)}${unseen(model)}
        <h3>What ran for real, and what stood in</h3>${partsTable(input)}
        <h3>What code cannot cover</h3>${beyond()}`,
    },
  ];
}
