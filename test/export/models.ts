// Which models are exported in the tests?
import { add, matmul, mul, random, stopGradient, type Tensor, tensor } from "stillpoint";
import type { ExportOptions, Model } from "stillpoint/export";
import { contractingCell, linear, mlp, monotoneCell } from "stillpoint/nn";

export interface Case {
  readonly model: Model;
  readonly options: ExportOptions;
}

const slider = (label: string, value = 0.4) => ({ label, from: -2, to: 2, value });

const net = mlp([2, 16, 16, 2], { random: random(1) });
export const network: Case = {
  model: { kind: "function", f: (x) => net.apply(net.params, x) },
  options: {
    title: "Two outputs of a network",
    inputs: [slider("temperature"), { ...slider("pressure"), unit: "bar" }],
    outputs: [
      { label: "yield", unit: "%" },
      { label: "purity", unit: "%" },
    ],
  },
};

const cell = contractingCell(8, 2, { random: random(3) });
const head = linear(8, 2, { random: random(9) });
export const equilibrium: Case = {
  model: {
    kind: "equilibrium",
    cell: (z, x) => cell.apply(cell.params, z, x),
    size: 8,
    readout: (z) => head.apply(head.params, z),
  },
  options: { title: "An equilibrium and what is read from it", inputs: [slider("a"), slider("b", -1)] },
};

const monotone = monotoneCell(3, 1, { random: random(3) });
export const monotoneEquilibrium: Case = {
  model: { kind: "equilibrium", cell: (z, x) => monotone.apply(monotone.params, z, x), size: 3 },
  options: {
    title: "Three states",
    inputs: [slider("x")],
    data: {
      at: [-1, 0, 1],
      values: [
        [0, 0.1, 0.2],
        [0.1, 0.1, Number.NaN],
        [0.2, 0.1, 0],
      ],
    },
  },
};

const field = mlp([2, 16, 2], { random: random(4) });
const rotation = tensor([
  [-0.1, -1],
  [1, -0.1],
]);
/** The weights of the field are those of the network; the matrix is one more. */
export const fieldOf = (_t: Tensor, u: Tensor): Tensor => add(matmul(u, rotation), field.apply(field.params, u));
export const fractional: Case = {
  model: {
    kind: "fractional",
    field: fieldOf,
    order: { from: 0.3, to: 1, value: 0.9 },
    duration: { from: 1, to: 20, value: 10 },
    initial: [{ from: -2, to: 2, value: 1 }, 0.25],
    steps: 60,
    time: { label: "time", unit: "years" },
  },
  options: {
    title: "Lynx and hare",
    description: "D^α u = f(u), with a network in f.",
    outputs: [
      { label: "hare", unit: "thousand" },
      { label: "lynx", unit: "thousand" },
    ],
    data: {
      at: [0, 1, 2],
      values: [
        [1, 0],
        [0.5, 0.2],
        [0.2, 0.4],
      ],
    },
  },
};

/** Its own gradient is wrong, by the half that is not followed, and it knows nothing of that. */
export const halfFollowed: Case = {
  model: { kind: "function", f: (x) => mul(x, stopGradient(mul(tensor([1.5]), x))) },
  options: { title: "A gradient that is wrong", inputs: [slider("x", 1)] },
};
