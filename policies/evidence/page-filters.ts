import { frameworksOf } from "./page-controls";
import { markup, type Markup } from "./markup";
import type { PageModel } from "./page-model";
import { outside } from "./page-resources";
import { states } from "./page-states";

/** Filters over every list of the page. Hidden until the script that serves them runs. */
export function filters(model: PageModel): Markup {
  const { own, others } = frameworksOf(model);
  const zones = [...new Set(model.resources.map(({ zone }) => zone))].filter((zone) => zone !== "").sort();
  const stacks = [...new Set(model.resources.map(({ stack }) => stack))].sort();
  return markup`<form id="filter" role="search" aria-label="Filter verdicts" hidden>
    <details id="filter-box">
      <summary>Search and filter</summary>
      <div class="fields">
        <div class="whole"><label for="filter-words">Search</label><input id="filter-words" type="search" name="words" placeholder="rule, resource, control, hash" autocomplete="off" spellcheck="false" /></div>
        <fieldset>
          <legend>State</legend>
          ${states.map(({ state, word }) => markup`<label class="toggle"><input type="checkbox" name="state" value="${state}" /><span class="s ${state}">${word}</span></label>`)}
        </fieldset>
        ${choice(
          "severity",
          "Severity",
          ["critical", "high", "medium", "low"].map((one) => [one, one]),
        )}
        ${choice(
          "framework",
          "Framework",
          [...own, ...others].map(({ key, title }) => [key, title]),
        )}
        ${choice("zone", "Zone", [...zones.map((zone): [string, string] => [zone, zone]), ["-", outside]])}
        ${choice(
          "stack",
          "Stack",
          stacks.map((stack) => [stack, stack]),
        )}
        <button type="reset">Clear</button>
      </div>
    </details>
    <p id="shown" role="status"></p>
  </form>`;
}

function choice(name: string, label: string, options: readonly (readonly [string, string])[]): Markup {
  return markup`<div><label for="filter-${name}">${label}</label><select id="filter-${name}" name="${name}"><option value="">any</option>${options.map(([value, word]) => markup`<option value="${value}">${word}</option>`)}</select></div>`;
}
