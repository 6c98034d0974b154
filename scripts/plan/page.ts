import { createHash } from "node:crypto";
import { markup, Markup } from "../../policies/evidence/markup";
import { money, nameOf, type CostPlan } from "./model/cost-plan";
import { bestOptions, cumulativeChart, kindChart } from "./page-chart";
import * as tables from "./page-tables";
import { planStyle } from "./page-style";

/** One HTML page that needs nothing else: no request leaves it, and nothing in it runs. */
export function planPage(plan: CostPlan): string {
  const hash = createHash("sha256").update(planStyle).digest("base64");
  const { oldest, quotes, sourced, assumptions } = plan.prices;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${plan.environment}: what it costs — Cloister plan</title>
        <style>${new Markup(planStyle)}</style>
      </head>
      <body>
        <header class="top">
          <p class="eyebrow">Cloister · cost plan</p>
          <h1>${plan.environment}</h1>
          <p class="answer">${plan.answer}</p>
          <dl class="facts">
            <div><dt>Is now planned as</dt><dd>${plan.currentFootprint}</dd></div>
            <div><dt>Horizon</dt><dd>${plan.months} months</dd></div>
            <div><dt>Currency</dt><dd>${plan.currency}, without taxes that are recovered</dd></div>
            <div><dt>Prices</dt><dd>${sourced} published, ${assumptions} assumed, ${quotes} quoted; oldest of ${oldest}</dd></div>
          </dl>
        </header>
        <main>
          <div class="cards">${bestOptions(plan).map((option) => card(option, plan))}</div>
          <section aria-labelledby="over-time">
            <h2 id="over-time">Over time</h2>
            <p class="lead">Everything paid up to a month. Each footprint in its cheapest way; a circle marks the month in which a line falls below another for the first time.</p>
            <figure><div class="scroll">${cumulativeChart(plan)}</div></figure>
            <div class="scroll">${tables.yearTable(plan)}</div>
            ${tables.breakEvenTable(plan)}
          </section>
          <section aria-labelledby="kinds">
            <h2 id="kinds">What the money goes to</h2>
            <figure><div class="scroll">${kindChart(plan)}</div></figure>
            <div class="scroll">${tables.kindTable(plan)}</div>
            ${plan.missing.length > 0 && markup`<ul class="plain">${plan.missing.map(({ name, why }) => markup`<li>Not compared: ${nameOf(name)}: ${why}.</li>`)}</ul>`}
          </section>
          <section aria-labelledby="machines">
            <h2 id="machines">What would stand where</h2>
            ${tables.layoutTable(plan)} ${tables.memoryTable(plan)}
          </section>
          <section aria-labelledby="changes">
            <h2 id="changes">What would change the answer</h2>
            <p class="lead">One thing at a time, by a fifth.</p>
            ${tables.sensitivityTable(plan)}
          </section>
          <section aria-labelledby="prices">
            <h2 id="prices">The prices, and who says so</h2>
            <p class="lead">Override any of them in <code>stacks/${plan.environment}/prices.yaml</code>. What is marked as an assumption was published by nobody, or could not be had for this region.</p>
            ${tables.priceTable(plan)}
          </section>
        </main>
        <footer><p>This page is one file and asks nothing of any network. It is a plan, not an offer.</p></footer>
      </body>
    </html> `.text;
}

function card(option: ReturnType<typeof bestOptions>[number], plan: CostPlan): Markup {
  const { name, footprint, total, capital, monthly, bookValue, assumedShare } = option;
  return markup`<article class="card ${footprint}">
    <h3>${nameOf(name)}</h3>
    <p class="sum">${money(total, plan.currency)}</p>
    ${name === plan.cheapest && markup`<p class="best">✓ the cheapest within the horizon</p>`}
    <p>${money(capital, plan.currency)} at the start, then ${money(monthly[1] ?? 0, plan.currency)} a month</p>
    <p>${money(bookValue, plan.currency)} of book value left at the end</p>
    <p class="assumed">${Math.round(assumedShare * 100)} % on assumptions</p>
  </article>`;
}
