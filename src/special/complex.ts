// Which arithmetic of complex numbers do the special functions need?
//
// A complex number is a record of two float64 numbers. Quotients and moduli are formed without squares that overflow.
// Source: Smith, R. L. (1962), "Algorithm 116: Complex division", Communications of the ACM 5, 435.

import { cos, expm1 as expm1Of, exp as expOf, sin } from "../typed-array-ops/elementary/index.js";

/** The complex number `re + i im`. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

export const ZERO: Complex = { re: 0, im: 0 };

export const complex = (re: number, im: number): Complex => ({ re, im });

export const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });

export const minus = (a: Complex, b: Complex): Complex => ({ re: a.re - b.re, im: a.im - b.im });

export const times = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});

export const scaled = (a: Complex, factor: number): Complex => ({ re: a.re * factor, im: a.im * factor });

/** |a|, without overflow or underflow on the way. */
export function modulus(a: Complex): number {
  const large = Math.max(Math.abs(a.re), Math.abs(a.im));
  const small = Math.min(Math.abs(a.re), Math.abs(a.im));
  if (small === 0 || large === Infinity) return large;
  const ratio = small / large;
  return large * Math.sqrt(1 + ratio * ratio);
}

/** a / b by Smith's method (1962). */
export function over(a: Complex, b: Complex): Complex {
  if (b.im === 0) return { re: a.re / b.re, im: a.im / b.re };
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const ratio = b.im / b.re;
    const below = b.re + b.im * ratio;
    return { re: (a.re + a.im * ratio) / below, im: (a.im - a.re * ratio) / below };
  }
  const ratio = b.re / b.im;
  const below = b.re * ratio + b.im;
  return { re: (a.re * ratio + a.im) / below, im: (a.im * ratio - a.re) / below };
}

/** e^a; a real a has a real power, even one that overflows. */
export function exp(a: Complex): Complex {
  const size = expOf(a.re);
  if (a.im === 0 || size === 0) return { re: size, im: 0 };
  return { re: size * cos(a.im), im: size * sin(a.im) };
}

/** e^a - 1 = expm1(re) cos(im) - 2 sin^2(im / 2) + i e^re sin(im), where nothing is lost near 0. */
export function expm1(a: Complex): Complex {
  const half = sin(a.im / 2);
  return { re: expm1Of(a.re) * cos(a.im) - 2 * half * half, im: expOf(a.re) * sin(a.im) };
}
