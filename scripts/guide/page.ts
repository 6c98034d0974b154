import { createHash } from "node:crypto";
import { planSubstrate } from "../../components/foundation";
import { flowEndName, flows } from "../../components/flows";
import { markup, Markup } from "../../policies/evidence/markup";
import { flowTable } from "../../policies/evidence/page-flows";
import type { Environment } from "../../stacks/environment";
import { factsOf } from "./facts";
import { inline } from "./inline";
import { networkTables } from "./network-tables";
import { networkPicture } from "./picture/picture";
import { style } from "./style";
import { textOf, type Footprint } from "./text/texts";
import type { Step } from "./text/guide-text";

export const footprints: readonly Footprint[] = ["private-cloud", "colocation", "on-prem"];

/**
 * The guide of an environment: one HTML page that needs nothing else and runs nothing.
 *
 * @param siblings whether the guides of the other two footprints lie beside it.
 */
export function guidePage(environment: Environment, siblings = false): string {
  const { footprint, name } = environment;
  const text = textOf(footprint.kind);
  const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${policy}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="referrer" content="no-referrer" />
<title>${name}: the same platform on ${footprint.kind} — Cloister guide</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header class="top">
<p class="eyebrow">Cloister · guide</p>
<h1>${name === footprint.kind ? name : `${name}: ${footprint.kind}`}</h1>
<p class="lead">${inline(text.lead)}</p>
${siblings && threeWays(footprint.kind)}
<dl class="facts">${headFacts(environment).map(([term, fact]) => markup`<div><dt>${term}</dt><dd>${fact}</dd></div>`)}</dl>
</header>
<main>
<section aria-labelledby="stands">
<h2 id="stands">What stands</h2>
<p class="lead">Above, the platform: the same on every foundation. In the middle, the Substrate: all that the platform knows of what it stands on. Below, this ground.</p>
<figure class="network"><div class="scroll">${networkPicture(environment)}</div>
<figcaption>Solid: mutual TLS. Dashed: server TLS. Dotted red: no TLS, by a waiver that names what protects the link. Numbers are ports. The tables below say the same in words.</figcaption></figure>
</section>
<section aria-labelledby="differs">
<h2 id="differs">What is particular about this ground</h2>
<ul class="plain">${text.differs.map((line) => markup`<li>${inline(line)}</li>`)}</ul>
</section>
<section aria-labelledby="substrate">
<h2 id="substrate">The Substrate</h2>
<p class="lead">The rows are the same on all three foundations; only the values are this one's.</p>
${table(
  ["Fact", "Here"],
  factsOf(planSubstrate(environment)).map((fact) => [fact.name, fact.value]),
)}
</section>
<section aria-labelledby="flows">
<h2 id="flows">Who may talk to whom</h2>
${flowTable({ flows: flows.map((flow) => ({ ...flow, from: flowEndName(flow.from), to: flowEndName(flow.to), tls: typeof flow.tls === "string" ? flow.tls : "none" })) })}
</section>
<section aria-labelledby="network">
<h2 id="network">The network plan</h2>
${networkTables(environment).map(({ title, head, rows }) => markup`<h3>${title}</h3>${table(head, rows)}`)}
</section>
<section aria-labelledby="before">
<h2 id="before">Before you begin</h2>
<ul class="plain">${text.before.map((line) => markup`<li>${inline(line)}</li>`)}</ul>
</section>
<section aria-labelledby="up">
<h2 id="up">Bring it up</h2>
<ol class="steps">${text.steps.map((step) => stepItem(step, name))}</ol>
</section>
<section aria-labelledby="operation">
<h2 id="operation">From day two on</h2>
${inlineTable(
  ["To do", "How"],
  text.operation.map(({ what, how }) => [what, how]),
  name,
)}
</section>
<section aria-labelledby="failures">
<h2 id="failures">When it does not go well</h2>
${inlineTable(
  ["You see", "Because", "To mend"],
  text.failures.map(({ sign, cause, mend }) => [sign, cause, mend]),
  name,
)}
</section>
<section aria-labelledby="untried">
<h2 id="untried">What nobody has done yet</h2>
<ul class="plain">${text.untried.map((line) => markup`<li>${inline(line)}</li>`)}</ul>
</section>
</main>
<footer><p>Written from stacks/${name}.yaml and the kit's own lists. This page is one file, runs nothing and asks nothing of any network.</p></footer>
</body>
</html>
`;
  return page.text;
}

function threeWays(here: Footprint): Markup {
  return markup`<nav class="three" aria-label="The same platform on three foundations">${footprints.map((one) =>
    one === here ? markup`<span aria-current="page">${one}</span>` : markup`<a href="${one}.html">${one}</a>`,
  )}</nav>`;
}

function headFacts({ footprint, platform, frameworks }: Environment): (readonly [string, string])[] {
  const where = {
    "private-cloud": () => ("region" in footprint ? `AWS ${footprint.region}` : ""),
    colocation: () => ("country" in footprint ? `${footprint.site}, ${footprint.country}` : ""),
    "on-prem": () => ("country" in footprint ? `${footprint.site}, ${footprint.country}` : ""),
  }[footprint.kind]();
  return [
    ["Footprint", footprint.kind],
    ["Place", where],
    ["Door", `https://${platform.door.host}`],
    ["Models", platform.models.map((model) => model.name).join(", ")],
    ["Frameworks", frameworks.join(", ")],
  ];
}

function stepItem({ title, says, commands = [], taken, seen }: Step, environment: string): Markup {
  const named = (text: string) => text.replaceAll("<env>", environment);
  return markup`<li><h3>${title}</h3><p>${inline(named(says))}</p>
${taken !== undefined && markup`<p>${inline(named(taken))}</p>`}
${commands.length > 0 && taken === undefined && markup`<pre><code>${commands.map(named).join("\n")}</code></pre>`}
${seen !== undefined && markup`<p><strong>You will see:</strong> ${inline(named(seen))}</p>`}</li>`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): Markup =>
  rowsOf(
    head,
    rows.map((row) => row.map((cell) => markup`${cell}`)),
  );

const inlineTable = (head: readonly string[], rows: readonly (readonly string[])[], environment: string): Markup =>
  rowsOf(
    head,
    rows.map((row) => row.map((cell) => inline(cell.replaceAll("<env>", environment)))),
  );

function rowsOf(head: readonly string[], rows: readonly (readonly Markup[])[]): Markup {
  return markup`<table class="stack"><thead><tr>${head.map((cell) => markup`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map(([first, ...rest]) => markup`<tr><th scope="row">${first}</th>${rest.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`)}</tbody></table>`;
}
