import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { breakEvenMonth } from "../../../scripts/plan/model/break-even";
import { amortisationIn, bookValueAfter, type CostItem } from "../../../scripts/plan/model/cost-item";
import { costOptions, summed, type CostOption } from "../../../scripts/plan/model/cost-option";
import { money as inWords, nameOf, planCosts } from "../../../scripts/plan/model/cost-plan";
import { gpuFacts } from "../../../scripts/plan/model/hardware";
import { layOut } from "../../../scripts/plan/model/layout";
import { needsOf, type Needs } from "../../../scripts/plan/model/needs";
import { mergePrices, priceLeaves, scalePrices } from "../../../scripts/plan/prices/merge-prices";
import { parsePrices } from "../../../scripts/plan/prices/read-prices";
import { readEnvironment, type Environment } from "../../../stacks/environment";
import { gpuProduct } from "../../../stacks/schema/gpu-product";

const prices = parsePrices();
const sizes = () => ({ cpus: 4, memoryGib: 16 });
const needs = (environment: string): Needs => needsOf(readEnvironment(environment), sizes);
const examples = ["on-prem", "colocation", "private-cloud"] as const;
const anyExample = fc.constantFrom(...examples);
const anyHorizon = fc.integer({ min: 1, max: 120 });
const cent = (left: number, right: number) => expect(Math.abs(left - right)).toBeLessThan(0.01);
/** Money alone, without shares and counts: as if all were paid in another coin. */
const inAnotherCoin = (factor: number) => {
  const paths = priceLeaves(prices).flatMap(({ path, leaf }) => ("amount" in leaf ? [path.join(".")] : []));
  return scalePrices(prices, paths, factor);
};

describe("a plan computed by hand", () => {
  // 12,000 at the start, worth 2,400 after 24 months, and 100 a month; against 900 a month.
  const money = (amount: number) => ({ amount, assumptions: [] });
  const buy: CostItem[] = [
    { kind: "hardware", what: "server", capital: { price: money(12_000), lifeMonths: 24, residual: 0.2 } },
    { kind: "power", what: "energy", monthly: { price: { amount: 100, assumptions: ["load.power"] }, from: 1 } },
  ];
  const rent: CostItem[] = [{ kind: "instances", what: "instance", monthly: { price: money(900), from: 1 } }];
  const option = (items: CostItem[], months: number) =>
    summed({ name: "x", footprint: "on-prem", layout: {} as CostOption["layout"], items }, months);

  test("has the sums, the book value and the share of assumptions that pencil and paper give", () => {
    const bought = option(buy, 18);
    expect(bought.capital).toBe(12_000);
    expect(bought.total).toBe(12_000 + 18 * 100);
    expect(bought.amortisation[0]).toBe((12_000 - 2_400) / 24);
    expect(bought.bookValue).toBe(12_000 - 18 * 400);
    expect(bought.assumedShare).toBeCloseTo(1_800 / 13_800, 12);
    expect(bought.assumptions).toEqual(["load.power"]);
    expect(bought.byKind).toMatchObject({ hardware: 12_000, power: 1_800, instances: 0 });
  });

  test("breaks even in month 16: 13,600 against 14,400, where month 15 is 13,500 against 13,500", () => {
    const [bought, rented] = [option(buy, 18), option(rent, 18)];
    expect([bought.cumulative[15], rented.cumulative[15]]).toEqual([13_500, 13_500]);
    expect(breakEvenMonth(bought.cumulative, rented.cumulative)).toBe(16);
    expect(breakEvenMonth(option(buy, 15).cumulative, option(rent, 15).cumulative)).toBeNull();
  });

  test("buys anew when a life ends and use goes on, less what the old one fetches", () => {
    expect(option(buy, 24).total).toBe(12_000 + 2_400);
    expect(option(buy, 25).total).toBe(12_000 + 9_600 + 2_500);
  });

  test("says money and ways as a person does", () => {
    expect(nameOf("private-cloud/three-years")).toBe("private-cloud committed for three years");
    expect(planCosts(readEnvironment("on-prem"), prices, 1).answer).toContain("over 1 month, at USD ");
    expect(inWords(1_234_567.8, "USD")).toBe("USD 1,234,568");
  });
});

describe("whatever the horizon", () => {
  test("money paid never falls, and ends at the total", () => {
    fc.assert(
      fc.property(anyExample, anyHorizon, (environment, months) => {
        for (const { cumulative, total, byKind } of costOptions(needs(environment), prices, months).options) {
          for (let month = 1; month <= months; month++) {
            expect(cumulative[month]!).toBeGreaterThanOrEqual(cumulative[month - 1]!);
          }
          cent(total, cumulative[months]!);
          cent(
            total,
            Object.values(byKind).reduce((sum, amount) => sum + amount, 0),
          );
        }
      }),
      { numRuns: 15 },
    );
  });

  test("where everything is free, nothing costs anything", () => {
    fc.assert(
      fc.property(anyExample, anyHorizon, (environment, months) => {
        for (const { total, assumedShare } of costOptions(needs(environment), inAnotherCoin(0), months).options) {
          expect([total, assumedShare]).toEqual([0, 0]);
        }
      }),
      { numRuns: 8 },
    );
  });

  test("another coin moves no break-even and no winner", () => {
    fc.assert(
      fc.property(anyExample, anyHorizon, fc.constantFrom(0.25, 0.5, 2, 8), (environment, months, factor) => {
        const plain = costOptions(needs(environment), prices, months).options;
        const other = costOptions(needs(environment), inAnotherCoin(factor), months).options;
        const site = (options: CostOption[]) => options.find(({ name }) => name === "on-prem")!.cumulative;
        const cloud = (options: CostOption[]) =>
          options.find(({ name }) => name === "private-cloud/on-demand")!.cumulative;
        expect(breakEvenMonth(site(other), cloud(other))).toBe(breakEvenMonth(site(plain), cloud(plain)));
        other.forEach(({ total }, index) => cent(total / factor, plain[index]!.total));
      }),
      { numRuns: 15 },
    );
  });

  test("amortisation over a life and what is left then add up to the price", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e7, noNaN: true }),
        fc.integer({ min: 12, max: 120 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (amount, lifeMonths, residual) => {
          const capital = { price: { amount, assumptions: [] }, lifeMonths, residual };
          const item: CostItem = { kind: "hardware", what: "x", capital };
          let paid = 0;
          for (let month = 1; month <= lifeMonths; month++) paid += amortisationIn(month, item);
          cent(paid + amount * residual, amount);
          cent(bookValueAfter(lifeMonths, item), amount * residual);
        },
      ),
    );
  });
});

describe("an environment on the footprints that it is not on", () => {
  test.each(examples)("%s keeps its GPUs and video memory everywhere", (environment) => {
    const wanted = needs(environment).pools.reduce((sum, { gpusPerNode, nodes }) => sum + gpusPerNode * nodes, 0);
    for (const footprint of examples) expect(layOut(footprint, needs(environment), prices).gpus).toBe(wanted);
  });

  test("is laid out on the cheapest instances that hold it, and told where the region has none", () => {
    const machines = (environment: string) =>
      layOut("private-cloud", needs(environment), prices).machines.map(({ count, what }) => `${count} ${what}`);
    expect(machines("on-prem")).toEqual(["2 g6e.12xlarge", "2 m7i.8xlarge"]);
    expect(machines("colocation")).toEqual(["1 p5.48xlarge", "2 m7i.8xlarge"]);
    expect(layOut("private-cloud", needs("colocation"), prices).notes).toEqual([
      "eu-central-1 does not offer p5.48xlarge: pool h100 would stand in another region",
    ]);
  });

  test("takes another region's price for an assumption", () => {
    const option = costOptions(needs("colocation"), prices, 12).options.find(
      ({ name }) => name === "private-cloud/on-demand",
    )!;
    expect(option.assumptions).toContain("cloud.instances.p5.48xlarge");
  });

  test("commits to whole terms alone, and to none that is longer than the horizon", () => {
    const { options, missing } = costOptions(needs("on-prem"), prices, 18);
    expect(missing.map(({ name }) => name)).toEqual(["private-cloud/three-years", "private-cloud/capacity-block"]);
    const { monthly } = options.find(({ name }) => name === "private-cloud/one-year")!;
    const onDemand = options.find(({ name }) => name === "private-cloud/on-demand")!.monthly;
    expect(monthly[12]!).toBeLessThan(onDemand[12]!);
    cent(monthly[13]!, onDemand[13]!);
  });
});

describe("each GPU that an environment may name", () => {
  const figure = (value: number) => ({ value, asOf: "2026-11-20", source: "offer 4711 of Example", basis: "quote" });
  const money = (amount: number) => ({
    amount,
    currency: "USD",
    asOf: "2026-11-20",
    source: "offer 4711",
    basis: "quote",
  });
  const facts = { memoryGb: figure(24), watts: figure(72), chassisWatts: figure(600), rackUnits: figure(2) };
  const withGpu = (product: string): Environment => {
    const { footprint, ...rest } = readEnvironment("on-prem");
    if (footprint.kind !== "on-prem") throw new Error("on-prem is the example of a rack");
    const machines = footprint.machines.map((machine) =>
      machine.gpu === undefined ? machine : { ...machine, gpu: { ...machine.gpu, product } },
    );
    return { ...rest, footprint: { ...footprint, machines } } as Environment;
  };

  test.each(gpuProduct.options)("%s is priced, or told with how to price it", (product) => {
    const entry = `hardware.gpuServers.${product}`;
    const known = product in gpuFacts && product in prices.hardware.gpuServers;
    if (known) expect(planCosts(withGpu(product), prices, 12).cheapest).not.toBe("");
    else
      expect(() => planCosts(withGpu(product), prices, 12)).toThrow(
        new RegExp(`\\b${entry}[^]*mend: .*${entry}: chassis`),
      );
    const text = JSON.stringify({
      hardware: { gpuServers: { [product]: { chassis: money(9_000), gpu: money(2_500), facts } } },
    });
    const own = planCosts(withGpu(product), parsePrices({ text, file: "prices.yaml" }), 12);
    expect(own.memory[0]).toMatchObject({ product, vramGb: (own.memory[0]?.gpus ?? 0) * 24 });
    expect(own.options.map(({ name }) => name)).toContain("on-prem");
  });
});

test("a price of one's own replaces the whole price, and nothing else", () => {
  const base = { a: { b: { amount: 1, source: "theirs" }, c: { amount: 2, source: "theirs" } } };
  expect(mergePrices(base, { a: { b: { amount: 9 } } })).toEqual({ a: { b: { amount: 9 }, c: base.a.c } });
});
