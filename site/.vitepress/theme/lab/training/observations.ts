// Which observations are in a text of comma-separated values?
import { DomainError } from "stillpoint";

export interface Observations {
  /** What the first column is called. */
  readonly time: string;
  /** What the others are called. */
  readonly names: readonly string[];
  readonly times: readonly number[];
  /** A row for each time, an entry for each name. */
  readonly values: readonly (readonly number[])[];
}

/** What a fit in a page can take. */
export const limits = { rows: [5, 500], values: [1, 6] } as const;

const fail = (place: string, expected: string, received: string, remedy: string): never => {
  throw new DomainError(`${place}: expected ${expected}, received ${received}; ${remedy}`);
};

const quoted = (cell: string): string => (cell === "" ? "nothing" : JSON.stringify(cell));

/** Plain decimal numbers only: no words, no commas, no hexadecimal digits. */
const isNumber = (cell: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell);

interface Line {
  /** As an editor counts, from 1. */
  readonly number: number;
  readonly cells: readonly string[];
}

function linesOf(text: string): Line[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .map((line, i) => ({ number: i + 1, line }))
    .filter(({ line }) => line.trim() !== "");
  if (lines.length === 0)
    fail("line 1", "a time and its values, such as 1900,4.0,30.0", "nothing", "paste or open a file");
  const unquoted = lines[0].line.replace(/"[^"]*"/g, "");
  const separator = ["\t", ";", ","].find((mark) => unquoted.includes(mark));
  if (separator === undefined) {
    fail(
      `line ${lines[0].number}`,
      "a time and its values with a comma, a semicolon or a tab between",
      quoted(lines[0].line.trim().slice(0, 40)),
      "separate the columns",
    );
  }
  // Where an even number of quotes follows: not within a quoted name.
  const between = new RegExp(`${separator}(?=(?:[^"]*"[^"]*")*[^"]*$)`);
  return lines.map(({ number, line }) => ({
    number,
    cells: line.split(between).map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, "$1")
        .trim(),
    ),
  }));
}

/** The names in the first line; none if it holds numbers. */
function headerOf({ cells }: Line): readonly string[] | undefined {
  return cells.some(isNumber) ? undefined : cells;
}

function readRow({ number, cells }: Line, columns: readonly string[]): number[] {
  if (cells.length !== columns.length) {
    fail(`line ${number}`, `${columns.length} columns as in the first line`, `${cells.length}`, "add or remove cells");
  }
  return cells.map((cell, c) => {
    const value = isNumber(cell) ? Number(cell) : Number.NaN;
    if (Number.isFinite(value)) return value;
    return fail(
      `line ${number}, column ${c + 1} (${columns[c]})`,
      "a number such as 4.5",
      quoted(cell),
      /^[+-]?\d+,\d+$/.test(cell) ? "write the decimal point as a point" : "correct the cell or remove the line",
    );
  });
}

/**
 * Times and values from text: the first column is the time, and increases; a first line without numbers is a header.
 *
 * @throws DomainError that names the line and what was expected there.
 */
export function readObservations(text: string): Observations {
  const lines = linesOf(text);
  const header = headerOf(lines[0]);
  const columns = lines[0].cells.map((cell, c) =>
    header !== undefined && cell !== "" ? cell : c === 0 ? "time" : `value ${c}`,
  );
  const [fewest, most] = limits.values;
  if (columns.length < fewest + 1 || columns.length > most + 1) {
    fail(
      `line ${lines[0].number}`,
      `${fewest + 1} to ${most + 1} columns: a time, and ${fewest} to ${most} values`,
      `${columns.length}`,
      "leave out columns",
    );
  }
  const body = header === undefined ? lines : lines.slice(1);
  const rows = body.map((line) => readRow(line, columns));
  const [least, largest] = limits.rows;
  if (rows.length < least || rows.length > largest) {
    fail("the whole text", `${least} to ${largest} lines of numbers`, `${rows.length}`, "add or remove lines");
  }
  rows.forEach(([time], i) => {
    if (i > 0 && !(time > rows[i - 1][0])) {
      fail(
        `line ${body[i].number}, column 1 (${columns[0]})`,
        `a time after ${rows[i - 1][0]}, that of the line before`,
        String(time),
        "sort the lines, one for each time",
      );
    }
  });
  return {
    time: columns[0],
    names: columns.slice(1),
    times: rows.map(([time]) => time),
    values: rows.map(([, ...values]) => values),
  };
}

export interface Spacing {
  readonly equidistant: boolean;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** Times that differ from equidistant ones by rounding alone are taken as such. */
export function spacingOf(times: readonly number[]): Spacing {
  const gaps = times.slice(1).map((time, i) => time - times[i]);
  const mean = (times[times.length - 1] - times[0]) / gaps.length;
  const [least, most] = [Math.min(...gaps), Math.max(...gaps)];
  return { equidistant: most - least <= 1e-6 * mean, mean, least, most };
}

const short = (x: number): string => String(Number(x.toPrecision(3)));

/** What was taken from the text, in words. */
export function saysOf({ time, names, times }: Observations): string {
  const { equidistant, mean, least, most } = spacingOf(times);
  const apart = equidistant
    ? `equidistant, ${short(mean)} apart`
    : `not equidistant, ${short(least)} to ${short(most)} apart`;
  return `${times.length} samples of ${names.join(", ")}; ${time} from ${times[0]} to ${times[times.length - 1]}, ${apart}`;
}

const cellOf = (text: string): string => (/[,;\t]/.test(text) ? `"${text}"` : text);

/** Text of a table, each number with all its digits. */
export const csvOf = (columns: readonly string[], rows: readonly (readonly number[])[]): string =>
  `${[columns.map(cellOf), ...rows].map((row) => row.join(",")).join("\n")}\n`;
