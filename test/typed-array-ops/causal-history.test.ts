// Does a history tell what the whole sum tells, to rounding and however the samples grow?
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, exactProduct, exactSum } from "../../src/special/double-double.js";
import {
  accumulateCausal,
  type Blocks,
  type CausalHistory,
  type CausalWeights,
  causalWeight,
  fourier,
  inverseFourier,
  makeBlocks,
  makeFourierPlan,
  makeHistory,
  makeLagSpectra,
} from "../../src/typed-array-ops/index.js";

/** Pseudo-random numbers in [−1, 1). */
function noise(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}

const filled = (length: number, next: (i: number) => number): Float64Array =>
  Float64Array.from({ length }, (_, i) => next(i));

const oneByOne = (nodes: number): Blocks => makeBlocks(new Array<number>(nodes).fill(1));

/** Weights of a fractional integral of some order, roughly: of one sign, falling, the first column apart. */
function weightsOf(nodes: number, order: number, seed: number): CausalWeights {
  const next = noise(seed);
  return {
    nodes,
    uniform: true,
    lags: filled(nodes, (k) => (1 + 0.2 * next()) * (k + 1) ** (order - 1)),
    first: filled(nodes, (k) => (0.5 + 0.1 * next()) * (k + 1) ** (order - 1)),
    rows: new Float64Array(0),
  };
}

/** Weights without any structure. */
function rowsOf(nodes: number, seed: number): CausalWeights {
  const next = noise(seed);
  const none = new Float64Array(0);
  return {
    nodes,
    uniform: false,
    lags: none,
    first: none,
    rows: filled((nodes * (nodes + 1)) / 2, next),
    blocks: oneByOne(nodes),
  };
}

interface Problem {
  readonly weights: readonly CausalWeights[];
  readonly width: number;
  readonly transposed: boolean;
  readonly x: Float64Array;
}

/** The largest error of rows of A x, each entry against Σ |A| |x|, in about 30 digits; every `every`-th row. */
function worstError({ weights, width, transposed, x }: Problem, received: Float64Array, every = 1): number {
  const [{ nodes }] = weights;
  let worst = 0;
  for (let n = 0; n < nodes; n += every) {
    for (let c = 0; c < width; c++) {
      let sum = exactSum(0, 0);
      let size = 0;
      for (let j = transposed ? n : 0; j < (transposed ? nodes : n + 1); j++) {
        const part = weights[c % weights.length];
        const term = exactProduct(transposed ? causalWeight(part, j, n) : causalWeight(part, n, j), x[j * width + c]);
        sum = add(sum, term);
        size += Math.abs(term.high);
      }
      const error = Math.abs(received[n * width + c] - sum.high - sum.low);
      if (!(error <= Infinity)) return error;
      if (error > worst * size) worst = error / size;
    }
  }
  return worst;
}

/** Solves as a sweep would: window by window, each asked for twice, and nothing is known of x beyond what was solved. */
function sweep(problem: Problem, history: CausalHistory, sizes: () => number): Float64Array {
  const { weights, width, transposed, x } = problem;
  const [{ nodes }] = weights;
  const known = new Float64Array(nodes * width).fill(Number.NaN);
  const out = new Float64Array(nodes * width);
  for (let done = 0; done < nodes; ) {
    const size = Math.min(nodes - done, sizes());
    const start = transposed ? nodes - done - size : done;
    const end = start + size;
    history.recall(new Float64Array(size * width), known, start, end);
    history.recall(out.subarray(start * width, end * width), known, start, end);
    known.set(x.subarray(start * width, end * width), start * width);
    accumulateCausal(out, 0, known, 0, weights, width, start, end, start, end, transposed);
    done += size;
  }
  return out;
}

const problems = (sizes: fc.Arbitrary<number>): fc.Arbitrary<Problem> =>
  fc
    .record({
      nodes: sizes,
      width: fc.integer({ min: 1, max: 5 }),
      sets: fc.integer({ min: 1, max: 3 }),
      transposed: fc.boolean(),
      seed: fc.integer(),
    })
    .map(({ nodes, width, sets, transposed, seed }) => ({
      weights: Array.from({ length: Math.min(sets, width) }, (_, i) => weightsOf(nodes, 0.3 + 0.3 * i, seed + i)),
      width,
      transposed,
      x: filled(nodes * width, noise(seed + 9)),
    }));

const few = fc.constantFrom(1, 2, 3, 31, 32, 33, 63, 64, 65);
const many = fc.oneof(fc.constantFrom(321, 384, 385, 512, 513, 545, 577, 640), fc.integer({ min: 321, max: 800 }));
const settings = { seed: 1985, numRuns: 25 };
const goal = 3e-15;

describe("accumulateCausal", () => {
  test("sums in the order of a plain loop, bit by bit, on every part of the matrix", () => {
    const part = fc.record({
      nodes: fc.integer({ min: 1, max: 30 }),
      width: fc.integer({ min: 1, max: 11 }),
      sets: fc.integer({ min: 1, max: 3 }),
      transposed: fc.boolean(),
      uniform: fc.boolean(),
      seed: fc.integer(),
      ends: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(part, ({ nodes, width, sets, transposed, uniform, seed, ends }) => {
        const [a, b, c, d] = ends.map((end) => Math.min(end, nodes));
        const [rowStart, rowEnd, columnStart, columnEnd] = [
          Math.min(a, b),
          Math.max(a, b),
          Math.min(c, d),
          Math.max(c, d),
        ];
        const weights = Array.from({ length: Math.min(sets, width) }, (_, i) =>
          uniform ? weightsOf(nodes, 0.5, seed + i) : rowsOf(nodes, seed + i),
        );
        const x = filled(nodes * width, noise(seed + 5));
        const start = filled(nodes * width, noise(seed + 6));
        const expected = start.slice();
        for (let n = rowStart; n < rowEnd; n++) {
          for (let j = columnStart; j < columnEnd; j++) {
            if (transposed ? j < n : j > n) continue;
            for (let entry = 0; entry < width; entry++) {
              const set = weights[entry % weights.length];
              const w = transposed ? causalWeight(set, j, n) : causalWeight(set, n, j);
              expected[n * width + entry] += w * x[j * width + entry];
            }
          }
        }
        const out = start.slice(rowStart * width);
        const rows = x.subarray(columnStart * width);
        accumulateCausal(
          out,
          rowStart,
          rows,
          columnStart,
          weights,
          width,
          rowStart,
          rowEnd,
          columnStart,
          columnEnd,
          transposed,
        );
        expect(out).toEqual(expected.slice(rowStart * width));
      }),
      { seed: 1985, numRuns: 500 },
    );
  });
});

describe("a history", () => {
  test("of few nodes is the plain sum, for windows of any sizes", () => {
    fc.assert(
      fc.property(problems(few), fc.integer(), (problem, seed) => {
        const next = noise(seed);
        const { weights, width, transposed } = problem;
        const out = sweep(problem, makeHistory(weights, width, transposed), () => Math.ceil(4 + 4 * next()) || 1);
        expect(worstError(problem, out)).toBeLessThan(goal);
      }),
      settings,
    );
  });
  test("of many nodes too, whether windows keep to the blocks or not", () => {
    fc.assert(
      fc.property(
        problems(many),
        fc.integer(),
        fc.constantFrom(1, 8, 32, 64, 65, 100, 300),
        (problem, seed, largest) => {
          const next = noise(seed);
          const { weights, width, transposed } = problem;
          const sizes = () => (largest === 1 ? 1 : Math.max(1, Math.ceil(largest * Math.abs(next()))));
          const out = sweep(problem, makeHistory(weights, width, transposed), sizes);
          expect(worstError(problem, out, 7)).toBeLessThan(goal);
        },
      ),
      settings,
    );
  });
  test("applies A and its transpose as a whole", () => {
    fc.assert(
      fc.property(problems(fc.oneof(few, many)), (problem) => {
        const { weights, width, transposed, x } = problem;
        const out = new Float64Array(x.length).fill(7);
        makeHistory(weights, width, transposed).apply(out, x);
        expect(worstError(problem, out, 7)).toBeLessThan(goal);
      }),
      settings,
    );
  });
  test("of weights without structure is the plain sum", () => {
    for (const transposed of [false, true]) {
      const problem = { weights: [rowsOf(400, 1)], width: 2, transposed, x: filled(800, noise(2)) };
      expect(
        worstError(
          problem,
          sweep(problem, makeHistory(problem.weights, 2, transposed), () => 32),
        ),
      ).toBeLessThan(goal);
    }
  });
  test("a row too many or too few is noticed", () => {
    for (const transposed of [false, true]) {
      const weights = [weightsOf(500, 0.5, 3)];
      const problem = { weights, width: 1, transposed, x: filled(500, noise(4)) };
      const out = new Float64Array(500);
      const bent = problem.x.slice();
      bent[130] = 0;
      makeHistory(weights, 1, transposed).apply(out, bent);
      expect(worstError(problem, out)).toBeGreaterThan(1e-5);
    }
  });
});

describe("a history starts anew", () => {
  const weights = [weightsOf(700, 0.4, 5)];
  const [one, other] = [filled(1400, noise(6)), filled(1400, noise(7))];
  const solve = (history: CausalHistory, x: Float64Array): Float64Array =>
    sweep({ weights, width: 2, transposed: false, x }, history, () => 32);

  test("after begin, with the bits of a fresh one", () => {
    const history = makeHistory(weights, 2, false);
    solve(history, one);
    history.begin();
    expect(solve(history, other)).toEqual(solve(makeHistory(weights, 2, false), other));
  });
  test("after another that has the same spectra, forwards or backwards", () => {
    const spectra = makeLagSpectra(weights);
    makeHistory(weights, 2, true, spectra).apply(new Float64Array(1400), one);
    expect(solve(makeHistory(weights, 2, false, spectra), other)).toEqual(solve(makeHistory(weights, 2, false), other));
  });
  test("and refuses a step back without it", () => {
    const history = makeHistory(weights, 2, false);
    solve(history, one);
    expect(() => history.recall(new Float64Array(2), one, 0, 1)).toThrow(
      /recall: expected a window after the 640 nodes/,
    );
  });
});

/** The transform of everything at once, as a textbook has it. */
function globalProduct({ weights, x }: Problem): Float64Array {
  const [{ nodes, lags, first }] = weights;
  const plan = makeFourierPlan(2 ** Math.ceil(Math.log2(2 * nodes)));
  const [re, im, wRe, wIm] = [0, 1, 2, 3].map(() => new Float64Array(plan.length));
  re.set(x);
  re[0] = 0;
  wRe.set(lags);
  fourier(plan, re, im);
  fourier(plan, wRe, wIm);
  for (let i = 0; i < plan.length; i++) {
    [re[i], im[i]] = [re[i] * wRe[i] - im[i] * wIm[i], re[i] * wIm[i] + im[i] * wRe[i]];
  }
  inverseFourier(plan, re, im);
  return filled(nodes, (n) => re[n] / plan.length + first[n] * x[0]);
}

describe("every row is right relative to itself", () => {
  const nodes = 2100;
  const shapes: Readonly<Record<string, (t: number) => number>> = {
    "that grow fast": (t) => Math.exp(25 * t),
    "that fall fast": (t) => Math.exp(-25 * t),
    "with a spike at the beginning": (t) => (t === 0 ? 1 : 1e-12),
    "with a spike at the end": (t) => (t === 1 ? 1 : 1e-12),
    "without a direction": (t) => Math.sin(40 * t),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    test(`for samples ${name}`, () => {
      for (const order of [0.1, 0.6]) {
        for (const transposed of [false, true]) {
          const weights = [weightsOf(nodes, order, 8)];
          const x = filled(nodes, (n) => shape(n / (nodes - 1)));
          const out = new Float64Array(nodes);
          makeHistory(weights, 1, transposed).apply(out, x);
          expect(worstError({ weights, width: 1, transposed, x }, out, 11)).toBeLessThan(goal);
        }
      }
    });
  }
  test("which one transform of everything is not", () => {
    const problem = (shape: (t: number) => number): Problem => ({
      weights: [weightsOf(nodes, 0.6, 8)],
      width: 1,
      transposed: false,
      x: filled(nodes, (n) => shape(n / (nodes - 1))),
    });
    const grows = problem(shapes["that grow fast"]);
    expect(worstError(grows, globalProduct(grows), 11)).toBeGreaterThan(1e-9);
    const flat = problem(() => 1);
    expect(worstError(flat, globalProduct(flat), 11)).toBeLessThan(1e-12);
  });
});

describe("a column keeps to itself", () => {
  const nodes = 600;
  const weights = [weightsOf(nodes, 0.5, 10)];
  const apply = (x: Float64Array, width: number, transposed: boolean): Float64Array => {
    const out = new Float64Array(x.length);
    makeHistory(weights, width, transposed).apply(out, x);
    return out;
  };

  test("however large its neighbour is", () => {
    const next = noise(11);
    const sizes = [1e-250, 1e250, 0, 1];
    const x = filled(nodes * 4, (i) => sizes[i % 4] * next());
    const out = apply(x, 4, false);
    sizes.forEach((size, c) => {
      const column = (data: Float64Array): Float64Array =>
        filled(nodes, (n) => (size === 0 ? data[4 * n + c] : data[4 * n + c] / size));
      const problem = { weights, width: 1, transposed: false, x: column(x) };
      if (size === 0) expect(column(out).every((value) => value === 0)).toBe(true);
      else expect(worstError(problem, column(out), 7)).toBeLessThan(goal);
    });
  });
  test("and where it is not finite", () => {
    for (const transposed of [false, true]) {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const x = filled(nodes * 2, noise(12));
        x[2 * 200] = bad;
        const out = apply(x, 2, transposed);
        const problem = { weights, width: 1, transposed, x: filled(nodes, (n) => x[2 * n + 1]) };
        expect(
          worstError(
            problem,
            filled(nodes, (n) => out[2 * n + 1]),
          ),
        ).toBeLessThan(goal);
        const concerned = (n: number): boolean => (transposed ? n <= 200 : n >= 200);
        expect(filled(nodes, (n) => out[2 * n]).every((value, n) => Number.isFinite(value) !== concerned(n))).toBe(
          true,
        );
      }
    }
  });
});
