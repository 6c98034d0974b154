import type { JudgedWaiver } from "../waivers/waiver";
import { markup, type Markup } from "./markup";
import { entryOf, nameOf, place, type PageModel } from "./page-model";
import { pill, waiverStates } from "./page-states";

const unnamed = "without an id";

/** A waiver beside the finding it is about: who agreed, why, and for how long. */
export function waiverLine(judged: JudgedWaiver, model: PageModel): Markup {
  const { waiver, state, daysLeft } = judged;
  const { word, like } = waiverStates[state];
  return markup`<div class="waiver ${like}"><p><a href="#${model.waiverPlace(judged)}">${waiver.id || unnamed}</a> ${pill(like, word)} ${time(daysLeft)}</p><p>“${waiver.reason}”</p><small>${waiver.owner} answers for it, ${waiver.approver} agreed; expires ${waiver.expires}</small></div>`;
}

export function time(daysLeft: number): string {
  const days = Math.abs(daysLeft);
  const words = days === 1 ? "1 day" : `${days} days`;
  if (daysLeft < 0) return `over for ${words}`;
  return daysLeft === 0 ? "its last day" : `${words} left`;
}

/** Every waiver of the environment, those first that need somebody. */
export function waiverList(model: PageModel): Markup {
  if (model.waivers.length === 0) {
    return markup`<p>This environment has no waiver: every finding stands as it was found.</p>`;
  }
  const grave = ({ state }: JudgedWaiver) => (state === "active" ? 1 : state === "unused" ? 2 : 0);
  const sorted = [...model.waivers].sort(
    (left, right) =>
      grave(left) - grave(right) || left.daysLeft - right.daysLeft || (left.waiver.id < right.waiver.id ? -1 : 1),
  );
  return markup`<div class="waivers">${sorted.map((judged) => waiverCard(judged, model))}</div>`;
}

function waiverCard(card: JudgedWaiver, model: PageModel): Markup {
  const { waiver, state, daysLeft, message } = card;
  const { word, like } = waiverStates[state];
  const judged = model.judged(waiver.policy).some(({ urn }) => urn === waiver.urn);
  const at = judged ? place.verdict({ rule: waiver.policy, urn: waiver.urn }) : place.rule(waiver.policy);
  const about = markup`<code>${waiver.policy}</code> on <span class="name">${nameOf(waiver.urn)}</span>`;
  const facts: readonly (readonly [string, Markup | string | undefined])[] = [
    ["Reason", waiver.reason],
    ["Meanwhile kept by", waiver.compensating],
    ["Answers for it", waiver.owner],
    ["Agreed", waiver.approver],
    ["Ticket", waiver.ticket],
    ["Created", waiver.created],
    ["Expires", waiver.expires],
    ["Bound to inputs", waiver.inputsSha256 && markup`<code class="hash">${waiver.inputsSha256}</code>`],
  ];
  return markup`<article class="card ${like}" id="${model.waiverPlace(card)}" tabindex="-1">
    <h3>${waiver.id || unnamed} ${pill(like, word)} <span class="left">${time(daysLeft)}</span></h3>
    <p>${message}</p>
    <p>
      ${entryOf(waiver.policy) ? markup`<a href="#${at}">${about}</a>` : about}
      <small class="urn">${waiver.urn}</small>
    </p>
    <dl class="about">${facts.map(([term, fact]) => fact && markup`<div class="${typeof fact !== "string" || fact.length > 40 ? "wide" : ""}"><dt>${term}</dt><dd>${fact}</dd></div>`)}</dl>
  </article>`;
}
