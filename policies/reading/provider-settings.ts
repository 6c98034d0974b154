import type { Properties } from "../rule";

/** A list among a provider's settings, which reach the engine as JSON where they are nested. */
export const settingList = (value: unknown): unknown[] =>
  (typeof value === "string" ? JSON.parse(value) : (value ?? [])) as unknown[];

/** The addresses that a provider calls S3 by, where it is told any. */
export const s3Endpoints = (provider: Properties): string[] =>
  (settingList(provider?.endpoints) as Properties[]).flatMap(({ s3 }) => (s3 ? [String(s3)] : []));
