import { bucketName } from "../storage/object-store-plan";
import type { ColocationEnvironment } from "./link-flows";

/** Where the building's records of who entered the cage come from, and where in the audit class they belong. */
export interface AccessRecordSource {
  readonly url: string;
  readonly format: "csv" | "json-lines";
  readonly owner: string;
  /** Under COMPLIANCE lock like all of the class. */
  readonly destination: { readonly bucket: string; readonly prefix: string };
}

/**
 * The declared source, or undefined where the environment names none. Nothing fetches it by itself: who has the file puts it
 * on the record with `cloister ledger record cage-access`.
 */
export function accessRecordSource(environment: ColocationEnvironment): AccessRecordSource | undefined {
  const { facility, site } = environment.footprint;
  const records = facility.accessRecords;
  if (records === undefined) return undefined;
  return {
    url: `${records.protocol}://${records.host}:${records.port}/`,
    format: records.format,
    owner: records.owner,
    destination: {
      bucket: bucketName(environment.organisation.slug, environment.name, "audit"),
      prefix: `facility/${site}/access/`,
    },
  };
}
