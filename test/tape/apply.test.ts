// Who listens, and is the list of listeners always put back?
import {
  add,
  fixedPoint,
  grad,
  jvp,
  linearize,
  listeningTapes,
  mul,
  sin,
  sum,
  type Tensor,
  tensor,
  trace,
  valueAndGrad,
  vjp,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import {
  type Application,
  apply,
  isTracing,
  type Primitive,
  record,
  recordTraced,
  unheard,
} from "../../src/tape/index.js";

const names = (tape: readonly Application[]): string[] => tape.map(({ primitive }) => primitive.name);
const x = tensor([1, 2]);

/** A function of one tensor that fails while it is listened to. */
function broken(_: Tensor): Tensor {
  expect(listeningTapes()).toBeGreaterThan(0);
  throw new Error("inside f");
}

describe("after an exception inside f no tape listens, and nothing is traced any more", () => {
  const cases: [string, () => unknown][] = [
    ["grad", () => grad(broken)(x)],
    ["valueAndGrad", () => valueAndGrad(broken)(x)],
    ["vjp", () => vjp(broken, x)],
    ["jvp", () => jvp(broken, [x], [x])],
    ["linearize", () => linearize(broken, x)],
    ["trace", () => trace(broken, x)],
    ["grad in grad", () => grad((y: Tensor) => sum(grad(broken)(y)))(x)],
    ["jvp in grad", () => grad((y: Tensor) => sum(jvp(broken, [y], [y]).tangent))(x)],
    ["grad in jvp", () => jvp((y: Tensor) => grad(broken)(y), [x], [x])],
    ["grad in trace", () => trace((y) => grad(broken)(y), x)],
    ["trace in grad", () => grad((y: Tensor) => sum(mul(y, trace(broken, y).steps.length)))(x)],
    ["fixedPoint", () => fixedPoint(broken, x)],
    ["fixedPoint in grad", () => grad((y: Tensor) => sum(fixedPoint(broken, y)))(x)],
    ["grad inside fixedPoint's f, in grad", () => grad((y: Tensor) => sum(fixedPoint((z) => grad(broken)(z), y)))(x)],
    ["a shape error in grad", () => grad((y: Tensor) => sum(add(y, tensor([1, 2, 3]))))(x)],
    ["a result that is no tensor", () => grad((() => "inside f") as never)(x)],
    ["a result that is no scalar", () => grad((y: Tensor) => y)(x)],
    ["a value read from a traced tensor", () => trace((y) => y.data[0], x)],
  ];
  for (const [name, run] of cases) {
    test(name, () => {
      expect(run).toThrow();
      expect(listeningTapes()).toBe(0);
      expect(isTracing()).toBe(false);
      expect(sin(1).item()).toBeCloseTo(Math.sin(1), 15);
    });
  }
  test("an exception that f catches leaves the outer tapes listening", () => {
    const gradient = grad((y: Tensor) => {
      const before = listeningTapes();
      expect(() => grad(broken)(y)).toThrow("inside f");
      expect(listeningTapes()).toBe(before);
      return sum(mul(y, y));
    })(x);
    expect(gradient.toArray()).toEqual([2, 4]);
  });
});

describe("record", () => {
  test("writes down applications in their order, with inputs and outputs by identity", () => {
    const { result, tape } = record(() => mul(sin(x), x));
    expect(names(tape)).toEqual(["sin", "mul"]);
    expect(tape[0].inputs[0]).toBe(x);
    expect(tape[1].inputs[0]).toBe(tape[0].outputs[0]);
    expect(tape[1].outputs[0]).toBe(result);
  });
  test("nobody hears what happens outside", () => {
    sin(x);
    const { tape } = record(() => x);
    sin(x);
    expect(tape).toEqual([]);
    expect(listeningTapes()).toBe(0);
  });
  test("outer tapes hear what inner ones did, as the same applications", () => {
    const outer = record(() => {
      sin(x);
      const inner = record(() => mul(x, x));
      add(x, x);
      return inner.tape;
    });
    expect(names(outer.result)).toEqual(["mul"]);
    expect(names(outer.tape)).toEqual(["sin", "mul", "add"]);
    expect(outer.tape[1]).toBe(outer.result[0]);
  });
  test("an outer tape hears the rules of an inner derivative", () => {
    const { tape } = record(() => grad((y: Tensor) => sum(sin(y)))(x));
    expect(names(tape)).toContain("cos");
  });
  test("every level of nesting listens", () => {
    const depths: number[] = [];
    const f = (y: Tensor): Tensor => {
      depths.push(listeningTapes());
      return y;
    };
    grad((a: Tensor) => {
      f(a);
      return grad((b: Tensor) => grad((c: Tensor) => f(c))(f(b)))(a);
    })(tensor(1));
    expect(depths).toEqual([1, 2, 3]);
  });
});

describe("recordTraced and unheard", () => {
  test("what is traced is heard by no outer tape", () => {
    const outer = record(() => recordTraced(() => sin(x)));
    expect(outer.tape).toEqual([]);
    expect(names(outer.result.tape)).toEqual(["sin"]);
    expect(outer.result.result.traced).toBe(true);
  });
  test("inside unheard nothing listens, and operations have values even in a trace", () => {
    recordTraced(() => {
      unheard(() => {
        expect(listeningTapes()).toBe(0);
        expect(isTracing()).toBe(false);
        expect(add(x, x).toArray()).toEqual([2, 4]);
      });
      expect(isTracing()).toBe(true);
    });
  });
});

describe("apply", () => {
  /** Quotient and remainder of a division by 10: two outputs. */
  const split: Primitive<void> = {
    name: "split",
    shapes: ([a]) => [a, a],
    kernel:
      () =>
      ([quotient, remainder], [a]) => {
        a.forEach((value, i) => {
          quotient[i] = Math.floor(value / 10);
          remainder[i] = value % 10;
        });
      },
    vjp: () => [undefined],
    jvp: () => [undefined, undefined],
  };
  test("gives all outputs of a primitive", () => {
    const [quotient, remainder] = apply(split, [tensor([42, 7])], undefined);
    expect(quotient.toArray()).toEqual([4, 0]);
    expect(remainder.toArray()).toEqual([2, 7]);
  });
  test("asks for the shapes before it runs the kernel", () => {
    const refusing: Primitive<void> = {
      ...split,
      shapes: () => {
        throw new RangeError("shapes");
      },
      kernel: () => {
        throw new Error("kernel");
      },
    };
    expect(() => apply(refusing, [x], undefined)).toThrow("shapes");
  });
});
