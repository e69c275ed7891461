// What does an equilibrium layer cost beside a loop of the same arithmetic written by hand?
//
// z = tanh(z W + x U + b) with d = 64, a batch of 64 and ‖W‖₂ = 0.7, to 1e-8, forward and backward for the sum of z.
import {
  add,
  anderson,
  auto,
  type FixedPointReport,
  fixedPointWithReport,
  matmul,
  mul,
  picard,
  random,
  type Solver,
  sum,
  type Tensor,
  tanh,
  valueAndGrad,
  zeros,
} from "stillpoint";
import { spectralNormOf } from "stillpoint/nn";
import { measure, ratio, showMachine, showSpread, showTable, spread, timesOf } from "./measure.js";
import { makeLayer } from "./yardsticks/equilibrium-layer.js";

const [batch, d, tolerance] = [64, 64, 1e-8];
const [forW, forU, forB, forX] = random(0).split(4);
const drawn = forW.normal([d, d]);
const w = mul(drawn, 0.7 / spectralNormOf(drawn).item());
const u = mul(1 / 8, forU.normal([d, d]));
const b = mul(0.1, forB.normal([d]));
const x = forX.normal([batch, d]);

type Params = { readonly w: Tensor; readonly u: Tensor; readonly b: Tensor };

function library(solver: Solver): () => { gradient: Params; report: FixedPointReport } {
  return () => {
    let report: FixedPointReport | undefined;
    const { gradient } = valueAndGrad((p: Params) => {
      const f = (z: Tensor): Tensor => tanh(add(matmul(z, p.w), add(matmul(x, p.u), p.b)));
      const solved = fixedPointWithReport(f, zeros([batch, d]), { solver, tolerance, adjoint: { solver } });
      report = solved.report;
      return sum(solved.z);
    })({ w, u, b });
    return { gradient, report: report as FixedPointReport };
  };
}

const byHand = makeLayer(batch, d, tolerance);
const hand = () => byHand(w.data, u.data, b.data, x.data);
const solvers: readonly Solver[] = [picard(), anderson(), auto()];

const expected = hand();
const difference = (p: Float64Array, q: Float64Array): number =>
  p.reduce((most, value, i) => Math.max(most, Math.abs(value - q[i])), 0) /
  p.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
for (const solver of solvers) {
  const { gradient, report } = library(solver)();
  const off = Math.max(
    difference(expected.w, gradient.w.data),
    difference(expected.u, gradient.u.data),
    difference(expected.b, gradient.b.data),
  );
  if (!(off < 1e-6)) throw new Error(`${solver.name}: the gradient differs from the loop's by ${off}`);
  console.log(
    `${solver.name}: ${report.evaluations} evaluations forward, gradient within ${off.toPrecision(2)} of the loop's`,
  );
}

const timings = measure(
  [{ name: "by hand, picard", run: hand }, ...solvers.map((solver) => ({ name: solver.name, run: library(solver) }))],
  { rounds: 9, seconds: 0.3 },
);
console.log(`\n${showMachine()}\nmilliseconds, median [min..max] of 9 rounds\n`);
console.log(
  showTable(
    ["layer, forward and backward", "time", "ratio to the loop"],
    [...timings.keys()].map((name) => [
      name,
      showSpread(spread(timesOf(timings, name))),
      showSpread(ratio(timings, name, "by hand, picard")),
    ]),
  ),
);
