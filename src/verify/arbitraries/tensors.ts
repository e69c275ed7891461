// Which shapes, tensors and orders may a property be tried on?
import fc from "fast-check";
import { checkCount, checkNumber, checkOptions, DomainError, type Shape, sizeOf, Tensor } from "../../tensor/index.js";

export interface ShapeRange {
  /** Default: 3. */
  readonly maxRank?: number;
  /** Smallest size of an axis; default 0, so that empty tensors are tried as well. */
  readonly minSize?: number;
  /** Default: 4. */
  readonly maxSize?: number;
}

export interface EntryRange {
  /** Default: −1e3. */
  readonly min?: number;
  /** Default: 1e3. */
  readonly max?: number;
}

function readShapeRange(operation: string, options: ShapeRange): Required<ShapeRange> {
  checkOptions(operation, options, ["maxRank", "minSize", "maxSize"]);
  const maxRank = checkCount(operation, "maxRank", options.maxRank ?? 3, 0);
  const minSize = checkCount(operation, "minSize", options.minSize ?? 0, 0);
  return { maxRank, minSize, maxSize: checkCount(operation, "maxSize", options.maxSize ?? 4, minSize) };
}

/**
 * Shapes, which shrink towards [].
 *
 * @throws DomainError if an option is out of range.
 * @example fc.sample(shapes({ maxRank: 2 }), 10).every((shape) => shape.length <= 2) // → true
 */
export function shapes(options: ShapeRange = {}): fc.Arbitrary<Shape> {
  const { maxRank, minSize, maxSize } = readShapeRange("shapes", options);
  return fc.array(fc.integer({ min: minSize, max: maxSize }), { maxLength: maxRank });
}

/** Numbers at which functions misbehave: zeros, units, what is next to nothing, and what is next to them. */
const edges = [
  0,
  -0,
  1,
  -1,
  0.5,
  2,
  2 ** -1074,
  -(2 ** -1022),
  2 ** -52,
  1 - 2 ** -53,
  1 + 2 ** -52,
  2 ** 53,
  Number.MAX_VALUE,
];

/** Finite numbers of a range, a third of them edges. */
function entries(operation: string, options: EntryRange): fc.Arbitrary<number> {
  checkOptions(operation, options, ["min", "max"]);
  const min = checkNumber(operation, "min", options.min ?? -1e3, "a finite number", () => true);
  const max = checkNumber(operation, "max", options.max ?? 1e3, "a finite number ≥ min", (x) => x >= min);
  const special = [...new Set([...edges, min, max])].filter((x) => x >= min && x <= max);
  return fc.oneof(
    { arbitrary: fc.double({ min, max, noNaN: true, noDefaultInfinity: true }), weight: 2 },
    { arbitrary: fc.constantFrom(...special), weight: 1 },
  );
}

/**
 * Tensors of a shape, or of shapes that are drawn, with finite entries, a third of which are edges: zeros of both signs, ±1,
 * the smallest numbers, neighbours of 1, and the ends of the range.
 *
 * @throws DomainError if an option is out of range or there is no shape.
 * @example fc.sample(tensors([2, 3], { min: 0, max: 1 }), 5).every((x) => x.shape.length === 2) // → true
 */
export function tensors(shape: Shape | fc.Arbitrary<Shape>, options: EntryRange = {}): fc.Arbitrary<Tensor> {
  const entry = entries("tensors", options);
  const given = Array.isArray(shape) ? fc.constant(shape as Shape) : (shape as fc.Arbitrary<Shape>);
  if (typeof given?.chain !== "function") {
    throw new DomainError("tensors: expected a shape or an arbitrary of shapes first, such as [2, 3] or shapes()");
  }
  return given.chain((sizes) =>
    fc
      .array(entry, { minLength: sizeOf(sizes), maxLength: sizeOf(sizes) })
      .map((values) => new Tensor(sizes, Float64Array.from(values))),
  );
}

/**
 * Two tensors that broadcast: each axis of the common shape is left out, 1 or whole in each of them.
 *
 * @throws DomainError if an option is out of range.
 * @example fc.sample(broadcastablePairs(), 3).map(([x, y]) => add(x, y)).length // → 3
 */
export function broadcastablePairs(options: ShapeRange & EntryRange = {}): fc.Arbitrary<[Tensor, Tensor]> {
  checkOptions("broadcastablePairs", options, ["maxRank", "minSize", "maxSize", "min", "max"]);
  const { min, max, ...sizes } = options;
  const range = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  const narrowed = (shape: Shape): fc.Arbitrary<Shape> =>
    fc
      .tuple(
        fc.nat({ max: shape.length }),
        fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      )
      .map(([dropped, ones]) => shape.map((n, axis) => (ones[axis] ? 1 : n)).slice(dropped));
  return shapes(sizes).chain((shape) => fc.tuple(tensors(narrowed(shape), range), tensors(narrowed(shape), range)));
}

/**
 * Orders of derivatives in (0, most], a third of them edges: 1, 2, what is next to them, and what is next to nothing.
 *
 * @throws DomainError unless 0 < most ≤ 2.
 * @example fc.sample(orders(), 10).every((alpha) => alpha > 0 && alpha <= 2) // → true
 */
export function orders(most = 2): fc.Arbitrary<number> {
  checkNumber("orders", "most", most, "in (0, 2]", (x) => x > 0 && x <= 2);
  const special = [0.5, 1, 1 - 2 ** -53, 1 + 2 ** -52, 1.5, 2, 2 - 2 ** -52, 1e-3, most].filter((x) => x <= most);
  return fc.oneof(
    { arbitrary: fc.double({ min: 2 ** -10, max: most, noNaN: true }), weight: 2 },
    { arbitrary: fc.constantFrom(...special), weight: 1 },
  );
}
