// Which Bernoulli numbers do the asymptotic series of log Gamma, digamma and polygamma need?
//
// Each of these functions is, far to the right, a leading term plus an Euler-Maclaurin sum over B_2, B_4, B_6, ...
// The sums diverge in the end; ten terms are the useful ones where the callers start them.
// Source: Abramowitz & Stegun (1964), table 23.2.

/** B_2, B_4, ..., B_20: entry k - 1 is B_2k. */
export const BERNOULLI_EVEN: readonly number[] = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
];
