// How many digits of a library's numbers are right, and is that as many as can be asked for?
import { jvp, mul, sum, type Tensor, vjp } from "stillpoint";
import { checkGradients } from "stillpoint/verify";
import { evaluate, type Scope } from "./evaluate.js";
import { distance } from "./numbers.js";
import { type Case, type Numbers, type Reference, toTensor, type Verdict } from "./pack.js";

/** What a library gives for a case. */
export interface Answer {
  readonly value: Tensor;
  readonly gradient: Readonly<Record<string, Tensor>>;
  readonly hvp: Readonly<Record<string, Tensor>> | undefined;
}

export interface Score {
  readonly id: string;
  readonly what: string;
  /** −log₁₀ of the largest error, each relative to its entry; 17 if nothing is wrong. */
  readonly digits: number;
  /** The largest error, in units of what one ulp in the inputs does to the entry, and of its own ulp. */
  readonly units: number;
}

const tensorsOf = (numbers: Readonly<Record<string, Numbers>>): Scope =>
  Object.fromEntries(Object.entries(numbers).map(([name, x]) => [name, toTensor(x)]));

const named = (names: readonly string[], xs: readonly Tensor[]): Record<string, Tensor> =>
  Object.fromEntries(names.map((name, i) => [name, xs[i]]));

/** Value, gradient of ⟨cotangent, value⟩, and the gradient's derivative along the direction, by this library. */
export function answer({ expression, inputs, wrt, cotangent, direction }: Omit<Case, "outputs" | "kind">): Answer {
  const scope = tensorsOf(inputs);
  const g = toTensor(cotangent);
  const xs = wrt.map((name) => scope[name]);
  const f = (ys: readonly Tensor[]): Tensor => evaluate(expression, { ...scope, ...named(wrt, ys) });
  const gradient = (ys: readonly Tensor[]): readonly Tensor[] =>
    (vjp(f as (zs: Tensor[]) => Tensor, ys as Tensor[]).pull(g) as unknown as [readonly Tensor[]])[0];
  const along = direction && tensorsOf(direction);
  return {
    value: f(xs),
    gradient: named(wrt, gradient(xs)),
    hvp: along && named(wrt, jvp(gradient, [xs], [wrt.map((name) => along[name])]).tangent as readonly Tensor[]),
  };
}

const unitInLastPlace = (x: number): number => 2 ** Math.max(-1074, Math.floor(Math.log2(Math.abs(x))) - 52);

/** The entries of a tensor beside their references. */
export function compare(
  id: string,
  what: string,
  received: Tensor,
  { digits, amplification, shape }: Reference,
): Score {
  if (String(received.shape) !== String(shape)) return { id, what: `${what}: shape`, digits: 0, units: Infinity };
  let [relative, units] = [0, 0];
  digits.forEach((reference, i) => {
    const error = distance(received.data[i], reference);
    const size = Math.abs(Number(reference));
    if (error === 0) return;
    relative = Math.max(relative, size === 0 ? error : error / size);
    units = Math.max(units, error / (amplification[i] + (size === 0 ? 0 : unitInLastPlace(size))));
  });
  return { id, what, digits: Math.min(17, -Math.log10(relative)), units };
}

/** All tensors of a case beside their references. */
export function score({ id, outputs }: Pick<Case, "id" | "outputs">, received: Answer): Score[] {
  const each = (what: string, of: Readonly<Record<string, Tensor>>, references: Readonly<Record<string, Reference>>) =>
    Object.entries(references).map(([name, reference]) => compare(id, `${what} ${name}`, of[name], reference));
  return [
    compare(id, "value", received.value, outputs.value),
    ...each("gradient", received.gradient, outputs.gradient),
    ...(outputs.hvp ? each("hvp", received.hvp ?? {}, outputs.hvp) : []),
  ];
}

/** What `checkGradients` says of a gradient from elsewhere. */
export function verdictOf({ expression, inputs, wrt, cotangent, gradient }: Verdict): Verdict["verdict"] {
  const scope = tensorsOf(inputs);
  const g = toTensor(cotangent);
  const xs = wrt.map((name) => scope[name]);
  const given = wrt.map((name) => toTensor(gradient[name]));
  const f = (...ys: Tensor[]): Tensor => sum(mul(g, evaluate(expression, { ...scope, ...named(wrt, ys) })));
  const { ok, skipped } = checkGradients(f, xs, { gradient: () => given });
  return !ok ? "wrong" : skipped > 0 ? "undefined" : "right";
}
