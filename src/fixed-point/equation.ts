// How are f and the products with its Jacobian evaluated, for a state or for some samples of a batch?
import { linearize } from "../calculus/index.js";
import { type Held, holdPlan, type Round, replaySlots } from "../readings/index.js";
import { type Program, traceAs } from "../tape/index.js";
import {
  DomainError,
  type Shape,
  sizeOf,
  Tensor,
  type TreeForm,
  tracedTensor,
  unflattenTree,
} from "../tensor/index.js";
import { maxAbs, maxAbsDifference } from "../typed-array-ops/index.js";
import { halves, type RowField } from "./rows.js";

/** What an equation z = f(z) is made of. */
export interface EquationParts {
  readonly operation: string;
  /** f: its inputs are the state, its free inputs follow. */
  readonly program: Program;
  /** Of a batch whose samples are solved one by one: f for any number of them, and how many of the free inputs have rows. */
  readonly rows?: { readonly field: RowField; readonly rowwise: number; readonly probe: boolean } | undefined;
  readonly form: TreeForm;
  readonly affine: boolean;
}

/** The vectors of one sample, or of a state as a whole; the entries of all its tensors lie one after the other. */
export interface Vectors {
  readonly z: Float64Array;
  readonly image: Float64Array;
  readonly v: Float64Array;
  readonly product: Float64Array;
}

export interface Equation {
  readonly operation: string;
  readonly affine: boolean;
  /** Whether the samples are those of a batch, solved one by one, and not one state. */
  readonly batched: boolean;
  readonly samples: readonly Vectors[];
  /** Takes the start, and what f closes over. */
  begin(inputs: readonly Float64Array[]): void;
  /**
   * image ← f(z) for these samples. As the first evaluation in place, where this can be done, it leaves image where it is computed, and
   * returns the largest |f(z) − z|, NaN if one is not finite.
   */
  evaluate(which: readonly number[], inPlace?: boolean): number | undefined;
  /** product ← (∂f/∂z) v for these samples, at the z where f was evaluated last. */
  multiply(which: readonly number[]): void;
  /** z ← f(z), and an evaluation in place; nothing where this cannot be done. */
  advance?(): number | undefined;
  /** Collects the z of the last evaluation in place; with memory for the z before it, that and the image, too. */
  collect?(before?: Float64Array): void;
  finish(outputs: readonly Float64Array[]): void;
  /** A copy of a sample's state as a tree. */
  treeOf(z: Float64Array): unknown;
}

/** An equation that takes plans from the shelf. */
export interface PlannedEquation extends Equation {
  /** Puts them back, also after an exception. */
  end(): void;
}

/** Of what a row gives alone, what may differ from what it gives among others. */
const MIXED = 1e-9;

/** f compiled for a number of samples, with the memory of its arguments. */
interface Batch {
  readonly rows: number;
  readonly states: readonly Float64Array[];
  readonly directions: readonly Float64Array[];
  readonly rowwise: readonly Float64Array[];
  /** f, which reruns where the state alone has changed. */
  readonly value: Held;
  /** The product, which reruns where the direction has changed, or the state as well. */
  readonly product: Held;
  /** The samples whose rows are there. */
  holds: readonly number[];
}

export function makeEquation(parts: EquationParts, shapes: readonly Shape[]): PlannedEquation {
  const { operation, program, rows, form, affine } = parts;
  const leaves = program.inputs;
  const rowShapes = shapes.slice(0, leaves).map((shape) => (rows ? shape.slice(1) : shape));
  const count = rows ? shapes[0][0] : 1;
  const widths = rowShapes.map(sizeOf);
  const size = widths.reduce((sum, n) => sum + n, 0);
  const rowwise = rows?.rowwise ?? 0;
  const rowwiseWidths = shapes.slice(leaves, leaves + rowwise).map((shape) => sizeOf(shape.slice(1)));

  const partsOf = (x: Float64Array): Float64Array[] => {
    let end = 0;
    return widths.map((width) => {
      end += width;
      return x.subarray(end - width, end);
    });
  };
  const make = (): Float64Array => new Float64Array(size);
  const samples = Array.from({ length: count }, () => ({ z: make(), image: make(), v: make(), product: make() }));
  /** One kind of vector of all samples, by leaves. */
  const viewsOf = (kind: keyof Vectors): Float64Array[][] => samples.map((vectors) => partsOf(vectors[kind]));
  const [zs, images, vs, products] = [viewsOf("z"), viewsOf("image"), viewsOf("v"), viewsOf("product")];

  const all = samples.map((_, sample) => sample);
  let data: readonly Float64Array[] = [];
  let unproven = false;

  /** The program of f for so many samples, all of its arguments being inputs. */
  function programFor(n: number, args: readonly Tensor[]): Program {
    if (rows === undefined) return program;
    const run = (...xs: Tensor[]): readonly Tensor[] =>
      rows.field(xs.slice(0, leaves), xs.slice(leaves, leaves + rowwise), xs.slice(leaves + rowwise));
    return n === count ? program : traceAs(operation, run as (...xs: never[]) => unknown, args);
  }

  function makeBatch(n: number): Batch {
    const shapesFor = shapes.map((shape, i) => (rows && i < leaves + rowwise ? [n, ...shape.slice(1)] : shape));
    const memory = (lengths: readonly number[]): Float64Array[] => lengths.map((width) => new Float64Array(n * width));
    // A state that is alone is its own batch, and need not be copied.
    const [states, directions] = rows ? [memory(widths), memory(widths)] : [zs[0], vs[0]];
    const ownRows = memory(rowwiseWidths);
    const args = shapesFor.map(tracedTensor);
    const f = programFor(n, args);
    const tangent = (v: readonly Tensor[], z: readonly Tensor[], rest: readonly Tensor[]): readonly Tensor[] =>
      linearize((...state: Tensor[]) => replaySlots(f, [...state, ...rest]), ...z).push(...v);
    const along = (): Program =>
      traceAs(operation, tangent as (...xs: never[]) => unknown, [
        args.slice(0, leaves),
        args.slice(0, leaves),
        args.slice(leaves),
      ]);
    return {
      rows: n,
      states,
      directions,
      rowwise: ownRows,
      value: holdPlan(() => f, [leaves], rows ? 0 : leaves),
      product: holdPlan(along, [leaves, 2 * leaves]),
      holds: [],
    };
  }

  const sizes = rows ? halves(count) : [1];
  const batches = new Map<number, Batch>();
  const batchFor = (n: number): Batch => {
    const rowsNeeded = sizes.reduce((best, candidate) => (candidate >= n ? candidate : best));
    const batch = batches.get(rowsNeeded) ?? makeBatch(rowsNeeded);
    batches.set(rowsNeeded, batch);
    return batch;
  };

  /** Copies vectors of the chosen samples into memory that has their rows; spare rows repeat the first sample. */
  function gather(which: readonly number[], vectors: Float64Array[][], into: readonly Float64Array[], n: number): void {
    if (into === vectors[0]) return;
    for (let k = 0; k < n; k++) {
      const from = vectors[which[k < which.length ? k : 0]];
      for (let leaf = 0; leaf < leaves; leaf++) into[leaf].set(from[leaf], k * widths[leaf]);
    }
  }

  function scatter(outputs: readonly Float64Array[], which: readonly number[], vectors: Float64Array[][]): void {
    for (let k = 0; k < which.length; k++) {
      const into = vectors[which[k]];
      for (let leaf = 0; leaf < leaves; leaf++) {
        const [part, out] = [into[leaf], outputs[leaf]];
        const start = k * part.length;
        if (out.length === part.length) part.set(out);
        else for (let i = 0; i < part.length; i++) part[i] = out[start + i];
      }
    }
  }

  /** Puts the rows of the chosen samples into the batch, if they are not there: then its plans have to run in full. */
  function choose(batch: Batch, which: readonly number[]): void {
    const { holds } = batch;
    if (holds.length === which.length && which.every((sample, k) => holds[k] === sample)) return;
    batch.holds = [...which];
    batch.value.changed();
    batch.product.changed();
    for (let k = 0; k < batch.rows; k++) {
      const sample = which[k < which.length ? k : 0];
      rowwiseWidths.forEach((width, i) => {
        batch.rowwise[i].set(data[leaves + i].subarray(sample * width, (sample + 1) * width), k * width);
      });
    }
  }

  /** What f takes beside the state. */
  const given = ({ rowwise: own }: Batch): Float64Array[] => [...own, ...data.slice(leaves + rowwise)];

  function evaluate(which: readonly number[], inPlace = false): number | undefined {
    const batch = batchFor(which.length);
    choose(batch, which);
    gather(which, zs, batch.states, batch.rows);
    const results = batch.value.run(() => [...batch.states, ...given(batch)]);
    for (const { product } of batches.values()) product.changed(1);
    const gap = inPlace ? batch.value.round()?.gap() : undefined;
    if (gap === undefined) scatter(results, which, images);
    return gap;
  }

  /**
   * Refuses an f that gives the first or the last sample something else alone than among the others; z is changed for it, since
   * a mean does not show where all rows are alike, as they may be at the start.
   */
  function probe(): void {
    const kept = samples.map(({ z, image }) => [z.slice(), image.slice()]);
    samples.forEach(({ z }, sample) => {
      for (let i = 0; i < size; i++) z[i] = 1.125 * z[i] + (0.125 * (sample + 1)) / count;
    });
    evaluate(all);
    const among = samples.map(({ image }) => image.slice());
    for (const sample of [0, count - 1]) {
      evaluate([sample]);
      if (!(maxAbsDifference(samples[sample].image, among[sample]) > MIXED * maxAbs(among[sample]))) continue;
      throw new DomainError(
        `${operation}: expected f to act on each sample alone, received one that gives sample ${sample} other values alone ` +
          "than among the others: f(z, x) must use the rows of z and x that it is given, and reduce over no batch axis",
      );
    }
    samples.forEach(({ z, image }, sample) => {
      z.set(kept[sample][0]);
      image.set(kept[sample][1]);
    });
  }

  return {
    operation,
    affine,
    batched: rows !== undefined,
    samples,
    begin(inputs) {
      data = inputs;
      unproven = rows?.probe === true && count > 1;
      scatter(inputs, all, zs);
      for (const batch of batches.values()) batch.holds = [];
    },
    evaluate(which, inPlace) {
      if (which.length === 0) return undefined;
      const gap = evaluate(which, inPlace);
      if (unproven) probe();
      unproven = false;
      return gap;
    },
    multiply(which) {
      if (which.length === 0) return;
      const batch = batchFor(which.length);
      choose(batch, which);
      gather(which, zs, batch.states, batch.rows);
      gather(which, vs, batch.directions, batch.rows);
      scatter(
        batch.product.run(() => [...batch.directions, ...batch.states, ...given(batch)]),
        which,
        products,
      );
    },
    advance() {
      const { value, product } = batchFor(1);
      product.changed(1);
      return value.round()?.advance();
    },
    collect(before) {
      const round = batchFor(1).value.round() as Round;
      scatter(round.now, [0], zs);
      if (before === undefined) return;
      scatter(round.next, [0], images);
      scatter(round.before, [0], [partsOf(before)]);
    },
    finish: (outputs) => gather(all, zs, outputs, count),
    end() {
      for (const { value, product } of batches.values()) {
        value.end();
        product.end();
      }
    },
    treeOf: (z) =>
      unflattenTree(
        form,
        partsOf(z).map((part, leaf) => new Tensor(rowShapes[leaf], part.slice())),
      ),
  };
}
