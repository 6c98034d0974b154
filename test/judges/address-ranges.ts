type Range = readonly [first: number, last: number];

/** IPv4 addresses, as ranges that neither overlap nor touch. */
export class AddressRanges {
  public constructor(private readonly ranges: readonly Range[] = []) {}

  /** Whether a text is addresses: `10.0.0.0/8`, or `10.0.0.0-10.0.0.255`. */
  public static isOne(text: string): boolean {
    return /^\d+\.\d+\.\d+\.\d+(\/\d+|-\d+\.\d+\.\d+\.\d+)?$/.test(text);
  }

  public with(text: string): AddressRanges {
    const sorted = [...this.ranges, rangeOf(text)].sort(([left], [right]) => left - right);
    const drawn: Range[] = [];
    for (const [first, last] of sorted) {
      const before = drawn.at(-1);
      if (before !== undefined && first <= before[1] + 1) {
        drawn[drawn.length - 1] = [before[0], Math.max(before[1], last)];
      } else drawn.push([first, last]);
    }
    return new AddressRanges(drawn);
  }

  public get text(): string {
    return this.ranges.map(([first, last]) => `${dotted(first)}-${dotted(last)}`).join(",");
  }
}

function rangeOf(text: string): Range {
  const [start = "", end] = text.split("-");
  if (end !== undefined) return [numberOf(start), numberOf(end)];
  const [address = "", bits = "32"] = start.split("/");
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(numberOf(address) / size) * size;
  return [first, first + size - 1];
}

const numberOf = (address: string): number =>
  address.split(".").reduce((number, part) => number * 256 + Number(part), 0);

const dotted = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
