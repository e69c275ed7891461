// Does trace write down what f does, and nothing else?
import {
  add,
  compile,
  grad,
  matmul,
  mul,
  print,
  reshape,
  sin,
  square,
  sub,
  sum,
  Tensor,
  TraceError,
  tensor,
  trace,
  where,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { apply1, type Primitive } from "../../src/tape/index.js";

const x = tensor([1, 2]);
const steps = (program: { steps: readonly { primitive: { name: string } }[] }): string[] =>
  program.steps.map(({ primitive }) => primitive.name);

describe("trace", () => {
  test("runs no kernel", () => {
    let runs = 0;
    const counting: Primitive<void> = {
      name: "counting",
      shapes: ([a]) => [a],
      kernel: () => {
        runs++;
        return () => {
          runs++;
        };
      },
      vjp: ([g]) => [g],
      jvp: ([dx]) => [dx],
    };
    const program = trace((y) => apply1(counting, [y], undefined), x);
    expect(steps(program)).toEqual(["counting"]);
    expect(runs).toBe(0);
    apply1(counting, [x], undefined);
    expect(runs).toBe(2);
  });
  test("runs f once, on tensors of the arguments' shapes without data", () => {
    const seen: Tensor[] = [];
    trace(
      (a, b) => {
        seen.push(a, b);
        return a;
      },
      x,
      tensor([[1], [2]]),
    );
    expect(seen.map((y) => y.shape)).toEqual([[2], [2, 1]]);
    expect(seen.every((y) => y.traced)).toBe(true);
  });
  test("numbers slots: inputs, free inputs, literals, results", () => {
    const w = tensor([5, 6]);
    const program = trace((y) => add(mul(y, w), 3), x);
    expect(program.inputs).toBe(1);
    expect(program.free).toBe(1);
    expect(program.literals).toEqual([3]);
    expect(program.steps[0].inputs).toEqual([0, 1]);
    expect(program.steps[1].inputs).toEqual([2]);
    expect(program.shapes.slice(0, 3)).toEqual([[2], [2], []]);
    expect(program.outputs).toEqual([program.steps[program.steps.length - 1].outputs[0]]);
  });
  test("closed-over tensors become free inputs in order of first use, once each", () => {
    const [a, b, c] = [tensor([1, 1]), tensor([2, 2]), tensor([3, 3])];
    const program = trace((y) => sub(mul(add(y, b), a), add(b, c)), x);
    expect(program.closure.length).toBe(3);
    [b, a, c].forEach((w, i) => {
      expect(program.closure[i]).toBe(w);
    });
  });
  test("a tensor that is closed over and merely returned is free too", () => {
    const w = tensor([5]);
    const program = trace((y) => [y, w], x);
    expect(program.closure[0]).toBe(w);
    expect(program.outputs).toEqual([0, 1]);
  });
  test("an argument that f also closes over counts as two tensors", () => {
    const program = trace((y) => mul(y, x), x);
    expect(program.closure[0]).toBe(x);
    expect(program.steps[0].inputs).toEqual([0, 1]);
  });
  test("literals stay literal, one slot for each value, −0 and 0 apart", () => {
    const program = trace((y) => add(add(mul(y, 2), mul(y, 2)), add(mul(y, 0), mul(y, -0))), tensor(1));
    expect(program.free).toBe(0);
    expect(program.literals).toEqual([2, 0, -0]);
  });
  test("numbers that f returns are literals", () => {
    const program = trace(() => [1, 2], x);
    expect(program.steps).toEqual([]);
    expect(program.literals).toEqual([1, 2]);
  });
  test("a number that is an argument is an input, not a literal", () => {
    const program = trace((y) => mul(y, y), 3);
    expect(program.inputs).toBe(1);
    expect(program.literals).toEqual([]);
  });
  test("dead code is left out, with what only it closed over", () => {
    const w = tensor([5, 6]);
    const program = trace((y) => {
      const unused = square(mul(y, w));
      mul(unused, 7);
      return sin(y);
    }, x);
    expect(steps(program)).toEqual(["sin"]);
    expect(program.closure).toEqual([]);
    expect(program.literals).toEqual([]);
  });
  test("keeps a step of which one of several outputs is used", () => {
    const two: Primitive<void> = {
      name: "two",
      shapes: ([a]) => [a, a],
      kernel:
        () =>
        ([y, z], [a]) => {
          y.set(a);
          z.set(a);
        },
      vjp: () => [undefined],
      jvp: () => [undefined, undefined],
    };
    // apply1 gives the first output
    expect(steps(trace((y) => apply1(two, [y], undefined), x))).toEqual(["two"]);
  });
  test("trees of arguments and results keep their form", () => {
    const program = trace(({ a, b: [b] }) => ({ u: [add(a, b)], v: a }), { a: x, b: [tensor([3, 4])] });
    expect(program.inputForm).toEqual({
      array: [
        {
          record: [
            ["a", "leaf"],
            ["b", { array: ["leaf"] }],
          ],
        },
      ],
    });
    expect(program.outputForm).toEqual({
      record: [
        ["u", { array: ["leaf"] }],
        ["v", "leaf"],
      ],
    });
  });
  test("refuses a result that is no tree of tensors", () => {
    expect(() => trace((() => "y") as never, x)).toThrow(/^trace: .*received string/);
  });
  test("a trace inside a trace is a program of its own", () => {
    let inner = "";
    const outer = trace((y) => {
      inner = print(trace((z) => mul(z, y), y));
      return sin(y);
    }, x);
    expect(inner).toMatch(/x0: \[2\], θ0: \[2\]/);
    expect(steps(outer)).toEqual(["sin"]);
  });
  test("writes down derivatives that f takes", () => {
    const program = trace((y) => grad((z: Tensor) => sum(sin(z)))(y), x);
    expect(compile(program).run([x]).toArray()).toEqual([Math.cos(1), Math.cos(2)].map((v) => expect.closeTo(v, 15)));
  });
});

describe("a branch on a value is refused", () => {
  const branches: [string, (y: Tensor) => Tensor][] = [
    ["item", (y) => (sum(y).item() > 0 ? y : sin(y))],
    ["data", (y) => (y.data[0] > 0 ? y : sin(y))],
    ["toArray", (y) => (y.toArray() ? y : sin(y))],
    ["a view's data", (y) => (reshape(y, [2, 1]).data[0] > 0 ? y : sin(y))],
    ["a value computed with closed-over tensors", (y) => (matmul(y, x).item() > 0 ? y : sin(y))],
    ["a value of closed-over tensors alone, computed while tracing", (y) => (sum(x).item() > 0 ? y : sin(y))],
  ];
  for (const [name, f] of branches) {
    test(`through ${name}`, () => {
      expect(() => trace(f, x)).toThrow(TraceError);
      expect(() => trace(f, x)).toThrow(/where/);
    });
  }
  test("while where is written down", () => {
    expect(steps(trace((y) => where(y, y, sin(y)), x))).toEqual(["sin", "where"]);
  });
  test("and values from outside may be read", () => {
    expect(steps(trace((y) => (x.data[0] > 0 ? sin(y) : y), x))).toEqual(["sin"]);
  });
});

describe("a traced tensor that escapes is refused when used later", () => {
  let escaped = new Tensor([], undefined);
  trace((y) => {
    escaped = sin(y);
    return escaped;
  }, x);
  const uses: [string, () => unknown][] = [
    ["read", () => escaped.data],
    ["computed with", () => add(escaped, 1)],
    ["reshaped and read", () => reshape(escaped, [2, 1]).data],
    ["differentiated", () => grad((y: Tensor) => sum(mul(y, escaped)))(x)],
    ["closed over by another program that is run", () => compile(trace((y) => mul(y, escaped), x)).run([x])],
    ["given to a plan", () => compile(trace((y) => sin(y), x)).run([escaped])],
  ];
  for (const [name, use] of uses) {
    test(name, () => {
      expect(use).toThrow(TraceError);
    });
  }
});
