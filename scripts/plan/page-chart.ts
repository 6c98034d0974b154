import { markup, type Markup } from "../../policies/evidence/markup";
import { costKinds } from "./model/cost-item";
import { money, nameOf, type CostPlan } from "./model/cost-plan";
import type { CostOption } from "./model/cost-option";

const WIDTH = 1000;
const HEIGHT = 440;
const LEFT = 74;
const RIGHT = 150;
const TOP = 26;
const BOTTOM = 46;

/** Cumulative cost of the best way of each footprint, with the months in which lines cross. */
export function cumulativeChart(plan: CostPlan): Markup {
  const lines = bestOptions(plan);
  const step = niceStep(Math.max(1, ...lines.map(({ total }) => total)) / 5);
  const top = step * Math.ceil(Math.max(1, ...lines.map(({ total }) => total)) / step);
  const x = (month: number) => LEFT + (month / plan.months) * (WIDTH - LEFT - RIGHT);
  const y = (amount: number) => HEIGHT - BOTTOM - (amount / top) * (HEIGHT - TOP - BOTTOM);
  const amounts = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  const every = [1, 2, 3, 6, 12, 24].find((months) => plan.months / months <= 12) ?? 24;
  const months = Array.from({ length: Math.floor(plan.months / every) + 1 }, (_, index) => index * every);
  const ends = spread(
    lines.map(({ total }) => y(total)),
    20,
  );
  return markup`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="cumulative-title cumulative-desc">
    <title id="cumulative-title">Money paid up to each month, by footprint</title>
    <desc id="cumulative-desc">${plan.answer} The table below says the same in numbers.</desc>
    ${amounts.map(
      (amount) =>
        markup`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(amount)}" y2="${y(amount)}" class="grid" />
          <text x="${LEFT - 10}" y="${y(amount) + 4}" text-anchor="end" class="axis">${short(amount)}</text>`,
    )}
    <text x="${LEFT - 10}" y="${TOP - 12}" text-anchor="end" class="axis">${plan.currency}</text>
    ${months.map((month) => markup`<text x="${x(month)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle" class="axis">${month}</text>`)}
    <text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle" class="axis">month</text>
    ${lines.map(({ cumulative, footprint }) => {
      const path = cumulative.map(
        (amount, month) => `${month === 0 ? "M" : "L"}${x(month).toFixed(1)} ${y(amount).toFixed(1)}`,
      );
      return markup`<path d="${path.join("")}" class="line ${footprint}" />`;
    })}
    ${lines.map(
      ({ footprint }, index) =>
        markup`<g class="${footprint}"><text x="${WIDTH - RIGHT + 10}" y="${ends[index]! + 5}" class="end">${footprint}</text></g>`,
    )}
    ${evens(plan, lines).map(({ month, amount, level }) => {
      const above = HEIGHT - BOTTOM - 12 - level * 22;
      return markup`<line x1="${x(month)}" x2="${x(month)}" y1="${y(amount)}" y2="${above}" class="even-line" />
        <circle cx="${x(month)}" cy="${y(amount)}" r="5.5" class="even" />
        <rect x="${x(month) - 62}" y="${above - 14}" width="124" height="20" rx="5" class="plate" />
        <text x="${x(month)}" y="${above}" text-anchor="middle" class="even-text">even in month ${month}</text>`;
    })}
  </svg>`;
}

/** What the money of every option goes to, over the horizon. */
export function kindChart(plan: CostPlan): Markup {
  const most = Math.max(1, ...plan.options.map(({ total }) => total));
  const row = 46;
  const [left, right] = [330, 90];
  const height = plan.options.length * row + 8;
  return markup`<svg viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="kinds-title kinds-desc">
      <title id="kinds-title">Money paid over the horizon, by what it is spent on</title>
      <desc id="kinds-desc">One bar for each way to have the environment; the table below says the same in numbers.</desc>
      ${plan.options.map((option, index) => {
        let from = left;
        const top = index * row + 8;
        const segments = costKinds.map((kind, order) => {
          const width = (option.byKind[kind] / most) * (WIDTH - left - right);
          const segment = markup`<rect x="${from.toFixed(1)}" y="${top}" width="${Math.max(0, width - 1.5).toFixed(1)}" height="26" class="k${order}"><title>${kind}: ${money(option.byKind[kind], plan.currency)}</title></rect>`;
          from += width;
          return width > 0 ? segment : undefined;
        });
        return markup`<text x="${left - 12}" y="${top + 18}" text-anchor="end" class="bar-name">${nameOf(option.name)}</text>${segments}
          <text x="${from + 8}" y="${top + 18}" class="bar-sum">${short(option.total)}</text>`;
      })}
    </svg>
    <ul class="legend">
      ${costKinds.map((kind, order) => markup`<li><b class="k${order}"></b>${kind}</li>`)}
    </ul>`;
}

export const bestOptions = (plan: CostPlan): CostOption[] =>
  plan.best.map((name) => plan.options.find((option) => option.name === name)!);

/** Where the drawn lines cross; marks that stand close are put on different heights. */
function evens(plan: CostPlan, lines: readonly CostOption[]) {
  const drawn = plan.breakEvens.flatMap(({ buy, rent, month }) => {
    const line = lines.find(({ name }) => name === buy);
    return month === null || line === undefined || !lines.some(({ name }) => name === rent)
      ? []
      : [{ month, amount: line.cumulative[month] ?? 0 }];
  });
  return drawn.map((mark, index) => ({ ...mark, level: index }));
}

/** 1, 2 or 5 times a power of ten, at or above a number. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
}

/** 1,250,000 as 1.25 M. */
export function short(amount: number): string {
  if (amount >= 999_500)
    return `${(amount / 1e6)
      .toFixed(2)
      .replace(/0+$|\.0+$/, "")
      .replace(/\.$/, "")} M`;
  return amount >= 1000 ? `${Math.round(amount / 1000)} k` : String(Math.round(amount));
}

/** Moves heights apart, so that labels do not cover each other. */
function spread(heights: readonly number[], gap: number): number[] {
  const order = heights.map((height, index) => ({ height, index })).sort((left, right) => left.height - right.height);
  for (let index = 1; index < order.length; index++) {
    order[index]!.height = Math.max(order[index]!.height, order[index - 1]!.height + gap);
  }
  return heights.map((_, index) => order.find((one) => one.index === index)!.height);
}
