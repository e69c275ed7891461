// Reading a tape backwards: which cotangents reach the inputs?
import { add } from "../primitives/index.js";
import type { MaybeTensor, Section, Tape } from "../tape/index.js";
import { AnomalyError, type Tensor } from "../tensor/index.js";

/** Says of an anomaly in a rule to which operation the rule belongs. */
function within<T>(name: string, origin: string | undefined, rule: () => T): T {
  if (origin === undefined) return rule();
  try {
    return rule();
  } catch (error) {
    if (!(error instanceof AnomalyError)) throw error;
    throw new AnomalyError(`${error.message}; backwards through ${name}, applied ${origin}`);
  }
}

/** Everything on the tape that depends on the inputs. */
function downstreamOf(inputs: readonly Tensor[], tape: Tape): Set<Tensor> {
  const reached = new Set(inputs);
  for (const { inputs: xs, outputs: ys } of tape) {
    if (xs.some((x) => reached.has(x))) for (const y of ys) reached.add(y);
  }
  return reached;
}

/**
 * The map from cotangents of the outputs to cotangents of the inputs: applications are read from last to first, and a
 * tensor that was used several times collects the sum. What no cotangent reaches stays undefined, a structural zero.
 *
 * @source Griewank and Walther (2008), Evaluating Derivatives, section 3.2
 */
export function pullback({ tape, inputs, outputs }: Section): (g: readonly MaybeTensor[]) => MaybeTensor[] {
  const reached = downstreamOf(inputs, tape);
  return (g) => {
    const cotangent = new Map<Tensor, Tensor>();
    const collect = (x: Tensor, more: MaybeTensor): void => {
      if (more === undefined) return;
      const before = cotangent.get(x);
      cotangent.set(x, before === undefined ? more : add(before, more));
    };
    outputs.forEach((y, i) => {
      collect(y, g[i]);
    });
    for (let i = tape.length - 1; i >= 0; i--) {
      const { primitive, inputs: xs, outputs: ys, parameters, origin } = tape[i];
      const gs = ys.map((y) => cotangent.get(y));
      if (gs.every((gy) => gy === undefined)) continue;
      const wanted = xs.map((x) => reached.has(x));
      if (!wanted.includes(true)) continue;
      const pulled = within(primitive.name, origin, () => primitive.vjp(gs, ys, xs, parameters, wanted));
      xs.forEach((x, j) => {
        if (wanted[j]) collect(x, pulled[j]);
      });
    }
    return inputs.map((x) => cotangent.get(x));
  };
}
