// Which mutants compute what the original computes, and why?
import type { Mutant } from "./mutations.js";

interface Equivalents {
  readonly reason: string;
  /** By primitive: what their names, such as `vjp, sign, abs 0: output 0`, look like. */
  readonly of: Readonly<Record<string, RegExp>>;
}

/**
 * What no law can kill, since there is nothing to kill. Rewrites that change nothing by a mechanical criterion are not
 * even made: operands of commutative operations exchanged, factors that cancel, masks with the same entries.
 */
export const equivalents: readonly Equivalents[] = [
  {
    reason:
      "a scale or shift against overflow, of which the result does not depend: another one of its size does as well",
    of: {
      atan2: /left out, stopGradient|abs$|factor [12].*, abs/,
      asinh:
        /left out, stopGradient|stopGradient 0: abs|factor [12].*, abs|another constant, (maximum 0: operand 1|broadcastTo 0)/,
      logSumExp:
        /left out, stopGradient|factor 1 \+ 1e-6, (broadcastTo 0|max|stopGradient)|vjp, factor 1 \+ 1e-6, reshape 1|jvp, factor 1 \+ 1e-6, reshape 0/,
    },
  },
  {
    reason:
      "a harmless number in the place of one that would overflow or divide by 0; the result is not chosen, or multiplied by 0",
    of: {
      elu: /another constant, (where 0: operand 1|greater 1: operand 1|broadcastTo [12])/,
      norm: /another constant, broadcastTo 1/,
      pow: /another constant, (where [12]: operand 1|broadcastTo [57])/,
      eigh: /vjp, another constant, broadcastTo [01]|jvp, another constant, broadcastTo [12]/,
    },
  },
  {
    reason:
      "it matters at 0 to a negative power only, which is infinite; test/primitives/arithmetic.test.ts asks there",
    of: { pow: /where 1: only operand 2|where 1: operands 0 and 1|equal 2: (only operand 1|weigh)/ },
  },
  {
    reason: "the matrix is symmetric, or is made so afterwards",
    of: {
      cholesky: /transpose 2: (only operand 0|parameter 1 exchanged)/,
      qr: /vjp.*matmul 3: transposeB/,
      eigh: /vjp, wrong axis, broadcastTo [06]|jvp, wrong axis, broadcastTo 1|vjp.*matmul 1: transposeB|jvp.*matmul 0: transposeB/,
      logDet: /wrong axis, broadcastTo 0/,
    },
  },
  {
    reason: "the solver for general matrices does the same for triangular ones",
    of: { cholesky: /solve [01]: triangular/, qr: /solve 0: triangular/ },
  },
  {
    reason: "only 1 − y² is read of it, inside the linear equation",
    of: { fixedPoint: /sign, (tanh|add) 0|vjp.*fixedPoint 0: operands 0 and 1|jvp.*fixedPoint 0: operands 0 and 2/ },
  },
  {
    reason: "it says that the difference 1 − y² does not cancel, as every number below 1.5 does",
    of: {
      asin: /another constant, (tanhSlope 0: operand 0|broadcastTo 0)/,
      acos: /another constant, (tanhSlope 0: operand 0|broadcastTo 0)/,
      atanh: /another constant, (tanhSlope 0: operand 0|broadcastTo 0)/,
    },
  },
  {
    reason: "it matters on the negative x-axis only, where atan2 jumps",
    of: { atan2: /left out, abs [02]|abs [02]: relu/ },
  },
  {
    reason: "it tells the solver that the equation is linear, which it would find out",
    of: { fixedPoint: /wrong parameter, fixedPoint 0: affine/ },
  },
  {
    reason: "where an iteration starts",
    of: { fixedPoint: /another constant, broadcastTo 0/ },
  },
];

export const nameOf = ({ rule, kind, what }: Mutant): string => `${rule}, ${kind}, ${what}`;

/** Why a mutant of a primitive is equivalent; nothing if it is not. */
export const reasonOf = (primitive: string, mutant: Mutant): string | undefined =>
  equivalents.find(({ of }) => of[primitive]?.test(nameOf(mutant)))?.reason;
