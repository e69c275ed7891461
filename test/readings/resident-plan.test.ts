// Does a plan in the memory of WebAssembly give the bits of eager evaluation?
import fc from "fast-check";
import {
  add,
  broadcastTo,
  compile,
  exp,
  grad,
  matmul,
  mul,
  random,
  relu,
  reshape,
  sin,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
  transpose,
} from "stillpoint";
import { setWebAssembly } from "stillpoint/typed-array-ops";
import { afterEach, describe, expect, test } from "vitest";
import { sumTo } from "../../src/primitives/index.js";
import { makePlan } from "../../src/readings/index.js";
import { layOutKernels } from "../../src/readings/kernel-plan.js";
import { shareSteps } from "../../src/readings/share.js";
import { layOutResident } from "../../src/readings/webassembly/layout.js";
import { apply, type Primitive, type Program } from "../../src/tape/index.js";
import { maxAbs } from "../../src/typed-array-ops/index.js";
import { families } from "../laws/samples.js";
import { functions, matrix } from "./random-programs.js";

const seed = 20261125;

type Numbers = readonly number[];

/** Bits as numbers, NaN being one number whatever its bits are. */
const bits = (xs: readonly Float64Array[]): Numbers[] => xs.map((x) => [...x]);

function expectSame(received: readonly Float64Array[], expected: readonly Float64Array[]): void {
  expect(bits(received)).toEqual(bits(expected));
}

/** The program's layout there, or an error: here there is WebAssembly, and something for it. */
function residentOf(program: Program, varying = [program.inputs + program.free]) {
  const layout = layOutResident(shareSteps(program), varying);
  if (layout === undefined) throw new Error("expected loops for WebAssembly");
  return layout;
}

const dataOf = (xs: readonly Tensor[]): Float64Array[] => xs.map((x) => x.data);

afterEach(() => setWebAssembly(true));

/** Where branches, ranges and roundings change. */
const numbers = fc.oneof(
  fc.double({ min: -3, max: 3, noNaN: true }),
  fc.double(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 0.5, -0.5, 1.5, -2.5, 2 ** 52 + 1, 5e-324, -1e-310, 0.625, 22, -22),
  fc.constantFrom(708, 708.5, -708.5, 709.7, 710, -745.2, 354, -354, 1e-8, 1e300, -1e300),
);

describe("every primitive with code for two numbers at a time", () => {
  const some = (families as readonly Primitive[]).filter((primitive) => primitive.lanes !== undefined);
  test("there are many", () => {
    expect(some.length).toBeGreaterThan(25);
  });
  for (const primitive of some) {
    test(`${primitive.name} gives the bits of its kernel, for any number of entries`, () => {
      const count = primitive.vjp.length > 0 ? inputsOf(primitive) : 1;
      fc.assert(
        fc.property(fc.array(fc.tuple(numbers, numbers, numbers), { minLength: 1, maxLength: 9 }), (rows) => {
          const xs = Array.from({ length: count }, (_, i) => tensor(rows.map((row) => row[i])));
          const f = (...inputs: Tensor[]): Tensor => apply(primitive, inputs, undefined)[0];
          const layout = residentOf(trace(f as (...xs: Tensor[]) => Tensor, ...xs));
          setWebAssembly(false);
          const expected = dataOf([f(...xs)]);
          setWebAssembly(true);
          expectSame(layout.run(dataOf(xs)), expected);
        }),
        { seed, numRuns: 60 },
      );
    });
  }
});

/** How many inputs a pointwise primitive has: the first number for which its kernel reads no more. */
function inputsOf(primitive: Primitive): number {
  const reads = new Set<number>();
  const xs = new Proxy(
    [1, 2, 3].map((x) => Float64Array.of(x)),
    {
      get(target, key) {
        if (typeof key === "string" && /^\d$/.test(key)) reads.add(Number(key));
        return Reflect.get(target, key);
      },
    },
  );
  primitive.kernel([[1], [1], [1]], undefined)([new Float64Array(1)], xs);
  return Math.min(3, Math.max(...reads, 0) + 1);
}

test("products of all sizes and storages, deeper than one panel too", () => {
  const sizes = fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 13 }), weight: 5 },
    fc.constantFrom(64, 130, 255, 256, 257, 600),
  );
  fc.assert(
    fc.property(fc.tuple(sizes, sizes, sizes, fc.boolean(), fc.boolean()), ([m, n, k, transposeA, transposeB]) => {
      fc.pre(m * n * k < 3e6);
      const wave = (length: number, phase: number) => Float64Array.from({ length }, (_, i) => Math.sin(i * phase + 1));
      const a = tensor(wave(m * k, 1.3), transposeA ? [k, m] : [m, k]);
      const b = tensor(wave(k * n, 0.7), transposeB ? [n, k] : [k, n]);
      const f = (x: Tensor, y: Tensor): Tensor => matmul(transposeA ? turned(x) : x, transposeB ? turned(y) : y);
      const product = (x: Tensor, y: Tensor): Tensor => apply(products, [x, y], { transposeA, transposeB })[0];
      const layout = residentOf(trace(product, a, b));
      expectSame(layout.run(dataOf([a, b])), dataOf([f(a, b)]));
    }),
    { seed, numRuns: 150 },
  );
});

test("products whose right operand stays are packed once, and rerun for other left ones", () => {
  const sizes = fc.oneof({ arbitrary: fc.integer({ min: 8, max: 70 }), weight: 3 }, fc.constantFrom(256, 257, 600));
  fc.assert(
    fc.property(fc.tuple(fc.integer({ min: 8, max: 21 }), sizes, sizes, fc.boolean()), ([m, n, k, transposeB]) => {
      const wave = (length: number, phase: number) => Float64Array.from({ length }, (_, i) => Math.sin(i * phase + 1));
      const product = (x: Tensor, y: Tensor): Tensor =>
        tanh(apply(products, [x, y], { transposeA: false, transposeB })[0]);
      const b = tensor(wave(k * n, 0.7), transposeB ? [n, k] : [k, n]);
      const [first, second] = [1.3, 2.9].map((phase) => tensor(wave(m * k, phase), [m, k]));
      const layout = residentOf(trace(product, first, b), [1]);
      const own = first.data.slice();
      expectSame(layout.run([own, b.data]), dataOf([product(first, b)]));
      own.set(second.data);
      expectSame(layout.rerun(), dataOf([product(second, b)]));
      const other = tensor(wave(k * n, 1.9), b.shape);
      expectSame(layout.run([own, other.data]), dataOf([product(second, other)]));
    }),
    { seed, numRuns: 80 },
  );
});

const products = (families as readonly Primitive[]).find(({ name }) => name === "matmul") as Primitive;
const turned = (x: Tensor): Tensor => {
  const [m, n] = x.shape;
  return tensor(
    Float64Array.from({ length: m * n }, (_, i) => x.data[(i % m) * n + Math.floor(i / m)]),
    [n, m],
  );
};

test("stacks of products, few and many", () => {
  for (const stack of [1, 3, 16, 17]) {
    const x = tensor(
      Float64Array.from({ length: stack * 6 }, (_, i) => Math.cos(i)),
      [stack, 2, 3],
    );
    const y = tensor(
      Float64Array.from({ length: stack * 15 }, (_, i) => Math.sin(i)),
      [stack, 3, 5],
    );
    const f = (a: Tensor, b: Tensor): Tensor => tanh(matmul(a, b));
    expectSame(residentOf(trace(f, x, y)).run(dataOf([x, y])), dataOf([f(x, y)]));
  }
});

test("sums over rows and broadcasts of every kind, for odd and even sizes", () => {
  const sizes = fc.integer({ min: 1, max: 19 });
  fc.assert(
    fc.property(sizes, sizes, fc.constantFrom("row", "column", "one", "stack"), (rows, columns, kind) => {
      const x = tensor(
        Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(3 * i)),
        [rows, columns],
      );
      const small = { row: [columns], column: [rows, 1], one: [], stack: [1, 1, columns] }[kind];
      const b = tensor(
        Float64Array.from({ length: small.reduce((p, n) => p * n, 1) }, (_, i) => Math.cos(i)),
        small,
      );
      const to = kind === "stack" ? [2, rows, columns] : [rows, columns];
      const f = (y: Tensor, z: Tensor): Tensor[] => {
        const spread = relu(add(mul(broadcastTo(z, to), 1.5), y));
        return [spread, sumTo(spread, small), broadcastTo(z, to)];
      };
      expectSame(residentOf(trace(f, x, b)).run(dataOf([x, b])), dataOf(f(x, b)));
    }),
    { seed, numRuns: 200 },
  );
});

describe("random programs", () => {
  test("have the same bits, run after run", () => {
    fc.assert(
      fc.property(functions, fc.array(fc.tuple(matrix, matrix), { minLength: 3, maxLength: 3 }), (f, runs) => {
        const layout = layOutResident(shareSteps(trace(f, ...runs[0])), [2]);
        if (layout) for (const xs of runs) expectSame(layout.run(dataOf(xs)), dataOf(f(...xs)));
      }),
      { seed, numRuns: 400 },
    );
  });
  test("and their gradients", () => {
    fc.assert(
      fc.property(functions, matrix, matrix, (f, x, y) => {
        const loss = (a: Tensor): Tensor =>
          f(a, y)
            .map((out) => sum(out))
            .reduce((total, part) => add(total, part));
        const gradient = grad(loss);
        const program = trace(gradient, x);
        const layout = layOutResident(shareSteps(program), [1]);
        if (layout) expectSame(layout.run(dataOf([x, ...program.closure])), dataOf([gradient(x)]));
      }),
      { seed, numRuns: 200 },
    );
  });
  test("rerun where only what varies has changed, level by level", () => {
    fc.assert(
      fc.property(functions, matrix, matrix, matrix, matrix, (f, x, y, x2, y2) => {
        const program = shareSteps(trace(f, x, y));
        for (const layout of [layOutResident(program, [1, 2]), layOutKernels(program, [1, 2])]) {
          if (!layout) continue;
          const [a, b] = [x.data.slice(), y.data.slice()];
          expectSame(layout.run([a, b]), dataOf(f(x, y)));
          a.set(x2.data);
          expectSame(layout.rerun(), dataOf(f(x2, y)));
          expectSame(layout.rerun(0), dataOf(f(x2, y)));
          b.set(y2.data);
          expectSame(layout.rerun(1), dataOf(f(x2, y2)));
          a.set(x.data);
          expectSame(layout.rerun(), dataOf(f(x, y2)));
          expectSame(layout.run([x2.data, y.data]), dataOf(f(x2, y)));
        }
      }),
      { seed, numRuns: 200 },
    );
  });
  test("go round: outputs become inputs where they stand", () => {
    let rounds = 0;
    fc.assert(
      fc.property(functions, matrix, matrix, (f, x, y) => {
        const turn = (z: Tensor, a: Tensor): Tensor =>
          f(z, a).reduce((image, part) => add(image, mul(0.01, sum(part))), mul(0.5, add(z, 1)));
        const { round, run, rerun } = layOutResident(shareSteps(trace(turn, x, y)), [1], undefined, 1) ?? {};
        if (round === undefined || run === undefined || rerun === undefined) return;
        let [z, image] = [x, turn(x, y)];
        const state = z.data.slice();
        expectSame(run([state, y.data]), [image.data]);
        for (let step = 0; step < 3; step++) {
          const moved = round.advance();
          const before = z;
          [z, image] = [image, turn(image, y)];
          expectSame([...round.before, ...round.now, ...round.next], dataOf([before, z, image]));
          const gaps = image.data.map((entry, i) => entry - z.data[i]);
          if (gaps.every(Number.isFinite)) expect(moved).toBe(maxAbs(gaps));
          else expect(moved).toBeNaN();
          rounds++;
        }
        state.set(x.data);
        expectSame(rerun(), [turn(x, y).data]);
      }),
      { seed, numRuns: 200 },
    );
    expect(rounds).toBeGreaterThan(300);
  });
  test("another operation is noticed", () => {
    const layout = residentOf(trace((x: Tensor) => exp(x), tensor([0.3])));
    expect(() => expectSame(layout.run([Float64Array.of(0.3)]), dataOf([tanh(tensor([0.3]))]))).toThrow(/expected/);
  });
});

/** A scalar that programs keep as a literal. */
const tensorOf = (value: number): Tensor => reshape(value, []);

describe("a plan", () => {
  const f = (x: Tensor, w: Tensor): Tensor => tanh(add(matmul(x, w), 0.1));
  const x = tensor(
    Float64Array.from({ length: 6400 }, (_, i) => Math.sin(i)),
    [80, 80],
  );

  test("moves when it has worked much, and its bits stay; where WebAssembly is not wanted it works without", () => {
    const plan = makePlan(trace(f, x, x));
    const expected = dataOf([f(x, x)]);
    const kept = new Set<unknown>();
    for (let run = 0; run < 20; run++) {
      const [result] = plan.run([x.data, x.data]);
      expectSame([result], expected);
      kept.add(result.buffer);
    }
    expect(kept.size).toBe(2);
    setWebAssembly(false);
    const [without] = plan.run([x.data, x.data]);
    expectSame([without], expected);
    expect(kept.has(without.buffer)).toBe(false);
    setWebAssembly(true);
    expect(kept.has(plan.run([x.data, x.data])[0].buffer)).toBe(true);
  });
  test("computes what depends on literals alone once, before and after it moves", () => {
    let runs = 0;
    const counting: Primitive<void> = {
      ...{ name: "counting", shapes: ([y]) => [y], vjp: ([g]) => [g], jvp: ([dy]) => [dy] },
      kernel:
        () =>
        ([out], [y]) => {
          runs++;
          out.set(y);
        },
    };
    const plan = makePlan(trace((y: Tensor) => add(f(y, y), apply(counting, [tensorOf(2)], undefined)[0]), x));
    const seen = new Set<unknown>();
    for (let run = 0; run < 20; run++) seen.add(plan.run([x.data])[0].buffer);
    expect(seen.size).toBe(2);
    expect(runs).toBe(1);
  });
  test("may be given its own results", () => {
    const plan = compile(trace(f, x, x));
    let [fed, expected] = [x, x];
    for (let run = 0; run < 20; run++) {
      fed = plan.run([fed, x]);
      expected = f(expected, x);
      expectSame([fed.data], [expected.data]);
    }
  });
  test("puts a result where the argument of its shape stood that nobody reads any more", () => {
    const step = (p: Tensor, m: Tensor, g: Tensor): Tensor[] => {
      const mean = add(mul(0.9, m), g);
      return [add(p, mul(-0.1, mean)), mean];
    };
    const standing = (f: (...xs: Tensor[]) => unknown, shape: readonly number[]): boolean[] => {
      const xs = [0, 1, 2].map((key) => random(key).normal(shape));
      const { run, stands } = residentOf(trace(f as (...xs: Tensor[]) => Tensor, ...xs));
      return run(dataOf(xs)).map((result, i) => stands?.(result, i) === true);
    };
    expect(standing(step, [6, 4])).toEqual([true, true]);
    // The last pair of an odd row is computed twice; and here the first argument is read after the result is written.
    expect(standing(step, [7])).toEqual([false, false]);
    const late = (p: Tensor, m: Tensor, g: Tensor): Tensor[] => {
      const first = add(p, mul(m, g));
      return [first, tanh(matmul(first, p))];
    };
    expect(standing(late, [4, 4])).toEqual([false, true]);
  });
  test("may be given its own results, in any order and as often as one likes", () => {
    const steps: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
      (a, b) => add(a, mul(0.5, b)),
      (a, b) => tanh(matmul(a, b)),
      (a) => transpose(a),
      (a) => relu(add(a, sum(a, 0))),
      (a, b) => mul(a, tanh(b)),
      (a) => sin(a),
    ];
    const places = fc.integer({ min: 0, max: 7 });
    const recipes = fc.array(fc.tuple(fc.nat(5), places, places), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(
        recipes,
        fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { maxLength: 12 }),
        fc.nat(3),
        (recipe, feeds, odd) => {
          const cook = (...xs: Tensor[]): Tensor[] => {
            const values = [...xs];
            for (const [step, a, b] of recipe)
              values.push(steps[step](values[a % values.length], values[b % values.length]));
            return values.slice(-2).map((value) => mul(0.9, tanh(value)));
          };
          const n = 40 - odd;
          const draw = random(odd);
          const [x, y, z] = [0, 1, 2].map(() => draw.normal([n, n]));
          const plan = compile(trace(cook, x, y));
          const run = (xs: readonly Tensor[]): readonly Tensor[] => plan.run(xs) as unknown as readonly Tensor[];
          let results = run([x, y]);
          for (let warm = 0; warm < 400; warm++) results = run([x, y]);
          let expected = cook(x, y);
          for (const feed of [[0, 1], ...feeds, [0, 1], [1, 0], [0, 1]]) {
            const own = feed.map((i) => [...results, z][i]);
            const theirs = feed.map((i) => [...expected, z][i]);
            [results, expected] = [run(own), cook(...theirs)];
            expectSame(dataOf(results), dataOf(expected));
          }
        },
      ),
      { seed, numRuns: 40 },
    );
  });
  test("of nothing that WebAssembly could do stays where it is", () => {
    expect(
      layOutResident(
        trace((y: Tensor) => y, x),
        [1],
      ),
    ).toBeUndefined();
  });
});
