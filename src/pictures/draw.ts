// Reading a program as a picture: what flows where?
//
// Boxes are inputs and applications, arrows are values. A box stands one row below the lowest of those it reads from
// (Sugiyama, Tagawa and Toda 1981, steps 1 and 3: layers, then the order within a layer by the mean of the neighbours).

import { pullback, replayWith } from "../readings/index.js";
import { apply, bindArguments, record, type TracedProgram } from "../tape/index.js";
import { checkOptions, DomainError, literalTensor, showShape, Tensor } from "../tensor/index.js";
import { escapeText } from "./html.js";

export interface DrawOptions {
  /** Arguments, as for `replay`: each box then shows its value. */
  readonly args?: readonly unknown[];
  /** With `args`, for a program with one scalar output: each box also shows the output's derivative in its value. */
  readonly cotangents?: boolean;
}

interface Box {
  readonly lines: readonly string[];
  readonly kind: "input" | "literal" | "step";
  readonly reads: readonly number[];
  row: number;
  x: number;
}

const letter = 7.3;
const lineHeight = 16;
const gap = { x: 24, y: 44 };
const margin = 16;
const widthOf = ({ lines }: Box): number => Math.max(...lines.map((line) => line.length)) * letter + 20;
const heightOf = ({ lines }: Box): number => lines.length * lineHeight + 12;

/**
 * The program as an SVG picture without anything from elsewhere; on request with the values for some arguments, and
 * with the derivative of a scalar output in each of them.
 *
 * @throws ShapeError if an argument has another shape than the traced one.
 * @throws DomainError if cotangents are asked for without args, or the output is not one scalar.
 * @example draw(trace((x) => mul(x, x), tensor(2)), { args: [tensor(3)] }).startsWith("<svg") // → true
 */
export function draw(program: TracedProgram, options: DrawOptions = {}): string {
  checkOptions("draw", options, ["args", "cotangents"]);
  const boxes = boxesOf(program, annotate(program, options));
  placeRows(boxes);
  placeColumns(boxes);
  return render(boxes);
}

/** For each slot, what is known of its value. */
function annotate(program: TracedProgram, { args, cotangents }: DrawOptions): (slot: number) => string[] {
  if (args === undefined) {
    if (cotangents) throw new DomainError("draw: expected args with cotangents, received none");
    return () => [];
  }
  const inputs = bindArguments("draw", program, args).map((x) => new Tensor(x.shape, x.data));
  const values: Tensor[] = [...inputs, ...program.literals.map(literalTensor)];
  const { result: outputs, tape } = record(() =>
    replayWith(program, inputs, literalTensor, (step, xs) => {
      const results = apply(step.primitive, xs, step.parameters);
      step.outputs.forEach((slot, i) => {
        values[slot] = results[i];
      });
      return results;
    }),
  );
  if (!cotangents) return (slot) => [`= ${summary(values[slot])}`];
  if (outputs.length !== 1 || outputs[0].shape.length !== 0) {
    throw new DomainError("draw: expected one scalar output with cotangents; reduce it with sum or mean");
  }
  return (slot) => {
    const [g] = pullback({ tape, inputs: [values[slot]], outputs })([literalTensor(1)]);
    return [`= ${summary(values[slot])}`, `∂ ${g === undefined ? "0" : summary(g)}`];
  };
}

/** A few entries as they are, of many the smallest and the largest. */
function summary({ data }: Tensor): string {
  const show = (x: number): string => String(Number(x.toPrecision(4)));
  if (data.length <= 3) return data.length === 1 ? show(data[0]) : `[${Array.from(data, show).join(", ")}]`;
  return `${show(data.reduce((a, b) => Math.min(a, b)))} … ${show(data.reduce((a, b) => Math.max(a, b)))}`;
}

function boxesOf(program: TracedProgram, notes: (slot: number) => string[]): Box[] {
  const { shapes, inputs, free, literals, steps, outputs } = program;
  const boxOf: number[] = [];
  const boxes: Box[] = [];
  const place = (slots: readonly number[], title: string, kind: Box["kind"], reads: readonly number[]): void => {
    const result = slots.some((slot) => outputs.includes(slot)) ? " → result" : "";
    const shape = kind === "literal" ? [] : [slots.map((slot) => showShape(shapes[slot])).join(", ") + result];
    const known = kind === "literal" ? [] : slots.flatMap(notes);
    for (const slot of slots) boxOf[slot] = boxes.length;
    boxes.push({ lines: [title, ...shape, ...known], kind, reads, row: 0, x: 0 });
  };
  for (let i = 0; i < inputs + free; i++) place([i], i < inputs ? `x${i}` : `θ${i - inputs}`, "input", []);
  literals.forEach((value, i) => {
    place([inputs + free + i], String(value), "literal", []);
  });
  for (const { primitive, inputs: xs, outputs: ys } of steps) {
    const reads = xs.map((slot) => boxOf[slot]);
    place(ys, primitive.name, "step", reads);
  }
  return boxes;
}

/** Below what they read; those that read at most one box as low as their readers allow, which keeps arrows short. */
function placeRows(boxes: Box[]): void {
  for (const box of boxes) box.row = box.reads.reduce((row, i) => Math.max(row, boxes[i].row + 1), 0);
  for (let i = boxes.length - 1; i >= 0; i--) {
    const readers = boxes.filter(({ reads }) => reads.includes(i));
    if (boxes[i].reads.length <= 1 && readers.length > 0) boxes[i].row = Math.min(...readers.map(({ row }) => row)) - 1;
  }
}

/** Boxes of a row side by side, in the order of the means of what they read; inputs by those who read them. */
function placeColumns(boxes: Box[]): void {
  const middle = (box: Box): number => box.x + widthOf(box) / 2;
  const rows: Box[][] = [];
  for (const box of boxes) {
    rows[box.row] ??= [];
    rows[box.row].push(box);
  }
  const spread = (row: Box[], wish: (box: Box) => number): void => {
    const wishes = new Map(row.map((box) => [box, wish(box)]));
    row.sort((a, b) => (wishes.get(a) as number) - (wishes.get(b) as number));
    let free = -Infinity;
    for (const box of row) {
      box.x = Math.max(free, (wishes.get(box) as number) - widthOf(box) / 2);
      free = box.x + widthOf(box) + gap.x;
    }
  };
  const mean = (others: readonly Box[], otherwise: number): number =>
    others.length === 0 ? otherwise : others.reduce((sum, other) => sum + middle(other), 0) / others.length;
  for (let pass = 0; pass < 3; pass++) {
    for (const row of rows) {
      spread(row, (box) =>
        mean(
          box.reads.map((i) => boxes[i]),
          middle(box),
        ),
      );
    }
    for (const row of [...rows].reverse()) {
      spread(row, (box) =>
        mean(
          boxes.filter(({ reads }) => reads.some((i) => boxes[i] === box)),
          middle(box),
        ),
      );
    }
  }
  const left = Math.min(...boxes.map(({ x }) => x));
  for (const box of boxes) box.x += margin - left;
}

const round = (x: number): number => Math.round(10 * x) / 10;

const style =
  "text{font:13px ui-monospace,monospace;fill:#1f2328;text-anchor:middle}.t{font-weight:700}" +
  "rect{fill:#fff;stroke:#57606a}.input rect{fill:#ddf4ff;stroke:#0969da}.literal rect{fill:#f6f8fa;stroke:#d0d7de}" +
  "path{fill:none;stroke:#57606a}marker path{fill:#57606a;stroke:none}" +
  "@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#161b22;stroke:#8b949e}.input rect{fill:#0c2d6b;stroke:#58a6ff}" +
  ".literal rect{fill:#21262d;stroke:#484f58}path{stroke:#8b949e}marker path{fill:#8b949e}}";

function render(boxes: readonly Box[]): string {
  const heights: number[] = [];
  for (const box of boxes) heights[box.row] = Math.max(heights[box.row] ?? 0, heightOf(box));
  const tops: number[] = [];
  heights.forEach((_, row) => {
    tops[row] = row === 0 ? margin : tops[row - 1] + heights[row - 1] + gap.y;
  });
  const width = Math.max(...boxes.map((box) => box.x + widthOf(box))) + margin;
  const height = tops[tops.length - 1] + heights[heights.length - 1] + margin;
  const arrows = boxes.flatMap((box) =>
    box.reads.map((i, k) => {
      const from = boxes[i];
      const x0 = round(from.x + widthOf(from) / 2);
      const y0 = round(tops[from.row] + heightOf(from));
      const x1 = round(box.x + (widthOf(box) * (k + 1)) / (box.reads.length + 1));
      const y1 = round(tops[box.row]);
      const bend = round((y0 + y1) / 2);
      return `<path d="M${x0} ${y0}C${x0} ${bend} ${x1} ${bend} ${x1} ${y1 - 2}" marker-end="url(#arrow)"/>`;
    }),
  );
  const nodes = boxes.map((box) => {
    const texts = box.lines.map((line, i) => {
      const y = round(tops[box.row] + 18 + i * lineHeight);
      return `<text${i === 0 ? ' class="t"' : ""} x="${round(box.x + widthOf(box) / 2)}" y="${y}">${escapeText(line)}</text>`;
    });
    const frame = `<rect x="${round(box.x)}" y="${tops[box.row]}" width="${round(widthOf(box))}" height="${heightOf(box)}" rx="6"/>`;
    return `<g class="${box.kind}">${frame}${texts.join("")}</g>`;
  });
  const marker =
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>';
  const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="a program of ${boxes.length} boxes"><style>${style}</style>${marker}${arrows.join("")}${nodes.join("")}</svg>`;
}
