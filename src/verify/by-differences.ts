// Do reverse mode, forward mode and differences of a function that is only called agree?
import { jvp, vjp } from "../calculus/index.js";
import { add, mul } from "../primitives/index.js";
import { type Shape, sizeOf, Tensor } from "../tensor/index.js";
import { maxAbs } from "../typed-array-ops/index.js";
import { evaluateTwice, openLedger } from "./ledger.js";
import type { GradientReport, Method } from "./report.js";
import { slopes } from "./slopes.js";
import { basis, type Subject } from "./subject.js";

/** Reverse and forward mode differ by rounding alone. */
const rounding = { entry: 1e-11, matrix: 1e-13 };

const isNear = (x: number, y: number, allowed: number): boolean => Object.is(x, y) || Math.abs(x - y) <= allowed;

/** The derivative in reverse mode: for each entry of the value one row, as tensors like the inputs. */
export function rowsOf(f: Subject["f"], xs: readonly Tensor[], shape: Shape): (readonly Tensor[])[] {
  const { pull } = vjp((ys: readonly Tensor[]) => f(ys), xs);
  return Array.from(
    { length: sizeOf(shape) },
    (_, entry) => (pull(basis(shape, entry)) as unknown as [readonly Tensor[]])[0],
  );
}

/** The derivative in forward mode along one entry of one input. */
export function columnOf(f: Subject["f"], xs: readonly Tensor[], input: number, entry: number): Float64Array {
  const dx = xs.map((y, i) => (i === input ? basis(y.shape, entry) : mul(0, y)));
  return jvp((ys: readonly Tensor[]) => f(ys), [xs], [dx]).tangent.data;
}

/** Compares the witnesses for every entry of the derivative. */
export function checkByDifferences(subject: Subject, tolerance: number, notes: readonly string[] = []): GradientReport {
  const { f, xs, given } = subject;
  const methods: Method[] = ["determinism", ...(given ? [] : (["forward mode"] as const)), "differences"];
  const value = evaluateTwice(subject, methods);
  if (!(value instanceof Tensor)) return value;
  const ledger = openLedger(subject, value.shape);
  const largest = maxAbs(value.data);
  const rows = given === undefined ? rowsOf(f, xs, value.shape) : [given];

  xs.forEach((x, input) => {
    const matrix = rows.reduce((most, row) => Math.max(most, maxAbs(row[input].data)), 0);
    for (let entry = 0; entry < x.data.length; entry++) {
      // What a derivative is small beside: the largest in the matrix, and that of f itself over the size of x.
      const scale = Math.max(matrix, largest / (1 + Math.abs(x.data[entry])));
      const column = given ? undefined : columnOf(f, xs, input, entry);
      const along = (s: number): Float64Array =>
        f(xs.map((y, i) => (i === input ? add(y, mul(s, basis(y.shape, entry))) : y))).data;
      slopes(along, x.data[entry]).forEach((slope, output) => {
        const place = { input, entry, output };
        const received = rows[output][input].data[entry];
        if (column !== undefined) {
          const size = Math.max(Math.abs(received), Math.abs(column[output]));
          const allowed = rounding.entry * size + rounding.matrix * scale;
          ledger.judge(place, "forward mode", column[output], received, isNear(received, column[output], allowed));
        }
        if (slope.kink) {
          ledger.counts.skipped++;
        } else if (!(slope.error <= tolerance * Math.max(Math.abs(slope.value), scale))) {
          ledger.counts.inconclusive++;
        } else {
          ledger.counts.checked++;
          ledger.resolve(slope.error, Math.max(Math.abs(slope.value), scale));
          const size = Math.max(Math.abs(received), Math.abs(slope.value));
          const allowed = tolerance * size + 4 * slope.error;
          ledger.judge(place, "differences", slope.value, received, isNear(received, slope.value, allowed));
        }
      });
    }
  });
  return ledger.report(methods, notes);
}
