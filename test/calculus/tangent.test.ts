// Do jvp and linearize push tangents forward, alone and nested with reverse mode?
import fc from "fast-check";
import {
  add,
  cos,
  exp,
  grad,
  jvp,
  linearize,
  mul,
  pow,
  ShapeError,
  sin,
  sum,
  type Tensor,
  tanh,
  tensor,
} from "stillpoint";
import { describe, expect, expectTypeOf, test } from "vitest";

const seed = 20260502;
type Scalar = (x: Tensor) => Tensor;
const modes: Readonly<Record<"reverse" | "forward", (f: Scalar) => Scalar>> = {
  reverse: (f) => (x) => grad(f)(x),
  forward: (f) => (x) => jvp(f, [x], [tensor(1)]).tangent,
};
const entries = Object.entries(modes);

describe("nested derivatives do not confuse their perturbations", () => {
  for (const [outerName, outer] of entries) {
    for (const [innerName, inner] of entries) {
      const both = `${outerName} over ${innerName}`;
      test(`d/dx [x · d/dy (x + y)] = 1, ${both}`, () => {
        const f = (x: Tensor): Tensor => mul(x, inner((y) => add(x, y))(tensor(1)));
        expect(outer(f)(tensor(1)).item()).toBe(1);
      });
      test(`the same with y at x itself, ${both}`, () => {
        // d/dy (x·y) = x, whatever y is; so x·x and 2x
        const f = (x: Tensor): Tensor => mul(x, inner((y) => mul(x, y))(x));
        expect(outer(f)(tensor(3)).item()).toBe(6);
      });
      test(`the second derivative of sin³ x, ${both}`, () => {
        // (sin³)″ = 6 sin x cos² x − 3 sin³ x
        const f: Scalar = (x) => pow(sin(x), 3);
        fc.assert(
          fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (x) => {
            const [s, c] = [Math.sin(x), Math.cos(x)];
            const received = outer(inner(f))(tensor(x)).item();
            expect(Math.abs(received - (6 * s * c * c - 3 * s ** 3))).toBeLessThanOrEqual(1e-14);
          }),
          { seed },
        );
      });
      test(`an inner derivative that the outer variable does not reach is a constant, ${both}`, () => {
        const f = (x: Tensor): Tensor => mul(x, inner((y) => mul(y, y))(tensor(4)));
        expect(outer(f)(tensor(1)).item()).toBe(8);
      });
    }
  }
  test("all 16 fourth derivatives of exp(2x) are 16 exp(2x)", () => {
    const f: Scalar = (x) => exp(mul(2, x));
    for (const [, a] of entries) {
      for (const [, b] of entries) {
        for (const [, c] of entries) {
          for (const [, d] of entries) {
            const x = 0.3;
            expect(a(b(c(d(f))))(tensor(x)).item()).toBeCloseTo(16 * Math.exp(2 * x), 12);
          }
        }
      }
    }
  });
  test("three levels, each closing over the others' variables", () => {
    // d/dx d/dy d/dz (x y² z³) at (2, 3, 5) = 2y · 3z² = 450
    for (const [, a] of entries) {
      for (const [, b] of entries) {
        for (const [, c] of entries) {
          const value = a((x) => b((y) => c((z) => mul(x, mul(mul(y, y), pow(z, 3))))(tensor(5)))(tensor(3)))(
            tensor(2),
          );
          expect(value.item()).toBeCloseTo(450, 10);
        }
      }
    }
  });
});

describe("jvp", () => {
  test("adds up the tangents of several arguments", () => {
    const { value, tangent } = jvp(
      (x: Tensor, y: Tensor) => mul(x, sin(y)),
      [tensor([1, 2]), tensor([3, 4])],
      [tensor([10, 20]), tensor([0.5, 0.25])],
    );
    const [sines, cosines] = [sin(tensor([3, 4])).data, cos(tensor([3, 4])).data];
    expect(value.toArray()).toEqual([sines[0], 2 * sines[1]]);
    expect((tangent.data[0] - (10 * sines[0] + 0.5 * cosines[0])) / 10).toBeCloseTo(0, 15);
    expect((tangent.data[1] - (20 * sines[1] + 0.5 * cosines[1])) / 20).toBeCloseTo(0, 15);
  });
  test("of tree-valued functions of trees keeps both forms", () => {
    const f = ({ a, b: [b] }: { a: Tensor; b: Tensor[] }) => ({ product: mul(a, b), rest: [a, tensor([7, 7])] });
    const { value, tangent } = jvp(
      f,
      [{ a: tensor([1, 2]), b: [tensor([3, 4])] }],
      [{ a: tensor([1, 0]), b: [tensor([0, 10])] }],
    );
    expect(value.product.toArray()).toEqual([3, 8]);
    expect(tangent.product.toArray()).toEqual([3, 20]);
    expect(tangent.rest.map((x) => x.toArray())).toEqual([
      [1, 0],
      [0, 0],
    ]);
    // type test
    expectTypeOf(tangent).toEqualTypeOf<{ product: Tensor; rest: Tensor[] }>();
  });
  test("of a constant function is zero in the shape of its value", () => {
    expect(jvp((_: Tensor) => tensor([1, 2, 3]), [tensor(1)], [tensor(1)]).tangent.toArray()).toEqual([0, 0, 0]);
  });
  test("of an output that is an input is its tangent", () => {
    expect(jvp((x: Tensor) => x, [tensor([1, 2])], [tensor([3, 4])]).tangent.toArray()).toEqual([3, 4]);
  });
  const wrong: [string, unknown][] = [
    ["another shape", [tensor([1, 2, 3])]],
    ["a shape that would broadcast", [tensor(1)]],
    ["another form", [[tensor([1, 2])]]],
    ["too few", []],
  ];
  for (const [name, dxs] of wrong) {
    test(`refuses tangents of ${name}, by its own name`, () => {
      expect(() => jvp((x: Tensor) => x, [tensor([1, 2])], dxs as never)).toThrow(ShapeError);
      expect(() => jvp((x: Tensor) => x, [tensor([1, 2])], dxs as never)).toThrow(/^jvp: .*expected \[2\], received/);
    });
  }
});

describe("linearize", () => {
  test("runs f once, and its push is linear and can be asked again", () => {
    let runs = 0;
    const { value, push } = linearize(
      (x: Tensor) => {
        runs++;
        return tanh(mul(x, x));
      },
      tensor([0.5, 1]),
    );
    expect(value.shape).toEqual([2]);
    const [a, b] = [tensor([1, 2]), tensor([-3, 0.5])];
    const joint = push(add(mul(2, a), b)).data;
    const apart = add(mul(2, push(a)), push(b)).data;
    joint.forEach((y, i) => {
      expect(y).toBeCloseTo(apart[i], 14);
    });
    expect(runs).toBe(1);
  });
  test("refuses tangents that do not look like the arguments", () => {
    const { push } = linearize((x: Tensor) => x, tensor([1, 2]));
    expect(() => push(tensor([1]))).toThrow(/^linearize: push: expected \[2\], received \[1\]/);
  });
  test("its push is differentiated like any function", () => {
    // push(dx) = 2x·dx: linear in dx with slope 2x, and through x with slope 2dx
    const f = (x: Tensor): Tensor => linearize((y: Tensor) => mul(y, y), x).push(tensor(5));
    expect(grad(f)(tensor(3)).item()).toBe(10);
    const g = (dx: Tensor): Tensor => linearize((y: Tensor) => mul(y, y), tensor(3)).push(dx);
    expect(grad(g)(tensor(5)).item()).toBe(6);
  });
});

test("forward and reverse mode agree on ⟨g, J dx⟩ for a function of many operations", () => {
  const f = (x: Tensor): Tensor => sum(mul(exp(sin(x)), tanh(mul(x, sum(x)))));
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), (values) => {
      const x = tensor(values);
      const dx = tensor([0.3, -0.2, 1]);
      const forward = jvp(f, [x], [dx]).tangent.item();
      const reverse = sum(mul(grad(f)(x), dx)).item();
      expect(Math.abs(forward - reverse)).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(forward)));
    }),
    { seed },
  );
});
