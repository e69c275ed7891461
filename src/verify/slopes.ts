// What is the slope of a function that can only be evaluated, and how well is it known?

/** A derivative by differences. */
export interface Slope {
  readonly value: number;
  /** How far the value may be from the truth: what the last refinement changed, and what rounding can do. */
  readonly error: number;
  /** The slopes on the two sides differ, however near: there is no derivative. */
  readonly kink: boolean;
}

const halvings = 7;
const epsilon = 2 ** -52;

/**
 * First steps to try around x: absolute ones, and such as keep their distance from a pole or an edge at 0. Those that the
 * digits of x would swallow are left out.
 */
function firstSteps(x: number): number[] {
  const nearest = (h: number): number => 2 ** Math.floor(Math.log2(h));
  const relative = x === 0 ? [] : [2 ** -3, 2 ** -7, 2 ** -12].map((share) => nearest(Math.abs(x) * share));
  const steps = [2 ** -2, 2 ** -5, 2 ** -9, 2 ** -14, ...relative];
  return [...new Set(steps)].filter((h) => h > 2 ** -36 * Math.abs(x));
}

export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/**
 * How much the values of φ scatter: second differences over steps so small that curvature does not show. What a solver
 * leaves open is seen here, and rounding, to at least four units in the last place.
 */
function noiseOf(phi: (s: number) => Float64Array, x: number, middle: Float64Array): Float64Array {
  const noise = middle.map((value) => 4 * epsilon * Math.abs(value));
  const unit = x === 0 ? 2 ** -26 : Math.min(2 ** -26, Math.abs(x) * 2 ** -26);
  for (const h of [unit, 3 * unit, 5 * unit, 11 * unit]) {
    const [up, down] = [phi(h), phi(-h)];
    middle.forEach((value, e) => {
      const scatter = Math.abs(up[e] - value - (value - down[e]));
      if (scatter > noise[e]) noise[e] = scatter;
    });
  }
  return noise;
}

/** For each entry the extrapolation, from steps h, h/2, …, whose neighbours in the tableau agree best. */
export function extrapolate(
  phi: (s: number) => Float64Array,
  x: number,
  first: number,
  noise: Float64Array,
): Estimate[] {
  const entries = noise.length;
  const best: Estimate[] = Array.from({ length: entries }, () => ({ value: Number.NaN, error: Infinity }));
  let above: Float64Array[] = [];
  for (let i = 0; i < halvings; i++) {
    const h = first / 2 ** i;
    const [up, down] = [phi(h), phi(-h)];
    const row = [up.map((value, e) => (value - down[e]) / (2 * h))];
    for (let k = 1; k <= i; k++) {
      const factor = 4 ** k;
      row.push(row[k - 1].map((value, e) => (factor * value - above[k - 1][e]) / (factor - 1)));
      for (let e = 0; e < entries; e++) {
        const value = row[k][e];
        const change = Math.max(Math.abs(value - row[k - 1][e]), Math.abs(value - above[k - 1][e]));
        const size = Math.max(Math.abs(up[e]), Math.abs(down[e]));
        const rounding = (2 * noise[e] + 4 * epsilon * (size + Math.abs(x * value))) / h;
        const error = Math.max(change, rounding);
        if (error < best[e].error) best[e] = { value, error };
      }
    }
    above = row;
  }
  return best;
}

/**
 * d/ds φ(s) at s = 0 for each entry of φ, where s moves a coordinate whose value is x: central differences with steps h, h/2,
 * …, extrapolated to 0, from several first steps h. What small steps say, they say with large errors that are known well;
 * larger steps are believed as far as they agree with that.
 *
 * @source Ridders (1982), "Accurate computation of F′(x) and F′(x)F″(x)", section 2
 */
export function slopes(phi: (s: number) => Float64Array, x: number): Slope[] {
  const middle = phi(0);
  const best: Estimate[] = Array.from(middle, () => ({ value: Number.NaN, error: Infinity }));
  const noise = noiseOf(phi, x, middle);
  const settled = new Set<number>();
  for (const first of firstSteps(x).sort((a, b) => a - b)) {
    extrapolate(phi, x, first, noise).forEach((estimate, e) => {
      const { value, error } = best[e];
      if (settled.has(e) || !Number.isFinite(estimate.error)) return;
      if (Math.abs(estimate.value - value) > 4 * (estimate.error + error)) settled.add(e);
      else if (estimate.error < error) best[e] = estimate;
    });
  }
  const kinks = kinksOf(phi, x, middle);
  return best.map((slope, e) => ({ ...slope, kink: kinks[e] }));
}

/** Where the slopes to the right and to the left stay apart as the step shrinks, by more than rounding could do. */
export function kinksOf(phi: (s: number) => Float64Array, x: number, middle: Float64Array): boolean[] {
  const start = x === 0 ? 2 ** -10 : Math.min(2 ** -10, Math.abs(x) * 2 ** -6);
  const gapsAt = (h: number): Float64Array => {
    const [up, down] = [phi(h), phi(-h)];
    return middle.map((value, e) => Math.abs(up[e] - value - (value - down[e])) / h);
  };
  const near = start / 2 ** 10;
  const [wide, narrow] = [gapsAt(start), gapsAt(near)];
  return Array.from(middle, (value, e) => {
    const rounding = (64 * epsilon * (Math.abs(value) + Math.abs(x) * narrow[e])) / near;
    return narrow[e] > rounding && narrow[e] > 0.25 * wide[e];
  });
}
