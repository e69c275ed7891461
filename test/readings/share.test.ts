// Are repeated steps computed once, and only they?
import {
  add,
  compile,
  cos,
  mul,
  reshape,
  sin,
  slice,
  sum,
  type Tensor,
  tensor,
  trace,
  transpose,
  zeros,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { shareSteps } from "../../src/readings/index.js";
import { apply1, type Primitive } from "../../src/tape/index.js";

const x = tensor([1, 2]);
const names = (f: (y: Tensor) => Tensor | Tensor[], of: Tensor = x): string[] =>
  shareSteps(trace(f, of)).steps.map(({ primitive }) => primitive.name);

/** A primitive of one input that copies it, with parameters of any kind. */
const copying = (name: string): Primitive<unknown> => ({
  name,
  shapes: ([a]) => [a],
  kernel:
    () =>
    ([out], [a]) =>
      out.set(a),
  vjp: ([g]) => [g],
  jvp: ([dx]) => [dx],
});

describe("shareSteps", () => {
  test("computes a repeated step once", () => {
    expect(names((y) => add(sin(y), sin(y)))).toEqual(["sin", "add"]);
  });
  test("follows through: what is made of equal steps is equal", () => {
    expect(names((y) => mul(cos(sin(y)), cos(sin(y))))).toEqual(["sin", "cos", "mul"]);
  });
  test("does not exchange operands: x + y and y + x stay apart", () => {
    expect(names((y) => mul(add(y, x), add(x, y)))).toEqual(["add", "add", "mul"]);
  });
  test("keeps steps apart whose parameters differ", () => {
    const matrix = zeros([2, 2]);
    expect(names((y) => add(slice(y, [0], [1]), slice(y, [1], [2])))).toEqual(["slice", "slice", "add"]);
    expect(names((y) => [sum(y, 0), sum(y, 1), transpose(y)], matrix)).toEqual([
      "sumTo",
      "reshape",
      "sumTo",
      "reshape",
      "transpose",
    ]);
    expect(names((y) => [reshape(y, [4]), reshape(y, [1, 4]), reshape(y, [4])], matrix)).toEqual([
      "reshape",
      "reshape",
    ]);
  });
  test("keeps steps apart whose literals are 0 and −0", () => {
    expect(names((y) => [mul(y, 0), mul(y, -0)], tensor(1))).toEqual(["mul", "mul"]);
    const plan = compile(trace((y) => [mul(y, 0), mul(y, -0)], tensor(1)));
    expect((plan.run([tensor(1)]) as unknown as Tensor[]).map((y) => y.item())).toEqual([0, -0]);
  });
  test("keeps apart primitives that merely have one name", () => {
    const [one, two] = [copying("copy"), copying("copy")];
    expect(names((y) => [apply1(one, [y], undefined), apply1(two, [y], undefined)])).toEqual(["copy", "copy"]);
  });
  test("does not look into functions, programs and data among the parameters", () => {
    const primitive = copying("copy");
    for (const parameters of [() => 1, { f: () => 1 }, { data: new Float64Array(2) }, { inner: { n: 1 } }]) {
      const twice = (y: Tensor): Tensor[] => [apply1(primitive, [y], parameters), apply1(primitive, [y], parameters)];
      expect(names(twice)).toEqual(["copy", "copy"]);
    }
  });
  test("gives every output its place, the shared ones too", () => {
    const f = (y: Tensor): Tensor[] => [sin(y), y, sin(y), cos(sin(y)), cos(y)];
    const plan = compile(trace(f, x));
    expect((plan.run([x]) as unknown as Tensor[]).map((y) => y.toArray())).toEqual(f(x).map((y) => y.toArray()));
  });
  test("leaves the program that it is given as it was", () => {
    const program = trace((y) => add(sin(y), sin(y)), x);
    shareSteps(program);
    expect(program.steps.length).toBe(3);
  });
});
