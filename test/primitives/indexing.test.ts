// Do take, scatterAdd and oneHot find the entries that indices name, and refuse indices that name none?
import fc from "fast-check";
import {
  compile,
  DomainError,
  grad,
  type Indices,
  jit,
  mul,
  oneHot,
  print,
  ShapeError,
  scatterAdd,
  sum,
  type Tensor,
  take,
  tensor,
  trace,
  vjp,
  zeros,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { expectDerivatives } from "./derivatives.js";
import { at, build, indices, shapes, tensors } from "./naive.js";

const seed = 20260314;

/** A tensor, one of its axes, which is not empty, and indices of any shape into it. */
const cases = shapes(3)
  .chain((shape) =>
    fc.tuple(fc.constant(shape), fc.nat({ max: shape.length }), fc.integer({ min: 1, max: 4 }), shapes(2)),
  )
  .chain(([others, axis, n, shape]) => {
    const whole = [...others.slice(0, axis), n, ...others.slice(axis)];
    return fc.tuple(
      tensors(whole),
      fc.constant(axis),
      tensors(shape, fc.integer({ min: -n, max: n - 1 })),
      fc.constantFrom("tensor", "array"),
    );
  })
  .map(([x, axis, chosen, kind]) => ({
    x,
    axis,
    chosen,
    n: x.shape[axis],
    // an array that ends early has forgotten the sizes behind an empty axis
    given: (kind === "array" && chosen.data.length > 0 ? chosen.toArray() : chosen) as Indices,
  }));

const fromEnd = (index: number, n: number): number => (index < 0 ? index + n : index);

describe("take", () => {
  test("agrees with a naive search, for arrays and tensors of indices of any shape along any axis", () => {
    fc.assert(
      fc.property(cases, ({ x, axis, chosen, n, given }) => {
        const rank = chosen.shape.length;
        const shape = [...x.shape.slice(0, axis), ...chosen.shape, ...x.shape.slice(axis + 1)];
        const expected = build(shape, (index) => {
          const j = fromEnd(at(chosen, index.slice(axis, axis + rank)), n);
          return at(x, [...index.slice(0, axis), j, ...index.slice(axis + rank)]);
        });
        for (const along of [axis, axis - x.shape.length]) {
          const received = take(x, given, along);
          expect(received.shape).toEqual(shape);
          expect(received.data).toEqual(expected.data);
        }
      }),
      { seed, numRuns: 400 },
    );
  });
  test("takes along the first axis by default, and also from typed arrays", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(take(x, [1]).toArray()).toEqual([[3, 4]]);
    expect(take(x, Int32Array.of(1, -2)).toArray()).toEqual([
      [3, 4],
      [1, 2],
    ]);
    expect(take(x, 0).toArray()).toEqual([1, 2]);
    expect(take(x, []).shape).toEqual([0, 2]);
  });
  test("its transpose adds up what was taken twice", () => {
    expect(
      grad((x: Tensor) => sum(mul(tensor([1, 10, 100]), take(x, [2, 0, 2]))))(tensor([5, 6, 7])).toArray(),
    ).toEqual([10, 0, 101]);
  });
});

describe("scatterAdd", () => {
  test("agrees with a naive loop, and is the transpose of take", () => {
    fc.assert(
      fc.property(cases, ({ x, axis, chosen, n, given }) => {
        const taken = take(x, given, axis);
        const updates = tensor(
          taken.data.map((entry, i) => 100 * i - entry),
          taken.shape,
        );
        const expected = x.data.slice();
        const rank = chosen.shape.length;
        const stride = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
        for (const index of indices(updates.shape)) {
          const j = fromEnd(at(chosen, index.slice(axis, axis + rank)), n);
          const place = [...index.slice(0, axis), j].reduce((sum, i, a) => sum * x.shape[a] + i, 0);
          const inner = index.slice(axis + rank).reduce((sum, i, a) => sum * x.shape[axis + 1 + a] + i, 0);
          expected[place * stride + inner] += at(updates, index);
        }
        const received = scatterAdd(x, given, updates, axis);
        expect(received.shape).toEqual(x.shape);
        expect(received.data).toEqual(expected);
        const [pulled] = vjp((y: Tensor) => take(y, given, axis), x).pull(updates);
        expect(pulled.data).toEqual(scatterAdd(zeros(x.shape), given, updates, axis).data);
      }),
      { seed, numRuns: 400 },
    );
  });
  test("stretches its updates", () => {
    expect(scatterAdd(zeros([3, 2]), [0, 2, 0], 1).toArray()).toEqual([
      [2, 2],
      [0, 0],
      [1, 1],
    ]);
    expect(scatterAdd(zeros([2, 3]), [0, 2], tensor([[1], [5]]), 1).toArray()).toEqual([
      [1, 0, 1],
      [5, 0, 5],
    ]);
  });
  test("refuses updates that do not fit", () => {
    expect(() => scatterAdd(zeros([3]), [0, 1], tensor([1, 2, 3]))).toThrow(ShapeError);
  });
});

describe("oneHot", () => {
  test("has its 1 at the index", () => {
    expect(
      oneHot(
        tensor([
          [0, -1],
          [1, 1],
        ]),
        3,
      ).toArray(),
    ).toEqual([
      [
        [1, 0, 0],
        [0, 0, 1],
      ],
      [
        [0, 1, 0],
        [0, 1, 0],
      ],
    ]);
    expect(oneHot(1, 2).toArray()).toEqual([0, 1]);
    expect(oneHot([], 3).shape).toEqual([0, 3]);
    expect(oneHot([], 0).shape).toEqual([0, 0]);
  });
});

describe("derivatives", () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  test("are right, twice, with arrays and with tensors", () => {
    for (const chosen of [[2, 0, 2, -1], tensor([2, 0, 2, -1])]) {
      expectDerivatives((y) => take(mul(y, y), chosen, 1), x);
      const updates = tensor([
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ]);
      expectDerivatives((y, u) => scatterAdd(mul(y, y), chosen, mul(u, u), 1), x, updates);
    }
  });
  test("do not exist for indices", () => {
    expect(grad((i: Tensor) => sum(take(x, i, 1)))(tensor([0, 2])).toArray()).toEqual([0, 0]);
    expect(grad((i: Tensor) => sum(oneHot(i, 3)))(tensor([0, 2])).toArray()).toEqual([0, 0]);
    expect(grad((i: Tensor) => sum(scatterAdd(x, i, 1, 1)))(tensor([0, 2])).toArray()).toEqual([0, 0]);
  });
});

describe("a compiled program", () => {
  const x = tensor([10, 20, 30]);
  test("runs with other indices, of its gradient too", () => {
    const plan = compile(trace((y: Tensor, i: Tensor) => take(y, i), x, tensor([0, 1])));
    expect(plan.run([x, tensor([0, 1])]).toArray()).toEqual([10, 20]);
    expect(plan.run([x, tensor([2, -3])]).toArray()).toEqual([30, 10]);
    const slope = compile(trace((y: Tensor, i: Tensor) => grad((z: Tensor) => sum(take(z, i)))(y), x, tensor([0, 1])));
    expect(slope.run([x, tensor([0, 1])]).toArray()).toEqual([1, 1, 0]);
    expect(slope.run([x, tensor([2, 2])]).toArray()).toEqual([0, 0, 2]);
    const hot = compile(trace((i: Tensor) => oneHot(i, 3), tensor([0])));
    expect(hot.run([tensor([2])]).toArray()).toEqual([[0, 0, 1]]);
    expect(hot.run([tensor([-2])]).toArray()).toEqual([[0, 1, 0]]);
  });
  test("checks them at every run", () => {
    const plan = compile(trace((y: Tensor, i: Tensor) => take(y, i), x, tensor([0, 1])));
    expect(() => plan.run([x, tensor([0, 3])])).toThrow(/^take: .*size 3, .*received 3 \(index 1 of 2\)/);
    expect(plan.run([x, tensor([0, 2])]).toArray()).toEqual([10, 30]);
  });
  test("keeps plain arrays, and shows them", () => {
    const program = trace((y: Tensor) => take(y, [2, 0]), x);
    expect(print(program)).toContain("take(v0, { list: [2, 0] })");
    expect(compile(program).run([x]).toArray()).toEqual([30, 10]);
  });
  test("computes from plain indices alone when it is made", () => {
    const f = (y: Tensor): Tensor => mul(y, oneHot([2, 0], 3));
    expect(jit(f)(x).toArray()).toEqual([
      [0, 0, 30],
      [10, 0, 0],
    ]);
    expect(compile(trace(f, x)).run([x]).data).toEqual(f(x).data);
    expect(grad((y: Tensor) => sum(f(y)))(x).toArray()).toEqual([1, 0, 1]);
  });
  test("does not take two lists for one", () => {
    const program = trace((y: Tensor) => mul(take(y, [2, 0]), take(y, [0, 1])), x);
    expect(compile(program).run([x]).toArray()).toEqual([300, 200]);
  });
});

describe("refused by name, with index and size:", () => {
  const words: [string, (indices: Indices) => unknown][] = [
    ["take", (i) => take(zeros([2, 3]), i, 1)],
    ["scatterAdd", (i) => scatterAdd(zeros([2, 3]), i, 1, 1)],
    ["oneHot", (i) => oneHot(i, 3)],
  ];
  for (const [name, word] of words) {
    for (const bad of [3, -4, 0.5, Number.NaN, Infinity]) {
      test(`${name}: ${bad}, in an array and in a tensor`, () => {
        const message = `${name}: expected indices into an axis of size 3, which are integers from -3 to 2, received ${bad} (index 1 of 2)`;
        for (const given of [[0, bad], tensor([0, bad])]) {
          expect(() => word(given)).toThrow(DomainError);
          expect(() => word(given)).toThrow(message);
        }
      });
    }
    test(`${name}: what is no index at all`, () => {
      expect(() => word("1" as never)).toThrow(new RegExp(`^${name}: expected indices as a tensor.*received string`));
      expect(() => word(new DataView(new ArrayBuffer(8)) as never)).toThrow(new RegExp(`^${name}: .*received object`));
      expect(() => word(null as never)).toThrow(new RegExp(`^${name}: .*received null`));
      expect(() => word(undefined as never)).toThrow(new RegExp(`^${name}: .*received undefined`));
    });
  }
  test("any index into an empty axis", () => {
    expect(() => take(tensor([]), [0])).toThrow(/^take: .*size 0, which are none, received 0/);
    expect(take(tensor([]), []).toArray()).toEqual([]);
  });
  test("an axis that does not exist", () => {
    expect(() => take(zeros([2]), [0], 1)).toThrow(/^take: expected an axis from -1 to 0, received 1/);
    expect(() => take(1, [0])).toThrow(/^take: .*scalar/);
    expect(() => scatterAdd(zeros([2]), [0], 1, 1)).toThrow(/^scatterAdd: expected an axis/);
  });
  test("a size that is none", () => {
    expect(() => oneHot([0], -1)).toThrow(/^oneHot: expected n to be an integer ≥ 0, received -1/);
    expect(() => oneHot([0], 1.5)).toThrow(/^oneHot: .*received 1.5/);
  });
});
