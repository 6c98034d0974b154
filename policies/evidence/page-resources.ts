import { markup, type Markup } from "./markup";
import { counted, grouped, place, type PageModel, type PageResource } from "./page-model";
import { states } from "./page-states";

export const outside = "outside the zones";

export interface ZoneGroup {
  /** Empty for what stands outside the zones. */
  readonly zone: string;
  readonly resources: readonly PageResource[];
  readonly components: readonly { readonly component: string; readonly resources: readonly PageResource[] }[];
}

/** Every resource by stack, zone and component; what stands outside the zones last. */
export function zoneGroups(model: PageModel): readonly { stack: string; zones: readonly ZoneGroup[] }[] {
  return [...grouped(model.resources, ({ stack }) => stack)].map(([stack, mine]) => ({
    stack,
    zones: [...grouped(mine, ({ zone }) => zone)]
      .sort(([left], [right]) => (left === "" ? 1 : right === "" ? -1 : left < right ? -1 : 1))
      .map(([zone, resources]) => ({
        zone,
        resources,
        components: [...grouped(resources, ({ component }) => component)]
          .map(([component, inside]) => ({ component, resources: inside }))
          .sort((left, right) => (left.component < right.component ? -1 : 1)),
      })),
  }));
}

/** Stack → zone → component → resource → its verdicts. */
export function resourceTree(model: PageModel): Markup {
  return markup`${zoneGroups(model).map(
    ({ stack, zones }) =>
      markup`<div class="group" data-group>
        <h3>${stack || "no stack"} <span class="count">${counted(
          zones.reduce((sum, { resources }) => sum + resources.length, 0),
          "resource",
        )}</span></h3>
        ${zones.map((group) => zoneBlock(stack, group, model))}
      </div>`,
  )}`;
}

function zoneBlock(stack: string, { zone, resources, components }: ZoneGroup, model: PageModel): Markup {
  const declared = model.input.zones.find(({ name }) => name === zone);
  return markup`<div class="zone-group" data-group>
    <h4 id="${place.zone(stack, zone)}" tabindex="-1">${zone || outside} <span class="count">${resources.length}</span></h4>
    ${declared && markup`<p class="tags">${declared.purpose}${declared.dataClass && `; data: ${declared.dataClass}`}</p>`}
    ${components.map(
      ({ component, resources: inside }) =>
        markup`<details class="component">
          <summary><span class="title">${component || "in no component"}</span> <span class="count">${inside.length}</span> <span class="tally">${tally(inside)}</span></summary>
          <ul class="body resources" id="${place.component(stack, zone, component)}">${inside.map(resourceRow)}</ul>
        </details>`,
    )}
  </div>`;
}

function tally(resources: readonly PageResource[]): Markup {
  const verdicts = resources.flatMap((resource) => resource.verdicts);
  return markup`${states.map(({ state, word }) => {
    const count = verdicts.filter((verdict) => verdict.state === state).length;
    return count > 0 && markup`<span class="s ${state}">${count} <span class="word">${word}</span></span> `;
  })}`;
}

function resourceRow({ urn, name, type, stack, zone, opaque, verdicts }: PageResource): Markup {
  return markup`
<li id="${place.resource(urn)}" tabindex="-1" data-stack="${stack}" data-zone="${zone}"><b>${name}</b> <small>${type}</small><p class="urn">${urn}</p>${
    verdicts.length > 0
      ? markup`<p class="chips">${verdicts.map((verdict) => markup`<a class="s ${verdict.state}" href="#${place.verdict(verdict)}">${verdict.rule}</a> `)}</p>`
      : markup`<p class="silence">${opaque ? "Its content cannot be seen: what it makes is judged by no rule." : "No rule looks at its kind."}</p>`
  }</li>`;
}
