// How does a state go round in the memory of a plan, z ← f(z), and what tells how far it moves?
//
// z is kept, f(z) is put in its place, the loops of the plan run, and afterwards z is compared with the new f(z).
import type { Program } from "../../tape/index.js";
import { sizeOf } from "../../tensor/index.js";
import { type Access, MARKS } from "../../typed-array-ops/webassembly/resident.js";
import type { Task } from "./fuse.js";

/** The level of what is done where the state goes round only. */
export const ROUND = -1;

/** What is added to a plan whose first outputs may become its first inputs; nothing where they cannot. */
export interface Rounds {
  /** The slots of f(z). */
  readonly images: readonly number[];
  /** The slots of the z before, and of what is told of the gap. */
  readonly before: readonly number[];
  readonly marks: readonly number[];
  /** What is done before the loops of a round, and after them. */
  readonly turns: readonly Task[];
  readonly gaps: readonly Task[];
}

/** Rounds of the first `wanted` outputs. `add` gives a slot for so many numbers. */
export function planRounds(
  { inputs, free, outputs, shapes }: Program,
  wanted: number,
  home: readonly number[],
  sizes: readonly number[],
  add: (size: number, level: number) => number,
): Rounds {
  const first = outputs.slice(0, wanted).map((slot) => home[slot]);
  const images = first.every((slot) => slot >= inputs + free && sizes[slot] > 0) ? first : [];
  const state = [...images.keys()];
  const rowsOf = (argument: number): number => sizeOf(shapes[argument].slice(0, -1));
  const before = state.map((argument) => add(sizes[argument], ROUND));
  const turns = state.map((argument): Task => {
    // Pairs must not overlap, which would keep what is new already: an odd place has room for one number more.
    const even = sizes[argument] + (sizes[argument] % 2);
    const rows = even % (2 * rowsOf(argument)) === 0 ? rowsOf(argument) : 1;
    const [reads, writes] = [
      [argument, images[argument]],
      [before[argument], argument],
    ];
    const access: Access[] = ["each", "each"];
    return { kind: "chain", access, steps: [], outputs: [0, 1], reads, writes, rows, columns: even / rows };
  });
  // Of four rows together, where that goes: what one thread writes, and another reads, is less.
  const joinedOf = (argument: number): number => (rowsOf(argument) % 4 === 0 ? 2 : 0);
  const marks = state.map((argument) => add(MARKS * (rowsOf(argument) >> joinedOf(argument)), ROUND));
  const gaps = state.map((argument): Task => {
    const joined = joinedOf(argument);
    const rows = rowsOf(argument) >> joined;
    const [reads, writes] = [[images[argument], argument], [marks[argument]]];
    return { kind: "gap", reads, writes, rows, columns: sizes[argument] / rows, joined };
  });
  return { images, before, marks, turns, gaps };
}

/** The largest gap of all rows; NaN if an entry is not finite. */
export function largestGap(marks: Float64Array): number {
  let [largest, sum] = [0, 0];
  for (let i = 0; i < marks.length; i += MARKS) {
    largest = Math.max(largest, marks[i], marks[i + 1]);
    sum += marks[i + 2] + marks[i + 3];
  }
  return Number.isFinite(sum) ? largest : NaN;
}
