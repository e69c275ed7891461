// What does a printed program look like?
import {
  add,
  broadcastTo,
  concat,
  expandDims,
  fixedPoint,
  grad,
  matmul,
  mul,
  print,
  sin,
  slice,
  stopGradient,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
  transpose,
  zeros,
} from "stillpoint";
import { describe, expect, test } from "vitest";

const lines = (...all: string[]): string => all.join("\n");

describe("print", () => {
  test("names inputs, free inputs, literals and results, with their shapes", () => {
    const weight = zeros([3, 2]);
    const program = trace((x, b) => add(mul(2, tanh(matmul(x, weight))), b), zeros([4, 3]), zeros([2]));
    expect(print(program)).toBe(
      lines(
        "program(x0: [4, 3], x1: [2], θ0: [3, 2])",
        "v0: [4, 2] = matmul(x0, θ0)",
        "v1: [4, 2] = tanh(v0)",
        "v2: [4, 2] = broadcastTo(2, [4, 2])",
        "v3: [4, 2] = mul(v2, v1)",
        "v4: [4, 2] = broadcastTo(x1, [4, 2])",
        "v5: [4, 2] = add(v3, v4)",
        "return v5",
      ),
    );
  });
  test("shows the parameters of moves", () => {
    const f = (x: Tensor): Tensor => concat([transpose(x), expandDims(sum(x, 1), 0)], 0);
    expect(print(trace(f, zeros([2, 2])))).toBe(
      lines(
        "program(x0: [2, 2])",
        "v0: [2, 2] = transpose(x0, [1, 0])",
        "v1: [2, 1] = sumTo(x0, [2, 1])",
        "v2: [2] = reshape(v1, [2])",
        "v3: [1, 2] = reshape(v2, [1, 2])",
        "v4: [3, 2] = concat(v0, v3, 0)",
        "return v4",
      ),
    );
  });
  test("shows a slice with starts, steps and sizes", () => {
    expect(print(trace((x) => slice(x, [1], [5], [2]), zeros([6])))).toBe(
      lines("program(x0: [6])", "v0: [2] = slice(x0, { starts: [1], steps: [2], sizes: [2] })", "return v0"),
    );
  });
  test("of the identity returns its input", () => {
    expect(print(trace((x) => x, zeros([2])))).toBe(lines("program(x0: [2])", "return x0"));
  });
  test("of several results returns them in order", () => {
    expect(print(trace((x) => [sin(x), x, 3], tensor(1)))).toBe(
      lines("program(x0: [])", "v0: [] = sin(x0)", "return v0, x0, 3"),
    );
  });
  test("tells the literals 0 and −0 apart", () => {
    expect(print(trace((x) => [add(x, 0), add(x, -0)], tensor(1)))).toBe(
      lines("program(x0: [])", "v0: [] = add(x0, 0)", "v1: [] = add(x0, -0)", "return v0, v1"),
    );
  });
  test("shows literals to their last digit", () => {
    expect(print(trace((x) => mul(x, 0.1 + 0.2), tensor(1)))).toContain("mul(x0, 0.30000000000000004)");
  });
  test("does not print the data of closed-over tensors", () => {
    expect(print(trace((x) => mul(x, tensor([17, 23])), zeros([2])))).not.toMatch(/17|23/);
  });
  test("shows which operand of a product is transposed, and nothing if none is", () => {
    const w = zeros([3, 2]);
    const text = print(trace((x) => grad((y: Tensor) => sum(matmul(y, w)))(x), zeros([4, 3])));
    expect(text).toMatch(/^v\d+: \[4, 3\] = matmul\(v\d+, θ0, \{ transposeB: true \}\)$/m);
  });
  test("indents the program of a fixed point under its step", () => {
    expect(print(trace((x) => fixedPoint((z) => mul(0.5, add(z, x)), 0), tensor(1)))).toBe(
      lines(
        "program(x0: [])",
        "v0: [] = fixedPoint(0, x0)",
        "  program(x0: [] = 0, θ0: [] = x0)",
        "  v0: [] = add(x0, θ0)",
        "  v1: [] = mul(0.5, v0)",
        "  return v1",
        "return v0",
      ),
    );
  });
  test("has one line for each step and two more", () => {
    const program = trace((x) => sum(broadcastTo(stopGradient(x), [3, 2])), zeros([2]));
    expect(print(program).split("\n").length).toBe(program.steps.length + 2);
  });
});
