// How does data become functions again?
import { crc32 } from "../../io/crc.js";
import { replaySlots, type Steps } from "../../readings/index.js";
import type { Primitive } from "../../tape/index.js";
import { sizeOf, Tensor } from "../../tensor/index.js";
import { fromBase64, numbersIn } from "../bytes.js";
import type { Payload } from "../payload.js";

export interface Decoded {
  readonly payload: Payload;
  readonly weights: readonly Tensor[];
  /** Whether the numbers are those that were written. */
  readonly intact: boolean;
  /** The whole pool, with these weights in it. */
  poolWith(weights: readonly Tensor[]): readonly Tensor[];
  /** The value of a program for its inputs and a pool. */
  run(program: number, inputs: readonly Tensor[], pool: readonly Tensor[]): Tensor;
}

/** Operations are looked up by name; nothing of the data is executed. */
export function decode(payload: Payload, numbers: string, operations: readonly Primitive[]): Decoded {
  const bytes = fromBase64(numbers);
  const all = numbersIn(bytes);
  let next = 0;
  const pool = payload.pool.map(({ shape }) => {
    const begin = next;
    next += sizeOf(shape);
    return new Tensor(shape, all.slice(begin, next));
  });
  const known = new Map(operations.map((primitive) => [primitive.name, primitive]));
  const places = payload.pool.flatMap(({ weight }, i) => (weight ? [i] : []));
  const programs = payload.programs.map(
    ({ literals, steps, output }): Steps => ({
      literals: literals.map((i) => pool[i].data[0]),
      steps: steps.map(([name, parameters, inputs, outputs]) => ({
        primitive: known.get(name) as Primitive,
        parameters: parameters ?? undefined,
        inputs,
        outputs,
      })),
      outputs: [output],
    }),
  );
  return {
    payload,
    weights: places.map((i) => pool[i]),
    intact: next === all.length && crc32(bytes) === payload.check,
    poolWith(weights) {
      const tensors = [...pool];
      places.forEach((place, i) => {
        tensors[place] = weights[i];
      });
      return tensors;
    },
    run: (program, inputs, tensors) =>
      replaySlots(programs[program], [...inputs, ...payload.programs[program].tensors.map((i) => tensors[i])])[0],
  };
}
