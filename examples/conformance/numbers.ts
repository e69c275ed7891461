// How are the pack's numbers read, and how far is a float64 number from one of 30 digits?

/**
 * A C99 hexadecimal number.
 *
 * @throws Error for anything else
 */
export function readHex(text: string): number {
  const parts = /^(-?)0x([01])(?:\.([0-9a-f]+))?p([+-]\d+)$/.exec(text);
  if (!parts) throw new Error(`expected a hexadecimal number such as -0x1.8p+1, received ${text}`);
  const [, sign, whole, fraction = "", exponent] = parts;
  const significand = Number.parseInt(whole + fraction, 16);
  const power = Number(exponent) - 4 * fraction.length;
  // In two steps: 2^power alone may be too small or too large.
  const half = Math.trunc(power / 2);
  return (sign ? -1 : 1) * significand * 2 ** half * 2 ** (power - half);
}

/** A number as numerator/denominator. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A decimal number, exactly. */
export function readDecimal(text: string): Fraction {
  const parts = /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/.exec(text);
  if (!parts) throw new Error(`expected a decimal number, received ${text}`);
  const [, sign, whole, fraction = "", exponent = "0"] = parts;
  const digits = BigInt(sign + whole + fraction);
  const power = Number(exponent) - fraction.length;
  return power >= 0
    ? { numerator: digits * 10n ** BigInt(power), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-power) };
}

/** A finite float64 number, exactly. */
export function readFloat(x: number): Fraction {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  const significand = (exponent === 0 ? fraction : fraction | (1n << 52n)) * (x < 0 ? -1n : 1n);
  const power = Math.max(exponent, 1) - 1075;
  return power >= 0
    ? { numerator: significand << BigInt(power), denominator: 1n }
    : { numerator: significand, denominator: 1n << BigInt(-power) };
}

/** |x − reference|, rounded. */
export function distance(x: number, reference: string): number {
  if (!Number.isFinite(x)) return Infinity;
  const [a, b] = [readFloat(x), readDecimal(reference)];
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return quotient(difference < 0n ? -difference : difference, a.denominator * b.denominator);
}

/** n/d for n ≥ 0, to some 15 digits. */
function quotient(n: bigint, d: bigint): number {
  if (n === 0n) return 0;
  const shift = d.toString(2).length - n.toString(2).length + 64;
  const scaled = shift >= 0 ? (n << BigInt(shift)) / d : n / (d << BigInt(-shift));
  const half = Math.trunc(-shift / 2);
  return Number(scaled) * 2 ** half * 2 ** (-shift - half);
}
