// Does a refusal that belongs to several rooms say what was expected and what was received?
import {
  compile,
  DomainError,
  fixedPointWithReport,
  jvp,
  mul,
  replay,
  reshape,
  ShapeError,
  type Tensor,
  TraceError,
  tensor,
  trace,
} from "stillpoint";
import { caputoIntegral, gradedMesh, productRule, solveCaputo, solveCaputoWithReport } from "stillpoint/fractional";
import { describe, expect, test } from "vitest";
import { fractionalIntegral, makeIntegral } from "../src/fractional/integral.js";
import { addPrimitive } from "../src/primitives/index.js";
import { apply } from "../src/tape/index.js";

const decay = (_t: Tensor, u: Tensor): Tensor => mul(-1, u);
const program = trace((x: Tensor) => mul(x, x), tensor(2));
const integral = makeIntegral(productRule("line", gradedMesh(2)));
const good = { order: 0.5, duration: 1, steps: 4 };

const refusals: readonly (readonly [what: string, () => unknown, new (text: string) => Error, RegExp])[] = [
  [
    "a tangent without its array",
    () => jvp((x: Tensor) => x, tensor(1) as never, [tensor(1)]),
    DomainError,
    /^jvp: expected arrays of arguments and of tangents, as in jvp\(f, \[x\], \[dx\]\)/,
  ],
  [
    "arguments of a program without their array",
    () => replay(program, tensor(1) as never),
    DomainError,
    /^replay: expected an array of arguments, received object; wrap one in \[ \]/,
  ],
  [
    "arguments of a plan without their array",
    () => compile(program).run(tensor(1) as never),
    DomainError,
    /^compile\(\)\.run: expected an array of arguments/,
  ],
  [
    "a shape that is a number",
    () => reshape(tensor([1, 2]), 2 as never),
    ShapeError,
    /^reshape: expected a shape such as \[2, 3\], received 2/,
  ],
  [
    "a typed array of another kind among rows",
    () => tensor([new Float32Array(2)] as never),
    ShapeError,
    /received another typed array \(Float64Array\.from converts it\)/,
  ],
  [
    "a primitive applied to unequal shapes, which words would broadcast",
    () => apply(addPrimitive, [tensor([1]), tensor([1, 2])], undefined),
    ShapeError,
    /^add: expected equal shapes, received \[1\] and \[2\]/,
  ],
  [
    "a report asked for inside a trace",
    () => trace(() => fixedPointWithReport((z) => mul(0.5, z), 1).z),
    TraceError,
    /^fixedPointWithReport: expected values, received a trace: use fixedPoint with onSolve/,
  ],
  [
    "a report of a trajectory asked for inside a trace",
    () => trace((u: Tensor) => solveCaputoWithReport(decay, u, good).values, tensor(1)),
    TraceError,
    /^solveCaputoWithReport: expected values, received a trace/,
  ],
  [
    "a duration that is not a scalar",
    () => solveCaputo(decay, tensor(1), { ...good, duration: tensor([1, 2]) }),
    ShapeError,
    /^solveCaputo: expected duration to be a scalar, received \[2\]/,
  ],
  [
    "a quadrature by name",
    () => solveCaputo(decay, tensor(1), { ...good, quadrature: "trapezoid" as never }),
    DomainError,
    /^solveCaputo: expected a quadrature such as productTrapezoid\(\), received string/,
  ],
  [
    "a grading so strong that the first cell is empty",
    () => gradedMesh(1000, 400),
    DomainError,
    /^gradedMesh: expected distinct nodes, received grading 400 with 1000 steps: the first cell is empty/,
  ],
  [
    "samples that are not one for each time",
    () => caputoIntegral(tensor([1, 2]), { order: 0.5, times: [0, 1, 2] }),
    ShapeError,
    /^caputoIntegral: expected \[3, …\], one sample for each time, received \[2\]/,
  ],
  [
    "samples at other nodes than those of the integral",
    () => fractionalIntegral(tensor([[1], [2]]), tensor(0.5), integral),
    ShapeError,
    /there are 3 nodes, and 2 samples/,
  ],
  [
    "orders that are not one for each state",
    () => fractionalIntegral(tensor([[1], [2], [3]]), tensor([0.5, 0.6]), integral),
    ShapeError,
    /several orders need one for each entry of the last axis/,
  ],
];

describe("it is refused:", () => {
  for (const [what, run, kind, message] of refusals) {
    test(what, () => {
      expect(run).toThrow(kind);
      expect(run).toThrow(message);
    });
  }
});
