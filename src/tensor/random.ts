// Where do reproducible random numbers come from?
import { cos, log, sin } from "../typed-array-ops/elementary/index.js";
import { checkCount, checkNumber } from "./options.js";
import { checkShape, type Shape, sizeOf } from "./shape.js";
import { Tensor } from "./tensor.js";

const rotations = [13, 15, 26, 6, 17, 29, 16, 24];
const rotateLeft = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/**
 * Threefry-2×32 with 20 rounds: two 32-bit words that depend on a key and a counter, and on nothing else.
 *
 * @source Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", section 3.3
 */
export function threefry(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  const keys = [key0 | 0, key1 | 0, 0x1bd11bda ^ key0 ^ key1];
  let x = (counter0 + keys[0]) | 0;
  let y = (counter1 + keys[1]) | 0;
  for (let group = 0; group < 5; group++) {
    for (let round = 0; round < 4; round++) {
      x = (x + y) | 0;
      y = rotateLeft(y, rotations[(group % 2) * 4 + round]) ^ x;
    }
    x = (x + keys[(group + 1) % 3]) | 0;
    y = (y + keys[(group + 2) % 3] + group + 1) | 0;
  }
  return [x >>> 0, y >>> 0];
}

/**
 * A stream of random numbers that is fixed by its seed: the same in every engine, on every machine.
 *
 * Each draw advances the stream; `split` gives streams that are independent of it and of each other.
 */
export class Random {
  readonly #key: readonly [number, number];
  #counter = 0;

  constructor(key: readonly [number, number]) {
    this.#key = key;
  }

  #next(): [number, number] {
    const counter = this.#counter++;
    return threefry(this.#key[0], this.#key[1], counter | 0, Math.floor(counter / 2 ** 32));
  }

  /** A multiple of 2⁻⁵³ in [0, 1). */
  #unit(): number {
    const [high, low] = this.#next();
    return ((high >>> 5) * 2 ** 26 + (low >>> 6)) * 2 ** -53;
  }

  /** Entries drawn uniformly from [low, high). */
  uniform(shape: Shape, low = 0, high = 1): Tensor {
    checkNumber("uniform", "low", low, "a finite number", () => true);
    checkNumber("uniform", "high", high, "a finite number ≥ low", (x) => x >= low);
    return this.#fill("uniform", shape, () => {
      const u = this.#unit();
      // The sum is rounded, and might reach `high`.
      const value = (1 - u) * low + u * high;
      return value < high ? value : low;
    });
  }

  /**
   * Normally distributed entries.
   *
   * @source Box and Muller (1958): r = √(−2 ln u₁), then r cos 2πu₂ and r sin 2πu₂
   */
  normal(shape: Shape, mean = 0, std = 1): Tensor {
    checkNumber("normal", "mean", mean, "a finite number", () => true);
    checkNumber("normal", "std", std, "a finite number ≥ 0", (x) => x >= 0);
    let spare: number | undefined;
    return this.#fill("normal", shape, () => {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return mean + std * value;
      }
      const radius = Math.sqrt(-2 * log(1 - this.#unit()));
      const angle = 2 * Math.PI * this.#unit();
      spare = radius * sin(angle);
      return mean + std * (radius * cos(angle));
    });
  }

  /** The integers 0 … n − 1 in random order (Fisher and Yates 1938, in the form of Durstenfeld 1964). */
  permutation(n: number): number[] {
    checkCount("permutation", "n", n, 0);
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(this.#unit() * (i + 1));
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  /** n independent streams. */
  split(n: number): Random[] {
    checkCount("split", "n", n, 0);
    return Array.from({ length: n }, () => new Random(this.#next()));
  }

  #fill(operation: string, shape: Shape, draw: () => number): Tensor {
    const data = new Float64Array(sizeOf(checkShape(operation, shape)));
    for (let i = 0; i < data.length; i++) data[i] = draw();
    return new Tensor([...shape], data);
  }
}

/**
 * The random stream of a seed.
 *
 * @throws DomainError if the seed is not an integer ≥ 0.
 * @example random(0).uniform([2]).shape // → [2]
 */
export function random(seed: number): Random {
  checkCount("random", "seed", seed, 0);
  return new Random([Math.floor(seed / 2 ** 32), seed >>> 0]);
}
