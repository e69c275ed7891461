// Which problems have trajectories that are known to many digits?
import { readFileSync } from "node:fs";
import {
  add,
  concat,
  div,
  matmul,
  maximum,
  mul,
  pow,
  slice,
  square,
  sub,
  type Tensor,
  tanh,
  tensor,
  transpose,
} from "stillpoint";
import type { CaputoSolution } from "stillpoint/fractional";
import { gamma } from "stillpoint/special";

type Numbers = string | readonly Numbers[];
type Nest = number | Nest[];

interface Given {
  readonly problem: string;
  readonly T: string;
  readonly rows: readonly (readonly string[])[];
  readonly [name: string]: Numbers | null;
}

export interface Problem {
  readonly name: string;
  readonly f: (t: Tensor, u: Tensor) => Tensor;
  readonly u0: Tensor;
  readonly options: {
    readonly order: number | readonly number[];
    readonly duration: number;
    readonly initialDerivative?: Tensor;
  };
  /** Where it is known, and what it is there, [times, states]. */
  readonly times: readonly number[];
  readonly expected: readonly number[];
  readonly stiff: boolean;
}

const numbers = (x: Numbers): Nest => (typeof x === "string" ? Number(x) : x.map(numbers));
const column = (u: Tensor, c: number): Tensor => slice(u, [0, c], [u.shape[0], c + 1]);

/** The equations, as the tables write them down. */
function equationOf(given: Given): { f: Problem["f"]; u0: Nest; v0?: Nest } {
  const value = (name: string): number => Number(given[name]);
  const matrix = (name: string): Tensor => tensor(numbers(given[name] as Numbers));
  const a = value("alpha");
  switch (given.problem) {
    case "linear":
      return { f: (_, u) => mul(value("lambda"), u), u0: [1] };
    case "linear_order_1_2":
      return { f: (_, u) => mul(value("lambda"), u), u0: [value("y0")], v0: [value("y1")] };
    case "diethelm_nonlinear": {
      const f = (t: Tensor, y: Tensor): Tensor => {
        const drive = sub(
          mul(40320 / gamma(9 - a), pow(t, 8 - a)),
          mul((3 * gamma(5 + a / 2)) / gamma(5 - a / 2), pow(t, 4 - a / 2)),
        );
        const cube = pow(sub(mul(1.5, pow(t, a / 2)), pow(t, 4)), 3);
        return sub(add(add(drive, 2.25 * gamma(a + 1)), cube), pow(maximum(y, 0), 1.5));
      };
      return { f, u0: [0], ...(a > 1 ? { v0: [0] } : {}) };
    }
    case "quadratic":
      return { f: (t, y) => add(sub(mul(2 / gamma(3 - a), pow(t, 2 - a)), y), square(t)), u0: [0] };
    case "linear_2x2": {
      const [re, im] = [value("re"), value("im")];
      const rotation = tensor([
        [re, im],
        [-im, re],
      ]);
      return { f: (_, u) => matmul(u, rotation), u0: [1, 0] };
    }
    case "brusselator": {
      const [A, B] = [value("A"), value("B")];
      const f = (_: Tensor, u: Tensor): Tensor => {
        const [x, y] = [column(u, 0), column(u, 1)];
        const x2y = mul(square(x), y);
        return concat([add(sub(A, mul(B + 1, x)), x2y), sub(mul(B, x), x2y)], 1);
      };
      return { f, u0: numbers(given.u0 as Numbers) };
    }
    case "tanh_mlp": {
      const [w1, b1, w2, b2] = ["W1", "b1", "W2", "b2"].map(matrix);
      const f = (_: Tensor, u: Tensor): Tensor =>
        add(matmul(tanh(add(matmul(u, transpose(w1)), b1)), transpose(w2)), b2);
      return { f, u0: numbers(given.u0 as Numbers), ...(given.v0 ? { v0: numbers(given.v0) } : {}) };
    }
    case "chua_multi_order": {
      const [al, be] = [value("al"), value("be")];
      const f = (_: Tensor, u: Tensor): Tensor => {
        const [x, y, z] = [column(u, 0), column(u, 1), column(u, 2)];
        const first = mul(al, add(y, div(sub(x, mul(2, pow(x, 3))), 7)));
        return concat([first, add(sub(x, y), z), mul(-be, y)], 1);
      };
      return { f, u0: numbers(given.u0 as Numbers) };
    }
    default:
      throw new Error(`an unknown problem: ${given.problem}`);
  }
}

export function readProblems(file: "trajectories" | "trajectories_long"): readonly Problem[] {
  const { problems } = JSON.parse(readFileSync(new URL(`../reference/${file}.json`, import.meta.url), "utf8")) as {
    problems: readonly Given[];
  };
  return problems.map((given) => {
    const { f, u0, v0 } = equationOf(given);
    const order = numbers((given.alpha ?? given.alphas) as Numbers) as number | number[];
    const initial = v0 === undefined ? {} : { initialDerivative: tensor(v0) };
    return {
      name: `${given.problem}, order ${order}${given.lambda ? `, λ = ${given.lambda}` : ""}, T = ${given.T}`,
      ...{ f, u0: tensor(u0), options: { order, duration: Number(given.T), ...initial } },
      times: given.rows.map(([t]) => Number(t)),
      expected: given.rows.flatMap(([, ...u]) => u.map(Number)),
      stiff: Math.abs(Number(given.lambda ?? 0)) > 100,
    };
  });
}

/** The largest deviation at the times that are known, in units of the trajectory's largest entry. */
export function deviation({ times, expected }: Problem, solution: CaputoSolution): number {
  const received = solution.at(times).data;
  const scale = Math.max(...expected.map(Math.abs));
  return expected.reduce((worst, value, i) => {
    const error = Math.abs(value - received[i]) / scale;
    return error <= worst ? worst : error;
  }, 0);
}
