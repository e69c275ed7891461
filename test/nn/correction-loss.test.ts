// Does fixed-point correction give the losses of its iterates, and the gradient it says it gives?
import {
  add,
  DomainError,
  fixedPoint,
  grad,
  hvp,
  jit,
  listeningTapes,
  matmul,
  mul,
  picard,
  random,
  ShapeError,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  TraceError,
  tanh,
  tensor,
  trace,
  zeros,
} from "stillpoint";
import { correctionLoss } from "stillpoint/nn";
import { describe, expect, test } from "vitest";
import { differentiateLine } from "../laws/differences.js";

const seed = 20260713;
const draw = random(seed);
const [w, x, target, start] = [mul(0.4, draw.normal([3, 3])), draw.normal([3]), draw.normal([3]), draw.normal([3])];
const of =
  (matrix: Tensor) =>
  (z: Tensor): Tensor =>
    tanh(add(matmul(z, matrix), x));
const loss = (z: Tensor): Tensor => sum(square(sub(z, target)));
/** z_k, by hand. */
function iterate(matrix: Tensor, k: number): Tensor {
  let z = start;
  for (let i = 0; i < k; i++) z = of(matrix)(z);
  return z;
}

describe("the value", () => {
  for (const at of [[0], [4], [0, 1, 2], [1, 2, 7, 20]]) {
    test(`is the discounted sum of the losses after ${at.join(", ")}`, () => {
      const expected = at.reduce(
        (total, k, i) => total + 0.7 ** (at.length - 1 - i) * loss(iterate(w, k + 1)).item(),
        0,
      );
      const received = correctionLoss(of(w), start, loss, { at, discount: 0.7 }).item();
      expect(Math.abs(received / expected - 1)).toBeLessThan(1e-14);
    });
  }
  test("weighs the chosen alike with discount 1, and by 0.8 if nothing is said", () => {
    const one = (k: number): number => loss(iterate(w, k + 1)).item();
    expect(correctionLoss(of(w), start, loss, { at: [1, 3], discount: 1 }).item()).toBeCloseTo(one(1) + one(3), 13);
    expect(correctionLoss(of(w), start, loss, { at: [1, 3] }).item()).toBeCloseTo(0.8 * one(1) + one(3), 13);
  });
  test("is of a tree, or a number, what it is of a tensor", () => {
    const f = ({ u, v }: { u: Tensor; v: Tensor }) => ({ u: mul(0.5, v), v: add(u, 1) });
    const z0 = { u: tensor(3), v: tensor(4) };
    // (3, 4) → (2, 4) → (2, 3)
    expect(correctionLoss(f, z0, ({ u, v }) => add(mul(10, u), v), { at: [1] }).item()).toBe(23);
    expect(
      correctionLoss(
        (z) => mul(0.5, z),
        8,
        (z) => z,
        { at: [2] },
      ).item(),
    ).toBe(1);
  });
});

describe("the gradient", () => {
  const options = { at: [2, 3, 9], discount: 0.7 };
  const corrected = (matrix: Tensor): Tensor => correctionLoss(of(matrix), start, loss, options);
  /** The same with iterates that were computed before. */
  const frozen = options.at.map((k) => iterate(w, k));
  const byHand = (matrix: Tensor): Tensor =>
    frozen.reduce((total, z) => add(mul(0.7, total), loss(of(matrix)(z))), tensor(0));
  test("is that of one application at each chosen iterate, and so are its derivatives", () => {
    const [received, expected] = [grad(corrected)(w), grad(byHand)(w)];
    received.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.data[i], 13);
    });
    const v = draw.normal([3, 3]);
    const [along] = differentiateLine((s) => byHand(add(w, mul(s, v))).data);
    expect(sum(mul(received, v)).item()).toBeCloseTo(along, 9);
    const [again, second] = [hvp(corrected, w, v), hvp(byHand, w, v)];
    again.data.forEach((value, i) => {
      expect(value).toBeCloseTo(second.data[i], 12);
    });
    // that of the value itself is another
    const [whole] = differentiateLine((s) => corrected(add(w, mul(s, v))).data);
    expect(Math.abs(whole - along)).toBeGreaterThan(1e-2);
  });
  test("at a converged iterate is the first term of the exact one", () => {
    const a = 0.25;
    const f = (theta: Tensor) => (z: Tensor) => add(mul(a, z), theta);
    const one = (theta: Tensor): Tensor => correctionLoss(f(theta), 0, (z) => z, { at: [60] });
    const exact = (theta: Tensor): Tensor => fixedPoint(f(theta), 0, { tolerance: 1e-14 });
    expect(one(tensor(3)).item()).toBeCloseTo(4, 13);
    expect(exact(tensor(3)).item()).toBeCloseTo(4, 13);
    expect(grad(one)(tensor(3)).item()).toBe(1);
    expect(grad(exact)(tensor(3)).item()).toBeCloseTo(1 / (1 - a), 12);
  });
  test("is that of the fixed point, exactly, where f does not read its state", () => {
    const f = (matrix: Tensor) => (): Tensor => tanh(matmul(x, matrix));
    const g = grad((m: Tensor) => correctionLoss(f(m), start, loss, { at: [3] }))(w);
    // One step of Picard's solves the derivative's equation, without rounding.
    const plain = { adjoint: { solver: picard() } };
    expect(g.data).toEqual(grad((m: Tensor) => loss(fixedPoint(f(m), start, plain)))(w).data);
  });
  test("does not reach the start, and reaches in full what the loss closes over", () => {
    const of0 = (z0: Tensor): Tensor => correctionLoss(of(w), z0, loss, { at: [0, 1] });
    expect(grad(of0)(start).data).toEqual(zeros([3]).data);
    const scaled = (c: Tensor): Tensor => correctionLoss(of(w), start, (z) => mul(c, loss(z)), { at: [0, 1] });
    expect(grad(scaled)(tensor(1)).item()).toBeCloseTo(scaled(tensor(1)).item(), 13);
  });
  test("lowers the loss at the fixed point", () => {
    const solved = (m: Tensor): number => loss(fixedPoint(of(m), start)).item();
    let m = w;
    for (let i = 0; i < 100; i++) m = sub(m, mul(0.05, grad(corrected)(m)));
    expect(solved(m)).toBeLessThan(0.8 * solved(w));
  });
});

describe("in a plan", () => {
  const options = { at: [2, 5, 40], discount: 0.7 };
  const step = (matrix: Tensor, z0: Tensor, b: Tensor): { g: Tensor; value: Tensor } => {
    const f = (m: Tensor): Tensor =>
      correctionLoss(
        (z: Tensor) => tanh(add(matmul(z, m), b)),
        z0,
        (z) => sum(square(z)),
        options,
      );
    return { g: grad(f)(matrix), value: f(matrix) };
  };
  test("gives the same bits", () => {
    const [eager, planned] = [step(w, start, x), jit(step)(w, start, x)];
    expect(planned.g.data).toEqual(eager.g.data);
    expect(planned.value.data).toEqual(eager.value.data);
  });
  test("has one body however many steps lie between the chosen iterates", () => {
    const length = (k: number): number =>
      trace((m: Tensor) => correctionLoss(of(m), start, loss, { at: [k] }), w).steps.length;
    expect(length(1000)).toBe(length(2));
  });
});

test("refuses what it cannot use, and leaves no tape listening", () => {
  const f = of(w);
  expect(() => correctionLoss(3 as never, start, loss, { at: [1] })).toThrow(/^correctionLoss: f: expected a function/);
  expect(() => correctionLoss(f, start, 3 as never, { at: [1] })).toThrow(/^correctionLoss: loss: expected a function/);
  for (const at of [[], [-1], [1, 1], [3, 2], [0.5], ["1"], 3, undefined, null])
    expect(() => correctionLoss(f, start, loss, { at } as never), String(at)).toThrow(DomainError);
  expect(() => correctionLoss(f, start, loss, { at: [3, 2] })).toThrow(
    /^correctionLoss: expected the option at to be numbers of iterates in rising order, such as \[2, 5, 9\], received \[3,2\]/,
  );
  expect(() => correctionLoss(f, start, loss, undefined as never)).toThrow(/received undefined/);
  for (const discount of [0, -1, 1.5, Number.NaN])
    expect(() => correctionLoss(f, start, loss, { at: [1], discount })).toThrow(/expected discount to be in \(0, 1\]/);
  expect(() => correctionLoss(f, start, loss, { at: [1], gamma: 1 } as never)).toThrow(/unknown option "gamma"/);
  expect(() => correctionLoss(f, start, (z) => z, { at: [1] })).toThrow(ShapeError);
  expect(() => correctionLoss(f, start, (z) => z, { at: [1] })).toThrow(/to return a scalar, received \[3\]/);
  expect(() => correctionLoss(f, start, () => 3 as never, { at: [1] })).toThrow(/to return a scalar, received 3/);
  expect(() => correctionLoss(() => zeros([2]), start, loss, { at: [1] })).toThrow(
    /^correctionLoss: expected f to return what it is given, \[3\], received \[2\]/,
  );
  expect(() => correctionLoss((z: Tensor) => mul(z.data[0], stopGradient(z)), start, loss, { at: [1] })).toThrow(
    TraceError,
  );
  expect(listeningTapes()).toBe(0);
});
