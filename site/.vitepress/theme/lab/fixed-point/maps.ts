// Which maps can be looked at, and between which values?
import { add, concat, cos, mul, sin, slice, sub, type Tensor, tanh } from "stillpoint";

/** A number with its bounds. */
export interface Range {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
}

export interface MapChoice {
  readonly says: string;
  /** f(z; a, b); the state is a scalar, or a point of the plane. */
  readonly f: (z: Tensor, a: Tensor, b: Tensor) => Tensor;
  readonly plane: boolean;
  readonly a: Range;
  readonly b: Range | undefined;
  readonly start: Range;
  /** What the picture shows of the axis, or of both. */
  readonly view: readonly [number, number];
  /** ∂z*∕∂a and ∂z*∕∂b of the first entry by the formula (∂f/∂p) ∕ (1 − f′), to compare with. */
  readonly exact: (z: number, a: number, b: number) => { readonly a: number; readonly b: number } | undefined;
}

const range = (label: string, min: number, max: number, step: number, value: number): Range => ({
  ...{ label, min, max, step, value },
});

/** (x, y) ↦ a·(rotation by b degrees) (x, y) + (1, 0) */
function turn(z: Tensor, a: Tensor, b: Tensor): Tensor {
  const angle = mul(b, Math.PI / 180);
  const [x, y] = [slice(z, [0], [1]), slice(z, [1], [2])];
  const [c, s] = [mul(a, cos(angle)), mul(a, sin(angle))];
  return concat([add(1, sub(mul(c, x), mul(s, y))), add(mul(s, x), mul(c, y))], 0);
}

const slopes = (byA: number, byB: number, slope: number) => ({ a: byA / (1 - slope), b: byB / (1 - slope) });

export const maps = {
  tanh: {
    says: "a tanh(z + b)",
    f: (z, a, b) => mul(a, tanh(add(z, b))),
    plane: false,
    a: range("a", -3, 3, 0.05, 0.9),
    b: range("b", -2, 2, 0.05, 0.2),
    start: range("start z₀", -3, 3, 0.05, -2),
    view: [-3, 3],
    exact: (z, a, b) => {
      const [value, bend] = [Math.tanh(z + b), 1 / Math.cosh(z + b) ** 2];
      return slopes(value, a * bend, a * bend);
    },
  },
  cosine: {
    says: "a cos z",
    f: (z, a) => mul(a, cos(z)),
    plane: false,
    a: range("a", 0, 3, 0.05, 1),
    b: undefined,
    start: range("start z₀", -3, 3, 0.05, -1),
    view: [-3, 3],
    exact: (z, a) => slopes(Math.cos(z), 0, -a * Math.sin(z)),
  },
  logistic: {
    says: "a z (1 − z)",
    f: (z, a) => mul(a, mul(z, sub(1, z))),
    plane: false,
    a: range("a", 0, 4, 0.05, 2.8),
    b: undefined,
    start: range("start z₀", -0.2, 1.2, 0.01, 0.9),
    view: [-0.2, 1.2],
    exact: (z, a) => slopes(z * (1 - z), 0, a * (1 - 2 * z)),
  },
  affine: {
    says: "a z + b",
    f: (z, a, b) => add(mul(a, z), b),
    plane: false,
    a: range("a", -1.5, 1.5, 0.05, -0.8),
    b: range("b", -1, 1, 0.05, 0.5),
    start: range("start z₀", -3, 3, 0.05, -2),
    view: [-3, 3],
    exact: (z, a) => slopes(z, 1, a),
  },
  rotation: {
    says: "turn by b, scale by a",
    f: turn,
    plane: true,
    a: range("scaling a", 0, 1.2, 0.01, 0.9),
    b: range("angle b", 0, 180, 1, 40),
    start: range("start (x₀, 0)", -4, 4, 0.05, -1),
    view: [-4, 4],
    exact: () => undefined,
  },
} satisfies Record<string, MapChoice>;

export type MapName = keyof typeof maps;
export const mapNamed = (name: string): MapChoice => (Object.hasOwn(maps, name) ? maps[name as MapName] : maps.tanh);
