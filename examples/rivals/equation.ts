// Which equation is differentiated, and what is its gradient?
//
// D^α u = W₂ tanh(W₁ u + b₁) + b₂ with two states and eight hidden units, loss ½|u(T)|², gradient in all weights and biases. The numbers
// are those of the first case of test/reference/reference_grad.json, whose gradients are known to 60 digits.
import { add, grad, matmul, mul, reshape, slice, square, sum, type Tensor, tanh, tensor, transpose } from "stillpoint";
import { type CaputoOptions, solveCaputo, spectral } from "stillpoint/fractional";

export type Weights = Readonly<Record<"W1" | "b1" | "W2" | "b2", Tensor>>;

export const weights: Weights = {
  W1: tensor([
    [-0.607, 0.28],
    [-0.684, -0.396],
    [0.039, -0.628],
    [-0.488, -2.052],
    [-0.488, 1.032],
    [-0.627, 0.531],
    [-0.593, -0.85],
    [-0.336, -0.885],
  ]),
  b1: tensor([0.361, 0.324, 0.364, 0.295, 0.074, 0.057, 0.322, -0.541]),
  W2: tensor([
    [-0.494, -0.098, -0.149, -0.625, 0.531, -0.253, 0.039, -0.046],
    [-0.671, -0.522, -0.176, -0.224, -0.219, -1.787, -0.06, -0.723],
  ]),
  b2: tensor([-0.287, 0.365]),
};
export const start = tensor([-1.384, 0.634]);
export const duration = 1;
export const orders = [0.3, 0.5, 0.8, 0.95, 1] as const;

export const network = ({ W1, b1, W2, b2 }: Weights, _: Tensor, u: Tensor): Tensor =>
  add(matmul(tanh(add(matmul(u, transpose(W1)), b1)), transpose(W2)), b2);

export const loss = (u: Tensor): Tensor => mul(0.5, sum(square(u)));

export const lastOf = (values: Tensor): Tensor =>
  reshape(slice(values, [values.shape[0] - 1], [values.shape[0]]), values.shape.slice(1));

export const entriesOf = ({ W1, b1, W2, b2 }: Weights): number[] => [W1, b1, W2, b2].flatMap(({ data }) => [...data]);

/** ‖x − y‖₂/‖y‖₂ */
export const relativeError = (x: readonly number[], y: readonly number[]): number =>
  Math.hypot(...x.map((value, i) => value - y[i])) / Math.hypot(...y);

/** To which every way solves its equations. */
export const tolerance = 1e-12;
/** For what they are compared with. */
export const tight = 1e-14;

export const implicitLoss =
  (options: CaputoOptions) =>
  (theta: Weights): Tensor =>
    loss(lastOf(solveCaputo((t, u) => network(theta, t, u), start, { tolerance, ...options }).values));

/** Nodes of the reference, and of the one that it is checked by. */
export const [referenceNodes, checkNodes] = [72, 56];

/**
 * The gradient of the equation itself, by collocation with so many nodes. The field does not depend on t, so that u is smooth in t^α:
 * t = T x^(1/α) is enough, where the default exponent of the library, 2/α, serves fields that do.
 */
export const referenceGradient = (order: number, nodes = referenceNodes): number[] =>
  entriesOf(
    grad(implicitLoss({ order, duration, quadrature: spectral({ nodes, exponent: 1 / order }), tolerance: tight }))(
      weights,
    ),
  );
