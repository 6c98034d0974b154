import { changesSince, type ChangedVerdict } from "./changes";
import { markup, type Markup } from "./markup";
import { counted, nameOf, place, type PageModel } from "./page-model";
import { pill } from "./page-states";

/** A list that nobody reads to its end says no more than its number; the rest is in the ledgers. */
const LONGEST = 200;

/** What is otherwise than in the run before, the worst first. */
export function changeList(model: PageModel): Markup {
  const changes = changesSince(model.input);
  if (!changes)
    return markup`<p>This is the first run that left evidence here: there is nothing to compare it with.</p>`;
  const verdictLists: readonly (readonly [string, readonly ChangedVerdict[]])[] = [
    ["New failures", changes.newFails],
    ["Newly undecided", changes.newOpens],
    ["Newly waived", changes.newWaived],
    ["Mended", changes.mended],
    ["Other changes of state", changes.others],
    ["The same verdict over other values", changes.otherInputs],
  ];
  const nameLists: readonly (readonly [string, readonly Markup[]])[] = [
    ["New resources", changes.newResources.map((urn) => resource(urn, model))],
    ["Removed resources", changes.removedResources.map((urn) => resource(urn, model))],
    ["Rules that did not run before", changes.newRules.map(rule)],
    ["Rules that do not run any more", changes.silencedRules.map(rule)],
  ];
  return markup`<p class="lead">Compared with the run of ${readable(changes.since)}.</p>
    <ul class="counts">
      ${[...verdictLists, ...nameLists].map(
        ([title, items]) =>
          markup`<li class="${items.length > 0 ? "some" : "none"}"><b>${items.length}</b> ${title.toLowerCase()}</li>`,
      )}
    </ul>
    ${changes.otherPack && markup`<p><strong>Another pack judged.</strong> Some of this may come from its rules and not from the resources.</p>`}
    ${changes.notCompared.length > 0 && markup`<p><strong>Not compared:</strong> ${changes.notCompared.join(", ")}; only one of the two runs judged it.</p>`}
    ${verdictLists.map(([title, items]) =>
      block(
        title,
        items.map((item) => changed(item, model)),
      ),
    )}
    ${nameLists.map(([title, items]) => block(title, items))}`;
}

/** In a line, for the first thing a reader sees. */
export function changeSentence(model: PageModel): string {
  const changes = changesSince(model.input);
  if (!changes) return "This is the first run that left evidence here.";
  const { newFails, newOpens, mended, newResources, removedResources, otherInputs } = changes;
  return `Since ${readable(changes.since)}: ${counted(newFails.length, "new failure")}, ${newOpens.length} newly undecided, ${mended.length} mended, ${counted(newResources.length, "new resource")}, ${removedResources.length} gone, ${counted(otherInputs.length, "verdict")} over other values.`;
}

export function readable(iso: string): string {
  return iso.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
}

function block(title: string, items: readonly Markup[]): Markup | undefined {
  if (items.length === 0) return undefined;
  return markup`<details class="change" ${items.length <= 20 && "open"}>
    <summary><span class="title">${title}</span> <span class="count">${items.length}</span></summary>
    <ul class="body plain">
      ${items.slice(0, LONGEST).map((item) => markup`<li>${item}</li>`)}
      ${items.length > LONGEST && markup`<li>and ${items.length - LONGEST} more, in the ledgers of the two runs</li>`}
    </ul>
  </details>`;
}

function changed({ before, now }: ChangedVerdict, model: PageModel): Markup {
  const same = before?.state === now.state;
  return markup`${before && !same && markup`${pill(before.state)} → `}${pill(now.state)}
    <a href="#${place.verdict(now)}"><code>${now.rule}</code> on ${nameOf(now.urn)}</a>
    ${now.state !== "pass" && markup`<small>${now.message}</small>`}
    ${same && markup`<small>inputs <code class="hash">${before.inputsSha256 ?? "none"}</code> are now <code class="hash">${now.inputsSha256 ?? "none"}</code></small>`}
    ${!before && model.resource(now.urn) && markup`<small>was not checked before</small>`}`;
}

function resource(urn: string, model: PageModel): Markup {
  return model.resource(urn)
    ? markup`<a href="#${place.resource(urn)}">${nameOf(urn)}</a> <small class="urn">${urn}</small>`
    : markup`${nameOf(urn)} <small class="urn">${urn}</small>`;
}

function rule(id: string): Markup {
  return markup`<a href="#${place.rule(id)}"><code>${id}</code></a>`;
}
