import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import type { z } from "zod";

/** A configuration that cannot be used: every mistake of it, each on a line of its own. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";

  public constructor(
    public readonly path: string,
    public readonly mistakes: readonly string[],
  ) {
    super(`${path} cannot be used:\n${mistakes.map((mistake) => `  - ${mistake}`).join("\n")}`);
  }
}

/**
 * Reads a service's configuration, a YAML file.
 *
 * @throws ConfigurationError with all mistakes at once: where, what was found, what is allowed.
 */
export function readConfiguration<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigurationError(path, [
      `it cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"}): name a readable file with --config`,
    ]);
  }
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new ConfigurationError(
      path,
      document.errors.map((error) => error.message.split("\n")[0] ?? error.code),
    );
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    path,
    parsed.error.issues.map((issue) => `${issue.path.join(".") || "the document"}: ${issue.message}`),
  );
}
