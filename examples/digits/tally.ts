// How many evaluations do the solves take?
import type { FixedPointReport } from "stillpoint";
import type { Listeners } from "./models.js";

export interface Tally {
  readonly listeners: Listeners;
  reset(): void;
  /** Mean numbers of evaluations of a solve since the reset. */
  read(): { readonly forward: number; readonly backward: number };
}

export function makeTally(): Tally {
  const forward = { solves: 0, evaluations: 0 };
  const backward = { solves: 0, evaluations: 0 };
  const meanOf = ({ solves, evaluations }: typeof forward): number => (solves === 0 ? 0 : evaluations / solves);
  const into =
    (count: typeof forward) =>
    ({ evaluations }: FixedPointReport): void => {
      count.evaluations += evaluations;
      count.solves++;
    };
  return {
    listeners: { onSolve: into(forward), onAdjoint: into(backward) },
    reset: () => {
      for (const count of [forward, backward]) Object.assign(count, { solves: 0, evaluations: 0 });
    },
    read: () => ({ forward: meanOf(forward), backward: meanOf(backward) }),
  };
}
