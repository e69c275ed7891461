// What is a function that acts on each row alone, for any number of rows?
import { replaySlots } from "../readings/index.js";
import { type Program, traceAs } from "../tape/index.js";
import { ShapeError, type Tensor } from "../tensor/index.js";

/** f of z and of tensors that have rows as z has; `shared` is what f closes over, for any number of rows. */
export type RowField = (
  z: readonly Tensor[],
  rowwise: readonly Tensor[],
  shared: readonly Tensor[],
) => readonly Tensor[];

/** Programs of one function for several numbers of rows. */
export interface RowPrograms {
  /** What they close over, all of them together. */
  readonly shared: readonly Tensor[];
  /** The program for so many rows, applied. */
  run(rows: number, inputs: readonly Tensor[], shared: readonly Tensor[]): Tensor[];
}

/** f written down for each of the sizes; `check` may refuse a program. */
export function traceForRows(
  operation: string,
  f: (...args: never[]) => unknown,
  sizes: readonly number[],
  argumentsFor: (rows: number) => readonly unknown[],
  check: (program: Program, rows: number) => void,
): RowPrograms {
  const shared = new Map<Tensor, number>();
  const versions = new Map<number, { program: Program; free: readonly number[] }>();
  for (const rows of new Set(sizes)) {
    const { closure, ...program } = traceAs(operation, f, argumentsFor(rows));
    check(program, rows);
    for (const x of closure) if (!shared.has(x)) shared.set(x, shared.size);
    versions.set(rows, { program, free: closure.map((x) => shared.get(x) as number) });
  }
  return {
    shared: [...shared.keys()],
    run(rows, inputs, all) {
      const version = versions.get(rows);
      if (version === undefined) throw new ShapeError(`${operation}: f was not traced for ${rows} rows`);
      return replaySlots(version.program, [...inputs, ...version.free.map((i) => all[i])]);
    },
  };
}

/** All rows, half of them, a quarter, … 1: so that few evaluations are larger than twice what is needed. */
export function halves(rows: number): number[] {
  const sizes = [rows];
  for (let size = rows; size > 1; ) {
    size = Math.ceil(size / 2);
    sizes.push(size);
  }
  return sizes;
}
