// Reading the record of a solve as a page: how did z come to rest?
import { checkCount, checkOptions, DomainError, describe } from "../tensor/index.js";
import { byteLength, embedJson, escapeText } from "./html.js";
import { count } from "./scales.js";
import { digestSolve, methodsOf } from "./solve-digest.js";
import { solvePageScript } from "./solve-page-script.js";
import { solvePageStyle } from "./solve-page-style.js";
import { checkSolves, type RecordedSolve } from "./solve-record.js";
import { sectionOf } from "./solve-section.js";

export interface DrawSolvesOptions {
  /** The heading of the page. */
  readonly title?: string;
  /** How many entries of z are drawn, those that move most: up to six as lines, more as a strip of tiles (default 24). */
  readonly entries?: number;
}

/**
 * Recorded solves as one HTML page without anything from elsewhere: residuals ‖f(z) − z‖ with their goal and changes of
 * method, the factor from each residual to the next, entries of z, mixing weights, and a slider that moves through the
 * steps. Forward solves come first. Without its script the page shows the whole history; of long solves and large
 * states a part is drawn and embedded, and the page says which.
 *
 * @throws DomainError if the list is empty or a record is malformed.
 * @example
 * const step = (step: number, z: number) =>
 *   ({ step, residual: Math.abs(Math.cos(z) - z), goal: 0.5, method: "picard", state: Float64Array.of(z) });
 * const solve = { operation: "fixedPoint", role: "forward", solver: "picard", steps: [step(0, 0), step(1, 1)] } as const;
 * drawSolves([solve]).startsWith("<!doctype html>") // → true
 * drawSolves([solve]).includes("converged at step 1: residual 4.60e−1 ≤ goal 0.5") // → true
 */
export function drawSolves(solves: readonly RecordedSolve[], options: DrawSolvesOptions = {}): string {
  checkOptions("drawSolves", options, ["title", "entries"]);
  const entries = checkCount("drawSolves", "entries", options.entries ?? 24);
  checkSolves("drawSolves", solves);
  const title = options.title ?? `${solves[0].operation}, step by step`;
  if (typeof title !== "string") throw new DomainError(`drawSolves: expected a title, received ${describe(title)}`);
  const ordered = [
    ...solves.filter(({ role }) => role === "forward"),
    ...solves.filter(({ role }) => role !== "forward"),
  ];
  const methods = methodsOf(ordered);
  const sections = ordered.map((solve, i) => sectionOf(digestSolve(solve, entries, methods), i));
  const positions = sections.reduce((sum, { data }) => sum + data.xs.length, 0);
  const [before, after] = pageOf(
    title,
    controls(positions) + sections.map(({ html }) => html).join(""),
    embedJson(sections.map(({ data }) => data)),
  );
  const kilobytes = Math.ceil((byteLength(before + after) + 100) / 1000);
  return `${before}<footer>A page of ${count(kilobytes)} kB that loads nothing from elsewhere.</footer>${after}`;
}

/** Hidden until the script works. The slider runs through the drawn steps of all solves. */
const controls = (positions: number): string =>
  '<form id="controls" class="controls" hidden>' +
  '<button id="play" type="button">Play</button>' +
  `<input id="time" type="range" min="0" max="${Math.max(0, positions - 1)}" step="1" value="${Math.max(0, positions - 1)}" aria-label="step">` +
  '<output id="now" for="time"></output></form>';

/** The page up to its last words, and after them. */
const pageOf = (title: string, content: string, data: string): readonly [before: string, after: string] => [
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<style>
${solvePageStyle}
</style>
</head>
<body>
<main>
<h1>${escapeText(title)}</h1>
${content}
`,
  `
</main>
<script type="application/json" id="record">${data}</script>
<script>
${solvePageScript}
</script>
</body>
</html>
`,
];
