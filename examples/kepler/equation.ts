// How are Kepler's equation and its derivatives of every order written down?
import { add, type FixedPointOptions, fixedPoint, grad, mul, sin, type Tensor } from "stillpoint";

/** A function of the mean anomaly M and the eccentricity e. */
export type OrbitFunction = (M: Tensor, e: Tensor) => Tensor;

/** E with E = M + e sin E. That is all the example says about it; M and e are simply closed over. */
export const eccentricAnomalyBy =
  (options: FixedPointOptions): OrbitFunction =>
  (M, e) =>
    fixedPoint((E) => add(M, mul(e, sin(E))), M, options);

/** To two units in the last place of E ≈ π, and of the derivative's u = g + e cos E·u, which is up to ten times g. */
export const eccentricAnomaly: OrbitFunction = eccentricAnomalyBy({ tolerance: 1e-15, adjoint: { tolerance: 4e-15 } });

export const alongM =
  (f: OrbitFunction): OrbitFunction =>
  (M, e) =>
    grad((x: Tensor) => f(x, e))(M);

export const alongE =
  (f: OrbitFunction): OrbitFunction =>
  (M, e) =>
    grad((x: Tensor) => f(M, x))(e);

/** ∂^(i+j) f/∂M^i ∂e^j: grad of grad of …, i + j deep. */
export function derivative(f: OrbitFunction, i: number, j: number): OrbitFunction {
  if (i > 0) return alongM(derivative(f, i - 1, j));
  return j > 0 ? alongE(derivative(f, 0, j - 1)) : f;
}
