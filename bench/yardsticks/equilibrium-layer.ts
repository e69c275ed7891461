// How fast is the layer z = tanh(z W + x U + b), forward and backward, written by hand for this one case?
import { tanhEach } from "stillpoint/typed-array-ops";
import { fourRows, transpose } from "./plain-product.js";

export interface LayerGradients {
  readonly z: Float64Array;
  readonly w: Float64Array;
  readonly u: Float64Array;
  readonly b: Float64Array;
}

/** Picard's iteration for z and for its adjoint, both to the tolerance; the cotangent of z is all ones. Memory is made once. */
export function makeLayer(batch: number, d: number, tolerance: number) {
  const n = batch * d;
  const [z, image, drive, slope, adjoint, weighted] = Array.from({ length: 6 }, () => new Float64Array(n));
  const [turned, gw, gu] = Array.from({ length: 3 }, () => new Float64Array(d * d));
  const xTurned = new Float64Array(n);
  const zTurned = new Float64Array(n);
  const gb = new Float64Array(d);
  return (w: Float64Array, u: Float64Array, b: Float64Array, x: Float64Array): LayerGradients => {
    fourRows(drive, x, u, batch, d, d);
    for (let i = 0; i < n; i++) drive[i] += b[i % d];
    z.fill(0);
    for (let residual = Infinity; residual > tolerance; ) {
      fourRows(image, z, w, batch, d, d);
      for (let i = 0; i < n; i++) image[i] += drive[i];
      tanhEach(image, image);
      residual = 0;
      for (let i = 0; i < n; i++) residual = Math.max(residual, Math.abs(image[i] - z[i]));
      if (residual > tolerance) z.set(image);
    }
    for (let i = 0; i < n; i++) slope[i] = 1 - image[i] * image[i];
    transpose(turned, w, d, d);
    adjoint.fill(1);
    for (let residual = Infinity; residual > tolerance; ) {
      for (let i = 0; i < n; i++) weighted[i] = adjoint[i] * slope[i];
      fourRows(image, weighted, turned, batch, d, d);
      residual = 0;
      for (let i = 0; i < n; i++) {
        const next = 1 + image[i];
        residual = Math.max(residual, Math.abs(next - adjoint[i]));
        adjoint[i] = next;
      }
    }
    for (let i = 0; i < n; i++) weighted[i] = adjoint[i] * slope[i];
    transpose(zTurned, z, batch, d);
    transpose(xTurned, x, batch, d);
    fourRows(gw, zTurned, weighted, d, d, batch);
    fourRows(gu, xTurned, weighted, d, d, batch);
    gb.fill(0);
    for (let i = 0; i < n; i++) gb[i % d] += weighted[i];
    return { z, w: gw, u: gu, b: gb };
  };
}
