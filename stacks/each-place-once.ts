import type { Mistake } from "../components/kit-error";

/** As many as a person reads in one line; the others show themselves once these are mended. */
const most = 3;

function joined(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  // `10.0.0.0/8` says nothing beside `10.0.0.0/8, which overlaps …`.
  const telling = distinct.filter((text) => !distinct.some((other) => other !== text && other.startsWith(text)));
  const shown = telling.length > most ? [...telling.slice(0, most - 1), `${telling.length - most + 1} more`] : telling;
  return shown.join("; ");
}

/** Each place once, with all that is wrong there: a list that repeats itself is not read to its end. */
export function eachPlaceOnce(mistakes: readonly Mistake[]): Mistake[] {
  const places = [...new Set(mistakes.map(({ path }) => path))];
  return places.map((path) => {
    const here = mistakes.filter((mistake) => mistake.path === path);
    return {
      path,
      found: joined(here.map(({ found }) => found)),
      allowed: joined(here.map(({ allowed }) => allowed)),
      mend: joined(here.map(({ mend }) => mend)),
    };
  });
}
