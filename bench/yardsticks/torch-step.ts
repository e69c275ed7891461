// How long does PyTorch take for a training step?
//
// It runs in a process of its own, and times itself.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const root = dirname(createRequire(import.meta.url).resolve("stillpoint/package.json"));
const program = join(root, "bench", "peers", "torch", "training_step.py");

/** Milliseconds per step: with one network call for all nodes, or one for every pair of nodes, as the seed does it. */
export type TorchStep = (way: "vectorised" | "pairs", steps: number, seconds: number) => number;

/** Nothing where there is no PyTorch. */
export function findTorch(): TorchStep | undefined {
  if (!existsSync(program)) return undefined;
  for (const python of ["python3", "/usr/bin/python3"]) {
    try {
      execFileSync(python, ["-c", "import torch"], { stdio: "ignore" });
    } catch {
      continue;
    }
    // OpenBLAS chooses the kernels of the processor by itself.
    const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...env } = process.env;
    return (way, steps, seconds) => {
      const answer = execFileSync(python, [program, way, String(steps), String(seconds)], { encoding: "utf8", env });
      return (JSON.parse(answer) as { milliseconds: number }).milliseconds;
    };
  }
  return undefined;
}
