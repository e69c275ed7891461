// How many evaluations do the solves take?
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
  return {
    listeners: {
      // A solve begins with step 0, and each step is one evaluation.
      onStep: ({ step }) => {
        forward.evaluations++;
        if (step === 0) forward.solves++;
      },
      onAdjoint: ({ evaluations }) => {
        backward.evaluations += evaluations;
        backward.solves++;
      },
    },
    reset: () => {
      for (const count of [forward, backward]) Object.assign(count, { solves: 0, evaluations: 0 });
    },
    read: () => ({ forward: meanOf(forward), backward: meanOf(backward) }),
  };
}
