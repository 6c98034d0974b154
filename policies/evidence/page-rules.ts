import { catalogue, type CatalogueEntry, type Controls } from "../catalogue";
import { framework } from "../frameworks";
import type { Verdict } from "../rule";
import { rules } from "../rules";
import { markup, type Markup } from "./markup";
import { pill, states } from "./page-states";
import { stateOfRule } from "./summary";

export function ruleList(verdicts: readonly Verdict[]): Markup {
  const byRule = new Map<string, Verdict[]>();
  for (const verdict of verdicts) byRule.set(verdict.rule, [...(byRule.get(verdict.rule) ?? []), verdict]);
  return markup`<div class="filters" role="group" aria-label="Filter the rules" hidden>
      <button type="button" data-state="" aria-pressed="true">all</button>
      ${states.map(({ state, word }) => markup`<button type="button" data-state="${state}" aria-pressed="false">${word}</button>`)}
      <input type="search" placeholder="rule, resource, control" aria-label="Search rules, resources and controls" />
    </div>
    <p class="tags" id="shown" role="status">${catalogue.length} rules</p>
    ${catalogue.map((entry) => ruleEntry(entry, byRule.get(entry.id) ?? [], verdicts))}`;
}

function ruleEntry(entry: CatalogueEntry, mine: readonly Verdict[], all: readonly Verdict[]): Markup {
  const state = stateOfRule(entry.id, all);
  const own = mine.filter((verdict) => verdict.urn !== "");
  const held = [...new Set([state, ...mine.map((verdict) => verdict.state)])].join(" ");
  const rule = rules.find(({ id }) => id === entry.id);
  const when =
    entry.scope === "resource" ? "prevents: runs before creation" : "detects: runs once every resource is known";
  return markup`<details class="rule" data-states="${held}">
    <summary>
      <span class="mono">${entry.id}</span><span>${entry.title}</span
      ><span class="severity tags">${entry.severity}</span>
      <span>${pill(state)}${own.length > 0 && markup`<span class="count">${own.length}</span>`}</span>
    </summary>
    <div class="body">
      <p class="tags">${when} · supports ${controls(entry.supports)}</p>
      ${rule ? markup`<p><strong>To mend a failure:</strong> ${rule.remediation}</p>` : undefined}
      ${
        own.length > 0
          ? markup`<table class="stack">
              <thead>
                <tr>
                  <th scope="col">Resource</th>
                  <th scope="col">State</th>
                  <th scope="col">What was found</th>
                </tr>
              </thead>
              <tbody>
                ${own.map(
                  (verdict) =>
                    markup`<tr>
                      <th scope="row">
                        <span class="mono">${nameOf(verdict.urn)}</span><small class="mono">${verdict.type}</small>
                      </th>
                      <td>${pill(verdict.state)}</td>
                      <td>${verdict.state === "pass" ? "as the rule wants it" : verdict.message}</td>
                    </tr>`,
                )}
              </tbody>
            </table>`
          : markup`<p>${mine[0]?.message ?? "no run reported this rule"}</p>`
      }
    </div>
  </details>`;
}

/** Controls by framework, in words. */
export function controls(supports: Controls): string {
  return Object.entries(supports)
    .map(([key, ids]) => {
      const { name, version } = framework(key);
      return `${name}${version ? ` ${version}` : ""} ${ids.join(", ")}`;
    })
    .join(" · ");
}

export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}
