// Do trees keep their form?
import fc from "fast-check";
import { mapTree, mul, ShapeError, Tensor, tensor } from "stillpoint";
import { describe, expect, test } from "vitest";
import { flattenTree, sameForm, type Tree, unflattenTree } from "../../src/tensor/index.js";

const seed = 20260204;

const { tree: trees } = fc.letrec<{ tree: Tree; leaf: Tensor; array: readonly Tree[]; record: Record<string, Tree> }>(
  (tie) => ({
    tree: fc.oneof({ depthSize: "small", withCrossShrink: true }, tie("leaf"), tie("array"), tie("record")),
    leaf: fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 3 }).map((values) => tensor(values)),
    array: fc.array(tie("tree"), { maxLength: 3 }),
    record: fc.dictionary(fc.string({ maxLength: 3 }), tie("tree"), { maxKeys: 3, noNullPrototype: true }),
  }),
);

/** The same tensors at the same places. */
function expectSameTree(received: unknown, expected: unknown): void {
  if (expected instanceof Tensor) expect(received).toBe(expected);
  else if (Array.isArray(expected)) {
    expect(Array.isArray(received)).toBe(true);
    expect((received as unknown[]).length).toBe(expected.length);
    expected.forEach((child, i) => {
      expectSameTree((received as unknown[])[i], child);
    });
  } else {
    const record = expected as Record<string, unknown>;
    expect(Object.keys(received as object)).toEqual(Object.keys(record));
    for (const key of Object.keys(record)) expectSameTree((received as Record<string, unknown>)[key], record[key]);
  }
}

describe("flattenTree and unflattenTree", () => {
  test("are inverse to each other", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const { leaves, form } = flattenTree("f", tree);
        expectSameTree(unflattenTree(form, leaves), tree);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("leaves come in the order in which they are written", () => {
    const [a, b, c] = [tensor(1), tensor(2), tensor(3)];
    const { leaves } = flattenTree("f", { z: a, y: [b, { x: c }] });
    expect(leaves.map((x) => x.item())).toEqual([1, 2, 3]);
  });
  test("a plain number becomes a literal scalar", () => {
    const { leaves } = flattenTree("f", [2]);
    expect(leaves[0].item()).toBe(2);
    expect(leaves[0].literal).toBe(true);
  });
  test("a key called __proto__ is a key like others", () => {
    const tree = Object.fromEntries([["__proto__", tensor(1)]]);
    const { leaves, form } = flattenTree("f", tree);
    expect(leaves.length).toBe(1);
    expect(Object.keys(unflattenTree(form, leaves) as object)).toEqual(["__proto__"]);
  });
  test("a record without a prototype is a record", () => {
    const tree = Object.assign(Object.create(null), { w: tensor(1) });
    expect(flattenTree("f", tree).leaves.length).toBe(1);
  });
  const refused: [string, unknown, RegExp][] = [
    ["a string", { a: [tensor(1), "w"] }, /^grad: .*received string at \.a\[1\]/],
    ["null", null, /received null at the top/],
    ["undefined", { a: undefined }, /received undefined at \.a/],
    ["a typed array", new Float64Array(2), /received object at the top.*tensor\(/],
    ["a Map", new Map(), /received object/],
    ["a function", [() => 1], /received function at \[0\]/],
  ];
  for (const [name, tree, message] of refused) {
    test(`${name} is refused with its place`, () => {
      expect(() => flattenTree("grad", tree)).toThrow(ShapeError);
      expect(() => flattenTree("grad", tree)).toThrow(message);
    });
  }
});

describe("sameForm", () => {
  const form = (tree: unknown) => flattenTree("f", tree).form;
  const leaf = tensor(0);
  test("does not look at shapes", () => {
    expect(sameForm(form([tensor(1)]), form([tensor([1, 2])]))).toBe(true);
  });
  test("every tree has the form of itself", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        expect(sameForm(form(tree), form(tree))).toBe(true);
      }),
      { seed },
    );
  });
  const different: [string, unknown, unknown][] = [
    ["a leaf and an array", leaf, [leaf]],
    ["a leaf and a record", leaf, { a: leaf }],
    ["an empty array and an empty record", [], {}],
    ["arrays of different length", [leaf], [leaf, leaf]],
    ["records with different keys", { a: leaf }, { b: leaf }],
    ["records of different size", { a: leaf }, { a: leaf, b: leaf }],
    ["a difference further down", { a: [leaf] }, { a: [[leaf]] }],
  ];
  for (const [name, a, b] of different) {
    test(`tells apart: ${name}`, () => {
      expect(sameForm(form(a), form(b))).toBe(false);
      expect(sameForm(form(b), form(a))).toBe(false);
    });
  }
});

describe("mapTree", () => {
  test("keeps the form and maps every tensor once, in order", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const seen: Tensor[] = [];
        const mapped = mapTree((x) => {
          seen.push(x);
          return mul(2, x);
        }, tree);
        const before = flattenTree("f", tree);
        const after = flattenTree("f", mapped);
        expect(seen.length).toBe(before.leaves.length);
        seen.forEach((x, i) => {
          expect(x).toBe(before.leaves[i]);
        });
        expect(sameForm(after.form, before.form)).toBe(true);
        after.leaves.forEach((y, i) => {
          expect([...y.data]).toEqual([...before.leaves[i].data].map((value) => 2 * value));
        });
      }),
      { seed },
    );
  });
  test("walks several trees side by side", () => {
    const sums = mapTree((x, y) => mul(x, y), { a: tensor(2), b: [tensor(3)] }, { a: tensor(5), b: [tensor(7)] });
    expect(sums.a.item()).toBe(10);
    expect(sums.b[0].item()).toBe(21);
  });
  test("does not touch its argument", () => {
    const a = tensor(1);
    const tree = Object.freeze({ a });
    mapTree((x) => mul(2, x), tree);
    expect(tree.a).toBe(a);
    expect(a.item()).toBe(1);
  });
  test("refuses trees of different form and says which argument", () => {
    const run = (): unknown => mapTree((x) => x, [tensor(1)], [tensor(1)], [tensor(1), tensor(2)]);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(/^mapTree: .*argument 3/);
  });
});
