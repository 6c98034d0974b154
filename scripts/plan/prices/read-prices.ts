import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KitError, type Mistake } from "../../../components/kit-error";
import { explain, SourceDocument } from "../../../stacks/explain";
import { mergePrices, priceLeaves } from "./merge-prices";
import { priceShape, type Prices } from "./price-schema";

/** The kit's own dated prices. */
export const kitPrices = join(__dirname, "prices.yaml");

/**
 * Reads the kit's prices with one's own laid over them.
 *
 * @param own text and name of one's own file; it may say as little as one price.
 * @throws KitError with every mistake of the file at once, each with its place.
 */
export function parsePrices(own?: { readonly text: string; readonly file: string }): Prices {
  const base = new SourceDocument(readFileSync(kitPrices, "utf8"));
  const source = own === undefined ? base : new SourceDocument(own.text);
  const file = own?.file ?? "prices.yaml";
  const fail = (mistakes: Mistake[]): never => {
    throw new KitError(`${file} holds no valid prices`, mistakes);
  };
  const ofYaml = source.mistakes(file);
  if (ofYaml.length > 0) return fail(ofYaml);
  const merged = own === undefined ? base.value() : mergePrices(base.value(), source.value() ?? {});
  const parsed = priceShape.safeParse(merged);
  const ofShape = parsed.success ? [] : explain(priceShape, source, parsed.error.issues);
  const mistakes = [...ofShape, ...foreignCurrencies(merged, source)];
  if (!parsed.success || mistakes.length > 0) return fail(mistakes);
  return parsed.data;
}

/** Reads `<folder>/<environment>/prices.yaml`, or the file that was named. A file that was named must exist. */
export function readPrices(environment: string, folder: string, named?: string): Prices {
  const file = named ?? join(folder, environment, "prices.yaml");
  if (existsSync(file)) return parsePrices({ text: readFileSync(file, "utf8"), file });
  if (named === undefined) return parsePrices();
  throw new KitError("There is no such file of prices", [
    { path: named, found: "no file", allowed: "a YAML file with prices of your own", mend: "correct the path" },
  ]);
}

/** Amounts of two currencies cannot be added: each currency but the plan's own needs a rate. */
function foreignCurrencies(prices: unknown, source: SourceDocument): Mistake[] {
  const { currency, exchangeRates } = (prices ?? {}) as { currency?: unknown; exchangeRates?: object };
  const known = [String(currency), ...Object.keys(exchangeRates ?? {})];
  return priceLeaves(prices).flatMap(({ path, leaf }): Mistake[] => {
    const found = leaf["currency"];
    if (typeof found !== "string" || known.includes(found)) return [];
    return [
      {
        path: source.place([...path, "currency"]),
        found: JSON.stringify(found),
        allowed: `${known.join(", ")}: the plan's currency, or one with a rate`,
        mend: `write the price in ${String(currency)}, or add exchangeRates.${found}`,
      },
    ];
  });
}
