import { beforeAll, describe, expect, it } from "vitest";
import { checkAuthorities, type Authorities, type Authority } from "../../../components/foundation/pki/pki-plan";
import { KitError } from "../../../components/kit-error";
import { makeAuthorities, makeIntermediate, makeRoot, type Root } from "../authorities";

const now = Date.parse("2026-06-01T12:00:00Z");
const day = 24 * 60 * 60 * 1000;
let sound: Authorities;
let root: Root;

beforeAll(async () => {
  sound = await makeAuthorities(now);
  root = await makeRoot(now);
});

const mistakesOf = (authorities: Authorities, leafDays = 90, at = now) => {
  try {
    checkAuthorities("on-prem", authorities, leafDays, at);
  } catch (error) {
    if (error instanceof KitError) return error.mistakes;
    throw error;
  }
  return [];
};
const replaced = (name: "services" | "clients", authority: Authority): Authorities => ({ ...sound, [name]: authority });

describe("the authorities", () => {
  it("pass when the root signed them and they outlive what they issue", () => {
    expect(mistakesOf(sound)).toEqual([]);
  });

  it("are refused when another root signed one", async () => {
    const foreign = await makeIntermediate({ root, name: "clients", now, days: 365 });
    expect(mistakesOf(replaced("clients", { ...foreign, root: sound.clients.root }))).toEqual([
      {
        path: "cloister:pki clients",
        found: "a signature of another root",
        allowed: "one of the root beside it",
        mend: "run `npm run cloister -- pki on-prem --roots FILE` where the roots are kept",
      },
    ]);
  });

  it("are refused when one is an ordinary certificate", async () => {
    const ordinary = await makeIntermediate({ root, name: "services", now, days: 730, authority: false });
    expect(mistakesOf(replaced("services", ordinary)).map(({ path, found }) => [path, found])).toEqual([
      ["cloister:pki services", "no authority"],
    ]);
  });

  it("are refused when two circles share a root, which would undo both", async () => {
    const services = await makeIntermediate({ root, name: "services", now, days: 730 });
    const clients = await makeIntermediate({ root, name: "clients", now, days: 365 });
    expect(mistakesOf({ ...sound, services, clients }).map(({ path, found }) => [path, found])).toEqual([
      ["cloister:pki clients", "the root of another circle"],
    ]);
  });

  it("are refused from the day on which a leaf would outlive them, and a server's lives a year", () => {
    const end = now + 730 * day;
    const ends = (before: number) =>
      mistakesOf(sound, 90, end - before * day).map(({ path, allowed }) => `${path} ${allowed}`);
    const told = (name: string, days: number) =>
      `cloister:pki ${name} ${days} days or more from now, the lifetime of what it issues`;
    expect(ends(365)).toEqual([]);
    expect(ends(364)).toEqual([told("services", 365)]);
    expect(ends(90)).toEqual([told("services", 365)]);
    expect(ends(89)).toEqual([told("services", 365), told("clients", 90), told("callers", 90)]);
  });

  it("are refused with every fault of every one at once", async () => {
    const foreign = await makeIntermediate({ root, name: "clients", now, days: 10, authority: false });
    const { callers: _callers, ...rest } = replaced("clients", { ...foreign, root: sound.clients.root });
    const mistakes = mistakesOf(rest as Authorities);
    expect(mistakes.map(({ path, found }) => `${path.split(" ")[1]}: ${found}`)).toEqual([
      "clients: no authority",
      "clients: a signature of another root",
      "clients: an end on 2026-06-11",
      "callers: nothing",
    ]);
  });
});
