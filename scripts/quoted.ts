/** A word as a shell takes it for one: what a person is told to type works for a path with blanks, too. Pure. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
