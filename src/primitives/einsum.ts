// How is any sum of products over named axes computed with transpose, sum and matmul?
import { sizeOf, type Tensor } from "../tensor/index.js";
import { mul } from "./arithmetic.js";
import { matmul } from "./contraction.js";
import { diagonal } from "./diagonals.js";
import { parseEinsum } from "./einsum-spec.js";
import { reshape, transpose } from "./layout.js";
import { sum } from "./reductions.js";
import { type TensorLike, toTensor } from "./words.js";

/** A tensor and a label for each of its axes. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

/** Each label once: repeated ones become a diagonal. */
function withDiagonals({ x, labels }: Labelled): Labelled {
  const second = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (second < 0) return { x, labels };
  const first = labels.indexOf(labels[second]);
  const others = labels.filter((_, axis) => axis !== first && axis !== second);
  return withDiagonals({ x: diagonal(x, first, second), labels: [...others, labels[second]] });
}

/** Sums over the axes whose label is not wanted. */
function sumUnless({ x, labels }: Labelled, wanted: (label: string) => boolean): Labelled {
  const axes = labels.flatMap((label, axis) => (wanted(label) ? [] : [axis]));
  return axes.length === 0 ? { x, labels } : { x: sum(x, axes), labels: labels.filter(wanted) };
}

/** The axes in the order of these labels; a label that x does not have becomes an axis of size 1. */
function inOrder({ x, labels }: Labelled, order: readonly string[]): Tensor {
  const present = order.filter((label) => labels.includes(label));
  const moved = transpose(
    x,
    present.map((label) => labels.indexOf(label)),
  );
  let next = 0;
  return reshape(
    moved,
    order.map((label) => (labels.includes(label) ? moved.shape[next++] : 1)),
  );
}

/** The product of two operands, summed over what they share and nobody else wants. */
function contract(a: Labelled, b: Labelled, wanted: (label: string) => boolean): Labelled {
  const [left, right] = [
    sumUnless(a, (label) => wanted(label) || b.labels.includes(label)),
    sumUnless(b, (label) => wanted(label) || a.labels.includes(label)),
  ];
  const shared = left.labels.filter((label) => right.labels.includes(label));
  const summed = shared.filter((label) => !wanted(label));
  const batch = shared.filter(wanted);
  const rows = left.labels.filter((label) => !shared.includes(label));
  const columns = right.labels.filter((label) => !shared.includes(label));
  const labels = [...batch, ...rows, ...columns];
  if (summed.length === 0) return { x: mul(inOrder(left, labels), inOrder(right, labels)), labels };

  const sizes = ({ x, labels: own }: Labelled, of: readonly string[]): number[] =>
    of.map((label) => x.shape[own.indexOf(label)]);
  const [b0, m, k, n] = [sizes(left, batch), sizes(left, rows), sizes(left, summed), sizes(right, columns)];
  const matrices = (x: Tensor, height: number, width: number): Tensor =>
    reshape(x, batch.length === 0 ? [height, width] : [sizeOf(b0), height, width]);
  const product = matmul(
    matrices(inOrder(left, [...batch, ...rows, ...summed]), sizeOf(m), sizeOf(k)),
    matrices(inOrder(right, [...batch, ...summed, ...columns]), sizeOf(k), sizeOf(n)),
  );
  return { x: reshape(product, [...b0, ...m, ...n]), labels };
}

/**
 * Sums of products over named axes (Einstein's convention): "ij,jk->ik" is the matrix product. Without an arrow the
 * result has the letters that occur once, in alphabetical order. A repeated letter in one operand is a diagonal; an
 * ellipsis stands for axes that broadcast; any number of operands is contracted from left to right.
 *
 * @throws DomainError if the spec is malformed or does not have one term for each operand.
 * @throws ShapeError if a letter stands for two sizes; an axis of size 1 stretches to that of another operand.
 * @example einsum("ij,j->i", tensor([[1, 2], [3, 4]]), tensor([1, 10])).toArray() // → [21, 43]
 * @example einsum("ii", tensor([[1, 2], [3, 4]])).item() // → 5
 * @example einsum("b...,b->...", tensor([[1, 2], [3, 4]]), tensor([1, -1])).toArray() // → [-2, -2]
 */
export function einsum(spec: string, ...xs: TensorLike[]): Tensor {
  const tensors = xs.map((x) => toTensor("einsum", x));
  const { operands, result, sizes } = parseEinsum(
    spec,
    tensors.map((x) => x.shape),
  );
  const [first, ...rest] = operands.map((labels, i) => {
    const operand = withDiagonals({ x: tensors[i], labels });
    // What has size 1 here and stretches does not depend on the label: the axis is dropped.
    const stretches = operand.labels.map((label, axis) => operand.x.shape[axis] !== sizes.get(label));
    return {
      x: reshape(
        operand.x,
        operand.x.shape.filter((_, axis) => !stretches[axis]),
      ),
      labels: operand.labels.filter((_, axis) => !stretches[axis]),
    };
  });
  let product: Labelled = first;
  rest.forEach((operand, i) => {
    const later = new Set([...result, ...rest.slice(i + 1).flatMap(({ labels }) => labels)]);
    product = contract(product, operand, (label) => later.has(label));
  });
  return inOrder(
    sumUnless(product, (label) => result.includes(label)),
    result,
  );
}
