// What does the adjoint method give whose density has lost its pole?
//
// λ = g + I^α_(T−)(Jᵀ λ), dL/dθ ≈ Σ h λᵀ f_θ: a Caputo equation with the loss's gradient as its value at the end, and plain steps as
// weights. It is what adjoint methods for α = 1 look like, and what torchfde does (method predictor-f of Kang et al. 2025). For α < 1 its
// limit is not the gradient. Forwards and backwards the left product rectangle, as there.
import { add, type Tensor, tensor, vjp, zeros } from "stillpoint";
import { causalWeights, gradedMesh, productRectangle, rectangleCells, stepThroughTime } from "stillpoint/fractional";

type Field<P> = (theta: P, t: Tensor, u: Tensor) => Tensor;

export interface WithoutPole<P extends object> {
  readonly value: Tensor;
  pull(g: Tensor): P;
}

/** The value at the end, and what passes for the gradient of a loss in the parameters. */
export function adjointWithoutPole<P extends Readonly<Record<string, Tensor>>>(
  f: Field<P>,
  theta: P,
  u0: Tensor,
  { order, duration, steps }: { readonly order: number; readonly duration: number; readonly steps: number },
): WithoutPole<P> {
  const { values, times } = stepThroughTime((t, u) => f(theta, t, u), u0, {
    ...{ order, duration, steps, quadrature: productRectangle() },
  });
  const d = u0.shape[0];
  const stateAt = (n: number): Tensor => tensor(values.data.slice(n * d, (n + 1) * d), [1, d]);
  const timeAt = (n: number): Tensor => tensor([times.data[n]], [1, 1]);
  const { lags } = causalWeights(rectangleCells, gradedMesh(steps), order, 0);
  const scale = duration ** order;
  const h = duration / steps;

  function pull(g: Tensor): P {
    const pulled: Float64Array[] = [];
    let gradient = Object.fromEntries(Object.entries(theta).map(([name, { shape }]) => [name, zeros(shape)]));
    for (let k = 0; k < steps; k++) {
      const lambda = g.data.slice();
      for (let j = 0; j < k; j++) for (let i = 0; i < d; i++) lambda[i] += scale * lags[k - j] * pulled[j][i];
      const node = steps - k;
      const { pull: pullField } = vjp((p, u) => f(p as P, timeAt(node), u), theta, stateAt(node));
      const [forTheta, forState] = pullField(
        tensor(
          lambda.map((x) => x),
          [1, d],
        ),
      );
      pulled.push((forState as Tensor).data);
      gradient = Object.fromEntries(
        Object.entries(gradient).map(([name, sum]) => [name, add(sum, scaled(h, (forTheta as P)[name]))]),
      );
    }
    return gradient as P;
  }
  return { value: tensor(values.data.slice(steps * d), [d]), pull };
}

const scaled = (h: number, { data, shape }: Tensor): Tensor =>
  tensor(
    data.map((x) => h * x),
    shape,
  );
