import { KitError, type Mistake } from "../../components/kit-error";
import { checkBody } from "../../services/ledger/kinds";
import { canonical, type Plain } from "../../services/shared/canonical";
import { Refusal } from "../../services/shared/http";
import { sha256 } from "../../services/ledger/record";

/** What is put on the record by hand. */
export interface ImportedDraft {
  readonly key: string;
  readonly kind: "site.access" | "cloudtrail.digest";
  /** Named on no record: a pseudonym stands for them. */
  readonly person?: string;
  readonly body: Readonly<Record<string, Plain>>;
}

const columns = ["at", "direction", "cage", "badge", "ticket", "person"] as const;

type Row = Readonly<Record<string, unknown>>;

/**
 * The records of a building of who entered and left a cage, as drafts. CSV has a first line that names its columns, and no
 * quotation marks; of JSON lines each is an object.
 *
 * @param site that the environment names.
 * @throws KitError with every line that says something else.
 */
export function cageAccess(text: string, format: "csv" | "json-lines", site: string, path: string): ImportedDraft[] {
  const mistakes: Mistake[] = [];
  const seen = new Map<string, number>();
  const allowed = `${columns.join(", ")}: \`at\` (RFC 3339), \`direction\` (in or out) and \`cage\`; the others may be empty`;
  const wrong = (line: number, found: string): void =>
    void mistakes.push({ path: `${path}:${line}`, found, allowed, mend: "correct the line, or ask who wrote it" });
  const rows = format === "csv" ? csvRows(text, wrong) : jsonRows(text, wrong);
  const drafts = rows.flatMap(([line, row]): ImportedDraft[] => {
    const strange = Object.entries(row).find(
      ([name, value]) => !(columns as readonly string[]).includes(name) || typeof value !== "string",
    );
    if (strange !== undefined) return (wrong(line, `${strange[0]}: ${JSON.stringify(strange[1])}`), []);
    const { person, ...told } = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== "")) as Record<
      string,
      string
    >;
    const body = { site, ...told };
    try {
      checkBody("site.access", body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return (wrong(line, error.message), []);
    }
    // Two people may pass at one time, without a badge each: the same line twice is two records.
    const content = canonical(body);
    const times = (seen.get(content) ?? 0) + 1;
    seen.set(content, times);
    const key = `site:${sha256(`${content} ${times}`)}`;
    return [{ key, kind: "site.access", ...(person === undefined ? {} : { person }), body }];
  });
  if (mistakes.length > 0) throw new KitError("These are no records of who entered a cage", mistakes);
  return drafts;
}

type Wrong = (line: number, found: string) => void;
type Rows = readonly (readonly [line: number, row: Row])[];

const linesOf = (text: string): (readonly [number, string])[] =>
  text
    .split(/\r?\n/)
    .map((line, index) => [index + 1, line] as const)
    .filter(([, line]) => line.trim() !== "");

function csvRows(text: string, wrong: Wrong): Rows {
  const [first, ...rest] = linesOf(text);
  const names = first?.[1].split(",") ?? [];
  return rest.flatMap(([number, line]) => {
    const cells = line.split(",");
    if (line.includes('"') || cells.length !== names.length) return (wrong(number, JSON.stringify(line)), []);
    return [[number, Object.fromEntries(names.map((name, index) => [name.trim(), cells[index]?.trim()]))] as const];
  });
}

const jsonRows = (text: string, wrong: Wrong): Rows =>
  linesOf(text).flatMap(([number, line]) => {
    try {
      const row: unknown = JSON.parse(line);
      if (typeof row === "object" && row !== null && !Array.isArray(row)) return [[number, row as Row] as const];
    } catch {
      // Said below, as for what is no object.
    }
    return (wrong(number, JSON.stringify(line)), []);
  });
