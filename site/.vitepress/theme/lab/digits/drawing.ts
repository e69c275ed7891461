// How does a drawing become a picture of 8×8 pixels like those in the data?
//
// The digits of the data were bitmaps of 32×32 dots that the digit fills from top to bottom; each pixel counts the dots of ink
// among its 4×4 (Alpaydin and Kaynak 1998). So does this: strokes are moved and scaled to such a frame, drawn with a pen, and
// counted. The pen is as thick as it has to be for the mean ink of the data, whatever pen the reader's strokes seem to have.
import { fullInk, pixels, side } from "./model.js";

/** x to the right and y down, in any unit. */
export type Point = readonly [x: number, y: number];
export type Stroke = readonly Point[];

/** Mean ink of the data, as a share of full ink: 0.305, and nearly the same for each class. */
const meanInk = 0.305;
const pen = { thinnest: 0.9, thickest: 2.6 } as const;
/** Digits of the data fill the height, and are about as wide as this, in pixels, or narrower. */
const frame = { width: 5.2, height: side } as const;
/** A line that is lying is not made a digit by stretching: y is scaled by at most so much more than x. */
const mostStretch = 1.6;
const dots = 4;

/** The middle of what was drawn comes to the middle of the frame, scaled so that a pen of that thickness just fits. */
function placed(strokes: readonly Stroke[], thickness: number): Stroke[] {
  const all = strokes.flat();
  const [xs, ys] = [0, 1].map((axis) => all.map((point) => point[axis]));
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const fit = (room: number, extent: number): number => (extent > 0 ? (room - thickness) / extent : Infinity);
  const wide = fit(frame.width, right - left);
  const high = Math.min(fit(frame.height, bottom - top), mostStretch * wide);
  const across = Math.min(wide, high);
  const scaled = (x: number, scale: number): number => (x === 0 ? 0 : x * scale);
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => [
      side / 2 + scaled(x - (left + right) / 2, across),
      side / 2 + scaled(y - (top + bottom) / 2, high),
    ]),
  );
}

/** Square of the distance from (x, y) to the line from a to b. */
function distance2(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length2));
  return (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2;
}

function countDots(strokes: readonly Stroke[], thickness: number): number[] {
  const lines = placed(strokes, thickness).flatMap((stroke) =>
    stroke.map((point, i) => [stroke[Math.max(0, i - 1)], point] as const),
  );
  const reach = (thickness / 2) ** 2;
  const counts = new Array<number>(pixels).fill(0);
  for (let row = 0; row < side * dots; row++) {
    for (let column = 0; column < side * dots; column++) {
      const [x, y] = [(column + 0.5) / dots, (row + 0.5) / dots];
      if (!lines.some(([a, b]) => distance2(x, y, a, b) <= reach)) continue;
      counts[Math.floor(row / dots) * side + Math.floor(column / dots)]++;
    }
  }
  return counts;
}

const inkOf = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0) / (fullInk * pixels);

/** 64 counts of ink from 0 to 16, row by row; zeros if nothing was drawn. */
export function pictureOf(strokes: readonly Stroke[]): number[] {
  const drawn = strokes.filter((stroke) => stroke.length > 0);
  if (drawn.length === 0) return new Array<number>(pixels).fill(0);
  let [low, high]: [number, number] = [pen.thinnest, pen.thickest];
  for (let halving = 0; halving < 7; halving++) {
    const middle = (low + high) / 2;
    if (inkOf(countDots(drawn, middle)) < meanInk) low = middle;
    else high = middle;
  }
  return countDots(drawn, high);
}

/** The same line with fewer points: those nearer to the last than `apart` are left out, but not the end. */
export function thinned(stroke: Stroke, apart: number): Stroke {
  const kept: Point[] = [];
  stroke.forEach((point, i) => {
    const last = kept.at(-1);
    const far = last === undefined || Math.hypot(point[0] - last[0], point[1] - last[1]) >= apart;
    if (far || i === stroke.length - 1) kept.push(point);
  });
  return kept;
}
