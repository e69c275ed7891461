// Which trajectories of these equations are known to 16 digits?
import { readFileSync } from "node:fs";
import { inExamples } from "../shared/repository.js";
import type { Curve } from "./comparison.js";

interface Given {
  readonly problem: string;
  readonly alpha?: string;
  readonly alphas?: readonly string[];
  readonly A?: string;
  readonly B?: string;
  readonly u0: readonly string[];
  readonly T: string;
  readonly rows: readonly (readonly string[])[];
}

export interface KnownTrajectory {
  readonly order: number | readonly number[];
  readonly parameters: { readonly A: number; readonly B: number };
  readonly u0: readonly number[];
  readonly duration: number;
  readonly times: readonly number[];
  readonly curve: Curve;
}

/** Those of a problem, from test/reference. */
export function knownTrajectories(problem: string): readonly KnownTrajectory[] {
  return ["trajectories", "trajectories_long"].flatMap((name) => {
    const text = readFileSync(inExamples("..", "test", "reference", `${name}.json`), "utf8");
    const { problems } = JSON.parse(text) as { readonly problems: readonly Given[] };
    return problems
      .filter((given) => given.problem === problem)
      .map((given) => ({
        order: given.alphas?.map(Number) ?? Number(given.alpha),
        parameters: { A: Number(given.A), B: Number(given.B) },
        u0: given.u0.map(Number),
        duration: Number(given.T),
        times: given.rows.map(([t]) => Number(t)),
        curve: given.u0.map((_, c) => Float64Array.from(given.rows, (row) => Number(row[c + 1]))),
      }));
  });
}
