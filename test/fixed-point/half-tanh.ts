// What is known of z = ½ tanh(z + a) at a = 0.7?
//
// With s = 1 − tanh²(z + a): z′ = ½s/(1 − ½s) and z″ = −s tanh(z + a)(z′ + 1)²/(1 − ½s).
import { jvp, type Tensor, tensor } from "stillpoint";

export const a = 0.7;

function solve(): number {
  let z = 0;
  for (let i = 0; i < 200; i++) z = 0.5 * Math.tanh(z + a);
  return z;
}
export const exact: number = solve();
const t = Math.tanh(exact + a);
const s = 1 - t * t;
export const first: number = (0.5 * s) / (1 - 0.5 * s);
export const second: number = (-s * t * (first + 1) ** 2) / (1 - 0.5 * s);

/** x ↦ f′(x), in forward mode. */
export const forward =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    jvp(f, [x], [tensor(1)]).tangent;
