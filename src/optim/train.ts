// How does long training leave room for others, and how does it stop without losing what was learned?
import {
  checkCount,
  checkFunction,
  checkNumber,
  checkOptions,
  DomainError,
  describe,
  isObject,
} from "../tensor/index.js";

/** How far training is. */
export interface TrainInfo<S> {
  /** Steps done, those before `from` included. */
  readonly step: number;
  readonly steps: number;
  readonly state: S;
  /** Seconds since training began, or went on. */
  readonly elapsed: number;
  /** Seconds that the rest will take if it goes on as so far. */
  readonly remaining: number;
}

export interface TrainOptions<S> {
  /** The number of steps in all. */
  readonly steps: number;
  /** Steps that the state has behind it; default: 0. */
  readonly from?: number;
  /** Training stops before the next step when it is aborted. */
  readonly signal?: { readonly aborted: boolean };
  /** Called after each step, and awaited: training can be held up here. */
  readonly onStep?: (info: TrainInfo<S>) => void | Promise<void>;
  /** Milliseconds of work after which everything else has its turn: pictures, input, signals; default: 12. */
  readonly turn?: number;
}

/** Where training ended. */
export interface Trained<S> {
  readonly state: S;
  /** Steps done. */
  readonly step: number;
  /** Whether all of them are. */
  readonly finished: boolean;
}

const optionNames: Record<keyof TrainOptions<unknown>, true> = {
  steps: true,
  from: true,
  signal: true,
  onStep: true,
  turn: true,
};

/** What the engine is asked for a turn; the language itself does not promise that it is there. */
interface Clock {
  readonly MessageChannel?: new () => {
    readonly port1: { onmessage: (() => void) | null; close(): void };
    readonly port2: { postMessage(message: unknown): void };
  };
  setTimeout?(act: () => void, milliseconds: number): unknown;
}

/** Lets all others have a turn. A message is answered at once, where a timer would wait for some milliseconds. */
function turnOfOthers(): Promise<void> {
  const { MessageChannel, setTimeout } = globalThis as unknown as Clock;
  return new Promise((resolve) => {
    if (MessageChannel === undefined) {
      if (setTimeout) setTimeout(resolve, 0);
      else resolve();
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

function checkTraining(options: TrainOptions<never>): void {
  checkOptions("train", options ?? {}, Object.keys(optionNames));
  checkCount("train", "steps", options?.steps, 0);
  const { steps, from = 0, signal, onStep, turn = 0 } = options;
  checkNumber("train", "from", from, `an integer from 0 to steps = ${steps}`, (x) => {
    return Number.isSafeInteger(x) && x >= 0 && x <= steps;
  });
  if (signal !== undefined && !(isObject(signal) && typeof signal.aborted === "boolean")) {
    throw new DomainError(`train: expected signal to be an AbortSignal, received ${describe(signal)}`);
  }
  if (onStep !== undefined) checkFunction("train: onStep", onStep);
  checkNumber("train", "turn", turn, "a number of milliseconds ≥ 0", (x) => x >= 0);
}

/**
 * state ← step(state, k) for k = from, …, steps − 1, with turns for everybody else in between: a page stays alive, and a
 * signal stops training after a whole step. What `step` returns is the whole state: saved by `saveTraining` and given back
 * with `from`, training goes on bit for bit as if it had not stopped.
 *
 * @throws DomainError if an option is unknown or not as described, or step returns nothing.
 * @throws what step or onStep throws; the states that onStep was given are whole.
 * @example (await train((x: number) => x / 2, 8, { steps: 3 })).state // → 1
 * @example (await train((x: number) => x + 1, 0, { steps: 9, signal: { aborted: true } })).finished // → false
 */
export async function train<S>(
  step: (state: S, step: number) => S,
  state: S,
  options: TrainOptions<S>,
): Promise<Trained<S>> {
  checkFunction("train: step", step);
  checkTraining(options as TrainOptions<never>);
  const { steps, from = 0, signal, onStep, turn = 12 } = options;
  const begun = Date.now();
  let turned = begun;
  let current = state;
  for (let k = from; k < steps; k++) {
    if (signal?.aborted) return { state: current, step: k, finished: false };
    const next = step(current, k);
    if (next === undefined || next instanceof Promise) {
      throw new DomainError(
        `train: expected step to return the next state, received ${next === undefined ? "nothing" : "a promise"} from step ${k}; wait for what is slow in onStep`,
      );
    }
    current = next;
    const elapsed = (Date.now() - begun) / 1000;
    const remaining = (elapsed / (k + 1 - from)) * (steps - k - 1);
    await onStep?.({ step: k + 1, steps, state: current, elapsed, remaining });
    if (Date.now() - turned < turn) continue;
    await turnOfOthers();
    turned = Date.now();
  }
  return { state: current, step: steps, finished: true };
}
