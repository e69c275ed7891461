// How is a number said to a reader?

/** Six digits, without zeros that say nothing; powers of ten where they are shorter. */
export function say(x: number | undefined, digits = 6): string {
  if (x === undefined) return "–";
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "not a number" : x > 0 ? "∞" : "−∞";
  const [mantissa, power] = x.toExponential(digits - 1).split("e");
  const short = String(Number(mantissa)).replace("-", "−");
  if (Math.abs(Number(power)) < 5 || x === 0) return String(Number(x.toPrecision(digits))).replace("-", "−");
  return `${short} · 10${[...power.replace("+", "")].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]).join("")}`;
}

/** One of a word, or several. */
export const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;
