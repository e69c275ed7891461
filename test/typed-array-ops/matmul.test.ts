// Is a product the same to the last bit, however it is computed, stored and surrounded?
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { matmul, setWebAssembly } from "../../src/typed-array-ops/index.js";
import { DEEPEST, packedProduct } from "../../src/typed-array-ops/packed-product.js";
import { assemble, functionOf } from "../../src/typed-array-ops/webassembly/encoding.js";
import { type Engine, instantiate } from "../../src/typed-array-ops/webassembly/engine.js";
import { get, integer, loadNumber, storeNumber } from "../../src/typed-array-ops/webassembly/instructions.js";
import { productInWebAssembly } from "../../src/typed-array-ops/webassembly/product.js";
import { productModule } from "../../src/typed-array-ops/webassembly/product-kernels.js";

/** Operands with something before and behind them. */
interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly aTransposed: boolean;
  readonly bTransposed: boolean;
  readonly outStart: number;
  readonly aStart: number;
  readonly bStart: number;
}

type Way = (out: Float64Array, product: Product) => void;

/** The definition, with the products of an entry one after the other. */
const naive: Way = (out, { m, n, k, a, b, aTransposed, bTransposed, outStart, aStart, bStart }) => {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) {
        sum += a[aStart + (aTransposed ? l * m + i : i * k + l)] * b[bStart + (bTransposed ? j * k + l : l * n + j)];
      }
      out[outStart + i * n + j] = sum;
    }
  }
};

const chosen: Way = (out, { m, n, k, a, b, aTransposed, bTransposed, outStart, aStart, bStart }) =>
  matmul(out, a, b, m, n, k, aTransposed, bTransposed, outStart, aStart, bStart);

const packed: Way = (out, { m, n, k, a, b, aTransposed, bTransposed, outStart, aStart, bStart }) => {
  const [aRow, aColumn] = aTransposed ? [1, m] : [k, 1];
  const [bRow, bColumn] = bTransposed ? [1, k] : [n, 1];
  packedProduct(out, a, b, m, n, k, aRow, aColumn, bRow, bColumn, outStart, aStart, bStart);
};

const inWebAssembly: Way = (out, { m, n, k, a, b, aTransposed, bTransposed, outStart, aStart, bStart }) => {
  expect(productInWebAssembly(out, a, b, m, n, k, aTransposed, bTransposed, outStart, aStart, bStart)).toBe(true);
};

/** Everything that `way` leaves in memory, of which it owns only the entries of C. */
function resultOf(way: Way, product: Product): Float64Array {
  const out = new Float64Array(product.outStart + product.m * product.n + 3).fill(-7);
  way(out, product);
  return out;
}

function expectSame(received: Float64Array, expected: Float64Array): void {
  expect(received.length).toBe(expected.length);
  const differing = expected.findIndex((value, i) => !Object.is(value, received[i]));
  if (differing >= 0)
    expect.fail(`entry ${differing}: expected ${expected[differing]}, received ${received[differing]}`);
}

const awkward = [0, -0, 1, -1, NaN, Infinity, -Infinity, 5e-324, -5e-324, 1e-310, 2 ** -1022, 1e308, -1e308, 1e-200];

/** Pseudo-random numbers; every `every`-th one is awkward. */
function entries(length: number, seed: number, every: number): Float64Array {
  let state = seed | 0;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    if (every > 0 && (state >>> 16) % every === 0) return awkward[(state >>> 8) % awkward.length];
    return state / 2 ** 31;
  });
}

const products = (size: fc.Arbitrary<number>): fc.Arbitrary<Product> =>
  fc
    .record({
      sizes: fc.tuple(size, size, size),
      transposed: fc.tuple(fc.boolean(), fc.boolean()),
      starts: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 5 }))),
      behind: fc.integer({ min: 0, max: 2 }),
      seed: fc.integer(),
      every: fc.constantFrom(0, 5, 1000),
    })
    .map(({ sizes: [m, n, k], transposed, starts: [outStart, aStart, bStart], behind, seed, every }) => ({
      ...{ m, n, k, outStart, aStart, bStart, aTransposed: transposed[0], bTransposed: transposed[1] },
      a: entries(aStart + m * k + behind, seed, every),
      b: entries(bStart + k * n + behind, seed + 1, every),
    }));

const small = products(fc.integer({ min: 0, max: 40 }));
/** Beyond the sizes of the blocks, which are 256 and 512, or in panels smaller ones where k is large. */
const large = products(fc.constantFrom(1, 2, 3, 4, 5, 129, 258, 515, 1030));

afterEach(() => setWebAssembly(true));

describe("a product has the bits of the definition", () => {
  test("in all four transpositions, for random shapes and awkward numbers", () => {
    fc.assert(
      fc.property(small, fc.boolean(), (product, use) => {
        setWebAssembly(use);
        expectSame(resultOf(chosen, product), resultOf(naive, product));
      }),
      { seed: 1, numRuns: 400 },
    );
  });
  test("for all sizes up to 20, square, a row, a column and two to seven rows", () => {
    for (let n = 1; n <= 20; n++) {
      const shapes = [
        [n, n, n],
        ...[1, 2, 3, 5, 7].flatMap((m) => [
          [m, n, 9],
          [n, m, 9],
          [m, 9, n],
        ]),
      ];
      for (const [m, columns, k] of shapes) {
        for (const [aTransposed, bTransposed] of [
          [false, false],
          [true, false],
          [false, true],
          [true, true],
        ]) {
          const [a, b] = [entries(2 + m * k, n, 9), entries(3 + k * columns, m, 9)];
          const product = { m, n: columns, k, a, b, aTransposed, bTransposed, outStart: 1, aStart: 2, bStart: 3 };
          for (const use of [false, true]) {
            setWebAssembly(use);
            expectSame(resultOf(chosen, product), resultOf(naive, product));
          }
        }
      }
    }
  });
  const nonEmpty = ({ m, n, k }: Product): boolean => m * n * k > 0;
  const holdsTile = ({ m, n, k }: Product): boolean => m >= 4 && n >= 2 && k >= 1;
  for (const [name, way, fits] of [
    ["packed", packed, holdsTile],
    ["in WebAssembly", inWebAssembly, nonEmpty],
  ] as const) {
    test(`${name}, where it would not have been chosen too`, () => {
      fc.assert(
        fc.property(small.filter(fits), (product) => expectSame(resultOf(way, product), resultOf(naive, product))),
        { seed: 2, numRuns: 200 },
      );
    });
    test(`${name}, in several blocks`, () => {
      fc.assert(
        fc.property(large.filter(fits), (product) => expectSame(resultOf(way, product), resultOf(naive, product))),
        { seed: 3, numRuns: 30 },
      );
    });
  }
  test("packed, up to the greatest depth, and beyond, where something else is chosen", () => {
    for (const [m, n, k] of [
      [9, 19, DEEPEST],
      [8, 4, DEEPEST + 1],
      [11, 9, 9000],
    ]) {
      const [a, b] = [entries(m * k, 1, 0), entries(k * n, 2, 0)];
      const product = { m, n, k, a, b, aTransposed: true, bTransposed: false, outStart: 2, aStart: 0, bStart: 0 };
      const expected = resultOf(naive, product);
      if (k <= DEEPEST) expectSame(resultOf(packed, product), expected);
      setWebAssembly(false);
      expectSame(resultOf(chosen, product), expected);
    }
  });
  test("a sum in another order is noticed", () => {
    const backwards: Way = (out, product) => {
      const { m, n, k, a, b, aStart, bStart } = product;
      const turned = (x: Float64Array, start: number, at: (i: number) => number): Float64Array =>
        x.map((_, i) => x[start + at(i)]);
      const reversed = {
        ...product,
        a: turned(a, aStart, (i) => (Math.floor(i / k) + 1) * k - 1 - (i % k)),
        b: turned(b, bStart, (i) => (k - 1 - Math.floor(i / n)) * n + (i % n)),
      };
      naive(out, { ...reversed, m, aStart: 0, bStart: 0 });
    };
    const [m, n, k] = [9, 9, 9];
    const plain = { m, n, k, aTransposed: false, bTransposed: false, outStart: 0, aStart: 0, bStart: 0 };
    const product = { ...plain, a: entries(81, 1, 0), b: entries(81, 2, 0) };
    expect(() => expectSame(resultOf(backwards, product), resultOf(naive, product))).toThrow(/entry/);
  });
});

describe("an entry has the same bits", () => {
  test("in a product alone and among others", () => {
    fc.assert(
      fc.property(products(fc.integer({ min: 1, max: 60 })), fc.boolean(), ({ m, n, k, a, b, aStart, bStart }, use) => {
        setWebAssembly(use);
        const all = new Float64Array(m * n);
        matmul(all, a, b, m, n, k, false, false, 0, aStart, bStart);
        const alone = new Float64Array(1);
        for (const [i, j] of [
          [0, 0],
          [m - 1, n - 1],
          [m >> 1, n >> 1],
        ]) {
          const column = Float64Array.from({ length: k }, (_, l) => b[bStart + l * n + j]);
          matmul(alone, a, column, 1, 1, k, false, false, 0, aStart + i * k, 0);
          expectSame(alone, Float64Array.of(all[i * n + j]));
        }
      }),
      { seed: 4, numRuns: 100 },
    );
  });
});

describe("WebAssembly", () => {
  const [m, n, k] = [20, 20, 20];
  const square = { m, n, k, aTransposed: false, bTransposed: false, outStart: 0, aStart: 0, bStart: 0 };
  const product = { ...square, a: entries(400, 1, 0), b: entries(400, 2, 0) };
  const attempt = (): boolean =>
    productInWebAssembly(new Float64Array(400), product.a, product.b, m, n, k, false, false, 0, 0, 0);

  test("is off where it is not wanted, and on again where it is", () => {
    expect(attempt()).toBe(true);
    setWebAssembly(false);
    expect(attempt()).toBe(false);
    expectSame(resultOf(chosen, product), resultOf(naive, product));
    setWebAssembly(true);
    expect(attempt()).toBe(true);
  });

  const { WebAssembly: present } = globalThis as unknown as { WebAssembly: Engine };
  test("is there in this engine: a module reads, adds and writes", () => {
    const body = [integer(16), get(0), loadNumber(8), storeNumber(0)];
    const bytes = assemble([["move", functionOf(1, [], body)]]);
    const instance = instantiate<"move">(bytes, 10, 0);
    if (!instance) return expect.fail("no instance");
    instance.memory.set([1, 2, 3, 4]);
    instance.run.move(16);
    expect([...instance.memory.subarray(0, 5)]).toEqual([1, 2, 4, 4, 0]);
  });
  test("is small enough for every engine to compile at once, and assembled to the same bytes every time", () => {
    const bytes = productModule(4);
    expect(bytes.length).toBeLessThan(4096);
    expect(productModule(4)).toEqual(bytes);
  });
  test("is not used with a broken module, in an engine without vectors, without WebAssembly, or where it is forbidden", () => {
    const bytes = productModule(4);
    expect(instantiate(bytes, 10, 0)).toBeDefined();
    expect(instantiate(bytes.slice(0, -1), 10, 0)).toBeUndefined();
    expect(
      instantiate(
        bytes.map((byte, i) => (i === 40 ? byte ^ 255 : byte)),
        10,
        0,
      ),
    ).toBeUndefined();
    expect(instantiate(bytes, 10, 0, {} as Engine)).toBeUndefined();
    class Forbidden {
      constructor() {
        throw new Error("wasm-unsafe-eval");
      }
    }
    const strict = { Memory: present.Memory, Module: Forbidden, Instance: present.Instance };
    expect(instantiate(bytes, 10, 0, strict)).toBeUndefined();
    expect(instantiate(bytes, 1e15, 0, present)).toBeUndefined();
  });
  test("is not missed: without it products are the same", async () => {
    vi.resetModules();
    vi.stubGlobal("WebAssembly", undefined);
    try {
      const fresh = await import("../../src/typed-array-ops/index.js");
      const { productInWebAssembly: none } = await import("../../src/typed-array-ops/webassembly/product.js");
      const out = new Float64Array(400);
      expect(none(out, product.a, product.b, m, n, k, false, false, 0, 0, 0)).toBe(false);
      fresh.matmul(out, product.a, product.b, m, n, k, false, false);
      expectSame(out, resultOf(naive, product).subarray(0, 400));
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
