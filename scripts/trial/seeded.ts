/** Numbers from 0 to 1, the same ones for the same seed in every run. */
export function* seeded(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** The list in an order that follows from the numbers alone. */
export function shuffled<T>(list: readonly T[], numbers: Generator<number, never>): T[] {
  const rest = [...list];
  return list.flatMap(() => rest.splice(Math.floor(numbers.next().value * rest.length), 1));
}
