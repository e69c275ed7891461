// Does a plan give the bits of eager evaluation, out of memory that it reuses?
import fc from "fast-check";
import {
  add,
  compile,
  cos,
  DomainError,
  exp,
  grad,
  matmul,
  mul,
  reshape,
  ShapeError,
  sin,
  slice,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { apply1, type Primitive } from "../../src/tape/index.js";
import { functions, matrix } from "./random-programs.js";

const seed = 20260401;
const bits = (xs: readonly Tensor[]): number[][] => xs.map((x) => [...x.data]);

describe("same bits as eager", () => {
  test("for random programs with views, constants, several outputs and outputs that are inputs, run after run", () => {
    fc.assert(
      fc.property(functions, fc.array(fc.tuple(matrix, matrix), { minLength: 3, maxLength: 3 }), (f, runs) => {
        const plan = compile(trace(f, ...runs[0]));
        for (const xs of runs) expect(bits(plan.run(xs) as unknown as Tensor[])).toEqual(bits(f(...xs)));
      }),
      { seed, numRuns: 200 },
    );
  });
  test("for their gradients", () => {
    fc.assert(
      fc.property(functions, matrix, matrix, (f, x, y) => {
        const loss = (a: Tensor): Tensor =>
          f(a, y)
            .map((out) => sum(out))
            .reduce((total, part) => add(total, part));
        const gradient = grad(loss);
        expect([...compile(trace(gradient, x)).run([x]).data]).toEqual([...gradient(x).data]);
      }),
      { seed, numRuns: 100 },
    );
  });
});

describe("memory", () => {
  const chain = (length: number) => (x: Tensor) => {
    let y = x;
    for (let i = 0; i < length; i++) y = tanh(add(y, y));
    return y;
  };
  test("a long chain needs a fixed number of buffers", () => {
    const x = tensor([1, 2]);
    const short = compile(trace(chain(10), x));
    const long = compile(trace(chain(1000), x));
    expect(long.buffers).toBe(short.buffers);
    expect(long.buffers).toBeLessThanOrEqual(3);
  });
  test("views need no buffer", () => {
    const plan = compile(trace((x) => reshape(stopGradient(reshape(x, [2, 1])), [1, 2]), tensor([1, 2])));
    expect(plan.buffers).toBe(0);
  });
  test("the output's memory is used again by the next run", () => {
    const plan = compile(trace((x) => sin(x), tensor([1, 2])));
    const first = plan.run([tensor([1, 2])]);
    const kept = first.data;
    const second = plan.run([tensor([3, 4])]);
    expect(second.data).toBe(kept);
    expect(first.toArray()).toEqual(second.toArray());
  });
  test("different results have memory of their own", () => {
    const plan = compile(trace((x) => [sin(x), cos(x), tanh(x)], tensor([1])));
    const results = plan.run([tensor([2])]) as unknown as Tensor[];
    expect(new Set(results.map(({ data }) => data)).size).toBe(3);
  });
  test("the arguments are not written to", () => {
    const x = tensor([1, 2]);
    compile(trace((y) => tanh(sin(add(y, y))), x)).run([x]);
    expect(x.toArray()).toEqual([1, 2]);
  });
  test("two plans of one program do not disturb each other", () => {
    const program = trace((x) => sin(x), tensor(1));
    const [one, two] = [compile(program), compile(program)];
    const first = one.run([tensor(1)]);
    two.run([tensor(2)]);
    expect(first.item()).toBe(sin(1).item());
  });
  const fedBack: [string, (x: Tensor) => Tensor][] = [
    ["a matrix squared", (y) => matmul(y, y)],
    ["a sum with what was read first", (y) => add(cos(sin(y)), y)],
    ["rows in reverse", (y) => slice(y, [-1], [-5], [-1])],
  ];
  for (const [name, f] of fedBack) {
    test(`a result that is fed back as an argument is refused or gives what eager gives: ${name}`, () => {
      const x = tensor([
        [1, 1, 0, 2],
        [0, 1, 3, 0],
        [0, 2, 1, 1],
        [1, 0, 0, 1],
      ]);
      const plan = compile(trace(f, x));
      let fed: unknown;
      try {
        fed = plan.run([plan.run([x])]).toArray();
      } catch {
        fed = "refused";
      }
      expect(["refused", f(f(x)).toArray()]).toContainEqual(fed);
    });
  }
});

describe("constants", () => {
  function counting(): { primitive: Primitive<void>; runs: () => number } {
    let runs = 0;
    const primitive: Primitive<void> = {
      name: "counting",
      shapes: ([x]) => [x],
      kernel:
        () =>
        ([out], [x]) => {
          runs++;
          out.set(x);
        },
      vjp: ([g]) => [g],
      jvp: ([dx]) => [dx],
    };
    return { primitive, runs: () => runs };
  }
  const literal = (value: number): Tensor => reshape(value, [1]);
  test("what depends on literals alone is computed once, when the plan is made", () => {
    const { primitive, runs } = counting();
    const program = trace((x) => add(x, sin(apply1(primitive, [literal(2)], undefined))), tensor([1]));
    expect(runs()).toBe(0);
    const plan = compile(program);
    expect(runs()).toBe(1);
    for (const x of [1, 2, 3]) expect(plan.run([tensor([x])]).toArray()).toEqual([x + sin(2).item()]);
    expect(runs()).toBe(1);
  });
  test("what depends on a free input is computed in every run", () => {
    const { primitive, runs } = counting();
    const w = tensor([2]);
    const plan = compile(trace((x) => add(x, apply1(primitive, [w], undefined)), tensor([1])));
    expect(runs()).toBe(0);
    plan.run([tensor([1])]);
    plan.run([tensor([1])]);
    expect(runs()).toBe(2);
  });
  test("a constant result is there after every run", () => {
    const plan = compile(trace(() => [exp(0), add(1, 2), 7], tensor(0)));
    for (let run = 0; run < 2; run++) {
      expect((plan.run([tensor(0)]) as unknown as Tensor[]).map((y) => y.item())).toEqual([1, 3, 7]);
    }
  });
  test("a constant's memory is not used for anything else", () => {
    const plan = compile(
      trace(
        (x) => {
          const c = broadcastOf(3);
          return add(add(sin(x), c), mul(add(cos(x), c), c));
        },
        tensor([1, 2]),
      ),
    );
    const x = tensor([0.5, 1.5]);
    const expected = [0.5, 1.5].map((v) => sin(v).item() + 3 + (cos(v).item() + 3) * 3);
    for (let run = 0; run < 3; run++) expect(plan.run([x]).toArray()).toEqual(expected);
  });
  const broadcastOf = (value: number): Tensor => reshape(value, [1]);
});

describe("arguments and results", () => {
  const x = tensor([1, 2]);
  test("outputs that are inputs, views of inputs, or the same twice", () => {
    const f = (y: Tensor): Tensor[] => [y, reshape(y, [2, 1]), y, sin(y)];
    const plan = compile(trace(f, x));
    for (const y of [x, tensor([3, 4])]) {
      expect((plan.run([y]) as unknown as Tensor[]).map((out) => out.toArray())).toEqual(
        f(y).map((out) => out.toArray()),
      );
    }
  });
  test("a tree comes back in its form", () => {
    const plan = compile(trace(({ a, b }) => ({ u: [add(a, b)], v: { w: a } }), { a: x, b: tensor([3, 4]) }));
    const result = plan.run([{ a: tensor([10, 20]), b: x }]) as unknown as { u: Tensor[]; v: { w: Tensor } };
    expect(result.u[0].toArray()).toEqual([11, 22]);
    expect(result.v.w.toArray()).toEqual([10, 20]);
  });
  test("free inputs are those of the trace, or follow the arguments", () => {
    const w = tensor([10, 20]);
    const plan = compile(trace((y) => mul(y, w), x));
    expect(plan.run([x]).toArray()).toEqual([10, 40]);
    expect(plan.run([x, tensor([3, 3])]).toArray()).toEqual([3, 6]);
    expect(plan.run([x]).toArray()).toEqual([10, 40]);
  });
  test("a record with its keys in another order is refused or read by key", () => {
    const plan = compile(trace(({ a, b }) => sub(a, b), { a: x, b: tensor([3, 4]) }));
    let result: unknown;
    try {
      result = plan.run([{ b: tensor([3, 4]), a: x }]).toArray();
    } catch {
      result = "refused";
    }
    expect(["refused", [-2, -2]]).toContainEqual(result);
  });
  test("a tree of another form is refused, even with as many tensors", () => {
    const plan = compile(trace(({ a, b }) => sub(a, b), { a: x, b: tensor([3, 4]) }));
    expect(() => plan.run([{ c: x, d: x }])).toThrow(RangeError);
    expect(() => plan.run([[x, x]])).toThrow(RangeError);
  });
  test("another shape is refused with both shapes and the remedy", () => {
    const plan = compile(trace((y) => sin(y), x));
    expect(() => plan.run([tensor([1, 2, 3])])).toThrow(ShapeError);
    expect(() => plan.run([tensor([1, 2, 3])])).toThrow(
      /^compile\(\)\.run: expected shape \[2\], received \[3\]: input 0 .*trace again/,
    );
    expect(() => plan.run([tensor([[1, 2]])])).toThrow(ShapeError);
    expect(() => plan.run([1])).toThrow(ShapeError);
  });
  test("too few or too many arguments are refused with their numbers", () => {
    const plan = compile(trace((a, b) => add(a, b), x, x));
    expect(() => plan.run([x])).toThrow(DomainError);
    expect(() => plan.run([x])).toThrow(/^compile\(\)\.run: expected 2 arguments.*received 1/);
    expect(() => plan.run([x, x, x])).toThrow(DomainError);
    expect(() => plan.run([])).toThrow(DomainError);
  });
  test("numbers stand for scalars", () => {
    expect(
      compile(trace((a) => mul(a, a), 2))
        .run([3])
        .item(),
    ).toBe(9);
  });
  test("inside a derivative a plan is refused or differentiated, never taken for a constant", () => {
    const plan = compile(trace((y) => mul(y, y), tensor(2)));
    let gradient: unknown;
    try {
      gradient = grad((y: Tensor) => plan.run([y]))(tensor(3)).item();
    } catch {
      gradient = "refused";
    }
    expect(["refused", 6]).toContainEqual(gradient);
  });
});
