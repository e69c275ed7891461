// What does the page tell of one solve?
import { maxAbsDifference } from "../typed-array-ops/index.js";
import { escapeText } from "./html.js";
import { hasLines, iteratesPanel, valuesText } from "./iterates-panel.js";
import { methodClass, residualColumn } from "./residual-panel.js";
import { count, scientific, short, threeDecimals } from "./scales.js";
import type { SolveDigest } from "./solve-digest.js";
import { cursor, type Frame, frameOf, lowerBand, picture, stepAxis, upperBand, wholeBand } from "./solve-frame.js";
import type { RecordedStep } from "./solve-record.js";
import { hasWeights, weightsPanel } from "./weights-panel.js";

/** What the script needs of a solve: places of the cursor and texts, for each drawn step. */
export interface SectionData {
  readonly name: string;
  readonly xs: readonly number[];
  readonly edges: readonly number[];
  readonly right: number;
  /** The heights of the rings on the residual and on the rate. */
  readonly rings: readonly (readonly (number | null)[])[];
  /** The texts of the readout. */
  readonly texts: readonly (readonly string[])[];
}

/** The section, and what the script needs of it. */
export function sectionOf(digest: SolveDigest, index: number): { readonly html: string; readonly data: SectionData } {
  const { solve, steps } = digest;
  const name = `${solve.operation} (${solve.role})`;
  const head =
    `<h2 id="solve-${index}">${escapeText(solve.operation)}</h2>` +
    `<p class="kind">${solve.role} · ${escapeText(solve.solver)}</p>${outcome(digest)}`;
  const wrap = (content: string): string =>
    `<section class="solve" aria-labelledby="solve-${index}"><header>${head}</header>${content}</section>`;
  if (steps.length === 0) {
    const data = { name, xs: [], edges: [], right: 0, rings: [], texts: [] };
    return { html: wrap('<p class="remark">No step was recorded.</p>'), data };
  }
  const frame = frameOf(digest, hasLines(digest));
  const residuals = residualColumn(digest, frame);
  const data: SectionData = {
    name,
    xs: frame.xs,
    edges: frame.edges,
    right: frame.right,
    rings: steps.map((_, k) => [residuals.residualPlaces[k], residuals.ratePlaces[k] ?? null]),
    texts: steps.map((step, k) => readoutTexts(digest, step, digest.rates[k])),
  };
  const remark = caption(digest);
  const figures = `<figure>${residuals.svg}</figure>` + `<figure>${iteratesColumn(digest, frame)}</figure>`;
  const content = `${legend(digest)}${readout(digest, data.texts[steps.length - 1])}<div class="columns">${figures}</div>${remark === "" ? "" : `<p class="remark">${escapeText(remark)}</p>`}`;
  return { html: wrap(content), data };
}

function iteratesColumn(digest: SolveDigest, frame: Frame): string {
  const withWeights = hasWeights(digest);
  const what = hasLines(digest) ? "lines" : "a strip of tiles on a logarithmic scale";
  const label =
    `${count(digest.entries.length)} of ${count(digest.size)} entries of z against the steps, as ${what}` +
    (withWeights ? "; mixing weights of Anderson acceleration below, as bars" : "");
  const panels = iteratesPanel(digest, frame, withWeights ? upperBand : wholeBand);
  const weights = withWeights ? weightsPanel(digest, frame) : "";
  const present = cursor(frame, withWeights ? [upperBand, lowerBand] : [wholeBand], []);
  return picture(label, panels + weights + present + stepAxis(frame));
}

/** Whether it arrived, in one line. */
function outcome({ solve }: SolveDigest): string {
  if (solve.failure !== undefined) return `<p class="failure">${escapeText(solve.failure)}</p>`;
  const last = solve.steps[solve.steps.length - 1];
  if (last === undefined) return "";
  const arrived = last.residual <= last.goal;
  const verdict = arrived ? "converged" : "stopped";
  const sign = arrived ? "≤" : "above the";
  return `<p class="outcome">${verdict} at step ${count(last.step)}: residual ${scientific(last.residual)} ${sign} goal ${short(last.goal, 3)}</p>`;
}

/** A few names suffice to read the colours; the readout names the method of every step. */
const mostNames = 8;

/** The methods in their colours, with the number of steps that each was drawn for. */
function legend(digest: SolveDigest): string {
  const { methods, solve } = digest;
  const used = new Map<string, number>();
  for (const { method } of solve.steps) used.set(method, (used.get(method) ?? 0) + 1);
  const items = methods.slice(0, mostNames).map((method) => {
    const key = `<svg viewBox="0 0 22 10" class="key" aria-hidden="true"><path class="curve ${methodClass(digest, method)}" d="M1 5H21"/></svg>`;
    const times = used.get(method) as number;
    return `<li>${key}${escapeText(method)} <small>${count(times)} ${times === 1 ? "iterate" : "iterates"}</small></li>`;
  });
  const more = methods.length - items.length;
  if (more > 0) items.push(`<li>and ${count(more)} more</li>`);
  return `<ul class="legend" aria-label="methods">${items.join("")}</ul>`;
}

const readoutNames = (digest: SolveDigest): string[] => [
  "step",
  "method",
  "residual",
  "goal",
  "rate",
  "distance to end",
  ...(hasLines(digest) && digest.entries.length > 0 ? ["z"] : []),
  ...(hasWeights(digest) ? ["weights, newest first"] : []),
];

const none = "–";

function readoutTexts(digest: SolveDigest, step: RecordedStep, rate: number): string[] {
  const { reference } = digest;
  const weights = step.weights ?? [];
  return [
    count(step.step),
    step.method,
    scientific(step.residual),
    scientific(step.goal),
    Number.isNaN(rate) ? none : short(rate, 3),
    reference === undefined ? none : scientific(maxAbsDifference(step.state, reference.state)),
    ...(hasLines(digest) && digest.entries.length > 0 ? [valuesText(digest, step.state)] : []),
    ...(hasWeights(digest) ? [weights.length === 0 ? none : weights.map(threeDecimals).join("  ")] : []),
  ];
}

function readout(digest: SolveDigest, texts: readonly string[]): string {
  const items = readoutNames(digest).map((name, i) => {
    const wide = i > 5 ? ' class="wide"' : "";
    return `<div${wide}><dt>${escapeText(name)}</dt><dd>${escapeText(texts[i])}</dd></div>`;
  });
  return `<dl class="readout" aria-label="the current step">${items.join("")}</dl>`;
}

/** How the pictures are to be read, and what is left out of them. */
function caption(digest: SolveDigest): string {
  const { steps, solve, entries, size } = digest;
  const parts = [
    ...(steps.length < solve.steps.length
      ? [
          `Of ${count(solve.steps.length)} steps ${count(steps.length)} are drawn: the first, the last, switches, and of each ` +
            "stretch the smallest and the largest residual; rates are per step, as a mean since the one drawn before.",
        ]
      : []),
    ...(entries.length < size ? [`The ${entries.length} entries of z that move most, of ${count(size)}.`] : []),
    ...(hasLines(digest) ? [] : ["Orange is above the value at the end, blue below; the fainter, the nearer."]),
    ...(hasWeights(digest) ? ["Weights: newest value of f on top, bars by the square root, positive upwards."] : []),
  ];
  return parts.join(" ");
}
