// Are the derivatives of a word those of its values, twice over?
import { grad, jvp, mul, random, sum, type Tensor, tensor, vjp } from "stillpoint";
import { expect } from "vitest";
import { differentiateLine } from "../laws/differences.js";

const moved = (x: Tensor, v: Tensor, s: number): Tensor =>
  tensor(
    x.data.map((value, i) => value + s * v.data[i]),
    x.shape,
  );

/**
 * Checks along random directions: the tangent against differences, the cotangents against the tangent, and the gradient
 * of x ↦ ⟨u, f(x)⟩ once more against its differences.
 */
export function expectDerivatives(f: (...xs: Tensor[]) => Tensor, ...xs: Tensor[]): void {
  const stream = random(20260401);
  const { value, pull } = vjp(f, ...xs);
  const [u, ...vs] = [value, ...xs].map((x) => stream.uniform(x.shape, -1, 1));
  const { tangent } = jvp(f, xs, vs);
  const near = (received: ArrayLike<number>, expected: ArrayLike<number>, what: string): void => {
    expect(received.length).toBe(expected.length);
    for (let i = 0; i < expected.length; i++) {
      const size = 1 + Math.abs(expected[i]);
      expect(Math.abs(received[i] - expected[i]), `${what}, entry ${i}`).toBeLessThanOrEqual(1e-9 * size);
    }
  };
  const along = (g: (...ys: Tensor[]) => Tensor): Float64Array =>
    differentiateLine((s) => g(...xs.map((x, i) => moved(x, vs[i], s))).data, 2 ** -6);
  const inner = (x: Tensor, y: Tensor): number => sum(mul(x, y)).item();
  near(tangent.data, along(f), "tangent and differences");
  const pulled = pull(u).reduce((total, x, i) => total + inner(x, vs[i]), 0);
  near([pulled], [inner(u, tangent)], "⟨Jᵀu, v⟩ and ⟨u, Jv⟩");
  xs.forEach((_, i) => {
    const gradient = (...ys: Tensor[]): Tensor =>
      grad((y: Tensor) => sum(mul(u, f(...ys.map((other, j) => (i === j ? y : other))))))(ys[i]);
    near(jvp(gradient, xs, vs).tangent.data, along(gradient), `second derivatives of argument ${i}`);
  });
}
