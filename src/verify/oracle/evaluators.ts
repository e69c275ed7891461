// What does every operation do to tensors of 106 bits?
//
// By kind: moves act on high and low parts, pointwise operations need one scalar, sums and factorisations have one
// evaluator each. The record asks for every name in the families: an operation without its evaluator does not compile.

import type { scanPrimitive } from "../../calculus/index.js";
import type { Integral } from "../../fractional/integral.js";
import * as primitives from "../../primitives/index.js";
import type { Primitive, Program } from "../../tape/index.js";
import { compare, fromNumber, polygamma } from "../double-double/index.js";
import type { Context } from "./context.js";
import { fixedPoint, trajectory } from "./implicit.js";
import { integrate, weightSets } from "./integrals.js";
import { cholesky, eigh, logDet, qr, solve } from "./matrices.js";
import { mittagLeffler } from "./mittag-leffler.js";
import type { PointwiseName, PrimitiveName } from "./names.js";
import { type Scalar, scalars } from "./scalars.js";
import * as sums from "./sums.js";
import { at, fill, shaped, type WideTensor, widen } from "./wide-tensor.js";

export type Evaluator = (
  inputs: readonly WideTensor[],
  parameters: never,
  context: Context,
  path: string,
) => readonly WideTensor[];

/** Most entries of a replay with one input moved are those of the first replay. */
const pointwise =
  (f: Scalar): Evaluator =>
  (inputs, _, { first }, path) => {
    const before = first.get(path);
    const output = fill(inputs[0].shape, (i) =>
      before?.inputs.every((x, k) => sums.sameEntry(x, inputs[k], i))
        ? at(before.output, i)
        : f(...inputs.map((x) => at(x, i))),
    );
    if (before === undefined) first.set(path, { inputs, output });
    return [output];
  };

const matmul: Evaluator = (inputs, parameters, { first }, path) => {
  const before = first.get(path);
  const output = sums.matmul(inputs, parameters, before);
  if (before === undefined) first.set(path, { inputs, output });
  return [output];
};

const one =
  <P>(evaluate: (inputs: readonly WideTensor[], parameters: P) => WideTensor): Evaluator =>
  (inputs, parameters) => [evaluate(inputs, parameters as P)];

/** A kernel that copies entries; after the first `moved` inputs come indices. */
const moving =
  <P>(primitive: Primitive<P>, moved?: number): Evaluator =>
  (inputs, parameters) => [sums.move(primitive, inputs, parameters as P, moved)];

/** What the kernel says: numbers that are drawn or counted are what they are. */
const exactly =
  <P>(primitive: Primitive<P>): Evaluator =>
  (inputs, parameters) =>
    sums
      .runKernel(
        primitive,
        inputs.map((x) => x.shape),
        inputs.map((x) => x.high),
        parameters as P,
      )
      .map(widen);

const pointwiseEvaluators = /* @__PURE__ */ Object.fromEntries(
  /* @__PURE__ */ Object.entries<Scalar>(scalars).map(([name, f]) => [name, pointwise(f)]),
) as Record<PointwiseName, Evaluator>;

/** The interval in which each x lies: the last j ≤ knots.length − 2 with knots[j] ≤ x, and 0 before them all. */
function interval([x, knots]: readonly WideTensor[]): WideTensor {
  const n = knots.high.length;
  return fill(x.shape, (i) => {
    let j = 0;
    while (j < n - 2 && compare(at(knots, j + 1), at(x, i)) <= 0) j++;
    return fromNumber(j);
  });
}

type Scan = Parameters<typeof scanPrimitive.kernel>[1];

/** (c, yₜ) = f(c, xₜ) */
function scan(
  inputs: readonly WideTensor[],
  { program, carries, elements, length, reverse }: Scan,
  context: Context,
  path: string,
): readonly WideTensor[] {
  let carry = inputs.slice(0, carries);
  const rows: WideTensor[][] = new Array(length);
  for (let step = 0; step < length; step++) {
    const t = reverse ? length - 1 - step : step;
    const row = inputs.slice(carries, carries + elements).map((x) => rowOf(x, t));
    const results = context.run(
      program,
      [...carry, ...row, ...inputs.slice(carries + elements)],
      context,
      `${path}/${t}`,
    );
    carry = results.slice(0, carries);
    rows[t] = results.slice(carries);
  }
  const stacked = program.outputs.slice(carries).map((slot, i) => {
    const shape = [length, ...program.shapes[slot]];
    const width = shape.slice(1).reduce((product, n) => product * n, 1);
    return fill(shape, (entry) => at(rows[Math.floor(entry / width)][i], entry % width));
  });
  return [...carry, ...stacked];
}

function rowOf(x: WideTensor, t: number): WideTensor {
  const shape = x.shape.slice(1);
  const width = shape.reduce((product, n) => product * n, 1);
  return { shape, high: x.high.slice(t * width, (t + 1) * width), low: x.low.slice(t * width, (t + 1) * width) };
}

export const evaluators: Readonly<Record<PrimitiveName, Evaluator>> = {
  ...pointwiseEvaluators,
  polygamma: ([x], n) => [fill(x.shape, (i) => polygamma(n as number, at(x, i)))],
  mittagLeffler: one(mittagLeffler),
  alias: ([x]) => [x],
  stopGradient: ([x]) => [x],
  reshape: ([x], shape) => [shaped(x, shape)],
  transpose: moving(primitives.transposePrimitive),
  broadcastTo: moving(primitives.broadcastToPrimitive),
  slice: moving(primitives.slicePrimitive),
  embed: moving(primitives.embedPrimitive),
  concat: moving(primitives.concatPrimitive),
  take: moving(primitives.takePrimitive, 1),
  sumTo: one(sums.sumTo),
  scatterAdd: one(sums.scatterAdd),
  cumsum: one(sums.cumsum),
  matmul,
  max: one(sums.maxOfRows),
  min: one(sums.minOfRows),
  argmax: one(sums.argmaxOfRows),
  logSumExp: one(sums.logSumExp),
  norm: one(sums.norm),
  oneHot: exactly(primitives.oneHotPrimitive),
  interval: one(interval),
  drawUniform: exactly(primitives.drawUniformPrimitive),
  drawNormal: exactly(primitives.drawNormalPrimitive),
  splitKey: exactly(primitives.splitKeyPrimitive),
  solve: one(solve),
  cholesky: one(cholesky),
  logDet: one(logDet),
  qr: (inputs) => qr(inputs),
  eigh: (inputs) => {
    const shapes = inputs.map((x) => x.shape);
    const data = inputs.map((x) => x.high);
    return eigh(inputs, sums.runKernel(primitives.eighPrimitive, shapes, data, undefined)[1].data);
  },
  checkpoint: (inputs, { program }: { program: Program }, context, path) => context.run(program, inputs, context, path),
  scan,
  fixedPoint,
  fractionalIntegral: ([y, orders], integral: Integral, context) => [
    integrate(weightSets(context.weights, integral, orders), integral, y),
  ],
  trajectory,
};

/** Operations whose float64 results are exact, or whose choices only make sense for equal inputs. */
export const exactNames: ReadonlySet<string> = /* @__PURE__ */ new Set(
  (
    "neg greater greaterEqual less lessEqual equal isFinite where weigh stopGradient abs maximum minimum shareOfLarger clip relu sign " +
    "floor ceil round alias reshape transpose broadcastTo slice embed concat take max min argmax oneHot interval drawUniform " +
    "drawNormal splitKey checkpoint scan"
  ).split(" "),
);
