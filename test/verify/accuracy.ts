// How many units in the last place are the value and the gradient of each primitive off, beside the oracle?
import fc from "fast-check";
import { type Tensor, vjp } from "stillpoint";
import { apply, type Primitive, traceAs } from "../../src/tape/index.js";
import { Tensor as TensorClass } from "../../src/tensor/index.js";
import { type DoubleDouble, fromNumber, sub } from "../../src/verify/double-double/index.js";
import { makeOracle } from "../../src/verify/oracle/oracle.js";
import { scalars } from "../../src/verify/oracle/scalars.js";
import { at, type WideTensor, widen } from "../../src/verify/oracle/wide-tensor.js";
import { errorInUlps } from "../../src/verify/precision.js";
import { type Draw, drawFrom } from "../laws/draw.js";
import { families, type Sample, sampleOf } from "../laws/samples.js";

export interface Accuracy {
  readonly name: string;
  /** Worst errors for the arguments of the laws, which are of ordinary size. */
  readonly value: number;
  readonly gradient: number;
  /** Worst errors of values for arguments from 1e−300 to 1e300; pointwise operations only. */
  readonly far: number | undefined;
}

const isPointwise = (name: string): boolean => name in scalars || name === "polygamma" || name === "mittagLeffler";

/** Units in the last place: of the entry itself for pointwise operations, else of the largest entry of the tensor. */
function worstOf(name: string, float64: readonly Tensor[], reference: readonly WideTensor[]): number {
  let worst = 0;
  float64.forEach((x, k) => {
    const largest = reference[k].high.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    x.data.forEach((value, e) => {
      const expected = at(reference[k], e);
      const error = isPointwise(name) ? errorInUlps(value, expected) : errorBeside(value, expected, largest);
      if (!(error <= worst)) worst = error;
    });
  });
  return worst;
}

const errorBeside = (value: number, expected: DoubleDouble, largest: number): number =>
  value === expected.high && expected.low === 0
    ? 0
    : Math.abs(sub(fromNumber(value), expected).high) / 2 ** (Math.floor(Math.log2(largest)) - 52);

/** The operation and its cotangents, eager and replayed. */
function measure(primitive: Primitive, { inputs, parameters, fixed = [] }: Sample, draw: Draw) {
  const f = (...xs: Tensor[]): Tensor[] => apply(primitive, xs, parameters);
  const moving = inputs.filter((_, i) => !fixed.includes(i));
  const whole = (xs: readonly Tensor[]): Tensor[] => {
    let next = 0;
    return f(...inputs.map((x, i) => (fixed.includes(i) ? x : xs[next++])));
  };
  const { value, pull } = vjp(whole, moving);
  const weights = value.map((y) => draw.tensor(y.shape, -1, 1));
  const [cotangents] = pull(weights) as unknown as [Tensor[]];
  const replay = (
    g: (...xs: never[]) => unknown,
    args: readonly unknown[],
    given: readonly Tensor[],
  ): readonly WideTensor[] => {
    const program = traceAs("accuracy", g, args);
    return makeOracle(program)([...given, ...program.closure].map(widen));
  };
  const values = replay(whole as never, [moving], moving);
  const pulled = (xs: readonly Tensor[], gs: readonly Tensor[]): unknown => vjp(whole, xs).pull(gs as Tensor[]);
  const gradients = replay(pulled as never, [moving, weights], [...moving, ...weights]);
  return { value: worstOf(primitive.name, value, values), gradient: worstOf(primitive.name, cotangents, gradients) };
}

/** The arguments of the laws are short binary fractions; here all their bits are used. Keys of random numbers stay. */
const withAllBits = ({ inputs, fixed = [], ...rest }: Sample, { name }: Primitive, draw: Draw): Sample => ({
  ...rest,
  fixed,
  inputs: inputs.map((x, i) =>
    fixed.includes(i) || /^draw|^split/.test(name)
      ? x
      : new TensorClass(
          x.shape,
          x.data.map((value) => value * (1 + draw.integer(0, 2 ** 30) / 2 ** 50)),
        ),
  ),
});

/** Numbers of every size: the exponent is drawn, then the digits. */
const everySize = (draw: Draw, count: number): Tensor =>
  new TensorClass(
    [count],
    Float64Array.from(
      { length: count },
      () =>
        (draw.integer(0, 1) === 0 ? -1 : 1) * 2 ** draw.integer(-990, 990) * (1 + draw.integer(0, 2 ** 30) / 2 ** 30),
    ),
  );

/** Where the result has float64's full precision. */
const isOrdinary = (x: DoubleDouble): boolean => Math.abs(x.high) > 1e-290 && Math.abs(x.high) < 1e300;

/** The worst error over arguments of every size, in any combination. */
function measureFar(primitive: Primitive, sample: Sample, draw: Draw): number {
  const inputs = sample.inputs.map(() => everySize(draw, 64));
  const f = (xs: readonly Tensor[]): Tensor[] => apply(primitive, xs, sample.parameters);
  const program = traceAs("accuracy", f as never, [inputs]);
  const [reference] = makeOracle(program)(inputs.map(widen));
  const [value] = f(inputs);
  let worst = 0;
  value.data.forEach((y, e) => {
    const expected = at(reference, e);
    if (!isOrdinary(expected)) return;
    const error = errorInUlps(y, expected);
    if (!(error <= worst)) worst = error;
  });
  return worst;
}

/** The worst errors over some random arguments. */
export function accuracyOf(primitive: Primitive, seed: number, runs: number): Accuracy {
  let [value, gradient, far] = [0, 0, 0];
  // The two arguments of tanhSlope belong together; far out the oracle refuses the Mittag-Leffler function.
  const pointwise = isPointwise(primitive.name) && !["tanhSlope", "mittagLeffler"].includes(primitive.name);
  fc.assert(
    fc.property(fc.gen(), (g) => {
      const draw = drawFrom(g);
      const sample = withAllBits(sampleOf(primitive)(draw), primitive, draw);
      const found = measure(primitive, sample, draw);
      value = Math.max(value, found.value);
      gradient = Math.max(gradient, found.gradient);
      if (pointwise) far = Math.max(far, measureFar(primitive, sample, draw));
    }),
    { seed, numRuns: runs },
  );
  return { name: primitive.name, value, gradient, far: pointwise ? far : undefined };
}

export const everyPrimitive = families as readonly Primitive[];
