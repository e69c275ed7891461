// Is what the bound promises kept: the factor, the fixed point, and the number of steps?
import fc from "fast-check";
import {
  abs,
  DomainError,
  diag,
  div,
  fixedPoint,
  fixedPointWithReport,
  matmul,
  max,
  mul,
  norm,
  ones,
  picard,
  random,
  relu,
  ShapeError,
  sin,
  sub,
  sum,
  type Tensor,
  TraceError,
  tanh,
  tensor,
  trace,
  zeros,
} from "stillpoint";
import {
  type Affine,
  contractingCell,
  contractionBound,
  heNormal,
  linear,
  mlp,
  monotoneCell,
  orthogonal,
  spectralNormOf,
  weightNorm,
} from "stillpoint/nn";
import { wellConditioned } from "stillpoint/verify/arbitraries";
import { describe, expect, test } from "vitest";
import { normsAbove } from "../../src/nn/operator-norms.js";

const seed = 20260715;
const draw = random(seed);

/** The length of a vector, by its definition. */
function lengthOf(x: Tensor, norm: number): number {
  if (norm === 1) return sum(abs(x)).item();
  if (norm === Infinity) return max(abs(x)).item();
  return Math.sqrt(x.data.reduce((total, value) => total + value * value, 0));
}

/** A network with weights scaled so that many contract and some do not. */
const networks = fc
  .record({
    n: fc.nat(),
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
    scale: fc.double({ min: 0.2, max: 1.2, noNaN: true }),
    activation: fc.constantFrom(tanh, relu, sin),
  })
  .map(({ n, sizes, scale, activation }) => {
    const stream = random(n);
    const net = mlp([...sizes, sizes[0]], { random: stream, activation });
    const params = net.params.map(({ weight, bias }) => ({ weight: mul(scale, weight), bias }));
    return { params, f: (z: Tensor) => net.apply(params, z), stream, size: sizes[0] };
  });

describe("the factor", () => {
  test("bounds difference quotients, in each norm alone too", () => {
    fc.assert(
      fc.property(networks, ({ params, f, stream, size }) => {
        const bound = contractionBound(params);
        const [y, z] = [stream.normal([size]), stream.normal([size])];
        const quotient = lengthOf(sub(f(y), f(z)), bound.norm) / lengthOf(sub(y, z), bound.norm);
        expect(quotient).toBeLessThanOrEqual(bound.factor * (1 + 1e-13));
        for (const [norm, measure] of normsAbove) {
          const w = params[0].weight;
          const x = stream.normal([size]);
          expect(lengthOf(matmul(x, w), norm)).toBeLessThanOrEqual(measure(w) * lengthOf(x, norm) * (1 + 1e-14));
        }
      }),
      { seed, numRuns: 500 },
    );
  });
  test("is attained: in each norm there is a vector that is lengthened by it, to the margin", () => {
    const w = tensor([
      [3, -1, 0],
      [2, 4, -4],
    ]);
    const at = (norm: number): number => (normsAbove.get(norm) as (w: Tensor) => number)(w);
    expect(at(1) / lengthOf(matmul(tensor([0, 1]), w), 1)).toBeCloseTo(1, 14);
    expect(at(Infinity) / lengthOf(matmul(tensor([1, 1]), w), Infinity)).toBeCloseTo(1, 14);
    expect(at(2) / spectralNormOf(w).item()).toBeCloseTo(1, 13);
    // half of min(m, n)·(m + n + 2)·2⁻⁵² for each of the two reasons
    expect(at(2)).toBeGreaterThan(spectralNormOf(w).item() * (1 + 10 * 2 ** -52));
  });
  test("is for diagonal weights the largest entry, in every norm, from above", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 8 }), (entries) => {
        const largest = Math.max(...entries.map(Math.abs));
        for (const measure of normsAbove.values()) {
          const received = measure(diag(tensor(entries)));
          expect(received).toBeGreaterThanOrEqual(largest);
          expect(received).toBeLessThanOrEqual(largest * (1 + 1e-12));
        }
      }),
      { seed, numRuns: 200 },
    );
  });
  test("of the 2-norm lies above a norm that is known exactly, by little, for wide and tall weights of any size", () => {
    for (const size of [1, 2, 7, 20, 60]) {
      // A row that is repeated k times has the norm √k·‖row‖; here both are integers.
      const row = ones([size * size]);
      const tall = mul(row, ones([4, 1]));
      const exact = 2 * size;
      const measure = normsAbove.get(2) as (w: Tensor) => number;
      for (const scale of [1, 2 ** 900, 2 ** -1000]) {
        for (const w of [tall, matmul(ones([size * size, 1]), ones([1, 4]))]) {
          const received = measure(mul(scale, w)) / scale;
          expect(received).toBeGreaterThanOrEqual(exact);
          expect(received).toBeLessThanOrEqual(exact * (1 + 8 * 4 * (size * size + 6) * 2 ** -52));
        }
      }
    }
    expect((normsAbove.get(2) as (w: Tensor) => number)(mul(5e-324, ones([2, 2])))).toBeGreaterThanOrEqual(1e-323);
  });
  test("of the 2-norm is proved for matrices whose singular values are known: 1 is not below it, and is nearly reached", () => {
    fc.assert(
      fc.property(wellConditioned(5, { condition: 1e6 }), (w) => {
        const received = (normsAbove.get(2) as (w: Tensor) => number)(w);
        // the factors of the matrix are orthogonal to rounding only
        expect(Math.abs(received - 1)).toBeLessThan(1e-12);
      }),
      { seed, numRuns: 100 },
    );
  });
  test("takes the best of the norms", () => {
    const w = tensor([
      [0.6, 0.6],
      [0, 0],
    ]);
    // row sums 1.2, column sums 0.6, √0.72 = 0.849
    expect(contractionBound(w)).toMatchObject({ norm: Infinity, unique: true, worst: 0 });
    expect(contractionBound(w).factor).toBeCloseTo(0.6, 14);
    const columns = tensor([
      [0.6, 0],
      [0.6, 0],
    ]);
    expect(contractionBound(columns)).toMatchObject({ norm: 1, unique: true });
    const turn = mul(
      0.9 / Math.sqrt(2),
      tensor([
        [1, 1],
        [-1, 1],
      ]),
    );
    expect(contractionBound(turn)).toMatchObject({ norm: 2, unique: true });
  });
  test("is the product of the layers' factors, slopes included", () => {
    const [a, b, c] = [tensor([[2]]), tensor([[0.5]]), tensor([[3]])];
    const near = (received: number, expected: number): void => expect(received / expected).toBeCloseTo(1, 13);
    near(contractionBound([a, b, c]).factor, 3);
    near(contractionBound([a, b, c], { slope: 0.5 }).factor, 0.75);
    // after the last layer too: there may be an activation
    near(contractionBound([a, b, c], { slope: 2 }).factor, 24);
    near(contractionBound([a, b, c], { slope: [1, 2, 0.5] }).factor, 3);
    const { layers, worst, factor } = contractionBound([a, b, c], { slope: [1, 8, 0.5] });
    expect(worst).toBe(1);
    [2, 4, 1.5].forEach((expected, i) => {
      near(layers[i].factor, expected);
    });
    expect(factor).toBeGreaterThanOrEqual(layers[0].factor * layers[1].factor * layers[2].factor);
    expect(contractionBound([a, zeros([1, 1]), c]).factor).toBe(0);
    expect(contractionBound([mul(1e308, ones([2, 2])), zeros([2, 2])]).factor).toBe(0);
  });
});

describe("below 1", () => {
  test("plain iteration never takes more steps than promised, in the norm stated, and ends at one point", () => {
    let tried = 0;
    let most = 0;
    fc.assert(
      fc.property(networks, fc.double({ min: -9, max: 0, noNaN: true }), ({ params, f, stream, size }, exponent) => {
        const bound = contractionBound(params);
        if (!bound.unique) return;
        tried++;
        const tolerance = 10 ** exponent;
        let z = mul(3, stream.normal([size]));
        const residual = (): number => lengthOf(sub(f(z), z), bound.norm);
        const promised = bound.steps(residual(), tolerance);
        let taken = 0;
        for (; residual() > tolerance; z = f(z)) {
          expect(taken).toBeLessThan(promised);
          taken++;
        }
        if (promised > 3) most = Math.max(most, taken / promised);
        const options = { solver: picard(), tolerance: 1e-12, maxSteps: 100_000 };
        const [one, two] = [fixedPoint(f, z, options), fixedPoint(f, zeros([size]), options)];
        expect(max(abs(sub(one, two))).item()).toBeLessThan(3e-12 / (1 - bound.factor));
      }),
      { seed, numRuns: 500 },
    );
    expect(tried).toBeGreaterThan(200);
    // it is no idle promise: some take nearly as many
    expect(most).toBeGreaterThan(0.8);
  });
  test("the promise is kept to the step where f is linear and shrinks by exactly its factor", () => {
    const w = diag(tensor([0.7, -0.7]));
    const bound = contractionBound(w);
    for (const tolerance of [0.5, 1e-3, 1e-10]) {
      const f = (z: Tensor): Tensor => matmul(z, w);
      const start = tensor([1, 1]);
      const { report } = fixedPointWithReport(f, start, { solver: picard(), tolerance });
      // ‖f(z₀) − z₀‖∞ = 1.7 for both, as the ∞-norm is that of the report
      expect(bound.steps(1.7, tolerance)).toBe(report.steps);
    }
  });
  test("steps are none where the residual is small already, one for a constant, and never too few beside a power of the factor", () => {
    const half = contractionBound(tensor([[0.5]]));
    expect(half.steps(1e-3, 1e-3)).toBe(0);
    expect(half.steps(0, 1e-300)).toBe(0);
    expect(contractionBound(zeros([2, 2])).steps(5, 1e-10)).toBe(1);
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 0.999, noNaN: true }),
        fc.double({ min: 1e-120, max: 1e120, noNaN: true }),
        fc.double({ min: 1e-120, max: 1e120, noNaN: true }),
        (slope, residual, tolerance) => {
          const bound = contractionBound(tensor([[slope]]));
          const steps = bound.steps(residual, tolerance);
          const left = residual * bound.factor ** steps;
          expect(left).toBeLessThanOrEqual(tolerance * (1 + 1e-12));
          if (steps > 1) expect(residual * bound.factor ** (steps - 1)).toBeGreaterThan(tolerance * (1 - 1e-9));
        },
      ),
      { seed, numRuns: 500 },
    );
  });
  test("the text says so", () => {
    const { text } = contractionBound(tensor([[0.5]]));
    expect(text).toBe(
      "a contraction by 0.500 in the 1-norm: there is exactly one fixed point; layer 0 has the largest factor, 0.500",
    );
  });
});

describe("at 1 and above", () => {
  test("nothing is promised, also for what is above 1 by rounding alone", () => {
    for (const value of [1, 1 + 2 ** -52, 1 - 2 ** -53, 2]) {
      const bound = contractionBound(tensor([[value]]));
      expect(bound.unique).toBe(false);
      expect(bound.steps(1, 1e-3)).toBe(Infinity);
      expect(bound.steps(1e-3, 1e-3)).toBe(0);
    }
    expect(contractionBound(tensor([[1 - 1e-12]])).unique).toBe(true);
    expect(contractionBound(orthogonal([6, 6], random(0))).unique).toBe(false);
    expect(contractionBound(mul(1 - 1e-11, orthogonal([6, 6], random(0)))).unique).toBe(true);
  });
  test("the text names the layer to shorten, and shortening it by so much is enough", () => {
    fc.assert(
      fc.property(networks, fc.double({ min: 1, max: 1e6, noNaN: true }), ({ params }, scale) => {
        const scaled = params.map(({ weight, bias }) => ({ weight: mul(scale, weight), bias }));
        const bound = contractionBound(scaled);
        if (bound.unique) return;
        const [, layer, share] =
          /layer (\d+) has the largest factor, .*: multiply its weights by (\S+) or less$/.exec(bound.text) ?? [];
        expect(Number(layer)).toBe(bound.worst);
        const shorter = scaled.map(({ weight, bias }, i) =>
          i === bound.worst ? { weight: mul(Number(share), weight), bias } : { weight, bias },
        );
        const after = contractionBound(shorter);
        expect(after.unique).toBe(true);
        expect(after.factor).toBeGreaterThan(0.9);
      }),
      { seed, numRuns: 200 },
    );
    expect(contractionBound([tensor([[1]]), tensor([[2]])]).text).toBe(
      "no contraction is proved: the factor is 2.00 in the 1-norm, 2.00 in the 2-norm, 2.00 in the ∞-norm; " +
        "in the 1-norm layer 1 has the largest factor, 2.00: multiply its weights by 0.497 or less",
    );
  });
});

test("takes a layer, a network, the weights of a cell alone, and those that normalisation makes", () => {
  const layer = linear(3, 3, { random: draw, initialiser: heNormal });
  expect(contractionBound(layer.params).factor).toBe(contractionBound([layer.params.weight]).factor);
  const cell = contractingCell(3, 2, { random: draw, bound: 0.8 });
  const long = { ...cell.params, recurrent: mul(50, cell.params.recurrent) };
  const bound = contractionBound(cell.weight(long));
  expect(bound.unique).toBe(true);
  expect(bound.factor).toBeLessThan(0.8 * (1 + 1e-12));
  const monotone = monotoneCell(3, 2, { random: draw });
  expect(contractionBound(monotone.weight({ ...monotone.params, skew: mul(9, monotone.params.skew) })).unique).toBe(
    false,
  );
  const { direction, length, bias } = weightNorm(layer).params;
  const affine: Affine = { weight: mul(direction, div(length, norm(direction, 0))), bias };
  expect(contractionBound([affine, affine]).layers[1].factor).toBeCloseTo(contractionBound(layer.params).factor, 13);
});

test("refuses what is no chain of layers from a state to itself", () => {
  expect(() => contractionBound([])).toThrow(DomainError);
  expect(() => contractionBound([])).toThrow(/^contractionBound: expected at least one layer, received none/);
  expect(() => contractionBound(3 as never)).toThrow(/expected weights or \{ weight, bias \} for layer 0, received 3/);
  expect(() => contractionBound([tensor([[1]]), {}] as never)).toThrow(/for layer 1, received object/);
  expect(() => contractionBound(undefined as never)).toThrow(/for layer 0, received undefined/);
  expect(() => contractionBound(tensor([1, 2]))).toThrow(ShapeError);
  expect(() => contractionBound(tensor([1, 2]))).toThrow(/expected weights \[in, out\], received \[2\] for layer 0/);
  expect(() => contractionBound([zeros([2, 3]), zeros([4, 2])])).toThrow(ShapeError);
  expect(() => contractionBound([zeros([2, 3]), zeros([4, 2])])).toThrow(
    /received \[2, 3\], \[4, 2\]: layer 0 gives 3 entries and layer 1 takes 4/,
  );
  expect(() => contractionBound([zeros([2, 3]), zeros([3, 4])])).toThrow(/layer 1 gives 4 entries and layer 0 takes 2/);
  expect(() => contractionBound(zeros([2, 3]))).toThrow(/layer 0 gives 3 entries and layer 0 takes 2/);
  for (const value of [Number.NaN, Infinity])
    expect(() => contractionBound(tensor([[value]]))).toThrow(/expected finite weights, received (NaN|Infinity)/);
  for (const slope of [-1, Number.NaN, Infinity, "1" as never])
    expect(() => contractionBound(tensor([[1]]), { slope })).toThrow(/expected slope to be a number ≥ 0/);
  expect(() => contractionBound(tensor([[1]]), { slope: [-1] })).toThrow(/expected slope\[0\] to be a number ≥ 0/);
  expect(() => contractionBound(tensor([[1]]), { slope: [1, 1] })).toThrow(/expected 1 slopes.*received 2/);
  expect(() => contractionBound(tensor([[1]]), { slopes: 1 } as never)).toThrow(/did you mean slope\?/);
  const { steps } = contractionBound(tensor([[0.5]]));
  expect(() => steps(-1, 1)).toThrow(/^contractionBound: steps: expected residual to be a number ≥ 0/);
  expect(() => steps(1, 0)).toThrow(/^contractionBound: steps: expected tolerance to be a number > 0/);
  expect(() => trace((w: Tensor) => mul(w, contractionBound(w).factor), zeros([2, 2]))).toThrow(TraceError);
});
