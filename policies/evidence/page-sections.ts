import { catalogue, catalogued, type Severity } from "../catalogue";
import { promises } from "../promises";
import type { State, Verdict } from "../rule";
import { rules } from "../rules";
import { beyondCode, type EvidenceInput, type EvidenceProof } from "./evidence";
import { markup, type Markup } from "./markup";
import { nameOf } from "./page-rules";
import { pill, states } from "./page-states";
import { stateOfRule, type PolicySummary } from "./summary";

const severities: readonly Severity[] = ["critical", "high", "medium", "low"];

/** The catalogue as a bar, each rule by its worst verdict: one unit, so that lengths may be compared. */
export function stateBar(summary: PolicySummary, verdicts: readonly Verdict[]): Markup {
  const worst = catalogue.map((entry) => stateOfRule(entry.id, verdicts));
  let x = 0;
  const segments = states.map(({ state }) => {
    const width = (worst.filter((one) => one === state).length / catalogue.length) * 1000;
    const segment = markup`<rect
      x="${x.toFixed(2)}"
      y="0"
      width="${Math.max(0, width - 1).toFixed(2)}"
      height="18"
      class="${state}"
    />`;
    x += width;
    return width > 0 ? segment : undefined;
  });
  return markup`<svg class="bar" viewBox="0 0 1000 18" preserveAspectRatio="none" aria-hidden="true">${segments}</svg>
    <p class="tags">The ${catalogue.length} rules of the catalogue, each by its worst verdict. Below, a check is one rule on one resource.</p>
    <ul class="states">
      ${states.map(
        ({ state, counts, mark }) =>
          markup`<li>
            <b class="${summary[state] > 0 ? state : ""}"><span aria-hidden="true">${mark}</span> ${summary[state]}</b
            ><span>${counts}</span>
          </li>`,
      )}
    </ul>`;
}

export function promiseTable(verdicts: readonly Verdict[], proofs: readonly EvidenceProof[]): Markup {
  return markup`<table class="stack">
    <caption>
      A promise is kept only when something that was executed would have failed if it were broken.
    </caption>
    <thead>
      <tr>
        <th scope="col">Promise</th>
        <th scope="col">This environment's own resources</th>
        <th scope="col">Other proofs</th>
      </tr>
    </thead>
    <tbody>
      ${promises.map(({ number, title, says, rules: ids }) => {
        const mine = verdicts.filter((verdict) => ids.includes(verdict.rule) && verdict.urn !== "");
        const count = (state: State) => mine.filter((verdict) => verdict.state === state).length;
        const [passed, failed, open] = [count("pass"), count("fail"), count("open")];
        const own = failed
          ? markup`<span class="state fail">✕ broken</span
              ><small>${failed} of ${passed + failed + open} checks fail</small>`
          : open
            ? markup`<span class="state open">? undecided</span
                ><small>${open} of ${passed + open} checks are not known yet</small>`
            : passed
              ? markup`<span class="state pass">✓ supported</span
                  ><small
                    >${passed} checks by
                    ${new Set(mine.filter(({ state }) => state === "pass").map(({ rule }) => rule)).size} rules</small
                  >`
              : markup`<span class="state notEvaluated">○ not yet proven here</span
                  ><small>no check of its ${ids.length} rules met a resource</small>`;
        const others = proofs.filter((proof) => proof.promise === number);
        return markup`<tr>
          <th scope="row">${number}. ${title}<small>${says}</small></th>
          <td>${own}</td>
          <td>
            ${
              others.length > 0
                ? others.map(
                    (proof) =>
                      markup`<div>
                        ${proof.held ? "held" : "broken"}: ${proof.what}<small>${proof.kind}, ${proof.at}</small>
                      </div>`,
                  )
                : markup`<small>none made here</small>`
            }
          </td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

export function findings(verdicts: readonly Verdict[]): Markup {
  const gravity = (verdict: Verdict) => severities.indexOf(catalogued(verdict.rule).severity);
  const found = (["fail", "open"] as const).flatMap((state) =>
    verdicts.filter((verdict) => verdict.state === state).sort((left, right) => gravity(left) - gravity(right)),
  );
  if (found.length === 0) return markup`<p>No check failed, and none is undecided.</p>`;
  return markup`${found.map((verdict) => {
    const entry = catalogue.find(({ id }) => id === verdict.rule);
    const rule = rules.find(({ id }) => id === verdict.rule);
    return markup`<article class="finding ${verdict.state}">
      <h3>${pill(verdict.state)} ${verdict.rule}: ${entry?.title} <span class="count">${entry?.severity}</span></h3>
      <p>${verdict.message}</p>
      <p><strong>To mend:</strong> ${rule?.remediation}</p>
      <p class="mono">${verdict.urn}</p>
    </article>`;
  })}`;
}

export function partsTable({ parts }: EvidenceInput): Markup {
  const word = { real: "pass", "stand-in": "open", placeholder: "open", "not run": "notEvaluated" } as const;
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
            <td><span class="state ${word[fidelity]}">${fidelity}</span></td>
            <td>${detail}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

export function flowTable({ flows }: Pick<EvidenceInput, "flows">): Markup {
  const tls = { mutual: "mutual TLS", server: "server TLS", none: "none" } as const;
  return markup`<table class="stack">
    <caption>
      A connection that is not in this list does not exist.
    </caption>
    <thead>
      <tr>
        <th scope="col">From</th>
        <th scope="col">To</th>
        <th scope="col">Port</th>
        <th scope="col">TLS</th>
        <th scope="col">Why</th>
      </tr>
    </thead>
    <tbody>
      ${flows.map(
        (flow) =>
          markup`<tr>
            <th scope="row">${flow.from}</th>
            <td>${flow.to}</td>
            <td class="mono">${flow.port}</td>
            <td>${tls[flow.tls]}</td>
            <td>${flow.why}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

export function resourcesByZone({ zones, resources }: EvidenceInput): Markup {
  const row = (name: string, purpose: string, mine: EvidenceInput["resources"]) => {
    const kinds = new Map<string, number>();
    for (const { type } of mine) {
      const kind = type.split(":").at(-1) ?? type;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    const told = [...kinds]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, count]) => (count > 1 ? `${count} ${kind}` : kind));
    return markup`<tr>
      <th scope="row">${name}<small>${purpose}</small></th>
      <td>${mine.length}</td>
      <td>${told.join(", ") || "nothing yet"}</td>
    </tr>`;
  };
  const known = new Set(zones.map(({ name }) => name));
  const others = resources.filter(({ zone }) => zone === undefined || !known.has(zone));
  return markup`<table class="stack">
    <thead>
      <tr>
        <th scope="col">Zone</th>
        <th scope="col">Resources</th>
        <th scope="col">Kinds</th>
      </tr>
    </thead>
    <tbody>
      ${zones.map((zone) =>
        row(
          zone.name,
          zone.purpose,
          resources.filter((resource) => resource.zone === zone.name),
        ),
      )}
      ${others.length > 0 && row("outside the zones", "The ground the platform stands on, and what belongs to the cluster", others)}
    </tbody>
  </table>`;
}

export function limits(input: EvidenceInput): Markup {
  const opaque = input.ledgers.flatMap((ledger) => ledger.population.opaque);
  const unmapped = [...new Set(input.ledgers.flatMap((ledger) => ledger.population.unmappedTypes))].sort();
  return markup`<ul class="plain">
      ${beyondCode.map((sentence) => markup`<li>${sentence}</li>`)}
      ${opaque.length > 0 && markup`<li>What is inside these opaque resources: ${opaque.map((urn) => markup`<code>${nameOf(urn)}</code> `)}</li>`}
    </ul>
    <p>
      ${unmapped.length === 0 ? "Every type of resource is looked at by at least one rule." : "No rule looks at these types yet:"}
    </p>
    ${
      unmapped.length > 0 &&
      markup`<ul class="columns">
        ${unmapped.map((type) => markup`<li><code>${type}</code></li>`)}
      </ul>`
    }`;
}

export function unevaluated(verdicts: readonly Verdict[]): Markup {
  const waiting = catalogue.filter((entry) => stateOfRule(entry.id, verdicts) === "notEvaluated");
  return markup`<ul class="columns">
    ${waiting.map((entry) => markup`<li><span class="mono">${entry.id}</span> ${entry.title} <span class="tags">(${entry.severity})</span></li>`)}
  </ul>`;
}
