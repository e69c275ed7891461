// What did a check of gradients find, and how is it told?

/** Where an entry of a derivative stands. */
export interface EntryPlace {
  /** Which argument, or tensor of one: "xs[0].weight", or what f closes over: "closure[0]". */
  readonly input: string;
  /** The place in that tensor, in row-major order. */
  readonly index: readonly number[];
  /** The place in the output. */
  readonly output: readonly number[];
}

/** One entry of a derivative, and what two ways of computing it say. */
export interface Entry extends EntryPlace {
  readonly expected: number;
  readonly received: number;
  /** |received − expected| relative to the larger of the two. */
  readonly relativeError: number;
  /** Who says what was expected. */
  readonly method: Method;
}

/** "replay": f and its rules in 106 bits, beside which float64 is seen to round, and solvers to stop. */
export type Method = "differences" | "forward mode" | "replay" | "determinism";

export interface GradientReport {
  readonly ok: boolean;
  /** Entries that were compared with differences. */
  readonly checked: number;
  /** Entries at kinks, where there is no derivative: neither passed nor failed. */
  readonly skipped: number;
  /** Entries that differences cannot resolve to the tolerance, for rounding. */
  readonly inconclusive: number;
  /** The noise floor of the differences: their largest error in a checked entry, relative to the slopes beside it. */
  readonly noise: number;
  /** The entry that is most wrong, or that comes nearest to it. */
  readonly worst: Entry | undefined;
  readonly failures: readonly Entry[];
  readonly methods: readonly Method[];
  /** Inputs that f does not use. */
  readonly unused: readonly string[];
  readonly text: string;
}

const show = (index: readonly number[]): string => (index.length === 0 ? "" : `[${index.join(", ")}]`);

/** Correct decimal digits. */
const digits = (relativeError: number): string =>
  relativeError === 0 ? "all digits" : `${Math.max(0, -Math.log10(relativeError)).toFixed(1)} digits`;

const line = ({ input, index, output, expected, received, relativeError, method }: Entry): string =>
  `∂f${show(output)}/∂${input}${show(index)}: expected ${expected} by ${method}, received ${received} (${digits(relativeError)} right)`;

/** The report with its text. */
export function tell(
  facts: Omit<GradientReport, "ok" | "text">,
  problem?: string,
  notes: readonly string[] = [],
): GradientReport {
  const { failures, checked, skipped, inconclusive, noise, methods, worst, unused } = facts;
  const ok = failures.length === 0 && problem === undefined;
  const lines = [
    problem ?? (ok ? "every entry agrees" : `${failures.length} entries disagree`),
    `checked ${checked} entries by ${methods.join(", ")}; skipped ${skipped} at kinks; ${inconclusive} beyond what differences resolve, ` +
      `which are known to ${noise.toPrecision(1)}`,
    ...failures.slice(0, 10).map(line),
    ...(failures.length > 10 ? [`… and ${failures.length - 10} more`] : []),
    ...(ok && worst !== undefined ? [`least agreement: ${line(worst)}`] : []),
    ...notes,
    ...(unused.length > 0 ? [`f does not use ${unused.join(", ")}`] : []),
  ];
  return { ...facts, ok, text: lines.join("\n") };
}
