// How many digits of a value and of its gradient are right?
import { checkFunction, DomainError } from "../tensor/index.js";
import { rowsOf } from "./by-differences.js";
import { replayRows, replayValue } from "./by-oracle.js";
import { type DoubleDouble, fromNumber, sub, toDecimal } from "./double-double/index.js";
import { exponentOf } from "./double-double/scaling.js";
import { at } from "./oracle/wide-tensor.js";
import type { EntryPlace } from "./report.js";
import { type AnyFunction, indexOf, readSubject } from "./subject.js";

/** A float64 number beside its reference; the input of an entry of f itself is "value". */
export interface Precision extends EntryPlace {
  readonly float64: number;
  /** 32 digits. */
  readonly reference: string;
  /** Correct decimal digits, −log₁₀ of the relative error; infinite if nothing is wrong. */
  readonly digits: number;
  /** The error in units in the last place of the reference. */
  readonly ulps: number;
}

export interface PrecisionReport {
  readonly values: readonly Precision[];
  readonly gradients: readonly Precision[];
  readonly text: string;
}

/** The distance of neighbouring float64 numbers at x, for a finite x. */
const unitInLastPlace = (x: number): number => 2 ** Math.max(x === 0 ? -1074 : exponentOf(x) - 52, -1074);

/** The error of a float64 number in units in the last place of a reference. */
export function errorInUlps(float64: number, reference: DoubleDouble): number {
  if (Object.is(float64, reference.high) && reference.low === 0) return 0;
  const error = Math.abs(sub(fromNumber(float64), reference).high);
  return error === 0 ? 0 : error / unitInLastPlace(reference.high);
}

function compare(
  float64: number,
  reference: DoubleDouble,
): Pick<Precision, "float64" | "reference" | "digits" | "ulps"> {
  const error = Math.abs(sub(fromNumber(float64), reference).high);
  const digits = error === 0 ? Infinity : -Math.log10(error / Math.abs(reference.high));
  return { float64, reference: toDecimal(reference), digits, ulps: errorInUlps(float64, reference) };
}

const show = ({ input, index, output, float64, reference, digits, ulps }: Precision): string =>
  `f[${output.join(", ")}], ${input}[${index.join(", ")}]: ${float64}, reference ${reference}: ${digits.toFixed(1)} digits, ${ulps.toPrecision(3)} ulp`;

const worst = (entries: readonly Precision[]): string =>
  entries.length === 0 ? "none" : show(entries.reduce((a, b) => (b.ulps > a.ulps || Number.isNaN(b.ulps) ? b : a)));

/**
 * Every float64 entry of f and of its gradients beside its value to 32 digits, in which operations and rules are replayed in
 * double-double arithmetic. Whether the rules themselves are right is asked by `checkGradients`.
 *
 * @throws DomainError for a function that reads values, or whose equations cannot be solved to 28 digits.
 * @source Dekker (1971), "A floating-point technique for extending the available precision"
 * @example measurePrecision((x) => exp(x), [tensor(1)]).values[0].reference // → "2.7182818284590452353602874713527e+0"
 */
export function measurePrecision(f: AnyFunction, xs: readonly unknown[]): PrecisionReport {
  checkFunction("measurePrecision", f);
  if (!Array.isArray(xs)) {
    throw new DomainError("measurePrecision: expected an array of arguments, as in measurePrecision(f, [x])");
  }
  const subject = readSubject("measurePrecision", f, xs);
  if (!subject.traceable) {
    throw new DomainError(
      "measurePrecision: expected a function of operations, received one that reads values of tensors",
    );
  }
  const value = subject.f(subject.xs);
  const reference = replayValue(subject);
  const values = Array.from(value.data, (float64, e) => {
    const place = indexOf(e, value.shape);
    return { input: "value", index: place, output: place, ...compare(float64, at(reference, e)) };
  });
  const rows = replayRows(subject, value);
  const gradients = rowsOf(subject.f, subject.xs, value.shape).flatMap((row, output) =>
    row.flatMap((g, input) =>
      Array.from(g.data, (float64, e) => ({
        input: subject.names[input],
        index: indexOf(e, g.shape),
        output: indexOf(output, value.shape),
        ...compare(float64, at(rows[output].row[input], e)),
      })),
    ),
  );
  return { values, gradients, text: `worst value: ${worst(values)}\nworst gradient: ${worst(gradients)}` };
}
