import { MissingSetting, type Settings } from "../settings";
import { defaultFrameworks } from "./parameters";
import regionCountries from "./region-countries.json";

/** When the lists below were looked up: decisions end, and new ones are taken. */
export const transfersAsOf = "2026-11-25";

/** Member states of the European Union, and Iceland, Liechtenstein and Norway. */
const europeanEconomicArea =
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO".split(" ");

/**
 * Countries with a decision of the Commission under article 45. Two hold in part only, which no code can see: Canada's for
 * commercial organisations, and that of the United States for those who joined the Data Privacy Framework.
 */
const adequate = "AD AR BR CA CH FO GB GG IL IM JE JP KR NZ US UY".split(" ");

const free = new Set([...europeanEconomicArea, ...adequate]);

/** The country of a region: what the environment says of its own stores, or where AWS says that it is. */
function countryOf(region: string, { regionCountries: told }: Settings): string {
  const country = told?.[region] ?? (regionCountries as Readonly<Record<string, string>>)[region];
  if (country === undefined) throw new MissingSetting(`regionCountries.${region}`);
  return country;
}

/**
 * What keeps personal data from lying in a region without more ado; undefined where nothing does, or where nobody asked.
 *
 * @throws MissingSetting when the GDPR holds and nobody says in which country the region is.
 */
export function transferWrong(region: string, settings: Settings): string | undefined {
  if (!(settings.frameworks ?? defaultFrameworks).includes("gdpr")) return undefined;
  const country = countryOf(region, settings);
  if (free.has(country)) return undefined;
  return `${region} is in ${country}, outside the European Economic Area and without an adequacy decision (GDPR 44 and 45, as of ${transfersAsOf})`;
}
