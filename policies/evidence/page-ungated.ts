import type { EvidenceInput } from "./evidence";
import { markup, type Markup } from "./markup";
import { readable } from "./page-changes";
import { counted } from "./page-model";
import { pill } from "./page-states";

/** A list that nobody reads to its end says no more than its number. */
const LONGEST = 50;

/** What was changed without the gate: the first thing a reviewer has to know, and never left out. */
export function ungatedAlarm({ ungated = [] }: EvidenceInput): Markup | undefined {
  if (ungated.length === 0) return undefined;
  const times = counted(ungated.length, "change");
  return markup`<p class="alarm"><strong>Without the gate:</strong> ${times} passed it by. What stood was judged afterwards: <a href="#ungated">see what is known</a>.</p>`;
}

export function ungatedList({ ungated = [] }: EvidenceInput): Markup {
  if (ungated.length === 0)
    return markup`<p>Nothing was changed without the gate, as far as the backend's history tells.</p>`;
  return markup`${ungated.map(
    ({ stack, why, judgedAt, released, updates, resources }) =>
      markup`<article class="card ${released ? "waived" : "fail"}">
        <h4>${stack} ${released ? pill("waived", "judged afterwards, released") : pill("fail", "judged afterwards, not released")}</h4>
        <p>${why}</p>
        <p><small>judged ${readable(judgedAt)}</small></p>
        ${updates.length > 0 && markup`<ul class="plain">${updates.map(({ kind, startedAt, changes }) => markup`<li>${kind}, ${readable(startedAt)}: ${told(changes)}</li>`)}</ul>`}
        ${resources.length > 0 && markup`<ul class="plain">${resources.slice(0, LONGEST).map((resource) => markup`<li>${resource}</li>`)}${resources.length > LONGEST && markup`<li>and ${resources.length - LONGEST} more</li>`}</ul>`}
      </article>`,
  )}`;
}

function told(changes: Readonly<Record<string, number>>): string {
  const words = Object.entries(changes).map(([operation, count]) => `${count} ${operation}`);
  return words.join(", ") || "no change of a resource";
}
