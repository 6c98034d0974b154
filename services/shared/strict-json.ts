import { visit } from "jsonc-parser";

/** Why a text was not taken for JSON, in one sentence without any of the text but a key's name. */
export class StrictJsonError extends Error {
  override readonly name = "StrictJsonError";
}

const deepest = 64;

/**
 * Parses JSON that every reader reads alike. Two readers of `{"model":"a","model":"b"}` may see two models: the door would
 * then judge one and the server run the other, so a key that is given twice is refused, however its name is escaped.
 *
 * @throws StrictJsonError for what is no JSON, repeats a key, or nests deeper than 64 levels.
 */
export function parseStrictly(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StrictJsonError("it is not JSON");
  }
  const open: Set<string>[] = [];
  let depth = 0;
  const deeper = (): void => {
    if ((depth += 1) > deepest) throw new StrictJsonError(`it nests deeper than ${deepest} levels`);
  };
  visit(
    text,
    {
      onObjectBegin: () => {
        deeper();
        open.push(new Set());
      },
      onObjectProperty: (key) => {
        const keys = open.at(-1);
        if (keys?.has(key) === true) throw new StrictJsonError(`the key ${JSON.stringify(key)} is given twice`);
        keys?.add(key);
      },
      onObjectEnd: () => {
        depth -= 1;
        open.pop();
      },
      onArrayBegin: deeper,
      onArrayEnd: () => {
        depth -= 1;
      },
    },
    { disallowComments: true },
  );
  return value;
}
