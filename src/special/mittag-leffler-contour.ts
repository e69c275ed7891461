// How is the Mittag-Leffler function integrated along a contour, for every z with the same nodes?
//
//     E(z) = 1/(2 pi i) int e^s s^(alpha-beta) / (s^alpha - z) ds                       (Podlubny 1999, equation 1.102)
//
// along the parabola s = mu (1 + iu)^2 around the cut of s^alpha. The trapezoidal rule with step h converges like
// e^(-2 pi a / h) for integrands that are analytic in |Im u| < a (Trefethen & Weideman 2014, section 5). Poles inside that
// strip do no harm, as what the rule makes of them is known: with v = sqrt(s / mu) = 1 + iu and the nodes at (k + shift) h,
//
//     E(z) = [trapezoidal sum] / (2 pi i) + sum_j rho_j / (1 - q_j),   q = e^(-2 pi (v - 1)/h + 2 pi i shift),
//
// which passes from rho_j, for poles outside the parabola, to 0 without a step. So a few parabolas suffice for all z, where
// Garrappa (2015) looks for one between the poles of each z, and they lie where the integrand is not larger than it has to be.

import { atan, cos, exp, expm1, log, log1p, sin } from "../typed-array-ops/elementary/index.js";

/** The nodes of a trapezoidal rule. Of nodes at s and its conjugate only the first is there, if the rule is symmetric. */
export interface Rule {
  readonly mu: number;
  /** 2 pi / h. */
  readonly density: number;
  /** Poles with a smaller |v| lie outside the strip. */
  readonly edge: number;
  readonly shift: number;
  /** log s, s^alpha - 1 and h/(2 pi i) ds/du e^s s^(alpha-beta): real and imaginary parts in turn. */
  readonly logarithms: Float64Array;
  readonly powers: Float64Array;
  readonly weights: Float64Array;
}

/** What is left of the integrand where it is cut, and of the errors of the rule, is e^(-TINY). */
export const TINY = 44;

/** The largest power of s^alpha / z by which integrands are multiplied. */
export const MOST_TERMS_AHEAD = 4;

/** Numbers that a rule is made from. */
export interface Layout {
  /** Where the parabola crosses the real axis. */
  readonly mu: number;
  /** The step; it has few bits, so that the nodes are exact. */
  readonly h: number;
  /** 2 pi / h. */
  readonly density: number;
  /** Where |v| is smaller, the integrand may be so large that the strip has to end before. */
  readonly edge: number;
  /** The number of the last node. */
  readonly last: number;
}

/** Where the parabola crosses the axis, how dense the nodes are on it, and where they end. */
export function layOut(alpha: number, beta: number, peak: number): Layout {
  const mu = Math.round(8 * peak) / 8;
  // Near s = 0 the integrand is no larger than |v|^(-steep), far out than e^s |v|^growth.
  const steep = 2 * Math.max(0, beta) + 1;
  const growth = 2 * Math.max(0, (MOST_TERMS_AHEAD + 1) * alpha - beta) + 1;
  let density = TINY + steep;
  for (let i = 0; i < 8; i++) density = TINY + steep + steep * log(density / steep);
  const wide = [0.25, 0.5, 1, 2].map((c) => (TINY + mu * (2 * c + c * c) + growth * log1p(c)) / c);
  const h = Math.floor(((2 * Math.PI) / Math.max(density, Math.min(...wide))) * 2 ** 20) / 2 ** 20;
  density = (2 * Math.PI) / h;
  let square = TINY / mu;
  for (let i = 0; i < 8; i++) square = (TINY + (growth / 2) * log1p(square)) / mu;
  return { mu, h, density, edge: steep / density, last: Math.ceil(Math.sqrt(square) / h) };
}

/** The rule with that shift (in units of the step); a symmetric one has nodes with u >= 0 only. */
export function ruleFor(alpha: number, beta: number, layout: Layout, shift: number, symmetric: boolean): Rule {
  const { mu, h, density, edge, last } = layout;
  const first = symmetric ? 0 : -last;
  const count = last - first + 1;
  const [logarithms, powers, weights] = [2 * count, 2 * count, 2 * count].map((n) => new Float64Array(n));
  const logMu = log(mu);
  for (let i = 0; i < count; i++) {
    const u = (first + i + shift) * h;
    const logRe = logMu + log1p(u * u);
    const logIm = 2 * atan(u);
    const square = sin(alpha * atan(u)); // of half the angle of s^alpha
    const size = exp(alpha * logRe);
    logarithms[2 * i] = logRe;
    logarithms[2 * i + 1] = logIm;
    powers[2 * i] = expm1(alpha * logRe) * cos(alpha * logIm) - 2 * square * square;
    powers[2 * i + 1] = size * sin(alpha * logIm);
    // h/(2 pi i) ds/du = h mu v / pi
    const weight = ((h * mu) / Math.PI) * exp(mu * (1 - u * u) + (alpha - beta) * logRe + 0.5 * (logRe - logMu));
    const angle = 2 * mu * u + (alpha - beta + 0.5) * logIm;
    const share = symmetric && u === 0 ? 0.5 : 1;
    weights[2 * i] = share * weight * cos(angle);
    weights[2 * i + 1] = share * weight * sin(angle);
  }
  return { mu, density, edge, shift, logarithms, powers, weights };
}
