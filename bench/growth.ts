/** What was measured at each size, the smallest size first. */
export type Sizes = readonly (readonly [size: number, value: number])[];

/** A difference smaller than this share of the fixed part is the machine's noise, and is taken to be as large as it. */
const noise = 0.02;

/**
 * The exponent with which a value grows: 1 where each more costs as much as the one before, 2 where it costs as much as all
 * before it. The smallest size stands for the fixed part: the line is fitted, on logarithms of both, through what is added
 * to it, so that a large fixed part hides no growth.
 *
 * @throws Error for fewer than three sizes: two differences are the least that show a growth.
 */
export function growthExponent(sizes: Sizes): number {
  const [first, ...others] = sizes;
  if (first === undefined || others.length < 2) throw new Error("A growth is seen over three sizes or more.");
  const points = others.map(([size, value]): [number, number] => [
    Math.log(size - first[0]),
    Math.log(Math.max(value - first[1], noise * first[1])),
  ]);
  const mean = (index: 0 | 1) => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [middle, height] = [mean(0), mean(1)];
  const rise = points.reduce((sum, [x, y]) => sum + (x - middle) * (y - height), 0);
  const run = points.reduce((sum, [x]) => sum + (x - middle) ** 2, 0);
  return rise / run;
}
