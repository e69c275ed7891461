// What do the page and the worker that trains tell each other?
import type { Settings, Trajectory } from "./fit.js";
import type { Observations } from "./observations.js";

export type ToTrainer =
  | { readonly kind: "begin"; readonly observations: Observations; readonly settings: Settings }
  /** What is there before the first update. */
  | { readonly kind: "preview"; readonly observations: Observations; readonly settings: Settings }
  | { readonly kind: "restore"; readonly bytes: Uint8Array }
  | { readonly kind: "resume" }
  | { readonly kind: "pause" };

/** How far training is, and what was learned. */
export interface Progress {
  /** Updates done, of so many. */
  readonly step: number;
  readonly updates: number;
  /** Seconds that the rest will take. */
  readonly remaining: number;
  readonly order: number;
  /** Samples that are fitted by now, and that will be. */
  readonly samples: number;
  readonly fitted: number;
  readonly losses: readonly number[];
  readonly orders: readonly number[];
  readonly trajectory: Trajectory;
  readonly errors: { readonly fitted: number; readonly heldBack: number };
}

export type FromTrainer =
  | { readonly kind: "progress"; readonly progress: Progress }
  /** What can be loaded again; `step` updates are in it. */
  | { readonly kind: "checkpoint"; readonly bytes: Uint8Array; readonly step: number; readonly updates: number }
  | { readonly kind: "preview"; readonly trajectory: Trajectory }
  | { readonly kind: "restored"; readonly observations: Observations; readonly settings: Settings }
  | { readonly kind: "rests"; readonly finished: boolean }
  | { readonly kind: "failed"; readonly message: string };
