// How does training run beside a page, pause, go on, and tell how far it is?
import { saveTraining } from "stillpoint/io";
import { train } from "stillpoint/optim";
import { type Fit, historyOf, makeFit, orderAt, restoreFit, type TrainingState } from "./fit.js";
import type { FromTrainer, ToTrainer } from "./protocol.js";

/** Milliseconds between two reports, and between two checkpoints. */
const every = { progress: 150, checkpoint: 1500 } as const;

export interface Trainer {
  /** Resolves when nothing more is done for this message. */
  receive(message: ToTrainer): Promise<void>;
}

/** A trainer that talks through `post`. Whatever fails, the last whole state is kept. */
export function makeTrainer(post: (message: FromTrainer) => void): Trainer {
  let at: { readonly fit: Fit; state: TrainingState } | undefined;
  let running: { aborted: boolean } | undefined;

  function tellProgress(remaining: number): void {
    if (!at) return;
    const { fit, state } = at;
    post({
      kind: "progress",
      progress: {
        step: state.step,
        updates: state.settings.updates,
        remaining,
        order: orderAt(state),
        samples: fit.samplesAt(state.step),
        fitted: fit.fitted,
        ...historyOf(state),
        trajectory: fit.trajectory(state),
        errors: fit.errors(state),
      },
    });
  }

  function tellCheckpoint(): void {
    if (!at) return;
    const { step, settings } = at.state;
    post({ kind: "checkpoint", bytes: saveTraining(at.state), step, updates: settings.updates });
  }

  function tellFailure(error: unknown): void {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    post({ kind: "failed", message: `${name}: ${message}` });
  }

  async function run(): Promise<void> {
    if (!at || running) return;
    const current = at;
    const signal = { aborted: false };
    running = signal;
    const told = { progress: 0, checkpoint: Date.now() };
    try {
      tellProgress(Number.NaN);
      const { finished } = await train((state: TrainingState) => current.fit.step(state), current.state, {
        steps: current.state.settings.updates,
        from: current.state.step,
        signal,
        onStep({ state, remaining }) {
          current.state = state;
          if (Date.now() - told.progress > every.progress) {
            tellProgress(remaining);
            told.progress = Date.now();
          }
          if (Date.now() - told.checkpoint > every.checkpoint) {
            tellCheckpoint();
            told.checkpoint = Date.now();
          }
        },
      });
      tellProgress(0);
      tellCheckpoint();
      running = undefined;
      post({ kind: "rests", finished });
    } catch (error) {
      running = undefined;
      tellCheckpoint();
      tellFailure(error);
    }
  }

  return {
    async receive(message) {
      try {
        if (message.kind === "pause") {
          if (running) running.aborted = true;
          return;
        }
        if (message.kind === "resume") return await run();
        if (message.kind === "preview") {
          const fit = makeFit(message.observations, message.settings);
          return post({ kind: "preview", trajectory: fit.trajectory(fit.begin) });
        }
        if (running) throw new Error("training: expected a pause before another training is begun");
        if (message.kind === "begin") {
          const fit = makeFit(message.observations, message.settings);
          at = { fit, state: fit.begin };
          return await run();
        }
        const { observations, fit, state } = restoreFit(message.bytes);
        at = { fit, state };
        post({ kind: "restored", observations, settings: state.settings });
        tellProgress(Number.NaN);
        tellCheckpoint();
        post({ kind: "rests", finished: state.step === state.settings.updates });
      } catch (error) {
        tellFailure(error);
      }
    },
  };
}
