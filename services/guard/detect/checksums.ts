/** Checks by which numbers of cards, accounts and persons are told from other numbers. All take plain digits and letters. */

const sumOf = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);

/** Luhn (ISO/IEC 7812-1): cards. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const value = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? value * 2 : value;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Beginnings and lengths of the cards in use (ISO/IEC 7812 issuers). */
export const cardIssuer = (digits: string): boolean =>
  /^4(\d{12}|\d{15}|\d{18})$/.test(digits) ||
  /^(5[1-5]\d{14}|2(22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12})$/.test(digits) ||
  /^3[47]\d{13}$/.test(digits) ||
  /^3(0[0-5]|[689]\d)\d{11}$/.test(digits) ||
  /^(6011|64[4-9]\d|65\d\d)\d{12}(\d{3})?$/.test(digits) ||
  /^35(2[89]|[3-8]\d)\d{12}$/.test(digits) ||
  /^(5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}$/.test(digits) ||
  /^62\d{14,17}$/.test(digits);

/** Length of an IBAN by its country, as the IBAN registry has it. */
export const ibanLengths: Readonly<Record<string, number>> = {
  ...{ AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, CH: 21, CY: 28, CZ: 24, DE: 22 },
  ...{ DK: 18, EE: 20, ES: 24, FI: 18, FR: 27, GB: 22, GE: 22, GI: 23, GR: 27, HR: 21, HU: 28, IE: 22, IL: 23 },
  ...{ IS: 26, IT: 27, KW: 30, KZ: 20, LB: 28, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, ME: 22, MK: 19, MT: 31 },
  ...{ NL: 18, NO: 15, PK: 24, PL: 28, PT: 25, QA: 29, RO: 24, RS: 22, SA: 24, SE: 24, SI: 19, SK: 24, SM: 27 },
  ...{ TN: 24, TR: 26, UA: 29, XK: 20 },
};

/** ISO 7064 mod 97-10 over the moved letters and digits: IBAN. */
export function ibanValid(iban: string): boolean {
  if (ibanLengths[iban.slice(0, 2)] !== iban.length) return false;
  const moved = iban.slice(4) + iban.slice(0, 4);
  let rest = 0;
  for (const character of moved) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** The Dutch eleven test: burgerservicenummer. */
export const bsnValid = (digits: string): boolean =>
  digits.length === 9 && !/^0+$/.test(digits) && sumOf(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;

/** ISO 7064 mod 11,10: the German tax number of persons. */
export function steuerIdValid(digits: string): boolean {
  if (!/^[1-9]\d{10}$/.test(digits)) return false;
  let product = 10;
  for (const character of digits.slice(0, 10)) {
    const sum = (Number(character) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits[10]);
}

/** 97 less the rest: the French number of social security. */
export function nirValid(text: string): boolean {
  const match = /^([1-478]\d{2}(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)(?:\d{2}|2[AB])\d{6})(\d{2})$/.exec(text);
  if (match === null) return false;
  const [, body = "", key = ""] = match;
  const number = BigInt(body.replace("2A", "19").replace("2B", "18"));
  return 97n - (number % 97n) === BigInt(key);
}

const dniLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

/** The letter by the rest of 23: Spanish DNI and NIE. */
export function dniValid(text: string): boolean {
  const digits = text.slice(0, -1).replace(/^[XYZ]/, (first) => String("XYZ".indexOf(first)));
  return /^\d{8}$/.test(digits) && dniLetters[Number(digits) % 23] === text.at(-1);
}

const oddValues: Readonly<Record<string, number>> = {
  ...{ 0: 1, 1: 0, 2: 5, 3: 7, 4: 9, 5: 13, 6: 15, 7: 17, 8: 19, 9: 21, A: 1, B: 0, C: 5, D: 7, E: 9, F: 13 },
  ...{ G: 15, H: 17, I: 19, J: 21, K: 2, L: 4, M: 18, N: 20, O: 11, P: 3, Q: 6, R: 8, S: 12, T: 14, U: 16, V: 10 },
  ...{ W: 22, X: 25, Y: 24, Z: 23 },
};

/** The letter by the rest of 26: Italian codice fiscale. */
export function codiceFiscaleValid(text: string): boolean {
  let sum = 0;
  for (const [index, character] of [...text.slice(0, 15)].entries()) {
    const even = /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65;
    sum += index % 2 === 0 ? (oddValues[character] ?? 0) : even;
  }
  return String.fromCharCode(65 + (sum % 26)) === text[15];
}

/** Weighted sum of ten, and a day that is one: Polish PESEL. */
export function peselValid(digits: string): boolean {
  if (!/^\d{11}$/.test(digits)) return false;
  const [month, day] = [Number(digits.slice(2, 4)) % 20, Number(digits.slice(4, 6))];
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  return (10 - (sumOf(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(digits[10]);
}
