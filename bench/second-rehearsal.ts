import type { BenchSite } from "./bench-site";
import { compare, type Comparison } from "./measurement";

const rounds = 3;

/** A rehearsal of what is up already, against the boot and `up` from nothing. The site is up afterwards. */
export async function measureSecondRehearsal(site: BenchSite): Promise<Comparison> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    await site.clear();
    const first = await secondsOf(site, (created) => created > 0);
    await site.stop();
    pairs.push([await secondsOf(site, (created) => created === 0), first]);
  }
  return compare({
    name: "second-rehearsal",
    goal: 0.333,
    sides: ["rehearsal of what is up already", "boot and `up` from an empty state"],
    rounds: pairs,
  });
}

/** From the start of the first server to the written evidence. */
async function secondsOf(site: BenchSite, expected: (created: number) => boolean): Promise<number> {
  const begun = performance.now();
  const { created } = await site.rehearse();
  if (!expected(created))
    throw new Error(`The rehearsal made ${created} resources, which is not what was to be measured.`);
  return (performance.now() - begun) / 1000;
}
