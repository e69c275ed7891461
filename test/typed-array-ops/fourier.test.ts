// Are transforms those of the definition, to rounding?
import { expect, test } from "vitest";
import { add, type DoubleDouble, divide, exactProduct, exactSum, multiply } from "../../src/special/double-double.js";
import { fourier, inverseFourier, makeFourierPlan } from "../../src/typed-array-ops/index.js";

type Complex = readonly [re: DoubleDouble, im: DoubleDouble];

const number = (x: number): DoubleDouble => exactSum(x, 0);
const negative = ({ high, low }: DoubleDouble): DoubleDouble => ({ high: -high, low: -low });

function squareRoot(x: DoubleDouble): DoubleDouble {
  const root = Math.sqrt(x.high);
  if (root === 0) return number(0);
  return add(number(root), divide(add(x, negative(exactProduct(root, root))), number(2 * root)));
}

const product = ([a, b]: Complex, [c, d]: Complex): Complex => [
  add(multiply(a, c), negative(multiply(b, d))),
  add(multiply(a, d), multiply(b, c)),
];

/** exp(−2πik/n) to about 30 digits, by halving the angle of −1 and squaring. */
function rootsOfUnity(n: number): Complex[] {
  let root: Complex = [number(-1), number(0)];
  for (let order = 2; order < n; order *= 2) {
    const [c] = root;
    const cosine = squareRoot(multiply(add(number(1), c), number(0.5)));
    const sine = squareRoot(multiply(add(number(1), negative(c)), number(0.5)));
    root = [cosine, negative(sine)];
  }
  const roots: Complex[] = [[number(1), number(0)]];
  for (let k = 1; k < n; k++) {
    const half = roots[k >> 1];
    roots.push(k % 2 === 0 ? product(half, half) : product(product(half, half), root));
  }
  return roots;
}

const ulp = (x: number): number => 2 ** (Math.floor(Math.log2(Math.abs(x))) - 52);

function reversed(k: number, n: number): number {
  let result = 0;
  for (let bit = 1; bit < n; bit *= 2) result = 2 * result + (k & bit ? 1 : 0);
  return result;
}

const samples = (n: number, seed: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(i * i + seed));

const lengths = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

test("twiddles are right to one unit in the last place", () => {
  for (const n of [8, 16, 512, 4096]) {
    const roots = rootsOfUnity(n);
    const { twiddles } = makeFourierPlan(n);
    let at = 0;
    for (let step = n; step > 4; step /= 4) {
      for (let j = 0; j < step / 4; j++) {
        for (let power = 1; power <= 3; power++) {
          for (const part of roots[(power * j * n) / step]) {
            const received = twiddles[at++];
            if (Math.abs(part.high) < 1e-25) expect(Math.abs(received)).toBe(0);
            else expect(Math.abs(received - part.high - part.low)).toBeLessThanOrEqual(ulp(part.high));
          }
        }
      }
    }
    expect(at).toBe(twiddles.length);
  }
});

/** The worst error of a transform, relative to the length of the vector. */
function transformError(n: number, transform: typeof fourier): number {
  const roots = rootsOfUnity(n);
  const re = samples(n, 1);
  const im = samples(n, 2);
  const outRe = re.slice();
  const outIm = im.slice();
  transform(makeFourierPlan(n), outRe, outIm);
  let worst = 0;
  for (let k = 0; k < n; k++) {
    let sum: Complex = [number(0), number(0)];
    for (let j = 0; j < n; j++) {
      const term = product([number(re[j]), number(im[j])], roots[(j * k) % n]);
      sum = [add(sum[0], term[0]), add(sum[1], term[1])];
    }
    const place = reversed(k, n);
    worst = Math.max(worst, Math.abs(outRe[place] - sum[0].high), Math.abs(outIm[place] - sum[1].high));
  }
  return worst / Math.sqrt(n);
}

test("a transform is the sum of its definition, frequencies in the order of reversed bits", () => {
  for (const n of lengths.slice(0, 9)) expect(transformError(n, fourier), String(n)).toBeLessThan(1.5e-15);
});

test("that comparison rejects a transform with a wrong sign", () => {
  expect(transformError(16, (plan, re, im) => fourier(plan, im, re))).toBeGreaterThan(0.1);
});

test("the inverse of a transform is n times the data", () => {
  for (const n of lengths) {
    const re = samples(n, 3);
    const im = samples(n, 4);
    const plan = makeFourierPlan(n);
    fourier(plan, re, im);
    inverseFourier(plan, re, im);
    for (let i = 0; i < n; i++) {
      expect(Math.abs(re[i] / n - samples(n, 3)[i])).toBeLessThan(1e-15);
      expect(Math.abs(im[i] / n - samples(n, 4)[i])).toBeLessThan(1e-15);
    }
  }
});

test("lengths that are no powers of two are refused", () => {
  for (const length of [0, 1, 3, 12, 2.5, 2 ** 24, Number.NaN]) {
    expect(() => makeFourierPlan(length)).toThrow(/makeFourierPlan: expected a power of two/);
  }
});
