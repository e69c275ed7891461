// Which fractional equations can be looked at, and what is known of their solutions?
import { mul, sub, type Tensor } from "stillpoint";
import { mittagLeffler } from "stillpoint/special";

export interface Problem {
  readonly says: string;
  /** What the rate is called, and how far it goes. */
  readonly rate: { readonly label: string; readonly min: number; readonly max: number; readonly step: number };
  readonly order: { readonly min: number; readonly max: number; readonly step: number };
  /** Where it begins when it is chosen. */
  readonly start: { readonly rate: number; readonly order: number; readonly duration: number; readonly u0: string };
  readonly field: (rate: number) => (t: Tensor, u: Tensor) => Tensor;
  /** u(t) in closed form, if there is one. */
  readonly exact: ((order: number, rate: number, u0: number, t: number) => number) | undefined;
}

/** u₀ E_α(−k t^α), the solution of D^α u = −k u with u′(0) = 0. */
const decay = (order: number, k: number, u0: number, t: number): number => u0 * mittagLeffler(order, -k * t ** order);

const upToOne = { min: 0.05, max: 1, step: 0.05 };

export const problems = {
  relaxation: {
    says: "relaxation: Dᵅ u = −λ u",
    rate: { label: "λ", min: 0.1, max: 5, step: 0.1 },
    order: upToOne,
    start: { rate: 1, order: 0.6, duration: 5, u0: "1" },
    field: (rate) => (_, u) => mul(-rate, u),
    exact: decay,
  },
  oscillator: {
    says: "oscillator: Dᵅ u = −ω² u, α up to 2",
    rate: { label: "ω", min: 0.2, max: 3, step: 0.1 },
    order: { min: 1.05, max: 2, step: 0.05 },
    start: { rate: 2, order: 1.7, duration: 8, u0: "1" },
    field: (rate) => (_, u) => mul(-rate * rate, u),
    exact: (order, rate, u0, t) => decay(order, rate * rate, u0, t),
  },
  logistic: {
    says: "growth: Dᵅ u = r u (1 − u)",
    rate: { label: "r", min: 0.1, max: 3, step: 0.1 },
    order: upToOne,
    start: { rate: 1, order: 0.7, duration: 10, u0: "0.1" },
    field: (rate) => (_, u) => mul(rate, mul(u, sub(1, u))),
    exact: undefined,
  },
} satisfies Record<string, Problem>;

export type ProblemName = keyof typeof problems;
export const problemNamed = (name: string): Problem =>
  Object.hasOwn(problems, name) ? problems[name as ProblemName] : problems.relaxation;
