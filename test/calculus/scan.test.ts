// Does a scan do what the loop does, with its derivatives to every order?
import {
  add,
  compile,
  grad,
  jvp,
  matmul,
  mul,
  random,
  ShapeError,
  scan,
  sin,
  slice,
  sum,
  type Tensor,
  TraceError,
  tanh,
  tensor,
  trace,
} from "stillpoint";
import { describe, expect, test } from "vitest";

const stream = random(4);
const w = mul(0.4, stream.normal([3, 3]));
const c0 = stream.normal([3]);
const xs = stream.normal([7, 3]);

const step = (weight: Tensor) => (c: Tensor, x: Tensor) => {
  const carry = tanh(add(matmul(c, weight), x));
  return { carry, y: mul(carry, x) };
};

/** Σ y + Σ sin c by scan, and by a loop that is unrolled. */
const byScan = (weight: Tensor, start: Tensor, rows: Tensor): Tensor => {
  const { carry, y } = scan(step(weight), start, rows);
  return add(sum(y), sum(sin(carry)));
};
const byLoop = (weight: Tensor, start: Tensor, rows: Tensor): Tensor => {
  let c = start;
  let total: Tensor = tensor(0);
  for (let t = 0; t < rows.shape[0]; t++) {
    const { carry, y } = step(weight)(c, sum(slice(rows, [t], [t + 1]), 0));
    c = carry;
    total = add(total, sum(y));
  }
  return add(total, sum(sin(c)));
};

const close = (x: Tensor, y: Tensor, digits: number): void => {
  expect(x.shape).toEqual(y.shape);
  x.data.forEach((value, i) => {
    expect(value).toBeCloseTo(y.data[i], digits);
  });
};

test("values are those of the loop", () => {
  close(byScan(w, c0, xs), byLoop(w, c0, xs), 13);
  const { carry, y } = scan((c: Tensor, x: Tensor) => ({ carry: add(c, x), y: c }), tensor(0), tensor([1, 2, 3]));
  expect(carry.item()).toBe(6);
  expect(y.toArray()).toEqual([0, 1, 3]);
});

test("gradients for the closed-over weight, the start and the rows are those of the loop", () => {
  const loss = (f: typeof byLoop) => grad(({ a, b, c }: Record<string, Tensor>) => f(a, b, c))({ a: w, b: c0, c: xs });
  const [one, other] = [loss(byScan), loss(byLoop)];
  for (const key of ["a", "b", "c"]) close(one[key], other[key], 12);
});

test("forward mode and second derivatives in all combinations are those of the loop", () => {
  const direction = mul(0.3, random(5).normal([3, 3]));
  const forward =
    (f: (x: Tensor) => Tensor) =>
    (x: Tensor): Tensor =>
      jvp(f, [x], [direction]).tangent;
  const reverse =
    (f: (x: Tensor) => Tensor) =>
    (x: Tensor): Tensor =>
      sum(mul(grad(f)(x), direction));
  const scanned = (x: Tensor): Tensor => byScan(x, c0, xs);
  const looped = (x: Tensor): Tensor => byLoop(x, c0, xs);
  const expected = forward(forward(looped))(w);
  close(forward(scanned)(w), forward(looped)(w), 12);
  for (const outer of [forward, reverse])
    for (const inner of [forward, reverse]) close(outer(inner(scanned))(w), expected, 11);
});

test("carries and rows may be trees, carries may swap, and rows are read in step", () => {
  const body = ({ a, b }: { a: Tensor; b: Tensor }, { x }: { x: Tensor }) => ({
    carry: { a: b, b: add(a, x) },
    y: [a, b],
  });
  const { carry, y } = scan(body, { a: tensor(1), b: tensor(2) }, { x: tensor([10, 20, 30]) });
  expect([carry.a.item(), carry.b.item()]).toEqual([22, 41]);
  expect(y.map((part) => part.toArray())).toEqual([
    [1, 2, 11],
    [2, 11, 22],
  ]);
});

test("a thousand steps are one body on the tape", () => {
  const rows = random(6).normal([1000, 3]);
  const program = trace((a: Tensor) => byScan(a, c0, rows), w);
  expect(program.steps.length).toBeLessThan(10);
  const gradient = grad((a: Tensor) => byScan(a, c0, rows))(w);
  expect(gradient.data.every(Number.isFinite)).toBe(true);
  const plan = compile(
    trace(
      grad((a: Tensor) => byScan(a, c0, rows)),
      w,
    ),
  );
  expect(plan.run([w]).data).toEqual(gradient.data);
});

test("no rows leave the start as it is", () => {
  const { carry, y } = scan(step(w), c0, slice(xs, [0], [0]));
  expect(carry.toArray()).toEqual(c0.toArray());
  expect(y.shape).toEqual([0, 3]);
});

describe("refuses", () => {
  test("a carry of another shape", () => {
    expect(() => scan((_: Tensor, x: Tensor) => ({ carry: x, y: x }), tensor(0), xs)).toThrow(
      /carry like the one it is given, \[\], received \[3\]/,
    );
  });
  test("rows of different numbers, and no rows at all", () => {
    const body = (c: Tensor, _: Tensor[]) => ({ carry: c, y: c });
    expect(() => scan(body, tensor(0), [tensor([1, 2]), tensor([1])])).toThrow(ShapeError);
    expect(() => scan(body, tensor(0), [tensor(1)])).toThrow(/one number of rows/);
    expect(() => scan(body, tensor(0), [])).toThrow(/received none/);
  });
  test("a result without carry and y", () => {
    expect(() => scan(((c: Tensor) => c) as never, tensor(0), xs)).toThrow(/\{ carry, y \}/);
  });
  test("a branch on a value", () => {
    expect(() =>
      scan((c: Tensor, x: Tensor) => ({ carry: c.item() > 0 ? c : x, y: x }), tensor(0), tensor([1])),
    ).toThrow(TraceError);
  });
});
