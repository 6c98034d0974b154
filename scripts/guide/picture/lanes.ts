/** A way from one place to another along one axis. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const ends = ({ from, to }: Span): [number, number] => [Math.min(from, to), Math.max(from, to)];
const clearance = 12;

/** A lane for each way, from 1: shorter ways lie nearer, and two in one lane never meet. */
export function lanesOf(spans: readonly Span[]): number[] {
  const order = spans.map((_, index) => index).sort((a, b) => lengthOf(spans[a]!) - lengthOf(spans[b]!) || a - b);
  const taken: Span[][] = [];
  const lanes = spans.map(() => 0);
  for (const index of order) {
    const [low, high] = ends(spans[index]!);
    const free = (lane: readonly Span[]) =>
      lane.every((other) => ends(other)[1] + clearance < low || ends(other)[0] - clearance > high);
    let lane = taken.findIndex(free);
    if (lane < 0) lane = taken.push([]) - 1;
    taken[lane]!.push(spans[index]!);
    lanes[index] = lane + 1;
  }
  return lanes;
}

const lengthOf = (span: Span): number => ends(span)[1] - ends(span)[0];
