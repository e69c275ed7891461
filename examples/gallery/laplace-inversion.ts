// What is the function whose Laplace transform is a quotient of sums of powers of s?
//
// Close Bromwich's path around the cut along the negative axis: with Y the transform,
//
//     y(t) = Y₀ + Σ 2 Re(N(p)/D′(p) e^(pt)) − 1/π ∫₀^∞ e^(−rt) Im Y(r e^(iπ)) dr,
//
// over the poles p in the upper half-plane with |arg p| < π, and Y₀ the residue at 0. Nothing is stepped in time, and nothing
// of it is shared with the solver. With r = e^w the integrand is analytic, and equal steps in w converge exponentially.
//
// Source: Gorenflo and Mainardi (1997), "Fractional calculus: integral and differential equations of fractional order", section 3

/** Σ coefficient · s^power */
export type Powers = readonly (readonly [coefficient: number, power: number])[];
export type Complex = readonly [re: number, im: number];

export interface Transform {
  readonly numerator: Powers;
  readonly denominator: Powers;
  /** Near the poles in the upper half-plane. */
  readonly poles: readonly Complex[];
  /** The residue at 0. */
  readonly limit?: number;
}

function evaluate(powers: Powers, [re, im]: Complex): Complex {
  const [size, angle] = [Math.hypot(re, im), Math.atan2(im, re)];
  let [x, y] = [0, 0];
  for (const [coefficient, power] of powers) {
    const length = coefficient * size ** power;
    x += length * Math.cos(power * angle);
    y += length * Math.sin(power * angle);
  }
  return [x, y];
}

const derivative = (powers: Powers): Powers => powers.map(([c, p]) => [c * p, p - 1] as const).filter(([c]) => c !== 0);

function divide([a, b]: Complex, [c, d]: Complex): Complex {
  const size = c * c + d * d;
  return [(a * c + b * d) / size, (b * c - a * d) / size];
}

/** Newton's method, to the last digits. */
function poleNear(denominator: Powers, start: Complex): Complex {
  let pole = start;
  for (let step = 0; step < 50; step++) {
    const [dx, dy] = divide(evaluate(denominator, pole), evaluate(derivative(denominator), pole));
    pole = [pole[0] - dx, pole[1] - dy];
  }
  return pole;
}

const [LOWEST, STEP] = [-170, 1 / 64];

/** The function, for t > 0. */
export function invert({ numerator, denominator, poles, limit = 0 }: Transform): (t: number) => number {
  const rates: number[] = [];
  const shares: number[] = [];
  for (let w = LOWEST; w < 20; w += STEP) {
    const r = Math.exp(w);
    // Exactly on the upper side of the cut: atan2(+0, −r) = π.
    const [, im] = divide(evaluate(numerator, [-r, 0]), evaluate(denominator, [-r, 0]));
    rates.push(r);
    shares.push((-STEP * r * im) / Math.PI);
  }
  const modes = poles.map((start) => {
    const pole = poleNear(denominator, start);
    return { pole, residue: divide(evaluate(numerator, pole), evaluate(derivative(denominator), pole)) };
  });
  return (t) => {
    let sum = limit;
    for (const { pole, residue } of modes) {
      const [cos, sin] = [Math.cos(pole[1] * t), Math.sin(pole[1] * t)];
      sum += 2 * Math.exp(pole[0] * t) * (residue[0] * cos - residue[1] * sin);
    }
    for (let i = 0; i < rates.length && rates[i] * t < 750; i++) sum += shares[i] * Math.exp(-rates[i] * t);
    return sum;
  };
}
