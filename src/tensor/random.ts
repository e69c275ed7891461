// Where do reproducible random numbers come from?
import { drawNormals, drawUnits, unitAt, wordsAt } from "../typed-array-ops/index.js";
import { DomainError, describe } from "./errors.js";
import { checkCount, checkNumber } from "./options.js";
import { checkShape, type Shape, sizeOf } from "./shape.js";
import { Tensor } from "./tensor.js";

/**
 * A stream of random numbers that is fixed by its seed: the same in every engine, on every machine.
 *
 * Each draw advances the stream; `split` gives streams that are independent of it and of each other.
 */
export class Random {
  /** The words drawn last, and the key. */
  readonly #words: Uint32Array;
  #counter: number;

  /** The numbers of the key are taken modulo 2³², without their fractions. */
  constructor(key: ArrayLike<number>, counter = 0) {
    this.#words = Uint32Array.of(0, 0, key[0], key[1]);
    this.#counter = counter;
  }

  /** Entries drawn uniformly from [low, high). */
  uniform(shape: Shape, low = 0, high = 1): Tensor {
    checkInterval("uniform", low, high);
    const data = memoryOf("uniform", shape);
    this.#counter = drawUnits(data, this.#words, this.#counter);
    for (let i = 0; i < data.length; i++) {
      // The sum is rounded, and might reach `high`.
      const value = (1 - data[i]) * low + data[i] * high;
      data[i] = value < high ? value : low;
    }
    return new Tensor([...shape], data);
  }

  /** Normally distributed entries. */
  normal(shape: Shape, mean = 0, std = 1): Tensor {
    checkSpread("normal", mean, std);
    const data = memoryOf("normal", shape);
    this.#counter = drawNormals(data, this.#words, this.#counter);
    for (let i = 0; i < data.length; i++) data[i] = mean + std * data[i];
    return new Tensor([...shape], data);
  }

  /** The integers 0 … n − 1 in random order (Fisher and Yates 1938, in the form of Durstenfeld 1964). */
  permutation(n: number): number[] {
    checkCount("permutation", "n", n, 0);
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(unitAt(this.#words, this.#counter++) * (i + 1));
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  /** n independent streams. */
  split(n: number): Random[] {
    checkCount("split", "n", n, 0);
    return Array.from({ length: n }, () => new Random(this.key().data));
  }

  /**
   * A key for `drawUniform` and `drawNormal`: two 32-bit words, those of the stream that `split` would give next.
   *
   * @shape [2]
   */
  key(): Tensor {
    wordsAt(this.#words, this.#counter++);
    return new Tensor([2], Float64Array.from(this.#words.subarray(0, 2)));
  }

  /**
   * Where the stream stands: its key and its counter. `randomFrom(state)` goes on from there.
   *
   * @shape [3]
   */
  state(): Tensor {
    return new Tensor([3], Float64Array.of(this.#words[2], this.#words[3], this.#counter));
  }
}

const checkFinite = (operation: string, name: string, value: number): number =>
  checkNumber(operation, name, value, "a finite number", () => true);

/** Refuses an interval from which nothing can be drawn. @throws DomainError */
export function checkInterval(operation: string, low: number, high: number): void {
  checkFinite(operation, "low", low);
  checkNumber(operation, "high", high, "a finite number ≥ low", (x) => x >= low);
}

/** Refuses a normal distribution that there is not. @throws DomainError */
export function checkSpread(operation: string, mean: number, std: number): void {
  checkFinite(operation, "mean", mean);
  checkNumber(operation, "std", std, "a finite number ≥ 0", (x) => x >= 0);
}

const memoryOf = (operation: string, shape: Shape): Float64Array =>
  new Float64Array(sizeOf(checkShape(operation, shape)));

/** Whether a number is a 32-bit word. */
export const isWord = (x: number): boolean => x >= 0 && x < 2 ** 32 && Math.floor(x) === x;

/**
 * The random stream of a seed.
 *
 * @throws DomainError if the seed is not an integer ≥ 0.
 * @example random(0).uniform([2]).shape // → [2]
 */
export function random(seed: number): Random {
  checkCount("random", "seed", seed, 0);
  return new Random([seed / 2 ** 32, seed]);
}

/**
 * The random stream that stands where another one stood when its `state()` was taken.
 *
 * @throws DomainError unless the state is a tensor [3] of two 32-bit words and a counter below 2⁵³.
 * @example randomFrom(random(1).state()).uniform([]).item() === random(1).uniform([]).item() // → true
 */
export function randomFrom(state: Tensor): Random {
  const [key0, key1, counter] = state instanceof Tensor && state.shape.length === 1 ? state.data : [];
  if (state?.data?.length !== 3 || !isWord(key0) || !isWord(key1) || !Number.isSafeInteger(counter) || counter < 0) {
    throw new DomainError(
      "randomFrom: expected the state of a random stream, a tensor [3] of two 32-bit words and a counter, received " +
        `${state instanceof Tensor ? JSON.stringify(state.toArray()) : describe(state)}; random(seed).state() gives one`,
    );
  }
  return new Random([key0, key1], counter);
}
