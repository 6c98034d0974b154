import { createHash } from "node:crypto";
import { catalogue } from "../catalogue";
import { rules } from "../rules";
import type { EvidenceInput } from "./evidence";
import { markup, Markup } from "./markup";
import { picture, undrawn } from "./page-picture";
import { ruleList } from "./page-rules";
import * as sections from "./page-sections";
import { script, style } from "./page-style";
import { mergeVerdicts, summarise, verdictsOf } from "./summary";

const outcomes: Record<EvidenceInput["outcome"], { readonly word: string; readonly says: string }> = {
  released: {
    word: "Released",
    says: "It is deployed, and the deployed state was judged again: nothing critical failed or stayed open.",
  },
  "not-released": {
    word: "Not released",
    says: "It is deployed, but something critical failed or could not be decided. Do not use it.",
  },
  stopped: { word: "Stopped", says: "The gate stopped it. What it stopped was not made." },
  planned: {
    word: "Planned only",
    says: "This is a preview: nothing was made, and the deployed state was not judged.",
  },
};

/** One HTML page that needs nothing else: no request leaves it, and only its own style and script may run. */
export function evidencePage(input: EvidenceInput): string {
  const verdicts = mergeVerdicts(input.ledgers);
  const summary = summarise(input.ledgers);
  const population = input.ledgers.map((ledger) => ledger.population);
  const sum = (pick: (one: (typeof population)[number]) => number) =>
    population.reduce((total, one) => total + pick(one), 0);
  const { word, says } = outcomes[input.outcome];
  const criticalFails = verdictsOf(input.ledgers, "critical", "fail").length;
  const criticalOpens = verdictsOf(input.ledgers, "critical", "open").length;
  const incomplete = input.ledgers.filter((ledger) => !ledger.complete);
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${word}: ${input.environment} — Cloister evidence</title>
        <style>${new Markup(style)}</style>
      </head>
      <body>
        <header class="top">
          <p class="eyebrow">Cloister · evidence</p>
          <h1>${input.environment}</h1>
          <p><span class="outcome ${input.outcome}">${word}</span></p>
          <p class="lead">${says}</p>
          <dl class="facts">
            ${facts(input).map(
              ([term, fact]) =>
                markup`<div>
                  <dt>${term}</dt>
                  <dd>${fact}</dd>
                </div>`,
            )}
          </dl>
        </header>
        <main>
          <section aria-labelledby="states">
            <h2 id="states">What the gate found</h2>
            <p class="lead">
              ${sum((one) => one.evaluated)} of ${sum((one) => one.resources)} resources were judged by at least one
              rule; ${rules.length} of ${catalogue.length} catalogued rules are implemented. Critical: ${criticalFails}
              failed, ${criticalOpens} undecided.
            </p>
            ${incomplete.length > 0 && markup`<p class="fail"><strong>Incomplete:</strong> the run over ${incomplete.map((ledger) => ledger.stack).join(", ")} ended before the rules that see the whole stack.</p>`}
            ${sections.stateBar(summary, verdicts)}
          </section>
          <section aria-labelledby="findings">
            <h2 id="findings">To mend</h2>
            ${sections.findings(verdicts)}
          </section>
          <section aria-labelledby="map">
            <h2 id="map">Zones and flows</h2>
            <figure>
              <div class="scroll">${picture(input)}</div>
              <figcaption>
                Solid: mutual TLS. Dashed: server TLS. Dotted red: no TLS. Numbers are ports.
                ${undrawn(input.flows).join(" ")}
              </figcaption>
            </figure>
            ${sections.flowTable(input)}
          </section>
          <section aria-labelledby="promises">
            <h2 id="promises">The twelve promises</h2>
            ${sections.promiseTable(verdicts, input.proofs ?? [])}
          </section>
          <section aria-labelledby="real">
            <h2 id="real">What ran for real, and what stood in</h2>
            ${sections.partsTable(input)}
          </section>
          <section aria-labelledby="zones">
            <h2 id="zones">Resources by zone</h2>
            ${sections.resourcesByZone(input)}
          </section>
          <section aria-labelledby="rules">
            <h2 id="rules">Every rule, every resource</h2>
            <p class="lead">
              “Supports” is our reading of a control. Whether a control is satisfied, an assessor decides.
            </p>
            ${ruleList(verdicts)}
          </section>
          <section aria-labelledby="limits">
            <h2 id="limits">What code cannot cover</h2>
            ${sections.limits(input)}
          </section>
          <section aria-labelledby="waiting">
            <h2 id="waiting">Rules not evaluated yet</h2>
            <p class="lead">
              In the catalogue, and judged by nobody here. They are counted above and never taken for passed.
            </p>
            ${sections.unevaluated(verdicts)}
          </section>
        </main>
        <footer>
          ${input.ledgers.map(
            (ledger) =>
              markup`<p>
                ${ledger.stack}: judged in phase ${ledger.phase} from ${ledger.startedAt} to ${ledger.finishedAt} by
                pack ${ledger.packVersion}, sha256 <span class="mono">${ledger.packSha256}</span>
              </p>`,
          )}
          <p>This page is one file and asks nothing of any network.</p>
        </footer>
        <script>${new Markup(script)}</script>
      </body>
    </html> `;
  return page.text;
}

function facts(input: EvidenceInput): readonly (readonly [string, string])[] {
  return [
    ["Footprint", input.footprint],
    [input.ledgers.length === 1 ? "Stack" : "Stacks", input.ledgers.map((ledger) => ledger.stack).join(", ") || "none"],
    ["Phase", [...new Set(input.ledgers.map((ledger) => ledger.phase))].join(", ") || "none"],
    ["Engine", `Pulumi ${input.engine.version}, ${input.engine.origin}`],
    ["Written", input.generatedAt.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC")],
  ];
}

function hash(content: string): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}
