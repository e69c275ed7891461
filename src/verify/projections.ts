// How is a derivative with very many entries checked along a few directions?
import { add, mul, reshape, slice, sum } from "../primitives/index.js";
import { type Random, random, Tensor, tensor } from "../tensor/index.js";
import type { Subject } from "./subject.js";

/** Signs times the size of x, and 1 where x is 0: a small step along it is a small step for every entry. */
const direction = (x: Tensor, draw: Random): Tensor =>
  new Tensor(
    x.shape,
    draw.uniform(x.shape).data.map((coin, i) => (coin < 0.5 ? -1 : 1) * (Math.abs(x.data[i]) || 1)),
  );

/**
 * s ↦ ⟨w, f(x + Σᵢ sᵢ vᵢ)⟩ at s = 0, whose i-th derivative is ⟨w, J vᵢ⟩, for random signs in w and in vᵢ/x.
 *
 * @source Griewank and Walther (2008), Evaluating Derivatives, section 3.2
 */
export function projected(subject: Subject, count: number): Subject {
  const { f, xs, given } = subject;
  const draw = random(0);
  const directions = Array.from({ length: count }, () => xs.map((x) => direction(x, draw)));
  const value = f(xs);
  const weights = given
    ? tensor(1)
    : new Tensor(
        value.shape,
        draw.uniform(value.shape).data.map((coin) => (coin < 0.5 ? -1 : 1)),
      );
  const along = (vs: readonly Tensor[]): number =>
    (given ?? []).reduce(
      (total, g, i) => total + g.data.reduce((part, entry, e) => part + entry * vs[i].data[e], 0),
      0,
    );
  return {
    ...subject,
    f: ([s]) => {
      const moved = directions.reduce(
        (at, vs, k) => at.map((x, i) => add(x, mul(reshape(slice(s, [k], [k + 1]), []), vs[i]))),
        xs as readonly Tensor[],
      );
      return sum(mul(weights, f(moved)));
    },
    xs: [new Tensor([count], new Float64Array(count))],
    names: ["projections"],
    ...(given ? { given: [tensor(directions.map(along))] } : {}),
  };
}
