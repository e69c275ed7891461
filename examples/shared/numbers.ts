// How are numbers and tables written for people?

/** So many significant digits, in plain notation where that is short. */
export function significant(x: number, digits = 3): string {
  if (x === 0 || !Number.isFinite(x)) return String(x);
  const size = Math.abs(x);
  return size < 1e-3 || size >= 1e6 ? x.toExponential(digits - 1) : x.toPrecision(Math.max(digits, wholeDigits(size)));
}

const wholeDigits = (size: number): number => (size < 1 ? 1 : Math.floor(Math.log10(size)) + 1);

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

export function median(xs: readonly number[]): number {
  const sorted = [...xs].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** Breaks text at spaces, at most 100 letters a line. */
export const wrap = (text: string): string => text.replace(/(.{1,100})(?:\s+|$)/g, "$1\n").trimEnd();

/** Cells are already written; a row that begins a group has a line above it. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly cells: readonly string[];
  readonly group?: boolean;
}

/** The table in aligned columns: the first to the left, the others to the right. */
export function tableText({ caption, columns, rows }: Table): string {
  const lines = [columns, ...rows.map(({ cells }) => cells)];
  const widths = columns.map((_, c) => Math.max(...lines.map((cells) => cells[c].length)));
  const write = (cells: readonly string[]): string =>
    `  ${cells.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join("  ")}`.trimEnd();
  const rule = `  ${"-".repeat(widths.reduce((total, width) => total + width + 2, -2))}`;
  return [
    `${caption}`,
    write(columns),
    rule,
    ...rows.flatMap(({ cells, group }) => (group ? [rule, write(cells)] : [write(cells)])),
  ].join("\n");
}
