// How do measurements become a chapter?

import { showSpread } from "./measure.js";
import { isMet, type ResultTable, showCell, type Target } from "./results.js";

export interface Section {
  readonly heading: string;
  readonly command: string;
  readonly introduction: string;
  readonly tables: readonly ResultTable[];
  /** What a program printed that publishes no tables. */
  readonly printed?: string;
}

export const figureFile = (name: string): string => `measured-${name}.svg`;

/** A vertical bar would end the cell. */
const escapeCell = (text: string): string => text.replaceAll("|", "\\|");

export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(heading), `|${heading.map((_, i) => (i === 0 ? "---" : "--:")).join("|")}|`, ...rows.map(line)].join(
    "\n",
  );
}

const targetRow = (target: Target): readonly string[] => [
  target.claim,
  `${target.side} ${target.bound}`,
  showSpread(target.reached),
  isMet(target) ? "yes" : "**no**",
];

const targetHeading = ["target", "asked for", "reached", "met"];

function tableParts({ name, title, heading, rows, notes = [], targets = [], figure }: ResultTable): string[] {
  return [
    `_${title}_`,
    markdownTable(
      heading,
      rows.map((row) => row.map(showCell)),
    ),
    ...notes,
    ...(targets.length > 0 ? [markdownTable(targetHeading, targets.map(targetRow))] : []),
    ...(figure ? [`![${figure.caption}](figures/${figureFile(name)})`] : []),
  ];
}

const sectionParts = ({ heading, command, introduction, tables, printed }: Section): string[] => [
  `## ${heading}`,
  introduction,
  `Command: \`${command}\``,
  ...tables.flatMap(tableParts),
  ...(printed === undefined ? [] : [`\`\`\`text\n${printed.trim()}\n\`\`\``]),
];

export function chapterText(machines: readonly string[], sections: readonly Section[]): string {
  const targets = sections.flatMap(({ heading, tables }) =>
    tables.flatMap((table) => (table.targets ?? []).map((target) => ({ heading, target }))),
  );
  const met = targets.filter(({ target }) => isMet(target)).length;
  return `${[
    "# 15. Measurements",
    "**How fast is it, beside loops written by hand and beside other libraries?**",
    "This chapter and its figures are written by `npm run bench:all`, which runs every program of [bench/](../bench); nothing in " +
      "it is asserted by a test. A round times every contender once, one after the other, each round starting with the " +
      "next one; a number is the median of the rounds with the least and the most in brackets. What counts are the " +
      "ratios: they are taken within a round, of two things that were measured side by side. Before anything is timed, " +
      "its results are compared with those of the hand-written loops.",
    "The loops by hand are the yardstick: the same arithmetic, for one shape of problem, without a library around it. " +
      "PyTorch runs in float64 with the kernels that OpenBLAS chooses for the processor, with one thread or two, whichever is " +
      "faster. tfjs has float32 only, and jax-js both; it computes some functions of float64 numbers in float32. Each runs in " +
      "a process of its own, which waits while others are timed.",
    `Machine: ${machines.join("; ")}.`,
    "## Targets",
    targets.length === 0
      ? "None of the programs that were run has one."
      : `${met} of ${targets.length} are met by the median.`,
    ...(targets.length === 0
      ? []
      : [
          markdownTable(
            ["", ...targetHeading],
            targets.map(({ heading, target }) => [heading, ...targetRow(target)]),
          ),
        ]),
    ...sections.flatMap(sectionParts),
  ].join("\n\n")}\n`;
}
