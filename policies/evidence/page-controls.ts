import { catalogue } from "../catalogue";
import { controlsOf } from "../controls";
import type { Control, Coverage, Party } from "../controls/control";
import { framework as named, frameworks } from "../frameworks";
import { markup, type Markup } from "./markup";
import { grouped, place, type PageModel } from "./page-model";
import { ruleLinks } from "./page-rules";
import { pill, states, worst } from "./page-states";
import type { State } from "../rule";

const coverages: Record<Coverage, string> = {
  supported: "rules bear on it",
  partly: "rules bear on a part",
  beyond: "beyond code",
};

const parties: Record<Party, string> = { kit: "the kit", operator: "you, the operator", provider: "the provider" };

export interface FrameworkControls {
  readonly key: string;
  readonly title: string;
  readonly controls: readonly Control[];
}

/** The environment's own frameworks first, in its order; then what is mapped for reference. */
export function frameworksOf(model: PageModel): { own: FrameworkControls[]; others: FrameworkControls[] } {
  const own = model.input.frameworks ?? frameworks.map(({ key }) => key);
  const others = frameworks.map(({ key }) => key).filter((key) => !own.includes(key));
  return { own: own.map(withControls), others: others.map(withControls) };
}

function withControls(key: string): FrameworkControls {
  const { name, version } = named(key);
  const listed = controlsOf(key);
  const ids = new Set(listed.map(({ id }) => id));
  // A rule may name what a list has not, such as a range: a link to it must lead somewhere all the same.
  const unlisted = [...new Set(catalogue.flatMap(({ supports }) => supports[key] ?? []))].filter((id) => !ids.has(id));
  return {
    key,
    title: version ? `${name} ${version}` : name,
    controls: [
      ...listed,
      ...unlisted.map((id): Control => ({ id, title: "", coverage: "partly", parties: ["kit", "operator"] })),
    ],
  };
}

/** Rules of the catalogue that support a control. */
export function rulesFor(key: string, control: string): string[] {
  return catalogue.filter(({ supports }) => supports[key]?.includes(control)).map(({ id }) => id);
}

/** The worst of its rules' states; undefined where no rule bears on it. */
export function stateOfControl(key: string, control: string, model: PageModel): State | undefined {
  return worst(rulesFor(key, control).map((rule) => model.stateOfRule(rule)));
}

/** A framework's chapters with the worst state in each; undefined where no rule bears on any of its controls. */
export function chaptersOf({ key, controls }: FrameworkControls, model: PageModel) {
  return [...grouped(controls, ({ id }) => chapterOf(id))].map(([chapter, mine]) => ({
    chapter,
    controls: mine,
    state: worst(mine.flatMap(({ id }) => stateOfControl(key, id, model) ?? [])),
  }));
}

export function controlList(model: PageModel): Markup {
  const { own, others } = frameworksOf(model);
  return markup`${own.map((one) => frameworkBlock(one, model))}
    ${others.length > 0 && markup`<h3 class="apart">For reference</h3><p>The environment is not held to these; the mappings are shown for who asks.</p>`}
    ${others.map((one) => frameworkBlock(one, model))}`;
}

function frameworkBlock(framework: FrameworkControls, model: PageModel): Markup {
  const { key, title, controls } = framework;
  const count = (coverage: Coverage) => controls.filter((control) => control.coverage === coverage).length;
  return markup`<div class="framework" data-framework="${key}" data-group>
    <h3 id="${place.framework(key)}" tabindex="-1">${title}</h3>
    <p class="tags">${controls.length} controls: rules bear on ${count("supported")} wholly and on ${count("partly")} in part; ${count("beyond")} ask for what no code can show.</p>
    ${chaptersOf(framework, model).map(
      ({ chapter, controls: mine }) =>
        markup`<div class="chapter" data-group>${chapter !== "" && markup`<h4 id="${place.chapter(key, chapter)}" tabindex="-1">${chapter}</h4>`}
        ${mine.map((control) => controlEntry(key, control, model))}</div>`,
    )}
  </div>`;
}

/** `164.312(a)(1)` is of `164.312`, `10.3.2` of `10`, `SC-28(1)` of `SC`, `32(1)(a)` of `32`. */
function chapterOf(id: string): string {
  return /^(?:[A-Z]+(?=-\d)|164\.\d+|A\.\d+|\d+)/.exec(id)?.[0] ?? "";
}

/** A control that rules bear on opens to them. One that none bears on is a line, which says who has to act and for what. */
function controlEntry(key: string, control: Control, model: PageModel): Markup {
  const { id, title, coverage, remains } = control;
  const rules = rulesFor(key, id);
  const who = control.parties.map((party) => parties[party]).join(", then ");
  if (rules.length === 0) {
    return markup`
<div class="control line" id="${place.control(key, id)}" tabindex="-1"><code>${id}</code> <span class="title">${title}${remains && markup`<small>${remains}</small>`}</span> <span class="coverage">${coverage === "beyond" ? coverages.beyond : "in part, by no rule"}</span> <small>${who}</small></div>`;
  }
  const state = stateOfControl(key, id, model);
  const waived = model.waivers.filter(({ waiver }) => rules.includes(waiver.policy));
  return markup`<details class="control">
    <summary>
      <code>${id}</code> <span class="title">${title}</span>
      <span class="coverage">${coverages[coverage]}</span>
      <span class="tally">${state && pill(state)}</span>
    </summary>
    <div class="body" id="${place.control(key, id)}">
      <dl class="about">
        <div><dt>Who has to act</dt><dd>${who}</dd></div>
        ${remains && markup`<div><dt>What code cannot show</dt><dd>${remains}</dd></div>`}
        ${waived.length > 0 && markup`<div><dt>Waivers</dt><dd>${waived.map((one, index) => markup`${index > 0 && ", "}<a href="#${model.waiverPlace(one)}">${one.waiver.id || "one without an id"}</a>`)}</dd></div>`}
      </dl>
      ${ruleLinks(rules, model)}
    </div>
  </details>`;
}

/** How many controls of a framework stand in each state. */
export function controlStates(
  { key, controls }: FrameworkControls,
  model: PageModel,
): readonly { state: State; count: number }[] {
  const held = controls.map(({ id }) => stateOfControl(key, id, model));
  return states.map(({ state }) => ({ state, count: held.filter((one) => one === state).length }));
}
