// How is the report put on one page that needs nothing else?
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Figure, series } from "./drawing.js";
import type { Table } from "./numbers.js";
import { pageStyle } from "./page-style.js";

export interface Section {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly points?: readonly string[];
  readonly figure?: { readonly draw: Figure; readonly caption: string; readonly legend: readonly LegendEntry[] };
  readonly tables?: readonly Table[];
}

export interface LegendEntry {
  readonly name: string;
  /** Which of the series colours; without one it is drawn in ink. */
  readonly series?: number;
  readonly mark: "line" | "dashed" | "dot" | "area";
}

export const lines = (names: readonly string[]): readonly LegendEntry[] =>
  names.map((name, i) => ({ name, series: i, mark: "line" }));

export const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const paragraph = (text: string): string => `<p>${escape(text)}</p>`;

const legendHtml = (entries: readonly LegendEntry[]): string =>
  `<p class="legend">${entries
    .map(({ name, series: i, mark }) => {
      const colour = i === undefined ? "var(--ink)" : series(i);
      return `<span class="entry"><span class="key ${mark}" style="color: ${colour}"></span>${escape(name)}</span>`;
    })
    .join(" ")}</p>`;

/** Each figure is drawn twice, so that its letters are legible on a phone too. */
const figureHtml = ({ draw, caption, legend }: NonNullable<Section["figure"]>): string =>
  `<figure>${legendHtml(legend)}
<div class="wide">${draw(720)}</div>
<div class="narrow">${draw(350)}</div>
<figcaption>${escape(caption)}</figcaption></figure>`;

const row = (cells: readonly string[], tag: "th" | "td"): string =>
  cells
    .map((cell, i) => (i === 0 ? `<th scope="row">${escape(cell)}</th>` : `<${tag}>${escape(cell)}</${tag}>`))
    .join("");

const tableHtml = ({ caption, columns, rows }: Table): string =>
  `<figure><figcaption class="caption">${escape(caption)}</figcaption>
<div class="scroll"><table>
<thead><tr>${columns.map((name) => `<th scope="col">${escape(name)}</th>`).join("")}</tr></thead>
<tbody>${rows.map(({ cells, group }) => `<tr${group ? ' class="group"' : ""}>${row(cells, "td")}</tr>`).join("\n")}</tbody>
</table></div></figure>`;

const sectionHtml = ({ heading, paragraphs, points = [], figure, tables = [] }: Section): string =>
  `<section><h2>${escape(heading)}</h2>
${paragraphs.map(paragraph).join("\n")}
${points.length > 0 ? `<ul>${points.map((point) => `<li>${escape(point)}</li>`).join("\n")}</ul>` : ""}
${figure ? figureHtml(figure) : ""}
${tables.map(tableHtml).join("\n")}</section>`;

/** Writes the page into a folder, and tells where. */
export function writeReport(folder: string, title: string, introduction: string, sections: readonly Section[]): string {
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${paragraph(introduction)}
${sections.map(sectionHtml).join("\n")}
</main>
</body>
</html>
`;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "report.html");
  writeFileSync(file, page);
  return file;
}
