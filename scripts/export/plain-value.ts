/** How the engine writes a value that is a secret, in events and in state alike. */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** How the engine writes a value that is not known before its resource is made, by its type. */
const unknowns = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // text
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // truth
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // list
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** Stands where a secret stood. */
export const redacted = "redacted-by-cloister-export";

/** Stands where a value is known only after its resource was made. */
export const unknownYet = "unknown-until-created";

export const isSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (value as Record<string, unknown>)[signature] === secretSignature;

export const isUnknown = (value: unknown): boolean => typeof value === "string" && unknowns.has(value);

/** A value without what only the engine understands; each placeholder's path is told. */
export function plainValue(value: unknown, path: string, tell: (path: string, placeholder: string) => void): unknown {
  const stand = (placeholder: string): string => {
    tell(path, placeholder);
    return placeholder;
  };
  if (isSecret(value)) return stand(redacted);
  if (isUnknown(value)) return stand(unknownYet);
  if (Array.isArray(value)) return value.map((item, index) => plainValue(item, `${path}[${index}]`, tell));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, item]) => [key, plainValue(item, path === "" ? key : `${path}.${key}`, tell)]),
  );
}
