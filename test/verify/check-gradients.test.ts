// Is a wrong gradient always rejected, and a right one never?
import fc from "fast-check";
import {
  abs,
  add,
  clip,
  concat,
  custom,
  div,
  exp,
  fixedPoint,
  listeningTapes,
  log,
  matmul,
  max,
  maximum,
  mul,
  norm,
  picard,
  prod,
  random,
  relu,
  sin,
  slice,
  softmax,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  where,
} from "stillpoint";
import { mlp } from "stillpoint/nn";
import { assertGradients, checkGradients } from "stillpoint/verify";
import { describe, expect, test } from "vitest";
import { programs } from "../programs/program.js";

const seed = 20260701;
const draw = random(seed);
const w = draw.normal([3, 3]);
const thousand = draw.normal([1000]);
type F = (...xs: never[]) => unknown;

/** tanh with both rules scaled; the cotangent may be scaled by more. */
const bent = (both: Tensor | number, reverse: Tensor | number = 1): ((x: Tensor) => Tensor) =>
  custom("bent", (x) => tanh(x), {
    vjp: (g, y) => [mul(mul(mul(both, reverse), g), sub(1, square(y)))],
    jvp: ([dx], y) => mul(mul(both, dx), sub(1, square(y))),
  });
const oneOfThousand = tensor(Float64Array.from({ length: 1000 }, (_, i) => (i === 613 ? 1 + 1e-6 : 1)));
const x = tensor([0.3, -0.2, 1.4]);

/** Faults and their order; the options are the same for all, and for what is right. */
const faults: readonly (readonly [what: string, f: F, xs: readonly unknown[], method: RegExp])[] = [
  ["a relative error of 1e-9 everywhere", bent(1 + 1e-9), [x], /by differences/],
  ["a relative error of 1e-11 everywhere", bent(1 + 1e-11), [x], /by differences/],
  ["an error of 1e-6 in one entry of 1,000", (y: Tensor) => sum(bent(oneOfThousand)(y)), [thousand], /xs\[0\]\[613\]/],
  ["a wrong sign where outputs are 1e-7", (y: Tensor) => mul(1e-7, bent(-1)(y)), [x], /by differences/],
  ["a vjp that disagrees with its jvp by 1e-10", bent(1, 1 + 1e-10), [x], /by forward mode/],
  [
    "a rule that is wrong in second order only",
    custom("bent", (y) => tanh(y), {
      vjp: (g, y) => [mul(g, stopGradient(sub(1, square(y))))],
      jvp: ([dx], y) => mul(dx, stopGradient(sub(1, square(y)))),
    }),
    [x],
    /by differences/,
  ],
  [
    "a fixed point that is solved to 1e-3",
    (y: Tensor) =>
      fixedPoint((z: Tensor) => mul(0.5, tanh(add(z, y))), mul(0, y), {
        tolerance: 1e-3,
        adjoint: { tolerance: 1e-12 },
      }),
    [x],
    /by replay/,
  ],
  [
    "an adjoint that is solved to 1e-3",
    (y: Tensor) =>
      fixedPoint((z: Tensor) => tanh(add(matmul(z, mul(0.2, w)), y)), mul(0, y), {
        tolerance: 1e-14,
        adjoint: { solver: picard(), tolerance: 1e-3 },
      }),
    [x],
    /by (replay|forward mode)/,
  ],
  [
    "a parameter that is never reached",
    (y: Tensor, p: Tensor) => mul(y, stopGradient(p)),
    [x, tensor(2)],
    /xs\[1\].*received 0/,
  ],
  [
    "a parameter that is closed over and never reached",
    (y: Tensor) => matmul(y, stopGradient(w)),
    [x],
    /closure\[0\].*received 0/,
  ],
  [
    "a term that is dropped",
    custom("dropped", (a, b) => mul(a, b), {
      vjp: (g, _y, [a, b]) => [mul(g, b), mul(0, a)],
      jvp: ([da], _y, [, b]) => mul(da, b),
    }),
    [x, x],
    /xs\[1\]/,
  ],
  [
    "a broadcast that is not undone",
    custom("spread", (a) => mul(a, sum(a)), {
      vjp: (g, _y, [a]) => [mul(g, sum(a))],
      jvp: ([da], _y, [a]) => mul(da, sum(a)),
    }),
    [x],
    /by differences/,
  ],
];

/** Right, and awkward: near poles, far out, cancelling, with ties and kinks. */
const right: readonly (readonly [what: string, f: F, xs: readonly unknown[]])[] = [
  ["a product", mul, [x, tensor(2)]],
  ["logarithms near 0", log, [tensor([1e-300, 1e-20, 1e-8, 1])]],
  ["square roots near 0", sqrt, [tensor([1e-200, 1e-9, 4])]],
  ["exponents of ±700", exp, [tensor([700, -700, 0])]],
  ["exponents of ±700 in softmax", (y: Tensor) => softmax(y), [tensor([700, -700, 699])]],
  ["cancellation", (y: Tensor) => sub(add(y, 1e8), 1e8), [x]],
  ["poles nearby", (y: Tensor) => div(1, y), [tensor([1e-6, -1e3, 1])]],
  ["kinks at 0", (y: Tensor) => concat([abs(y), relu(y), clip(y, 0, 1)], 0), [tensor([0, 1e-9, -1e-9])]],
  ["ties", (y: Tensor) => add(max(y), sum(maximum(y, tensor([1, 1, 0])))), [tensor([1, 1, 0.5])]],
  ["a norm at 0", norm, [tensor([0, 0])]],
  ["a product with zeros", prod, [tensor([2, 0, 3, 0])]],
  ["fast waves", (y: Tensor) => sin(mul(1e3, y)), [x]],
  ["values of 1e150 and of 1e-150", (y: Tensor) => mul(tensor([1e150, 1e-150, 1]), square(y)), [x]],
  ["a choice", (y: Tensor) => where(tensor([1, 0, 1]), sin(y), square(y)), [x]],
  [
    "a network, its weights closed over",
    (() => {
      const net = mlp([3, 4, 2], { random: random(seed) });
      return (y: Tensor) => net.apply(net.params, y);
    })(),
    [x],
  ],
  ["trees", ({ a, b }: { a: Tensor; b: readonly Tensor[] }) => mul(a, sin(b[0])), [{ a: x, b: [tensor(2)] }]],
  ["nothing at all", (y: Tensor) => slice(y, [0], [0]), [x]],
];

describe("the same options reject every fault and accept everything right:", () => {
  for (const [what, f, xs, method] of faults) {
    test(what, () => {
      const { ok, text, failures, worst } = checkGradients(f, xs, { order: 2 });
      expect(ok).toBe(false);
      expect(text).toMatch(method);
      expect(failures).toContain(worst);
    });
  }
  for (const [what, f, xs] of right) {
    test(`accepts ${what}`, () => {
      const report = checkGradients(f, xs, { order: 2 });
      expect(report.text).toMatch(/^every entry agrees/);
      expect(report.ok).toBe(true);
      expect(listeningTapes()).toBe(0);
    });
  }
  test("accepts random programs, closed-over values included", () => {
    let [checked, inconclusive] = [0, 0];
    const accepted = fc.property(programs(), ({ f, inputs }) => {
      const report = checkGradients(f as F, [[...inputs]]);
      checked += report.checked;
      inconclusive += report.inconclusive;
      expect(report.failures.length, report.text).toBe(0);
    });
    fc.assert(accepted, { seed, numRuns: 80 });
    console.log(`random programs: ${checked} entries checked, ${inconclusive} beyond what differences resolve`);
    expect(inconclusive).toBeLessThan(0.01 * checked);
  });
});

describe("a report", () => {
  test("skips kinks, neither passed nor failed", () => {
    const { checked, skipped } = checkGradients(relu, [tensor([0, 1])]);
    expect([checked, skipped]).toEqual([3, 1]);
  });
  test("names input, index, output, expected, received, digits and method", () => {
    const { worst, text } = checkGradients((p: { w: Tensor }) => bent(1 + 1e-4)(p.w), [{ w: tensor([[1]]) }]);
    expect(worst).toMatchObject({ input: "xs[0].w", index: [0, 0], output: [0, 0], method: "differences" });
    expect(worst?.relativeError).toBeCloseTo(1e-4, 6);
    expect(text).toMatch(
      /∂f\[0, 0\]\/∂xs\[0\]\.w\[0, 0\]: expected 0\.41\d* by differences, received 0\.42\d* \(4\.0 digits right\)/,
    );
  });
  test("does without forward mode where a function has no rule for it", () => {
    const squared = custom("squared", (y) => mul(y, y), { vjp: (g, _y, [y]) => [mul(mul(2, y), g)] });
    const { ok, methods } = checkGradients(squared as F, [x]);
    expect([ok, methods]).toEqual([true, ["determinism", "differences", "replay"]]);
  });
  test("of derivatives that are not finite is inconclusive, and a NaN beside a finite one is wrong", () => {
    const infinite = checkGradients(sqrt, [tensor([0])]);
    expect([infinite.ok, infinite.checked, infinite.inconclusive]).toEqual([true, 0, 1]);
    const mixed = checkGradients((y: Tensor) => sum(mul(tensor([0, 1]), sqrt(y))), [tensor([0, 1])]);
    expect(mixed.failures.map(({ index, expected }) => [...index, expected])).toEqual([[0, 0]]);
    expect(checkGradients(exp, [tensor([Number.NaN])]).inconclusive).toBe(1);
  });
  test("along random directions sees what is wrong everywhere, with fewer entries", () => {
    const right = checkGradients((y: Tensor) => softmax(y), [thousand], { projections: 3 });
    expect([right.ok, right.checked]).toEqual([true, 3]);
    expect(checkGradients((y: Tensor) => bent(1 + 1e-9)(y), [thousand], { projections: 1 }).ok).toBe(false);
    const gradient = (y: Tensor) => [mul(1 + 1e-8, mul(2, y))];
    const given = checkGradients((y: Tensor) => sum(square(y)), [thousand], { projections: 2, gradient });
    expect(given.failures.map(({ input }) => input)).toEqual(["projections", "projections"]);
  });
  test("tells what f does not use", () => {
    expect(checkGradients((a: Tensor, _b: Tensor) => sin(a), [x, x]).unused).toEqual(["xs[1]"]);
  });
  test("tells its own noise floor", () => {
    const opaque = (y: Tensor): Tensor => (y.item() > 0 ? sin(y) : y);
    const [replayed, called] = [sin, opaque].map((f) => checkGradients(f, [tensor(0.7)]));
    expect(replayed.noise).toBeGreaterThan(0);
    expect(replayed.noise).toBeLessThan(1e-14);
    expect(called.noise).toBeGreaterThan(1e-14);
    expect(called.noise).toBeLessThan(1e-10);
    expect(called.text).toMatch(/which are known to \d+e-\d+/);
  });
  test("sees through rounding, where f can be replayed", () => {
    const noisy = (y: Tensor): Tensor => sub(add(mul(1e-9, y), 1), 1);
    const { checked, inconclusive, ok } = checkGradients(noisy, [tensor(0.5)]);
    expect([checked, inconclusive, ok]).toEqual([1, 0, true]);
  });
  test("counts what rounding hides from differences, and does not pass it", () => {
    const noisy = (y: Tensor): Tensor => (y.item() > 0 ? sub(add(mul(1e-9, y), 1), 1) : y);
    const { checked, inconclusive } = checkGradients(noisy, [tensor(0.5)]);
    expect([checked, inconclusive]).toEqual([0, 1]);
  });
  test("of a function that reads values is made by calling it", () => {
    const opaque = (y: Tensor): Tensor => (y.item() > 0 ? sin(y) : mul(2, y));
    expect(checkGradients(opaque, [tensor(0.7)]).ok).toBe(true);
  });
  test("judges a gradient from elsewhere, of a loop over numbers", () => {
    const f = (y: Tensor, scale: Tensor): number =>
      y.data.reduce((total, value) => total + Math.sin(value) * scale.item(), 0);
    const gradient = (y: Tensor, scale: Tensor): Tensor[] => [
      tensor(y.data.map((value) => Math.cos(value) * scale.item())),
      tensor(y.data.reduce((total, value) => total + Math.sin(value), 0)),
    ];
    const good = checkGradients(f, [x, tensor(2)], { gradient });
    expect([good.ok, good.checked, good.methods]).toEqual([true, 4, ["determinism", "differences"]]);
    const wrong = (y: Tensor, scale: Tensor): Tensor[] => [
      mul(gradient(y, scale)[0], tensor([1, 1 + 1e-7, 1])),
      tensor(0),
    ];
    expect(
      checkGradients(f, [x, tensor(2)], { gradient: wrong }).failures.map(({ input, index }) => [input, ...index]),
    ).toEqual([["xs[0]", 1], ["xs[1]"]]);
  });
  test("says that f is not deterministic", () => {
    const stream = random(seed);
    const opaque = (y: Tensor): Tensor => mul(y, y.item() + stream.uniform([]).item());
    const { ok, text } = checkGradients(opaque, [tensor(0.7)]);
    expect(ok).toBe(false);
    expect(text).toMatch(/^f is not deterministic/);
  });
  test("says that f writes to its argument", () => {
    let runs = 0;
    const writing = (y: Tensor): Tensor => {
      if (runs++ === 1 && y.data.length > 0) y.data[0] += 0;
      return sin(y);
    };
    expect(checkGradients(writing, [tensor([0.7])]).ok).toBe(true);
    const value = tensor([0.7]);
    const bad = (y: Tensor): Tensor => {
      const result = tensor([Math.sin(y.data[0])]);
      value.data[0] = 0.8;
      return result;
    };
    expect(checkGradients(bad, [value]).ok).toBe(false);
  });
});

describe("it is refused:", () => {
  const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      "arguments without their array",
      () => checkGradients(sin as F, x as never),
      /^checkGradients: expected an array of arguments, as in checkGradients\(f, \[x\]\)/,
    ],
    ["no function", () => checkGradients(3 as never, [x]), /^checkGradients: expected a function, received 3/],
    [
      "an order that is none",
      () => checkGradients(sin as F, [x], { order: 3 as never }),
      /^checkGradients: expected order to be 1 or 2, received 3/,
    ],
    [
      "a tolerance that is none",
      () => checkGradients(sin as F, [x], { tolerance: 0 }),
      /^checkGradients: expected tolerance to be a number > 0/,
    ],
    ["an unknown option", () => checkGradients(sin as F, [x], { tolerence: 1 } as never), /did you mean tolerance\?/],
    [
      "a gradient of another form",
      () => checkGradients(sin as F, [tensor(1)], { gradient: () => [x] }),
      /^checkGradients: expected a gradient for each of the arguments, \[\], received \[3\]/,
    ],
    [
      "a gradient that is no function",
      () => checkGradients(sin as F, [x], { gradient: x as never }),
      /^checkGradients: gradient: expected a function/,
    ],
    [
      "a gradient of many values",
      () => checkGradients(sin as F, [x], { gradient: (y: Tensor) => [y] }),
      /^checkGradients: expected f to return one number/,
    ],
    [
      "a gradient with order 2",
      () => checkGradients(sin as F, [x], { order: 2, gradient: (y: Tensor) => [y] }),
      /^checkGradients: expected order 1/,
    ],
    [
      "a tree for a value",
      () => checkGradients(((y: Tensor) => [y]) as F, [x]),
      /^checkGradients: expected f to return one tensor/,
    ],
    [
      "a wrong gradient, by assertGradients",
      () => assertGradients(bent(2), [x]),
      /^assertGradients: expected right gradients, received: 3 entries disagree/,
    ],
  ];
  for (const [what, run, message] of refused) {
    test(what, () => {
      expect(run).toThrow(message);
    });
  }
  test("nothing, by assertGradients, where gradients are right", () => {
    expect(assertGradients(sin as F, [x], { order: 2 })).toBeUndefined();
  });
});
