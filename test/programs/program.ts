// What is a random program, and how is it written as TypeScript that one can run?
import fc from "fast-check";
import type { Shape, Tensor } from "stillpoint";
import * as stillpoint from "stillpoint";

/** An operation as text: what is printed is what runs. */
export interface Operation {
  /** Whether it takes values of these shapes; the second is given even if it is not used. */
  accepts(a: Shape, b: Shape): boolean;
  text(a: string, b: string, n: number): string;
}

const anything: Operation["accepts"] = () => true;
const hasRows: Operation["accepts"] = (a) => a.length > 0;
const sameShape: Operation["accepts"] = (a, b) => String(a) === String(b);
/** Whether b stretches to a, so that results do not grow without end. */
const stretches: Operation["accepts"] = (a, b) =>
  b.length <= a.length && b.every((n, i) => n === 1 || n === a[a.length - b.length + i]);

const unary = (text: (a: string) => string): Operation => ({ accepts: anything, text });
const rows = (text: (a: string, b: string, n: number) => string): Operation => ({ accepts: hasRows, text });
const broadcast = (text: (a: string, b: string) => string): Operation => ({ accepts: stretches, text });

/** Smooth, and bounded enough for values to stay of ordinary size. */
export const operations: Readonly<Record<string, Operation>> = {
  sin: unary((a) => `sin(${a})`),
  tanh: unary((a) => `tanh(${a})`),
  sigmoid: unary((a) => `sigmoid(${a})`),
  softplus: unary((a) => `softplus(${a})`),
  exp: unary((a) => `exp(tanh(${a}))`),
  log: unary((a) => `log(add(2, sin(${a})))`),
  square: unary((a) => `square(sin(${a}))`),
  gelu: unary((a) => `gelu(${a})`),
  add: broadcast((a, b) => `mul(0.5, add(${a}, ${b}))`),
  sub: broadcast((a, b) => `mul(0.5, sub(${a}, ${b}))`),
  mul: broadcast((a, b) => `mul(${a}, tanh(${b}))`),
  div: broadcast((a, b) => `div(${a}, add(2, sin(${b})))`),
  pow: broadcast((a, b) => `pow(add(2, sin(${a})), tanh(${b}))`),
  maximum: broadcast((a, b) => `maximum(${a}, sub(${b}, 20))`),
  where: broadcast((a, b) => `where(greater(${a}, -20), mul(${a}, sin(${b})), ${b})`),
  stopGradient: broadcast((a, b) => `mul(${a}, greater(${b}, -20))`),
  sum: rows((a, _b, n) => `mul(0.5, sum(${a}, ${n % 2 === 0 ? 0 : -1}))`),
  mean: rows((a, _b, n) => `mean(${a}, ${n % 2 === 0 ? 0 : -1}, { keepDims: true })`),
  variance: rows((a) => `variance(${a}, -1)`),
  norm: rows((a) => `norm(add(3, sin(${a})), -1)`),
  logSumExp: rows((a) => `logSumExp(${a}, -1)`),
  softmax: rows((a) => `softmax(${a})`),
  cumsum: rows((a) => `mul(0.5, cumsum(${a}, 0))`),
  prod: rows((a) => `prod(tanh(${a}), -1)`),
  flip: rows((a) => `flip(${a}, 0)`),
  slice: rows((a) => `slice(${a}, [0], [1])`),
  take: rows((a) => `take(${a}, [0, -1, 0], 0)`),
  concat: {
    accepts: (a, b) => a.length > 0 && sameShape(a, b),
    text: (a, b) => `slice(concat([${a}, ${b}], 0), [1], [4])`,
  },
  transpose: unary((a) => `transpose(${a})`),
  matmul: {
    accepts: (a, b) => a.length === 2 && b.length === 2 && a[1] === b[0],
    text: (a, b) => `mul(0.3, matmul(${a}, ${b}))`,
  },
  gram: { accepts: (a) => a.length === 2, text: (a) => `mul(0.3, matmul(${a}, transpose(${a})))` },
  einsum: { accepts: (a) => a.length === 2, text: (a) => `einsum("ij,ij->i", ${a}, sin(${a}))` },
  solve: {
    accepts: (a, b) => a.length === 2 && b.length === 1 && a[0] === b[0] && a[0] > 0,
    text: (a, b) => `solve(add(mul(3, eye(${a}.shape[0])), mul(0.3, matmul(tanh(${a}), transpose(tanh(${a}))))), ${b})`,
  },
  grad: broadcast((a, b) => `grad((t: Tensor) => sum(mul(sin(t), tanh(${b}))))(${a})`),
  gradTwice: unary((a) => `grad((t: Tensor) => sum(mul(grad((r: Tensor) => sum(mul(sin(r), t)))(t), ${a})))(${a})`),
  hvp: broadcast((a, b) => `mul(0.3, hvp((t: Tensor) => sum(sin(mul(t, tanh(${b})))), ${a}, tanh(${a})))`),
  jvp: {
    accepts: sameShape,
    text: (a, b) => `jvp((t: Tensor) => mul(sin(t), tanh(${b})), [${a}], [tanh(${b})]).tangent`,
  },
  checkpoint: broadcast((a, b) => `checkpoint((t: Tensor) => mul(sin(t), tanh(${b})))(${a})`),
  jit: unary((a) => `jit((t: Tensor) => mul(sin(t), sigmoid(t)))(${a})`),
  scan: rows(
    (a) =>
      `scan((c: Tensor, r: Tensor) => ({ carry: tanh(add(c, r)), y: mul(c, sin(r)) }), zeros(${a}.shape.slice(1)), ${a}).y`,
  ),
  fixedPoint: broadcast(
    (a, b) =>
      `fixedPoint((z: Tensor) => mul(0.4, tanh(add(add(z, ${a}), ${b}))), zeros(${a}.shape), { tolerance: 1e-14 })`,
  ),
  nestedFixedPoint: unary(
    (a) =>
      `fixedPoint((z: Tensor) => mul(0.3, sin(add(z, fixedPoint((w: Tensor) => mul(0.3, tanh(add(add(w, z), ${a}))), ` +
      `zeros(${a}.shape), { tolerance: 1e-15 })))), zeros(${a}.shape), { tolerance: 1e-14 })`,
  ),
};

/** One line of a program: an operation, and the values that it reads. */
export interface Line {
  readonly operation: string;
  readonly reads: readonly [number, number];
  readonly shapes: readonly [Shape, Shape];
  readonly text: string;
}

export interface Program {
  readonly lines: readonly Line[];
  readonly inputs: readonly Tensor[];
  /** A scalar function of the inputs: the sum of all values that no line reads. */
  readonly f: (xs: readonly Tensor[]) => Tensor;
  readonly source: string;
}

const names = Object.keys(stillpoint);

/** The function that the lines describe, in a scope with the library's names and with others. */
function compileLines(body: string, inputs: number, scope: Readonly<Record<string, unknown>>): Program["f"] {
  const parameters = Array.from({ length: inputs }, (_, i) => `v${i}`).join(", ");
  const code = `"use strict"; return ([${parameters}]) => {\n${body.replaceAll(": Tensor", "")}\n};`;
  const all = { ...stillpoint, ...scope } as Record<string, unknown>;
  const known = [...names, ...Object.keys(scope)];
  return new Function(...known, code)(...known.map((name) => all[name])) as Program["f"];
}

/** A program from numbers, any numbers: what does not fit is left out, so that fast-check can shrink as it likes. */
export function decode(
  codes: readonly (readonly [operation: number, a: number, b: number, n: number])[],
  inputs: readonly Tensor[],
  available: Readonly<Record<string, Operation>> = operations,
  scope: Readonly<Record<string, unknown>> = {},
): Program {
  const list = Object.entries(available);
  const values: Tensor[] = [...inputs];
  const lines: Line[] = [];
  for (const [code, first, second, n] of codes) {
    const [operation, { accepts, text }] = list[code % list.length];
    const [a, b] = [first % values.length, second % values.length];
    const shapes = [values[a].shape, values[b].shape] as const;
    if (!accepts(...shapes)) continue;
    const line = { operation, reads: [a, b] as const, shapes, text: text(`v${a}`, `v${b}`, n) };
    const only = compileLines(`return ${line.text};`, values.length, scope);
    values.push(only(values));
    lines.push(line);
  }
  const read = new Set(lines.flatMap(({ text }) => [...text.matchAll(/v(\d+)/g)].map(([, i]) => Number(i))));
  const ends = values.map((_, i) => i).filter((i) => !read.has(i));
  const body = [
    ...lines.map(({ text }, i) => `  const v${i + inputs.length} = ${text};`),
    `  return ${ends.map((i) => `sum(v${i})`).reduce((total, term) => `add(${total}, ${term})`)};`,
  ].join("\n");
  const used = names.filter((name) => new RegExp(`\\b${name}\\(`).test(body));
  const header = [...new Set([...used, "grad", "jvp", "tensor"]), "type Tensor"].sort().join(", ");
  const source = [
    `import { ${header} } from "stillpoint";`,
    "",
    `const f = ([${inputs.map((_, i) => `v${i}`).join(", ")}]: readonly Tensor[]): Tensor => {`,
    body,
    "};",
    `const xs = [${inputs.map((x) => `tensor(Float64Array.of(${x.data.join(", ")}), [${x.shape.join(", ")}])`).join(", ")}];`,
    "console.log(f(xs).item());",
    "console.log(jvp(f, [xs], [xs]).tangent.item());",
    "console.log(grad(f)(xs).map((g) => g.toArray()));",
  ].join("\n");
  return { lines, inputs, f: compileLines(body, inputs.length, scope), source };
}

const shapes: readonly Shape[] = [[2, 3], [3], [2, 1], []];

/** Random programs; those that fail shrink to short ones, which are printed as TypeScript. */
export function programs(
  available: Readonly<Record<string, Operation>> = operations,
  scope: Readonly<Record<string, unknown>> = {},
): fc.Arbitrary<Program> {
  const nat = fc.nat({ max: 1000 });
  const entries = fc.array(fc.integer({ min: -16, max: 16 }), { minLength: 12, maxLength: 12 });
  return fc.tuple(fc.array(fc.tuple(nat, nat, nat, nat), { maxLength: 14 }), entries).map(([codes, numbers]) => {
    let next = 0;
    const inputs = shapes.map((shape) =>
      stillpoint.tensor(
        Float64Array.from({ length: shape.reduce((size, n) => size * n, 1) }, () => numbers[next++] / 16),
        shape,
      ),
    );
    const program = decode(codes, inputs, available, scope);
    return Object.assign(program, { [fc.toStringMethod]: () => `\n${program.source}\n` });
  });
}
