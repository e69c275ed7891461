// Which rewrites leave a program what it is?
import { where } from "stillpoint";
import { apply, type Program } from "../../src/tape/index.js";
import { literalTensor, type Tensor } from "../../src/tensor/index.js";

const names = (words: string): ReadonlySet<string> => new Set(words.split(" "));
const linear = names("neg broadcastTo reshape transpose sumTo slice embed cumsum alias stopGradient");
const together = names("add sub concat");
const ordered = names("max min maximum minimum relu");
const compared = names("greater greaterEqual less lessEqual");
const odd = names("tanh sinh sin tan asin atan asinh atanh erf");
const even = names("cos cosh abs tanhSlope");

/** Operands times cᵉ give a result times cᵉ: the e of the result, if there is one. Operands that are 0 have any e. */
function powerOf(name: string, powers: readonly number[], zero: readonly boolean[], sign: boolean): number | undefined {
  const known = powers.filter((_, i) => !zero[i]);
  const common = known.every((e) => e === known[0]) ? (known[0] ?? 0) : undefined;
  const positive = !sign || common === 0;
  if (powers.every((e) => e === 0)) return 0;
  if (linear.has(name) || together.has(name)) return common;
  if (name === "mul" || name === "matmul") return powers[0] + powers[1];
  if (name === "div") return powers[0] - powers[1];
  if (name === "square") return sign ? 0 : 2 * powers[0];
  if (name === "sqrt") return !sign && powers[0] % 2 === 0 ? powers[0] / 2 : undefined;
  if (name === "where") return powerOf("add", powers.slice(1), zero.slice(1), sign);
  if (name === "equal") return common === undefined ? undefined : 0;
  if (compared.has(name)) return positive && common !== undefined ? 0 : undefined;
  if (sign && even.has(name)) return 0;
  if (name === "abs" || ordered.has(name)) return positive ? common : undefined;
  return sign && odd.has(name) ? powers[0] : undefined;
}

/**
 * Whether the results stay what they are when a value is multiplied by c, by the powers of c that the steps pass on: in
 * a quotient it cancels, a square loses its sign, a comparison with 0 its size.
 */
export function cancels(program: Program, slot: number, c: number): boolean {
  const sign = c < 0;
  const powers = program.shapes.map(() => 0);
  const firstLiteral = program.inputs + program.free;
  const zero = program.shapes.map((_, i) => program.literals[i - firstLiteral] === 0);
  powers[slot] = 1;
  for (const { primitive, inputs, outputs } of program.steps) {
    const from = inputs.map((i) => powers[i]);
    const nothing = inputs.map((i) => zero[i]);
    const power = powerOf(primitive.name, from, nothing, sign);
    if (power === undefined) return false;
    for (const out of outputs) {
      if (out !== slot) powers[out] = sign ? Math.abs(power) % 2 : power;
      zero[out] = linear.has(primitive.name) && nothing[0];
    }
  }
  return program.outputs.every((out) => powers[out] === 0);
}

/** What a program computes of its literals alone, as far as something else reads it, and a mask does not hide it. */
function constantsOf(program: Program, run: (at: number, xs: readonly Tensor[]) => readonly Tensor[]): Tensor[] {
  const firstLiteral = program.inputs + program.free;
  const known = new Map(program.literals.map((c, i) => [firstLiteral + i, literalTensor(c)]));
  const read: Tensor[] = [];
  program.steps.forEach(({ primitive, inputs, outputs }, at) => {
    const xs = inputs.map((slot) => known.get(slot));
    if (xs.some((x) => x === undefined)) {
      const [mask] = primitive.name === "where" ? xs : [];
      xs.forEach((x, i) => {
        if (x !== undefined) read.push(mask && i > 0 ? where(mask, i === 1 ? x : 0, i === 1 ? 0 : x) : x);
      });
      return;
    }
    run(at, xs as Tensor[]).forEach((y, i) => {
      known.set(outputs[i], y);
    });
  });
  for (const slot of program.outputs) read.push(...(known.has(slot) ? [known.get(slot) as Tensor] : []));
  return read;
}

/** Whether a step makes one of the constants of a program, such as a mask, and makes the same one when it is rewritten. */
export function sameConstants(
  program: Program,
  at: number,
  rewritten: (xs: readonly Tensor[]) => readonly Tensor[],
): boolean {
  const isLiteral = (slot: number): boolean =>
    slot >= program.inputs + program.free && slot < program.inputs + program.free + program.literals.length;
  const constant = new Set<number>();
  for (const { inputs, outputs } of program.steps) {
    if (inputs.every((slot) => isLiteral(slot) || constant.has(slot))) for (const out of outputs) constant.add(out);
  }
  if (!program.steps[at].outputs.every((slot) => constant.has(slot))) return false;
  const apply1 = (i: number, xs: readonly Tensor[]): readonly Tensor[] =>
    apply(program.steps[i].primitive, xs, program.steps[i].parameters);
  const before = constantsOf(program, apply1);
  const after = constantsOf(program, (i, xs) => (i === at ? rewritten(xs) : apply1(i, xs)));
  return before.every((x, i) => x.data.every((value, e) => Object.is(value, after[i].data[e])));
}
