// How do the last iterates predict the next one?
import { checkCount, checkOptions } from "../tensor/index.js";
import { addScaled, divideBy, dot, norm2, orthogonalise, subEach } from "../typed-array-ops/index.js";
import type { Solver, SolverExchange } from "./solver.js";

/** The oldest differences are dropped while the triangle's diagonal spans more than this. */
const CONDITION = 1e10;
/** Growth of ‖f(z) − z‖ beyond the smallest so far at which what was learned is dropped, where f is not seen to contract. */
const RUNAWAY = 1e2;

/**
 * Anderson acceleration: z ← f(z) − Σ γⱼ Δfⱼ, where γ minimises ‖r − Σ γⱼ Δrⱼ‖₂ over the last `memory` differences of
 * r = f(z) − z, by QR. The oldest are dropped while they are nearly dependent, and a quarter of them when the memory is full:
 * measured on slow symmetric maps that takes half as many steps as dropping one at a time.
 *
 * Where f is seen to contract, an iterate that is worse than the best one so far is followed by f of the best one, which is
 * Picard's; after `memory` of those, all steps are Picard's.
 *
 * @throws DomainError unless memory is an integer ≥ 1.
 * @source Walker and Ni (2011), "Anderson acceleration for fixed-point iterations", equation 2.2 and section 4
 * @example anderson({ memory: 5 }).name // → "anderson"
 */
export function anderson(options: { readonly memory?: number } = {}): Solver {
  checkOptions("anderson", options, ["memory"]);
  const memory = checkCount("anderson", "memory", options.memory ?? 10);
  return {
    name: "anderson",
    prepare: (exchange) => {
      const mixer = makeMixer(exchange, memory);
      return function* () {
        mixer.forget();
        for (;;) {
          yield "iterate";
          if (!Number.isFinite(exchange.residual)) return undefined;
          mixer.mix();
        }
      };
    },
  };
}

export interface Mixer {
  /** Begins anew. */
  forget(): void;
  /** Overwrites z in the exchange with the next iterate. */
  mix(): void;
}

export function makeMixer(exchange: SolverExchange, most: number): Mixer {
  const { z, image, r, size: n } = exchange;
  const memory = Math.min(most, n);
  const column = (): Float64Array => new Float64Array(n);
  // Column k of q and of deltaF belong together, oldest first; they are made when they are needed.
  const [q, deltaF]: Float64Array[][] = [[], []];
  const upper = new Float64Array(memory * memory);
  const gamma = new Float64Array(memory);
  const [lastZ, lastR, lastF, bestF, scratch] = [column(), column(), column(), column(), column()];
  const weights: number[] = [];
  let stored = 0;
  let begun = false;
  let least = Infinity; // the smallest ‖r‖₂ so far
  let steepest = 0; // the largest ‖Δf‖/‖Δz‖ so far
  let refused = 0;

  /** Turns rows k and k + 1 of the triangle, from column `from` on, so that the entry below the diagonal is 0. */
  function turn(k: number, from: number): void {
    const [a, b] = [upper[k * memory + from], upper[(k + 1) * memory + from]];
    const largest = Math.max(Math.abs(a), Math.abs(b));
    if (!(largest > 0)) return;
    const [scaledA, scaledB] = [a / largest, b / largest];
    const length = Math.sqrt(scaledA * scaledA + scaledB * scaledB);
    const [c, s] = [scaledA / length, scaledB / length];
    for (let j = from; j < stored; j++) {
      const [above, below] = [upper[k * memory + j], upper[(k + 1) * memory + j]];
      upper[k * memory + j] = c * above + s * below;
      upper[(k + 1) * memory + j] = c * below - s * above;
    }
    const [first, second] = [q[k], q[k + 1]];
    for (let i = 0; i < n; i++) {
      const x = first[i];
      first[i] = c * x + s * second[i];
      second[i] = c * second[i] - s * x;
    }
  }

  /** Removes the oldest difference from the factorisation (Golub and Van Loan 2013, section 6.5.2). */
  function dropOldest(): void {
    for (let k = 0; k + 1 < stored; k++) turn(k, k + 1);
    for (let k = 0; k + 1 < stored; k++) {
      for (let j = k; j + 1 < stored; j++) upper[k * memory + j] = upper[k * memory + j + 1];
    }
    deltaF.push(deltaF.shift() as Float64Array);
    stored--;
  }

  const spread = (): number => {
    let [smallest, largest] = [Infinity, 0];
    for (let k = 0; k < stored; k++) {
      const entry = upper[k * memory + k];
      smallest = Math.min(smallest, entry);
      largest = Math.max(largest, entry);
    }
    return largest / smallest;
  };

  /** Adds the newest difference to the factorisation. */
  function remember(): void {
    if (stored === memory) for (let k = 0; k < memory / 4; k++) dropOldest();
    if (deltaF.length === stored) {
      q.push(column());
      deltaF.push(column());
    }
    const [newest, change] = [q[stored], deltaF[stored]];
    subEach(newest, r, lastR);
    subEach(change, image, lastF);
    gamma.fill(0);
    const size = norm2(newest);
    if (!(size > 0)) return;
    const length = orthogonalise(newest, size, q, stored, gamma);
    for (let k = 0; k < stored; k++) upper[k * memory + stored] = gamma[k];
    upper[stored * memory + stored] = length;
    if (length > 0) divideBy(newest, newest, length);
    stored++;
    while (stored > 1 && !(spread() <= CONDITION)) dropOldest();
  }

  function distance(x: Float64Array, y: Float64Array): number {
    subEach(scratch, x, y);
    return norm2(scratch);
  }

  /** Whether the last step has to be given up for Picard's from the best iterate; keeps what is needed to tell. */
  function worse(): boolean {
    if (begun) {
      const moved = distance(z, lastZ);
      if (moved > 0) steepest = Math.max(steepest, distance(image, lastF) / moved);
    }
    const length = norm2(r);
    if (length < least) {
      least = length;
      bestF.set(image);
      return false;
    }
    if (steepest < 1) return length > least;
    if (length > RUNAWAY * least) stored = 0;
    return false;
  }

  function step(): void {
    const givenUp = worse();
    if (begun && !givenUp) remember();
    begun = true;
    lastZ.set(z);
    lastR.set(r);
    lastF.set(image);
    if (givenUp) {
      refused++;
      stored = 0;
    }
    z.set(givenUp ? bestF : image);
    weights.length = stored + 1;
    weights.fill(0);
    weights[0] = 1;
    for (let k = stored - 1; k >= 0; k--) {
      let sum = dot(q[k], r);
      for (let j = k + 1; j < stored; j++) sum -= upper[k * memory + j] * gamma[j];
      gamma[k] = sum / upper[k * memory + k];
      addScaled(z, -gamma[k], deltaF[k]);
      weights[stored - 1 - k] -= gamma[k];
      weights[stored - k] += gamma[k];
    }
    exchange.weights = weights;
  }

  return {
    forget() {
      stored = 0;
      refused = 0;
      steepest = 0;
      least = Infinity;
      begun = false;
    },
    mix() {
      if (refused < memory) step();
      else z.set(image);
    },
  };
}
