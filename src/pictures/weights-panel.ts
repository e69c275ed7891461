// With which weights did Anderson acceleration mix the last values of f?
import { round, short } from "./scales.js";
import type { SolveDigest } from "./solve-digest.js";
import { type Frame, heading, lowerBand, pathOf, textAt } from "./solve-frame.js";

/** So many of the newest weights have room. */
const mostRows = 12;

export const hasWeights = ({ steps }: SolveDigest): boolean =>
  steps.some(({ weights }) => weights !== undefined && weights.length > 0);

/** One column of bars for each step, newest weight on top; bars go by the square root, so that small ones are seen. */
export function weightsPanel({ steps }: SolveDigest, frame: Frame): string {
  const all = steps.flatMap(({ weights }) => weights ?? []);
  const rows = steps.reduce((most, { weights }) => Math.max(most, weights?.length ?? 0), 0);
  const shown = Math.min(rows, mostRows);
  const largest = all.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
  const height = (lowerBand.bottom - lowerBand.top) / shown;
  const middle = (row: number): number => round(lowerBand.top + (row + 0.5) * height);
  const bars = { n: "", p: "" };
  steps.forEach(({ weights = [] }, k) => {
    weights.slice(0, shown).forEach((weight, row) => {
      const length = round((Math.sqrt(Math.abs(weight)) / Math.sqrt(largest)) * (height / 2 - 0.5));
      if (!(length > 0 && length < Infinity)) return;
      bars[weight < 0 ? "n" : "p"] += `M${frame.xs[k]} ${middle(row)}v${weight < 0 ? length : -length}`;
    });
  });
  const narrowest = frame.edges.slice(1).reduce((least, x, k) => Math.min(least, x - frame.edges[k]), Infinity);
  const width = round(Math.max(0.6, Math.min(6, narrowest * 0.5)));
  const baselines = Array.from({ length: shown }, (_, row) => `M${frame.left} ${middle(row)}H${frame.right}`).join("");
  const every = Math.ceil(11 / height);
  const names = Array.from({ length: shown }, (_, row) =>
    row % every === 0 ? textAt(frame.left - 6, middle(row) + 4, String(row), "tick end") : "",
  );
  const remark = shown < rows ? `newest ${shown} of ${rows}` : `largest ${short(largest, 3)}`;
  return (
    heading(frame, lowerBand, "mixing weights of the last values of f", remark) +
    pathOf("grid", baselines) +
    `<g class="bars" stroke-width="${width}">${pathOf("n", bars.n)}${pathOf("p", bars.p)}</g>` +
    names.join("")
  );
}
