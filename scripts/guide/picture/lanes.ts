/** A way from one place to another along one axis. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Room of the plate that stands in the middle of each way, px: shorter ways take as much of their lane. */
const plateRoom = 56;

const ends = ({ from, to }: Span): [number, number] => [Math.min(from, to), Math.max(from, to)];
const clearance = 12;

function room(span: Span): [number, number] {
  const [low, high] = ends(span);
  const lack = Math.max(0, plateRoom - (high - low)) / 2;
  return [low - lack, high + lack];
}

/** A lane for each way, from 1: shorter ways lie nearer, and two in one lane never meet. */
export function lanesOf(spans: readonly Span[]): number[] {
  const order = spans.map((_, index) => index).sort((a, b) => lengthOf(spans[a]!) - lengthOf(spans[b]!) || a - b);
  const taken: Span[][] = [];
  const lanes = spans.map(() => 0);
  for (const index of order) {
    const [low, high] = room(spans[index]!);
    const free = (lane: readonly Span[]) =>
      lane.every((other) => room(other)[1] + clearance < low || room(other)[0] - clearance > high);
    let lane = taken.findIndex(free);
    if (lane < 0) lane = taken.push([]) - 1;
    taken[lane]!.push(spans[index]!);
    lanes[index] = lane + 1;
  }
  return lanes;
}

const lengthOf = (span: Span): number => ends(span)[1] - ends(span)[0];
