// What is a derivative along a line, without any rule?

/** The Romberg tableau stops when a further halving no longer helps. */
const halvings = 6;

/**
 * d/ds φ(s) at s = 0 for a vector-valued φ, entry by entry: central differences with steps h, h/2, …, extrapolated to
 * step 0; each entry takes the value whose neighbours in the tableau agree best.
 *
 * @source Ridders (1982), "Accurate computation of F′(x) and F′(x)F″(x)", section 2
 */
export function differentiateLine(phi: (s: number) => Float64Array, h = 0.0625): Float64Array {
  const rows: Float64Array[][] = [];
  const n = phi(0).length;
  const best = new Float64Array(n);
  const error = new Float64Array(n).fill(Infinity);
  for (let i = 0; i < halvings; i++) {
    const step = h / 2 ** i;
    const up = phi(step);
    const down = phi(-step);
    const row = [up.map((value, e) => (value - down[e]) / (2 * step))];
    for (let k = 1; k <= i; k++) {
      const factor = 4 ** k;
      row.push(row[k - 1].map((value, e) => (factor * value - rows[i - 1][k - 1][e]) / (factor - 1)));
      for (let e = 0; e < n; e++) {
        const spread = Math.max(Math.abs(row[k][e] - row[k - 1][e]), Math.abs(row[k][e] - rows[i - 1][k - 1][e]));
        if (spread <= error[e]) {
          error[e] = spread;
          best[e] = row[k][e];
        }
      }
    }
    rows.push(row);
  }
  return best;
}
