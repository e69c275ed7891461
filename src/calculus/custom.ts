// How does a function get derivative rules of its own?
import { toTensor } from "../primitives/index.js";
import { makePlan } from "../readings/index.js";
import { apply1, type Primitive, refuseClosure, traceAs } from "../tape/index.js";
import {
  checkFunction,
  checkOptions,
  DomainError,
  nextSerial,
  ShapeError,
  sameShape,
  showShapes,
  type Tensor,
} from "../tensor/index.js";
import { orZeros } from "./differentiate.js";

/** Rules in operations: so they can be differentiated again. */
export interface CustomRules {
  /** The cotangents of the arguments. */
  readonly vjp?: (g: Tensor, y: Tensor, xs: readonly Tensor[]) => readonly Tensor[];
  /** The tangent of y. */
  readonly jvp?: (dxs: readonly Tensor[], y: Tensor, xs: readonly Tensor[]) => Tensor;
}

function checkShapes(
  name: string,
  what: string,
  received: readonly Tensor[],
  expected: readonly Tensor[],
): readonly Tensor[] {
  const fits =
    Array.isArray(received) &&
    received.length === expected.length &&
    received.every((x, i) => sameShape(x.shape, expected[i].shape));
  if (!fits) {
    const shapes = Array.isArray(received) ? showShapes(received) : typeof received;
    throw new ShapeError(`custom ${name}: expected ${what} ${showShapes(expected)}, received ${shapes}`);
  }
  return received;
}

/**
 * The function f with rules of its own in place of those of its operations.
 *
 * @throws DomainError if f closes over tensors, which would receive no gradient, or a rule that is asked for is missing.
 * @throws ShapeError if a rule returns other shapes than those of the arguments or of the value.
 * @example
 * const gentle = custom("gentle", (x) => relu(x), { vjp: (g, y, [x]) => [where(greater(x, 0), g, mul(0.1, g))] });
 * grad((x) => sum(gentle(x)))(tensor([-1, 1])).toArray() // → [0.1, 1]
 */
export function custom(name: string, f: (...xs: Tensor[]) => Tensor, rules: CustomRules): (...xs: Tensor[]) => Tensor {
  checkFunction(`custom ${name}`, f);
  checkOptions(`custom ${name}`, rules, ["vjp", "jvp"]);
  const missing = (rule: string): never => {
    throw new DomainError(`custom ${name}: expected a ${rule} rule for this derivative, received none; give one`);
  };
  return (...args) => {
    const xs = args.map((x) => toTensor(`custom ${name}`, x));
    const before = nextSerial();
    const program = traceAs(`custom ${name}`, f as (...args: never[]) => unknown, xs);
    refuseClosure(
      `custom ${name}`,
      program,
      before,
      new Set(),
      "the rules give it no gradient; pass it as an argument",
    );
    const made = program.closure.map((x) => x.data);
    const primitive: Primitive<void> = {
      name,
      body: program,
      shapes: () => program.outputs.map((slot) => program.shapes[slot]),
      kernel() {
        const plan = makePlan(program);
        return ([out], inputs) => out.set(plan.run([...inputs, ...made])[0]);
      },
      vjp: ([g], [y], inputs) =>
        checkShapes(name, "cotangents of shapes", (rules.vjp ?? missing("vjp"))(g as Tensor, y, inputs), inputs),
      jvp(dxs, [y], inputs) {
        const tangent = (rules.jvp ?? missing("jvp"))(orZeros(dxs, inputs), y, inputs);
        return checkShapes(name, "a tangent of shape", [tangent], [y]);
      },
    };
    return apply1(primitive, xs, undefined);
  };
}
