// Do values, gradients and second derivatives agree with an independent implementation?
import { readFileSync } from "node:fs";
import * as s from "stillpoint";
import { type Tensor, tensor } from "stillpoint";
import { describe, expect, test } from "vitest";
import { functionFor } from "./torch-functions.js";

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
interface Case {
  readonly name: string;
  readonly inputs: readonly Stored[];
  /** Inputs that are data. */
  readonly fixed: readonly number[];
  readonly value: Stored;
  readonly cotangent: Stored;
  readonly gradients: readonly Stored[];
  readonly directions?: readonly Stored[];
  readonly products?: readonly Stored[];
  /** Whether the numbers are mpmath's. */
  readonly exact?: true;
}

const { sum, mul } = s;
const { origin, off, cases } = JSON.parse(readFileSync(new URL("torch.json", import.meta.url), "utf8")) as {
  origin: string;
  /** Where PyTorch itself is off. */
  off: readonly string[];
  cases: readonly Case[];
};

const read = ({ shape, data }: Stored): Tensor => tensor(Float64Array.from(data), shape);

/** The largest difference, relative to the largest entry that is expected. */
function distance(received: Tensor, expected: Stored): number {
  expect(received.shape).toEqual(expected.shape);
  const largest = expected.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const worst = expected.data.reduce((most, x, i) => Math.max(most, Math.abs(x - received.data[i])), 0);
  return worst === 0 ? 0 : worst / largest;
}

/** How far value, gradients and Hessian products are from what is stored. */
function distances({ name, inputs, fixed, value, cotangent, gradients, directions, products }: Case) {
  const f = functionFor(name);
  const given = inputs.map(read);
  const free = given.filter((_, i) => !fixed.includes(i));
  const all = (xs: readonly Tensor[]): Tensor[] => {
    let next = 0;
    return given.map((x, i) => (fixed.includes(i) ? x : xs[next++]));
  };
  const weights = read(cotangent);
  const scalar = (xs: readonly Tensor[]): Tensor => sum(mul(f(...all(xs)), weights));
  const received = s.grad(scalar)(free);
  const worst = (xs: readonly Tensor[], stored: readonly Stored[]): number =>
    xs.reduce((most, x, i) => Math.max(most, distance(x, stored[i])), 0);
  return {
    value: distance(f(...given), value),
    gradient: worst(received, gradients),
    second: directions && products ? worst(s.hvp(scalar, free, directions.map(read)), products) : 0,
  };
}

const bounds = { value: 2e-14, gradient: 5e-13, second: 5e-13 };
type Part = keyof typeof bounds;
const parts = Object.keys(bounds) as Part[];

describe(`against PyTorch (${origin})`, () => {
  const worst: Record<Part, [number, string]> = { value: [0, ""], gradient: [0, ""], second: [0, ""] };
  cases.forEach((one, i) => {
    test(`${i}: ${one.name} of ${one.inputs.map(({ shape }) => `[${shape}]`).join(", ")}`, () => {
      const found = distances(one);
      for (const part of parts) if (found[part] > worst[part][0]) worst[part] = [found[part], `${i}: ${one.name}`];
      for (const part of parts) expect(found[part], part).toBeLessThanOrEqual(bounds[part]);
    });
  });
  test("there are many, and the worst are printed", () => {
    expect(cases.length).toBeGreaterThan(450);
    const exact = cases.filter((one) => one.exact).length;
    console.log(
      `${cases.length} cases, ${exact} by mpmath (PyTorch is off in ${off.length} of their tensors); the largest errors:`,
      JSON.stringify(worst),
    );
  });
});

describe("the comparison can fail", () => {
  /** One entry wrong by a few bounds, relative to the largest; where all are 0, by 1e-300. */
  const bend = ({ shape, data }: Stored, bound: number, entry: number): Stored => {
    const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const by = largest === 0 ? 1e-300 : 3 * bound * largest;
    return { shape, data: data.map((x, i) => (i === entry ? x - Math.sign(x || 1) * by : x)) };
  };
  const bentBy = (one: Case, part: Part, k: number, entry: number): Case => {
    const bent = (xs: readonly Stored[]): Stored[] => xs.map((x, i) => (i === k ? bend(x, bounds[part], entry) : x));
    if (part === "value") return { ...one, value: bend(one.value, bounds.value, entry) };
    if (part === "gradient") return { ...one, gradients: bent(one.gradients) };
    return { ...one, products: bent(one.products ?? []) };
  };
  test("one wrong entry is noticed in every tensor of every case", () => {
    const missed: string[] = [];
    let bent = 0;
    for (const one of cases) {
      const stored = { value: [one.value], gradient: one.gradients, second: one.products ?? [] };
      for (const part of parts) {
        stored[part].forEach(({ data }, k) => {
          // The steps between subnormal numbers are longer than such an error.
          if (data.length === 0 || data.every((x) => Math.abs(x) < 1e-293 && x !== 0)) return;
          bent++;
          const found = distances(bentBy(one, part, k, (7 * k) % data.length));
          if (!(found[part] > bounds[part])) missed.push(`${one.name}: ${part} ${k}`);
        });
      }
    }
    expect(missed).toEqual([]);
    expect(bent).toBeGreaterThan(1000);
  });
  test("a wrong shape, and NaN, are noticed", () => {
    const one = cases.find(({ name }) => name === "perceptron") as Case;
    expect(() => distances({ ...one, value: { ...one.value, shape: [12] } })).toThrow();
    expect(distances({ ...one, value: { ...one.value, data: one.value.data.map(() => Number.NaN) } }).value).toBeNaN();
  });
});

describe("every operation", () => {
  /** What has no case, and why. */
  const exceptions: Readonly<Record<string, readonly string[]>> = {
    "not a function of numbers alone": [
      "mapTree",
      "random",
      "listeningTapes",
      "trace",
      "print",
      "compile",
      "compilations",
      "replay",
    ],
    "no counterpart in PyTorch": ["custom", "fixedPoint", "fixedPointWithReport"],
    "a way to solve or to differentiate": [
      "picard",
      "anderson",
      "broyden",
      "newton",
      "newtonKrylov",
      "auto",
      "phantom",
      "unrolled",
    ],
    "makes what every case reads": ["tensor"],
    "in a program: gated recurrence": ["scan"],
  };
  const named = new Set(cases.map(({ name }) => name.split(/[ .]/)[0].replace(/^(polygamma)\d$/, "$1")));
  const excepted = Object.values(exceptions).flat();
  const operations = Object.entries(s)
    .filter(([name, value]) => typeof value === "function" && /^[a-z]/.test(name))
    .map(([name]) => name);

  test("that PyTorch has too, has a case", () => {
    expect(operations.filter((name) => !named.has(name) && !excepted.includes(name))).toEqual([]);
  });
  test("that is excepted exists and has no case", () => {
    expect(excepted.filter((name) => named.has(name) || !operations.includes(name))).toEqual([]);
  });
});
