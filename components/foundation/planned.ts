/** Stands where only an `up` can tell: a certificate or an identifier that does not exist yet. */
export const planned = (what: string): string => `planned: ${what}`;
