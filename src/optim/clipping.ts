// How is a gradient kept from being too long?
import { add, div, greater, mul, sqrt, square, sum, toTensor, where } from "../primitives/index.js";
import { checkNumber, flattenTree, mapTree, type Tensor } from "../tensor/index.js";

/**
 * The gradient times min(1, most/‖g‖₂), the norm taken over all tensors of the tree together.
 *
 * @throws DomainError unless most is a number > 0.
 * @source Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks", algorithm 1
 * @example clipByGlobalNorm([tensor(3), tensor(4)], 1).map((g) => g.item()) // → [0.6000000000000001, 0.8]
 */
export function clipByGlobalNorm<G>(gradient: G, most: number): G {
  checkNumber("clipByGlobalNorm", "most", most, "a number > 0", (x) => x > 0);
  const { leaves } = flattenTree("clipByGlobalNorm", gradient);
  const squares = leaves.map((g) => sum(square(g)));
  const norm = sqrt(squares.reduce((total: Tensor, part) => add(total, part), toTensor("clipByGlobalNorm", 0)));
  const scale = where(greater(norm, most), div(most, norm), 1);
  return mapTree((g) => mul(g, scale), gradient);
}
