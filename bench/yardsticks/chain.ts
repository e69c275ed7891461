// How fast is a chain of y ↦ tanh(y w + b), forward and backward, written by hand for a narrow y?
import { tanhEach } from "stillpoint/typed-array-ops";

export interface Chain {
  /** y after the last link, [rows, width] */
  forward(x: Float64Array, w: Float64Array, b: Float64Array): Float64Array;
  /** The gradients of the sum of that y with respect to x, w and b. */
  both(x: Float64Array, w: Float64Array, b: Float64Array): readonly Float64Array[];
}

/** out ← y w + b, four columns in one pass. width is a multiple of 4. */
function affine(
  out: Float64Array,
  y: Float64Array,
  w: Float64Array,
  b: Float64Array,
  rows: number,
  width: number,
): void {
  for (let i = 0; i < rows; i++) {
    const row = i * width;
    for (let j = 0; j < width; j += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let l = 0; l < width; l++) {
        const a = y[row + l];
        const at = l * width + j;
        s0 += a * w[at];
        s1 += a * w[at + 1];
        s2 += a * w[at + 2];
        s3 += a * w[at + 3];
      }
      out[row + j] = s0 + b[j];
      out[row + j + 1] = s1 + b[j + 1];
      out[row + j + 2] = s2 + b[j + 2];
      out[row + j + 3] = s3 + b[j + 3];
    }
  }
}

/** out ← out + yᵀ g, four columns in one pass. */
function addOuter(out: Float64Array, y: Float64Array, g: Float64Array, rows: number, width: number): void {
  for (let l = 0; l < width; l++) {
    for (let j = 0; j < width; j += 4) {
      const at = l * width + j;
      let s0 = out[at];
      let s1 = out[at + 1];
      let s2 = out[at + 2];
      let s3 = out[at + 3];
      for (let i = 0; i < rows; i++) {
        const a = y[i * width + l];
        const from = i * width + j;
        s0 += a * g[from];
        s1 += a * g[from + 1];
        s2 += a * g[from + 2];
        s3 += a * g[from + 3];
      }
      out[at] = s0;
      out[at + 1] = s1;
      out[at + 2] = s2;
      out[at + 3] = s3;
    }
  }
}

/** Memory is made once: what is returned is overwritten by the next call. */
export function makeChain(length: number, rows: number, width: number): Chain {
  if (width % 4 !== 0) throw new Error(`expected a width that is a multiple of 4, received ${width}`);
  const size = rows * width;
  const values = Array.from({ length: length + 1 }, () => new Float64Array(size));
  const none = new Float64Array(width);
  const [gx, slope] = [new Float64Array(size), new Float64Array(size)];
  const [gw, turned] = [new Float64Array(width * width), new Float64Array(width * width)];
  const gb = new Float64Array(width);

  function forward(x: Float64Array, w: Float64Array, b: Float64Array): Float64Array {
    values[0].set(x);
    for (let link = 1; link <= length; link++) {
      affine(values[link], values[link - 1], w, b, rows, width);
      tanhEach(values[link], values[link]);
    }
    return values[length];
  }

  function backward(w: Float64Array): void {
    for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) turned[j * width + i] = w[i * width + j];
    gx.fill(1);
    gw.fill(0);
    gb.fill(0);
    for (let link = length; link > 0; link--) {
      const y = values[link];
      for (let i = 0; i < size; i++) slope[i] = gx[i] * (1 - y[i] * y[i]);
      for (let i = 0; i < size; i += width) for (let j = 0; j < width; j++) gb[j] += slope[i + j];
      addOuter(gw, values[link - 1], slope, rows, width);
      affine(gx, slope, turned, none, rows, width);
    }
  }

  return {
    forward,
    both(x, w, b) {
      forward(x, w, b);
      backward(w);
      return [gx, gw, gb];
    },
  };
}
