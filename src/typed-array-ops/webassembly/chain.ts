// How do many pointwise operations run as one loop?
//
// Every entry is loaded once, goes through all operations in registers, two entries at a time, and only what is needed
// later is stored. An input that is broadcast is read where it stands.
import type { Code, FunctionSource } from "./encoding.js";
import {
  advance,
  again,
  gathered,
  get,
  integer,
  loadTwice,
  loadVector,
  makeFunction,
  repeat,
  set,
  storeVector,
  twice,
  when,
} from "./instructions.js";
import type { Lanes } from "./lanes.js";

/** An input entry by entry, one of which every row or every column is the same, a single number in memory, or one known now. */
export type Access = "each" | "row" | "column" | "one" | number;

export interface ChainStep {
  readonly lanes: Lanes;
  /** Values by their numbers: inputs first, then the results of the steps. */
  readonly inputs: readonly number[];
}

export interface Chain {
  readonly inputs: readonly Access[];
  readonly steps: readonly ChainStep[];
  /** The numbers of the values that are stored. */
  readonly outputs: readonly number[];
}

/** How the entries of a loop are counted. */
export interface Extent {
  readonly rows: number;
  readonly pairs: number;
  readonly odd: number;
}

/** Rows of so many numbers each. The memory of a single number has room for two. */
export const extentOf = (rows: number, columns: number): Extent =>
  columns === 1 ? { rows, pairs: 1, odd: 0 } : { rows, pairs: columns >> 1, odd: columns & 1 };

/**
 * (…addresses of the inputs in memory, …addresses of the outputs, rows, pairs, odd). Of an odd number of columns the last
 * pair overlaps the one before, and writes the same numbers again.
 */
export function chainFunction({ inputs, steps, outputs }: Chain): FunctionSource {
  const given = inputs.filter((access) => typeof access !== "number").length;
  return makeFunction(given + outputs.length + 3, (scope, ...places) => {
    const [rows, pairs, odd] = places.slice(-3);
    const to = places.slice(given, -3);
    const [left, more] = [scope.integer(), scope.integer()];
    const moving = [...to];
    const atRow: Code[] = [];
    const loads: (() => Code)[] = [];
    let next = 0;
    for (const access of inputs) {
      if (typeof access === "number") {
        loads.push(() => twice(access));
        continue;
      }
      const from = places[next++];
      if (access === "one") {
        const value = scope.keep([get(from), loadTwice(0)]);
        loads.push(() => value);
      } else if (access === "column") {
        const value = scope.vector();
        atRow.push([get(from), loadTwice(0), set(value)], advance(from, integer(8)));
        loads.push(() => get(value));
      } else {
        const cursor = access === "row" ? scope.integer() : from;
        if (access === "row") atRow.push([get(from), set(cursor)]);
        moving.push(cursor);
        loads.push(() => [get(cursor), loadVector(0)]);
      }
    }
    const body = gathered(scope, (inside) => {
      // What several steps read is loaded once; the code of a literal or of a local may be repeated.
      const values = loads.map((load, i) =>
        inputs[i] === "each" || inputs[i] === "row" ? inside.keep(load()) : load(),
      );
      for (const step of steps) values.push(inside.keep(step.lanes(inside, ...step.inputs.map((i) => values[i]))));
      outputs.forEach((value, i) => {
        inside.write(get(to[i]), values[value], storeVector(0));
      });
      for (const cursor of moving) inside.write(advance(cursor, integer(16)));
    });
    scope.write(
      repeat(
        rows,
        atRow,
        [get(pairs), set(left), get(odd), set(more)],
        again(
          repeat(left, body),
          when(
            get(more),
            moving.map((cursor) => advance(cursor, integer(-8))),
            [integer(1), set(left)],
          ),
          [get(more), integer(0), set(more)],
        ),
      ),
    );
  });
}
