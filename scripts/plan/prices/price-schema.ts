import { z } from "zod";

const provenance = {
  asOf: z.iso.date().meta({
    description: "Day of the figure; that of reading where its page bears none",
    allowed: "a date such as 2026-07-20",
    mend: "write the date of the quote or of the page",
  }),
  source: z.string().min(8).meta({
    description: "Where the figure is from",
    allowed: "8 characters or more",
    mend: "name the page, the datasheet or the quote",
  }),
  basis: z.enum(["quote", "sourced", "assumption"]).meta({
    description: "quote: an offer made to you; sourced: published by somebody; assumption: nobody publishes it",
    mend: "write quote for an offer of your own",
  }),
  note: z.string().optional().meta({ description: "What the figure does not say by itself" }),
};

/** Money for one unit, which the name of the setting says. */
const price = (description: string) =>
  z
    .strictObject({
      amount: z
        .number()
        .min(0)
        .max(1e9)
        .meta({ description: "Money for one unit", allowed: "0 or more", mend: "write a price, not a credit" }),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/)
        .meta({ allowed: "an ISO 4217 code such as USD", mend: "write three capitals" }),
      ...provenance,
    })
    .meta({ description });

/** A number that is no money: a share, a ratio, a count. */
const figure = (description: string, least: number, most: number) =>
  z
    .strictObject({
      value: z
        .number()
        .min(least)
        .max(most)
        .meta({ allowed: `a number from ${least} to ${most}`, mend: `${description}: write it within these bounds` }),
      ...provenance,
    })
    .meta({ description });

const share = (description: string) => figure(description, 0, 1);

const gpuServer = z.strictObject({
  chassis: price("One server without its GPUs"),
  gpu: price("One GPU"),
  facts: z
    .strictObject({
      memoryGb: figure("Video memory of one GPU, GB", 1, 10_000),
      watts: figure("Thermal design power of one GPU, W", 1, 10_000),
      chassisWatts: figure("What the server draws beside its GPUs at full load, W", 0, 100_000),
      rackUnits: figure("Height of the server, rack units", 1, 100),
    })
    .optional()
    .meta({ description: "What the GPU and its server draw and take up, where the kit does not know the product" }),
});

const footprints = ["private-cloud", "colocation", "on-prem"] as const;

/** Everything that the cost model is told about prices; each leaf says when it was true, who says so and on what basis. */
export const priceShape = z.strictObject({
  apiVersion: z.literal("cloister.dev/prices/v1"),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .meta({ allowed: "an ISO 4217 code such as USD", mend: "write three capitals" }),
  exchangeRates: z
    .record(z.string().regex(/^[A-Z]{3}$/), figure("Units of `currency` for one unit of this one", 1e-6, 1e6))
    .meta({
      description: "How other currencies are turned into `currency`; without a rate a currency may not be used",
    }),
  cloud: z.strictObject({
    region: z.string().meta({ description: "Region in which an environment that has none is priced" }),
    instances: z
      .record(z.string(), z.record(z.string(), price("One instance hour, on demand, Linux, shared tenancy")))
      .meta({ description: "By instance type and region" }),
    capacityBlocks: z.record(z.string(), price("One instance hour of a capacity block, in any region")),
    commitments: z.strictObject({
      "one-year": share("Of the on-demand price, where one year is committed to"),
      "three-years": share("Of the on-demand price, where three years are committed to"),
    }),
    dedicatedSurcharge: share("Added to the price of an instance on dedicated tenancy"),
    dedicatedRegionHour: price("Each hour in which a region runs a dedicated instance"),
    clusterHour: price("One hour of the managed control plane"),
    endpointHour: price("One hour of one interface endpoint in one zone"),
    volumeGibMonth: price("One GiB of a node's volume for a month"),
    objectGibMonth: price("One GiB in the object store for a month"),
    keyMonth: price("One customer-held key for a month"),
    attachmentMonth: price("The private way from the company into the VPC, for a month"),
    support: share("Of the cloud's bill, for support"),
  }),
  hardware: z.strictObject({
    gpuServers: z.record(z.string(), gpuServer).meta({ description: "By the GPU's product label" }),
    server: price("One machine of the control plane"),
    worker: price("One machine for pods without a GPU"),
    serviceServer: price("One machine for registry, key manager or link, outside the cluster"),
    storageTib: price("One usable TiB of an object store with lock"),
    switch: price("One switch; two stand in every site"),
    spares: share("Of the hardware, kept on the shelf"),
    installation: share("Of the hardware, for rack, cabling and acceptance, once"),
    supportYear: share("Of the hardware's price, each year, for the maker's support"),
    lifeMonths: figure("Months after which hardware is replaced", 12, 120),
    residual: share("Of the hardware's price, that it still fetches at the end of its life"),
  }),
  colocation: z.strictObject({
    kwMonth: price("One kW of contracted power for a month, without the energy"),
    unitMonth: price("One rack unit of the cage for a month, beside the power"),
    linkMonth: price("The company's link to the cage, for a month"),
    pue: figure("Energy of the building for one of the machines", 1, 3),
  }),
  "on-prem": z.strictObject({
    unitMonth: price("One rack unit of the company's own room for a month"),
    pue: figure("Energy of the room for one of the machines", 1, 3),
  }),
  energyKwh: price("One kWh at the meter, without recoverable taxes"),
  load: z.strictObject({
    power: share("Of the rated power, that machines draw on average"),
    running: share("Of all hours, in which GPU instances on demand run"),
  }),
  objectStorageTib: figure("Data in the object store, TiB", 0, 100_000),
  staff: z.strictObject({
    month: price("One engineer for a month, all costs"),
    share: z.strictObject(
      Object.fromEntries(footprints.map((name) => [name, figure("Engineers that it takes", 0, 100)])) as Record<
        (typeof footprints)[number],
        ReturnType<typeof figure>
      >,
    ),
  }),
});

export type Prices = z.infer<typeof priceShape>;
export type Price = Prices["energyKwh"];
export type Figure = Prices["objectStorageTib"];
