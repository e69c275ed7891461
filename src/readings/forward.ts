// Reading a tape forwards: which tangents reach the outputs?
import type { MaybeTensor, Section } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";

/**
 * The map from tangents of the inputs to tangents of the outputs. What no tangent reaches stays undefined, a
 * structural zero.
 *
 * @source Griewank and Walther (2008), Evaluating Derivatives, section 3.1
 */
export function pushforward({ tape, inputs, outputs }: Section): (dx: readonly MaybeTensor[]) => MaybeTensor[] {
  return (dx) => {
    const tangent = new Map<Tensor, Tensor>();
    const keep = (x: Tensor, d: MaybeTensor): void => {
      if (d !== undefined) tangent.set(x, d);
    };
    inputs.forEach((x, i) => {
      keep(x, dx[i]);
    });
    for (const { primitive, inputs: xs, outputs: ys, parameters } of tape) {
      const ds = xs.map((x) => tangent.get(x));
      if (ds.every((d) => d === undefined)) continue;
      const dys = primitive.jvp(ds, ys, xs, parameters);
      ys.forEach((y, i) => {
        keep(y, dys[i]);
      });
    }
    return outputs.map((y) => tangent.get(y));
  };
}
