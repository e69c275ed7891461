// Which ticks has a logarithmic axis, and how are they written?

/** Ticks of a logarithmic axis from low to high, and not too many: powers of ten, and where these are few 2 and 5 times them. */
export function decades(low: number, high: number, most = 6): number[] {
  const [from, to] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  const step = Math.max(1, Math.ceil((to - from) / most));
  const powers: number[] = [];
  for (let power = Math.ceil(from / step) * step; power <= to; power += step) powers.push(Number(`1e${power}`));
  if (powers.length > 2) return powers;
  return [from - 1, ...powers.map(Math.log10), to + 1]
    .flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${Math.round(power)}`)))
    .filter((tick, i, all) => tick >= low && tick <= high && all.indexOf(tick) === i);
}

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 10⁻³, 2 · 10⁻⁶, 0.5 */
export function tenTo(value: number): string {
  const [digit, power] = value.toExponential().split("e").map(Number);
  if (digit !== 1 && Math.abs(power) < 3) return String(value);
  const digits = [...String(Math.abs(power))].map((one) => raised[Number(one)]).join("");
  return `${digit === 1 ? "" : `${digit} · `}10${power < 0 ? "⁻" : ""}${digits}`;
}
