// How is a figure written to a file of its own, for light and for dark paper?
import { type Figure, series } from "./drawing.js";
import { colourStyle } from "./page-style.js";
import { escape, type LegendEntry } from "./report.js";

const [width, margin, lineHeight] = [720, 16, 22];
/** So wide is a letter of 13 pixels on average. */
const letter = 7;
const key = { length: 24, gap: 8, after: 20 };

/** Entries from left to right, as many in a row as fit. */
function place(
  entries: readonly LegendEntry[],
): readonly { readonly entry: LegendEntry; readonly x: number; readonly row: number }[] {
  let [x, row] = [margin, 0];
  return entries.map((entry) => {
    const needed = key.length + key.gap + letter * entry.name.length;
    if (x > margin && x + needed > width - margin) [x, row] = [margin, row + 1];
    const placed = { entry, x, row };
    x += needed + key.after;
    return placed;
  });
}

/** The figure with its legend and its paper, as the text of an SVG file. */
export function standalone(figure: Figure, label: string, legend: readonly LegendEntry[]): string {
  const drawn = figure(width);
  const height = Number(/<svg[^>]*\sheight="(\d+)"/.exec(drawn)?.[1]);
  const placed = place(legend);
  const top = margin / 2 + lineHeight * (Math.max(...placed.map(({ row }) => row)) + 1);
  const entries = placed.map(({ entry: { name, series: i, mark }, x, row }) => {
    const y = margin / 2 + lineHeight * (row + 0.5);
    const colour = i === undefined ? "var(--ink)" : series(i);
    const dashes = mark === "dashed" ? ' stroke-dasharray="5 4"' : "";
    return (
      `<line x1="${x}" x2="${x + key.length}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="3"${dashes}/>` +
      `<text x="${x + key.length + key.gap}" y="${y + 4.5}">${escape(name)}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top + height}" width="${width}" height="${top + height}" role="img" aria-label="${escape(label)}">
<style>${colourStyle}text { font-family: system-ui, sans-serif; }</style>
<rect width="100%" height="100%" rx="8" fill="var(--paper)"/>
<g font-size="13" fill="var(--ink)">${entries.join("\n")}</g>
<g transform="translate(0 ${top})">${drawn}</g>
</svg>
`;
}
