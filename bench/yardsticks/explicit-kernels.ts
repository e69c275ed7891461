// Which kernels does the hand-written training step run in WebAssembly?
//
// Samples are kept in pairs, as in pair-loops.ts, so a vector is one entry of a pair. All pointers are in bytes.
import {
  add,
  advance,
  and,
  type Code,
  get,
  integer,
  isGreater,
  type KernelSource,
  larger,
  load,
  loadTwice,
  multiply,
  repeat,
  set,
  store,
  zeros,
} from "./wasm-emitter.js";

export type Gate = "none" | "rectified" | "masked" | "added";

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/**
 * name(count, x, y, weights, bias, other): a layer for `count` times two pairs, three outputs of both at a time. Weights stand in panels
 * of three outputs, the last one being narrower; `other` is the mask, or what is added.
 */
export function layerKernel(name: string, outputs: number, products: number, gate: Gate): KernelSource {
  const [count, x, y, weights, bias, other, from, level, w] = upTo(9);
  const sum = (output: number, pair: number): number => 9 + 2 * output + pair;
  const [x0, x1, factor] = [15, 16, 17];
  const panel = (start: number): Code => {
    const inPanel = upTo(Math.min(3, outputs - start));
    const each = (code: (output: number, pair: number) => Code): Code =>
      inPanel.map((output) => [code(output, 0), code(output, 1)]);
    const gated = (output: number, pair: number, at: number): Code => {
      const value = get(sum(output, pair));
      if (gate === "rectified") return [zeros, value, larger];
      if (gate === "masked") return [value, get(other), load(at), zeros, isGreater, and];
      return gate === "added" ? [value, get(other), load(at), add] : value;
    };
    return [
      each((output, pair) => [get(bias), loadTwice(8 * (start + output)), set(sum(output, pair))]),
      [get(x), set(from), integer(products), set(level)],
      repeat(
        level,
        [get(from), load(0), set(x0), get(from), load(16 * products), set(x1)],
        inPanel.map((output) => [
          [get(w), loadTwice(8 * output), set(factor)],
          [get(sum(output, 0)), get(factor), get(x0), multiply, add, set(sum(output, 0))],
          [get(sum(output, 1)), get(factor), get(x1), multiply, add, set(sum(output, 1))],
        ]),
        advance(from, integer(16)),
        advance(w, integer(8 * inPanel.length)),
      ),
      each((output, pair) => {
        const at = 16 * (pair * outputs + start + output);
        return [get(y), gated(output, pair, at), store(at)];
      }),
    ];
  };
  return {
    name,
    parameters: 6,
    integers: 3,
    vectors: 9,
    body: repeat(
      count,
      [get(weights), set(w)],
      upTo(Math.ceil(outputs / 3)).map((i) => panel(3 * i)),
      [advance(x, integer(32 * products)), advance(y, integer(32 * outputs)), advance(other, integer(32 * outputs))],
    ),
  };
}

/**
 * lags(panel, sources, lag, rows, out, stride): adds to rows of four entries, three rows at a time, Σ_j lag[−j]·panel_j; each row has the
 * lag after that of the row before. Up to two rows more are written to.
 */
export function lagKernel(): KernelSource {
  const [panel, sources, lag, triples, out, stride, level, from, at] = upTo(9);
  const sum = (row: number, half: number): number => 9 + 2 * row + half;
  const [f0, f1, first, second, third] = [15, 16, 17, 18, 19];
  const step = (factor: number, row: number): Code => [
    [get(sum(row, 0)), get(factor), get(f0), multiply, add, set(sum(row, 0))],
    [get(sum(row, 1)), get(factor), get(f1), multiply, add, set(sum(row, 1))],
  ];
  return {
    name: "lags",
    parameters: 6,
    integers: 3,
    vectors: 11,
    body: repeat(
      triples,
      upTo(6).map((i) => [zeros, set(9 + i)]),
      [get(sources), set(level), get(panel), set(from), get(lag), set(at)],
      [get(at), loadTwice(8), set(second), get(at), loadTwice(16), set(third)],
      repeat(
        level,
        [get(at), loadTwice(0), set(first), get(from), load(0), set(f0), get(from), load(16), set(f1)],
        [step(first, 0), step(second, 1), step(third, 2)],
        [get(second), set(third), get(first), set(second)],
        [advance(at, integer(-8)), advance(from, integer(32))],
      ),
      upTo(3).map((row) => [
        [get(out), get(out), load(0), get(sum(row, 0)), add, store(0)],
        [get(out), get(out), load(16), get(sum(row, 1)), add, store(16)],
        advance(out, get(stride)),
      ]),
      advance(lag, integer(24)),
    ),
  };
}

/** gather(to, from, stride, rows): four entries of each row one after the other. */
export function gatherKernel(): KernelSource {
  const [to, from, stride, rows] = upTo(4);
  return {
    name: "gather",
    parameters: 4,
    integers: 0,
    vectors: 0,
    body: repeat(
      rows,
      [get(to), get(from), load(0), store(0), get(to), get(from), load(16), store(16)],
      [advance(to, integer(32)), advance(from, get(stride))],
    ),
  };
}

/**
 * outer(pairs, a, aRow, g, gRow, out, outRow): out[k, j] = Σ a[k]·g[j] over pairs, for three k and two j, the halves of a sum being left
 * apart: vectors of out. Rows of a and g are those of pairs.
 */
export function outerKernel(): KernelSource {
  const [pairs, a, aRow, g, gRow, out, outRow] = upTo(7);
  const sum = (k: number, j: number): number => 7 + 2 * k + j;
  const [g0, g1, factor] = [13, 14, 15];
  return {
    name: "outer",
    parameters: 7,
    integers: 0,
    vectors: 9,
    body: [
      upTo(6).map((i) => [zeros, set(7 + i)]),
      repeat(
        pairs,
        [get(g), load(0), set(g0), get(g), load(16), set(g1)],
        upTo(3).map((k) => [
          [get(a), load(16 * k), set(factor)],
          [get(sum(k, 0)), get(factor), get(g0), multiply, add, set(sum(k, 0))],
          [get(sum(k, 1)), get(factor), get(g1), multiply, add, set(sum(k, 1))],
        ]),
        [advance(a, get(aRow)), advance(g, get(gRow))],
      ),
      upTo(3).map((k) => [
        [get(out), get(sum(k, 0)), store(0), get(out), get(sum(k, 1)), store(16)],
        advance(out, get(outRow)),
      ]),
    ],
  };
}

/** addRow(vectors, out, x, weight): out += weight·x, where the weight stands in memory. */
export function rowKernel(): KernelSource {
  const [vectors, out, x, weight] = upTo(4);
  const factor = 4;
  return {
    name: "addRow",
    parameters: 4,
    integers: 0,
    vectors: 1,
    body: [
      [get(weight), loadTwice(0), set(factor)],
      repeat(
        vectors,
        [get(out), get(out), load(0), get(factor), get(x), load(0), multiply, add, store(0)],
        [advance(out, integer(16)), advance(x, integer(16))],
      ),
    ],
  };
}
