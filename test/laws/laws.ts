// Which laws does every primitive obey?
import type { Tensor } from "stillpoint";
import { add, compile, jvp, mul, replay, sum, tensor, trace, vjp } from "stillpoint";
import { expect } from "vitest";
import { apply, type Primitive } from "../../src/tape/index.js";
import { Tensor as TensorClass } from "../../src/tensor/index.js";
import { differentiateLine } from "./differences.js";
import type { Draw } from "./draw.js";
import type { Sample } from "./samples.js";

/** Two values of one derivative by rules agree to this, relative to the sizes of what they are made of. */
const rounding = 1e-11;
/** A rule and a difference quotient agree to this. */
const truncation = 1e-11;

const inner = (x: readonly Tensor[], y: readonly Tensor[]): number =>
  x.reduce((total, xi, i) => total + xi.data.reduce((part, value, e) => part + value * y[i].data[e], 0), 0);
const largest = (...xs: readonly Tensor[]): number =>
  xs.reduce((size, x) => x.data.reduce((most, value) => Math.max(most, Math.abs(value)), size), 0);
const join = (xs: readonly Tensor[]): Float64Array => Float64Array.from(xs.flatMap((x) => [...x.data]));

function moved(xs: readonly Tensor[], vs: readonly Tensor[], s: number): Tensor[] {
  return xs.map(
    (x, i) =>
      new TensorClass(
        x.shape,
        x.data.map((value, e) => value + s * vs[i].data[e]),
      ),
  );
}

function expectClose(
  received: Float64Array,
  expected: Float64Array,
  tolerance: number,
  scale: number,
  what: string,
): void {
  expect(received.length, what).toBe(expected.length);
  received.forEach((value, e) => {
    const error = Math.abs(value - expected[e]);
    expect(error, `${what}, entry ${e}: received ${value}, expected ${expected[e]}`).toBeLessThanOrEqual(
      tolerance * scale,
    );
  });
}

/** Everything that must hold for one application. @throws if it does not */
export function checkLaws(primitive: Primitive, sample: Sample, draw: Draw): void {
  const { inputs, parameters, fixed = [], units = [], edge = false } = sample;
  const before = inputs.map((x) => x.data.slice());
  const f = (...xs: Tensor[]): Tensor[] => apply(primitive, xs, parameters);
  const direction = (x: Tensor, i: number): Tensor =>
    mul(units[i] ?? 1, fixed.includes(i) ? draw.tensor(x.shape, 0, 0) : draw.tensor(x.shape, -1, 1));
  const directions = inputs.map(direction);
  const others = inputs.map(direction);

  const { value, pull } = vjp(f, ...inputs);
  const { tangent } = jvp(f, [...inputs], [...directions]);
  const weights = value.map((y) => draw.tensor(y.shape, -1, 1));
  const cotangents = pull(weights);

  // shapes
  const shapes = primitive.shapes(
    inputs.map((x) => x.shape),
    parameters,
  );
  expect(value.map((y) => y.shape)).toEqual(shapes);
  expect(tangent.map((y) => y.shape)).toEqual(shapes);
  expect(cotangents.map((x) => x.shape)).toEqual(inputs.map((x) => x.shape));

  // transposition: ⟨u, J v⟩ = ⟨Jᵀ u, v⟩
  const scale = 1 + largest(...value) + largest(...tangent) + largest(...cotangents);
  const count = join(value).length + join(inputs).length;
  expectClose(
    Float64Array.of(inner(weights, tangent)),
    Float64Array.of(inner(cotangents, directions)),
    rounding,
    scale * count,
    `${primitive.name}: ⟨u, Jv⟩ and ⟨Jᵀu, v⟩`,
  );

  // the tangent is the derivative, where there is one
  const line = (s: number): Float64Array => join(f(...moved(inputs, directions, s)));
  if (!edge) {
    expectClose(
      join(tangent),
      differentiateLine(line),
      truncation,
      scale,
      `${primitive.name}: tangent and differences`,
    );
  }

  // the same once more for (x, u) ↦ ⟨Jᵀ(x) u, w⟩
  const n = inputs.length;
  const second = (...all: Tensor[]): Tensor =>
    vjp(f, ...all.slice(0, n))
      .pull(all.slice(n))
      .map((cotangent, i) => sum(mul(cotangent, others[i])))
      .reduce(add);
  const at = [...inputs, ...weights];
  const ways = [...directions, ...weights.map((u) => draw.tensor(u.shape, -1, 1))];
  const gradient = vjp(second, ...at).pull(tensor(1));
  const along = jvp(second, at, ways).tangent;
  const scale2 = scale + largest(along) + largest(...gradient);
  expectClose(
    along.data,
    Float64Array.of(inner(gradient, ways)),
    rounding,
    scale2 * count,
    `${primitive.name}: second order, forward and reverse`,
  );
  if (!edge) {
    const reference = differentiateLine((s) => second(...moved(at, ways, s)).data);
    expectClose(along.data, reference, truncation, scale2 * count, `${primitive.name}: second order and differences`);
  }

  // (x, w) ↦ ⟨u, J(x) w⟩ is the same function of x; of w it is linear, with the coefficients Jᵀu
  const forwards = (...all: Tensor[]): Tensor =>
    jvp(f, all.slice(0, n), all.slice(n))
      .tangent.map((dy, i) => sum(mul(dy, weights[i])))
      .reduce(add);
  const both = [...inputs, ...others];
  const turned = vjp(forwards, ...both).pull(tensor(1));
  const onward = [...directions, ...others];
  const tangentOfBoth = jvp(forwards, both, onward).tangent;
  const free = inputs.map((_, i) => i).filter((i) => !fixed.includes(i));
  for (const i of free) {
    const what = `${primitive.name}: the coefficients of ⟨u, Jw⟩ and Jᵀu, input ${i}`;
    expectClose(turned[n + i].data, cotangents[i].data, rounding, scale2 * count, what);
  }
  for (const i of free) {
    const what = `${primitive.name}: second order of tangents and of cotangents, input ${i}`;
    expectClose(turned[i].data, gradient[i].data, rounding, scale2 * count, what);
  }
  expectClose(
    tangentOfBoth.data,
    Float64Array.of(inner(turned, onward)),
    rounding,
    scale2 * count,
    `${primitive.name}: second order of tangents, forward and reverse`,
  );

  // compiled = replayed = eager, bit for bit, values and cotangents
  const all = (...xs: Tensor[]): Tensor[] => {
    const { value: y, pull: pullTraced } = vjp(f, ...xs);
    return [...y, ...pullTraced(weights)];
  };
  const program = trace(all as (...xs: Tensor[]) => never, ...inputs);
  const eager = join([...value, ...cotangents]);
  const plan = compile(program);
  for (let run = 0; run < 2; run++) {
    expect(join(plan.run(inputs) as unknown as Tensor[]), `${primitive.name}: compiled, run ${run}`).toEqual(eager);
  }
  expect(join(replay(program, inputs) as unknown as Tensor[]), `${primitive.name}: replayed`).toEqual(eager);

  // arguments unmodified
  inputs.forEach((x, i) => {
    expect(x.data, `${primitive.name}: input ${i} was modified`).toEqual(before[i]);
  });
}
