// Do einsum, dot and outer agree with sums written out index by index?
import fc from "fast-check";
import {
  compile,
  DomainError,
  dot,
  einsum,
  matmul,
  mul,
  outer,
  ShapeError,
  Tensor,
  tensor,
  trace,
  zeros,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { expectDerivatives } from "./derivatives.js";
import { anyTensor, at, build, indices, tensors } from "./naive.js";

const seed = 20260318;

/** The sum of products over all values of all letters. */
function naive(
  terms: readonly string[],
  result: string,
  xs: readonly Tensor[],
  size: (letter: string) => number,
): Tensor {
  const letters = [...new Set([...terms.join("")])];
  const all = indices(letters.map(size));
  const values = new Map<string, number>();
  for (const index of all) {
    const pick = (term: string): number[] => [...term].map((letter) => index[letters.indexOf(letter)]);
    const product = xs.reduce(
      (total, x, i) =>
        total *
        at(
          x,
          pick(terms[i]).map((j, axis) => (x.shape[axis] === 1 ? 0 : j)),
        ),
      1,
    );
    const key = pick(result).join();
    values.set(key, (values.get(key) ?? 0) + product);
  }
  return build([...result].map(size), (index) => values.get(index.join()) ?? 0);
}

const sizes: Record<string, number> = { a: 2, b: 3, c: 1, d: 2, e: 0 };
const sizeOfLetter = (letter: string): number => sizes[letter];
const small = fc.integer({ min: -9, max: 9 });
const term = (letters: string): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...letters), { maxLength: 3 }).map((list) => list.join(""));

/** Some operands with repeated letters, a result, and whether the first axis that may stretch has size 1. */
const cases = (letters: string) =>
  fc.array(term(letters), { minLength: 1, maxLength: 3 }).chain((terms) => {
    const used = [...new Set([...terms.join("")])];
    return fc.tuple(
      fc.constant(terms),
      fc.shuffledSubarray(used).map((list) => list.join("")),
      fc.tuple(...terms.map((t) => tensors([...t].map(sizeOfLetter), small))),
    );
  });
const expectSame = (received: Tensor, expected: Tensor): void => {
  expect(received.shape).toEqual(expected.shape);
  expect([...received.data].map((entry) => entry + 0)).toEqual([...expected.data].map((entry) => entry + 0));
};

describe("einsum", () => {
  test.each(["abcd", "abe"])("agrees with a naive sum for up to three operands over the letters %s", (letters) => {
    fc.assert(
      fc.property(cases(letters), ([terms, result, xs]) => {
        expectSame(einsum(`${terms.join(",")}->${result}`, ...xs), naive(terms, result, xs, sizeOfLetter));
      }),
      { seed, numRuns: 500 },
    );
  });
  test("without an arrow has the letters that occur once, in alphabetical order", () => {
    fc.assert(
      fc.property(cases("abcd"), ([terms, , xs]) => {
        const all = [...terms.join("")];
        const once = all.filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort();
        expectSame(einsum(terms.join(","), ...xs), naive(terms, once.join(""), xs, sizeOfLetter));
      }),
      { seed, numRuns: 300 },
    );
    expect(einsum("ba", tensor([[1, 2, 3]])).shape).toEqual([3, 1]);
    expect(einsum("aB", zeros([2, 3])).shape).toEqual([3, 2]);
  });
  const [a, b] = [
    tensor([
      [1, 2],
      [3, 4],
    ]),
    tensor([
      [5, 6],
      [7, 8],
    ]),
  ];
  test("multiplies matrices, takes traces and diagonals, and sums", () => {
    expect(einsum("ij,jk->ik", a, b).toArray()).toEqual(matmul(a, b).toArray());
    expect(einsum("ij,jk", a, b).toArray()).toEqual(matmul(a, b).toArray());
    expect(einsum("ij->ji", a).toArray()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(einsum("ii", a).item()).toBe(5);
    expect(einsum("ii->i", a).toArray()).toEqual([1, 4]);
    expect(einsum("ij->", a).item()).toBe(10);
    expect(einsum(",ij", 3, a).toArray()).toEqual([
      [3, 6],
      [9, 12],
    ]);
    expect(einsum(" i j , j -> i ", a, tensor([1, 10])).toArray()).toEqual([21, 43]);
  });
  test("an ellipsis stands for axes that broadcast", () => {
    const batch = tensor(
      Float64Array.from({ length: 12 }, (_, i) => i),
      [3, 2, 2],
    );
    expectSame(einsum("...ij,...jk->...ik", batch, a), matmul(batch, a));
    expectSame(einsum("...ij,...jk", batch, a), matmul(batch, a));
    expect(einsum("i...->...", batch).toArray()).toEqual([
      [12, 15],
      [18, 21],
    ]);
    expect(einsum("...,...", tensor([[1], [2]]), tensor([3, 4, 5])).toArray()).toEqual([
      [3, 4, 5],
      [6, 8, 10],
    ]);
    expect(einsum("...i,i", a, tensor([1, 1])).toArray()).toEqual([3, 7]);
    expect(einsum("...ii->...i", batch).toArray()).toEqual([
      [0, 3],
      [4, 7],
      [8, 11],
    ]);
  });
  test("an axis of size 1 stretches to that of another operand", () => {
    expect(einsum("ij,j->i", a, tensor([10])).toArray()).toEqual([30, 70]);
    expect(einsum("j,ij->ij", tensor([10]), a).toArray()).toEqual([
      [10, 20],
      [30, 40],
    ]);
  });
  test("has right derivatives, twice", () => {
    const c = tensor([
      [0.5, -1],
      [2, 1],
    ]);
    expectDerivatives((x, y) => einsum("ij,jk->ik", x, y), a, b);
    expectDerivatives((x, y, z) => einsum("ij,jk,ki->i", x, y, z), a, b, c);
    expectDerivatives((x) => einsum("ii,ij->j", x, x), c);
    expectDerivatives((x, y) => einsum("b...,b->...", x, y), a, tensor([1, 2]));
  });
  test("compiled gives the same bits", () => {
    const f = (x: Tensor, y: Tensor): Tensor => einsum("ij,jk,ik->k", x, y, x);
    expect(compile(trace(f, a, b)).run([a, b]).data).toEqual(f(a, b).data);
  });
  test("needs no primitives of its own", () => {
    const names = trace((x: Tensor, y: Tensor) => einsum("bij,bjk->bik", x, y), zeros([2, 3, 4]), zeros([2, 4, 5]));
    expect(names.steps.map(({ primitive }) => primitive.name)).toEqual(["matmul"]);
  });
});

describe("einsum refuses by name", () => {
  const x = zeros([2, 3]);
  const shapeErrors: [string, () => unknown, string][] = [
    [
      "two sizes of a letter",
      () => einsum("ij,jk->ik", x, zeros([4, 5])),
      'received 3 and then 4 for "j" in operand 1 of shape [4, 5]',
    ],
    [
      "two sizes of a repeated letter",
      () => einsum("ii", x),
      'received 2 and then 3 for "i" in operand 0 of shape [2, 3]',
    ],
    ["a diagonal with a size of 1", () => einsum("ii", zeros([1, 3])), 'received 1 and then 3 for "i"'],
    ["too few letters", () => einsum("i->i", x), 'expected 1 axes for "i", received [2, 3] (operand 0)'],
    ["too many letters", () => einsum("ijk", x), 'expected 3 axes for "ijk", received [2, 3] (operand 0)'],
    ["too many letters beside an ellipsis", () => einsum("i...jk", x), 'expected 3 axes for "i...jk" or more'],
    ["ellipses that do not broadcast", () => einsum("...i,...i", x, zeros([3, 3])), 'received 2 and then 3 for "…1"'],
  ];
  for (const [what, run, message] of shapeErrors) {
    test(what, () => {
      expect(run).toThrow(ShapeError);
      expect(run).toThrow(message);
      expect(run).toThrow(/^einsum: /);
    });
  }
  const domainErrors: [string, () => unknown, string][] = [
    ["a letter that only the result has", () => einsum("ij->ik", x), 'received "k" in "ij->ik"'],
    ["a letter twice in the result", () => einsum("ij->ii", x), 'received "i" twice in "ij->ii"'],
    ["operands without terms", () => einsum("ij", x, x), 'one operand for each of 1 terms in "ij", received 2'],
    ["no operands", () => einsum("ij"), "received 0"],
    ["signs that are no letters", () => einsum("i1", x), 'received "i1" in "i1"'],
    ["two ellipses", () => einsum("......", x), "at most one ellipsis"],
    ["two arrows", () => einsum("ij->i->j", x), "at most one arrow"],
    ["an ellipsis that the result forgets", () => einsum("...j->j", x), "expected an ellipsis after the arrow"],
    [
      "a tensor in place of the spec",
      () => einsum(x as never, x),
      'expected a spec such as "ij,jk->ik" first, received object',
    ],
    ["an array in place of a tensor", () => einsum("i", [1] as never), "received an array"],
  ];
  for (const [what, run, message] of domainErrors) {
    test(what, () => {
      expect(run).toThrow(DomainError);
      expect(run).toThrow(message);
      expect(run).toThrow(/^einsum: /);
    });
  }
});

describe("dot", () => {
  test("sums over the last axis of a and the last but one of b, as NumPy does", () => {
    const cases = fc
      .tuple(anyTensor(2), fc.array(fc.nat({ max: 3 }), { maxLength: 2 }), fc.nat({ max: 3 }), fc.boolean())
      .chain(([a, before, n, vector]) => {
        const k = a.shape[a.shape.length - 1] ?? 1;
        const shape = a.shape.length === 0 ? before : vector ? [k] : [...before, k, n];
        return fc.tuple(fc.constant(a), tensors(shape, small));
      });
    fc.assert(
      fc.property(cases, ([a, b]) => {
        if (a.shape.length === 0) {
          expectSame(dot(a, b), mul(a, b));
          expectSame(dot(b, a), mul(a, b));
          return;
        }
        const axis = Math.max(0, b.shape.length - 2);
        const rest = b.shape.filter((_, i) => i !== axis);
        const outerRank = a.shape.length - 1;
        const expected = build([...a.shape.slice(0, -1), ...rest], (index) => {
          let total = 0;
          for (let k = 0; k < b.shape[axis]; k++) {
            const right = [...index.slice(outerRank)];
            right.splice(axis, 0, k);
            total += at(a, [...index.slice(0, outerRank), k]) * at(b, right);
          }
          return total;
        });
        expectSame(dot(a, b), expected);
      }),
      { seed, numRuns: 400 },
    );
  });
  test("of vectors is a scalar; of numbers their product", () => {
    expect(dot(tensor([1, 2]), tensor([3, 4])).item()).toBe(11);
    expect(dot(tensor([]), tensor([])).item()).toBe(0);
    expect(dot(2, 3).item()).toBe(6);
  });
  test("has right derivatives", () => {
    expectDerivatives(dot, tensor([1, 2]), tensor([3, 4]));
    expectDerivatives(
      dot,
      tensor([[1, 2]]),
      tensor([
        [
          [3, 4],
          [5, 6],
        ],
        [
          [1, 0],
          [2, 2],
        ],
      ]),
    );
  });
  test("refuses other sizes by name", () => {
    expect(() => dot(tensor([1, 2]), tensor([1, 2, 3]))).toThrow(ShapeError);
    expect(() => dot(tensor([1, 2]), tensor([1, 2, 3]))).toThrow(
      /^dot: .*received \[2\], \[3\]: k is 2, then 3 in argument 1/,
    );
    expect(() => dot(zeros([2, 3]), zeros([2, 3]))).toThrow(/^dot: .*k is 3, then 2/);
    expect(() => dot([1] as never, 1)).toThrow(/^dot: .*received an array/);
  });
});

describe("outer", () => {
  test("has every product, of tensors taken as vectors", () => {
    fc.assert(
      fc.property(anyTensor(2), anyTensor(2), (a, b) => {
        expectSame(
          outer(a, b),
          build([a.data.length, b.data.length], ([i, j]) => a.data[i] * b.data[j]),
        );
      }),
      { seed },
    );
    expect(outer(2, 3).toArray()).toEqual([[6]]);
    expect(outer(new Tensor([0], new Float64Array(0)), 3).shape).toEqual([0, 1]);
  });
  test("has right derivatives, and refuses by name", () => {
    expectDerivatives(outer, tensor([1, 2]), tensor([3, 4, 5]));
    expect(() => outer([1] as never, 1)).toThrow(/^outer: .*received an array/);
  });
});
