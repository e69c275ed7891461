// How is a long recurrence differentiated with one body, however many steps it takes?
//
// (c, y_t) = f(c, x_t) for t = 0 … T − 1. The tangent runs along with it; the cotangents run back from the last step, and
// need the carry before each step, which is computed once more. All three are scans, so every order follows.
import { add, zeros } from "../primitives/index.js";
import { makePlan, pullback, pushforward, replaySlots } from "../readings/index.js";
import { apply, type Primitive, type Program, traceAs } from "../tape/index.js";
import {
  checkAlike,
  checkFunction,
  flattenTree,
  isObject,
  ShapeError,
  showShapes,
  sizeOf,
  type Tensor,
  type TreeForm,
  tracedTensor,
  unflattenTree,
} from "../tensor/index.js";
import { checkpointPrimitive } from "./checkpoint.js";
import { orZeros, recordProgram } from "./differentiate.js";

interface Scan {
  /** The body: inputs are the carry and one row of each element; outputs the next carry and one row of each result. */
  readonly program: Program;
  readonly carries: number;
  readonly elements: number;
  readonly length: number;
  /** From the last row to the first. */
  readonly reverse: boolean;
}

type Body = (carry: readonly Tensor[], x: readonly Tensor[]) => { carry: readonly Tensor[]; y: readonly Tensor[] };

/** A body over the rows of `xs`; what it closes over is free. */
function scanTensors(body: Body, carry: readonly Tensor[], xs: readonly Tensor[], length: number, reverse: boolean) {
  const rows = xs.map((x) => tracedTensor(x.shape.slice(1)));
  const step = (c: readonly Tensor[], x: readonly Tensor[]): readonly Tensor[] => {
    const next = body(c, x);
    return [...next.carry, ...next.y];
  };
  const { closure, ...program } = traceAs("scan", step as (...args: never[]) => unknown, [carry, rows]);
  const parameters = { program, carries: carry.length, elements: xs.length, length, reverse };
  const outputs = apply(scanPrimitive, [...carry, ...xs, ...closure], parameters);
  return { carry: outputs.slice(0, carry.length), y: outputs.slice(carry.length) };
}

/** The inputs of a scan by what they are. */
const partsOf = <T>(inputs: readonly T[], { carries, elements }: Scan) => ({
  begin: inputs.slice(0, carries),
  xs: inputs.slice(carries, carries + elements),
  free: inputs.slice(carries + elements),
});

/** The places where something is. */
const placesOf = (parts: readonly unknown[]): number[] => parts.flatMap((part, i) => (part ? [i] : []));

export const scanPrimitive: Primitive<Scan, "scan"> = {
  name: "scan",
  shapes: (_, { program, carries, length }) =>
    program.outputs.map((slot, i) => (i < carries ? program.shapes[slot] : [length, ...program.shapes[slot]])),
  kernel(inputShapes, parameters) {
    const { program, carries, length, reverse } = parameters;
    const plan = makePlan(program);
    const { begin, xs } = partsOf(inputShapes, parameters);
    const carry = begin.map((shape) => new Float64Array(sizeOf(shape)));
    const row = xs.map((shape) => sizeOf(shape.slice(1)));
    return (outputs, inputs) => {
      const args = [...carry, ...inputs.slice(carries)];
      for (let i = 0; i < carries; i++) {
        carry[i].set(inputs[i]);
        outputs[i].set(inputs[i]);
      }
      for (let step = 0; step < length; step++) {
        const t = reverse ? length - 1 - step : step;
        for (let i = 0; i < row.length; i++)
          args[carries + i] = inputs[carries + i].subarray(t * row[i], (t + 1) * row[i]);
        const results = plan.run(args);
        // A result may be the memory of a carry: all results are taken over before the first carry is overwritten.
        for (let i = 0; i < outputs.length; i++) outputs[i].set(results[i], i < carries ? 0 : t * results[i].length);
        for (let i = 0; i < carries; i++) carry[i].set(outputs[i]);
      }
    };
  },

  vjp(g, _, inputs, parameters, wanted) {
    const { program, carries, elements, length, reverse } = parameters;
    const { begin, xs, free } = partsOf(inputs, parameters);
    const learned = placesOf(partsOf(wanted, parameters).free);
    const forth: Body = (c, x) => ({ carry: replaySlots(program, [...c, ...x, ...free]).slice(0, carries), y: c });
    const before = scanTensors(forth, begin, xs, length, reverse).y;

    const results = g.slice(carries);
    const given = placesOf(results);
    const back: Body = (cotangents, rows) => {
      const at = [...rows.slice(0, carries + elements), ...free];
      const body = recordProgram("scan", program, at);
      const gs = [
        ...cotangents.slice(0, carries),
        ...results.map((_y, i) => rows.slice(carries + elements)[given.indexOf(i)]),
      ];
      const pulled = partsOf(orZeros(pullback(body)(gs), at), parameters);
      const sums = learned.map((i, k) => add(cotangents[carries + k], pulled.free[i]));
      return { carry: [...pulled.begin, ...sums], y: pulled.xs };
    };
    const end = [...orZeros(g, begin), ...learned.map((i) => zeros(free[i].shape))];
    const rows = [...before, ...xs, ...given.map((i) => results[i] as Tensor)];
    const { carry, y } = scanTensors(back, end, rows, length, !reverse);
    const sums = carry.slice(carries);
    return [...carry.slice(0, carries), ...y, ...free.map((_x, i) => sums[learned.indexOf(i)])];
  },

  jvp(dx, _, inputs, parameters) {
    const { program, carries, elements, length, reverse } = parameters;
    const { begin, xs, free } = partsOf(inputs, parameters);
    const tangents = partsOf(dx, parameters);
    const moving = placesOf(tangents.xs);
    const along: Body = (both, rows) => {
      const body = recordProgram("scan", program, [...both.slice(0, carries), ...rows.slice(0, elements), ...free]);
      const pushed = pushforward(body)([
        ...both.slice(carries),
        ...xs.map((_x, i) => rows.slice(elements)[moving.indexOf(i)]),
        ...tangents.free,
      ]);
      const filled = orZeros(pushed, body.outputs);
      return { carry: [...body.outputs.slice(0, carries), ...filled.slice(0, carries)], y: filled.slice(carries) };
    };
    const start = [...begin, ...orZeros(tangents.begin, begin)];
    const rows = [...xs, ...moving.map((i) => tangents.xs[i] as Tensor)];
    const { carry, y } = scanTensors(along, start, rows, length, reverse);
    return [...carry.slice(carries), ...y];
  },
};

/**
 * The recurrence (carry, y_t) = f(carry, x_t) over the rows of xs: the last carry, and all y_t along a new first axis.
 * f is traced once, however many rows there are; whatever it closes over receives its gradient.
 *
 * @shape xs is a tensor or tree of tensors [T, …]; y [T, …]
 * @throws ShapeError if f returns a carry of another form or shape than it is given, or the xs differ in length.
 * @throws TraceError if f reads values.
 * @example scan((c, x) => ({ carry: add(c, x), y: c }), 0, tensor([1, 2, 3])).y.toArray() // → [0, 1, 3]
 */
export function scan<C, X, Y>(f: (carry: C, x: X) => { carry: C; y: Y }, init: C, xs: X): { carry: C; y: Y } {
  checkFunction("scan", f);
  const start = flattenTree("scan: init", init);
  const elements = flattenTree("scan: xs", xs);
  const length = elements.leaves[0]?.shape[0];
  if (elements.leaves.some(({ shape }) => shape.length === 0 || shape[0] !== length) || length === undefined) {
    throw new ShapeError(`scan: expected xs with one number of rows, received ${showShapes(elements.leaves)}`);
  }
  let resultForm: TreeForm = "leaf";
  const body: Body = (carry, x) => {
    const next = f(unflattenTree(start.form, carry) as C, unflattenTree(elements.form, x) as X);
    if (!isObject(next) || !("carry" in next) || !("y" in next)) {
      throw new ShapeError("scan: expected f to return { carry, y }");
    }
    const after = flattenTree("scan: the carry that f returned", next.carry);
    const result = flattenTree("scan: the y that f returned", next.y);
    checkAlike("scan: expected f to return a carry like the one it is given,", after, start);
    resultForm = result.form;
    return { carry: after.leaves, y: result.leaves };
  };
  const { carry, y } = scanTensors(body, start.leaves, elements.leaves, length, false);
  return { carry: unflattenTree(start.form, carry) as C, y: unflattenTree(resultForm, y) as Y };
}

export const calculusFamily: readonly [typeof checkpointPrimitive, typeof scanPrimitive] = [
  checkpointPrimitive,
  scanPrimitive,
];
