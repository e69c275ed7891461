// How are matrices multiplied, and what do the products' cotangents look like?
import { apply1, type Primitive } from "../tape/index.js";
import { broadcastShapes, type Shape, ShapeError, showShape, sizeOf, type Tensor } from "../tensor/index.js";
import { matmul as matmulKernel } from "../typed-array-ops/index.js";
import { mul } from "./arithmetic.js";
import { broadcastTo } from "./broadcasting.js";
import { bilinear } from "./kinds.js";
import { reshape, transpose } from "./layout.js";
import { type TensorLike, toTensor } from "./words.js";

/** Which operand is used transposed; the operand itself is not moved. */
export interface Transposed {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Rows, columns and products per entry of one matrix product, from the last two axes of the operands. */
function sizes(a: Shape, b: Shape, transposed: Transposed): { m: number; n: number; k: number } {
  const [am, ak] = a.slice(-2);
  const [bk, bn] = b.slice(-2);
  return {
    m: transposed.transposeA ? ak : am,
    k: transposed.transposeA ? am : ak,
    n: transposed.transposeB ? bk : bn,
  };
}

const multiply = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
  apply1(matmulPrimitive, [a, b], { transposeA, transposeB });

/** C = A·B for each of a batch of matrices: Ā = g·Bᵀ and B̄ = Aᵀ·g, with the transposes turned accordingly. */
export const matmulPrimitive: Primitive<Transposed, "matmul"> = /* @__PURE__ */ bilinear("matmul", {
  shape: (a, b, transposed) => {
    const { m, n } = sizes(a, b, transposed);
    return [...a.slice(0, -2), m, n];
  },
  kernel: (a, b, transposed) => {
    const { m, n, k } = sizes(a, b, transposed);
    const batches = sizeOf(a.slice(0, -2));
    return (out, x, y) => {
      for (let i = 0; i < batches; i++) {
        matmulKernel(out, x, y, m, n, k, transposed.transposeA, transposed.transposeB, i * m * n, i * m * k, i * k * n);
      }
    };
  },
  apply: (a, b, transposed) => apply1(matmulPrimitive, [a, b], transposed),
  pullLeft: (g, b, transposed) =>
    transposed.transposeA ? multiply(b, g, transposed.transposeB, true) : multiply(g, b, false, !transposed.transposeB),
  pullRight: (g, a, transposed) =>
    transposed.transposeB ? multiply(g, a, true, transposed.transposeA) : multiply(a, g, !transposed.transposeA, false),
});

/**
 * The matrix product with NumPy's rules: (…mk, …kn → …mn), batch axes broadcast, and a vector is a row on the left and
 * a column on the right.
 *
 * @throws ShapeError if the inner sizes differ or an operand is a scalar.
 * @example matmul(tensor([[1, 2], [3, 4]]), tensor([1, 1])).toArray() // → [3, 7]
 */
export function matmul(a: TensorLike, b: TensorLike): Tensor {
  const left = toTensor("matmul", a);
  const right = toTensor("matmul", b);
  const fail = (why: string): never => {
    throw new ShapeError(
      `matmul: expected …mk, …kn -> …mn, received ${showShape(left.shape)}, ${showShape(right.shape)}: ${why}`,
    );
  };
  [left, right].forEach(({ shape }, i) => {
    if (shape.length === 0) fail(`argument ${i} is a scalar; mul multiplies by one`);
  });
  const k = left.shape[left.shape.length - 1];
  const kOfB = right.shape[Math.max(0, right.shape.length - 2)];
  if (k !== kOfB) fail(`k is ${k}, then ${kOfB} in argument 1`);

  const rows = left.shape.length === 1 ? reshape(left, [1, k]) : left;
  const columns = right.shape.length === 1 ? reshape(right, [k, 1]) : right;
  const n = columns.shape[columns.shape.length - 1];
  const product = columns.shape.length === 2 ? manyRows(rows, columns, k, n) : batched(rows, columns, fail);
  const shape = [...product.shape];
  if (right.shape.length === 1) shape.pop();
  if (left.shape.length === 1) shape.splice(right.shape.length === 1 ? -1 : -2, 1);
  return reshape(product, shape);
}

/** A stack of matrices times one matrix is a single product with all the rows. */
function manyRows(a: Tensor, b: Tensor, k: number, n: number): Tensor {
  const before = a.shape.slice(0, -1);
  return reshape(multiply(reshape(a, [sizeOf(before), k]), b, false, false), [...before, n]);
}

function batched(a: Tensor, b: Tensor, fail: (why: string) => never): Tensor {
  const batch = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2), () =>
    fail("the batch axes do not broadcast"),
  );
  const spread = (x: Tensor): Tensor => broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
  return multiply(spread(a), spread(b), false, false);
}

/**
 * NumPy's dot: the inner product of two vectors, the product of two matrices, and in general the sum of products over the
 * last axis of a and the last but one of b, without broadcasting; a scalar multiplies.
 *
 * @shape a […a, k], b […b, k, n] → […a, …b, n]
 * @throws ShapeError if the sizes that are summed over differ.
 * @example dot(tensor([1, 2]), tensor([3, 4])).item() // → 11
 */
export function dot(a: TensorLike, b: TensorLike): Tensor {
  const [left, right] = [toTensor("dot", a), toTensor("dot", b)];
  if (left.shape.length === 0 || right.shape.length === 0) return mul(left, right);
  const axis = Math.max(0, right.shape.length - 2);
  const k = left.shape[left.shape.length - 1];
  if (k !== right.shape[axis]) {
    throw new ShapeError(
      `dot: expected …k, …kn -> ……n, received ${showShape(left.shape)}, ${showShape(right.shape)}: k is ${k}, then ` +
        `${right.shape[axis]} in argument 1`,
    );
  }
  const [before, rest] = [left.shape.slice(0, -1), right.shape.filter((_, i) => i !== axis)];
  const first = [axis, ...right.shape.map((_, i) => i).filter((i) => i !== axis)];
  const columns = reshape(transpose(right, first), [k, sizeOf(rest)]);
  return reshape(matmul(reshape(left, [sizeOf(before), k]), columns), [...before, ...rest]);
}

/**
 * The products of every entry of a with every entry of b; tensors are taken as vectors.
 *
 * @example outer(tensor([1, 2]), tensor([3, 4, 5])).toArray() // → [[3, 4, 5], [6, 8, 10]]
 */
export function outer(a: TensorLike, b: TensorLike): Tensor {
  const [left, right] = [toTensor("outer", a), toTensor("outer", b)];
  return mul(reshape(left, [sizeOf(left.shape), 1]), reshape(right, [1, sizeOf(right.shape)]));
}
