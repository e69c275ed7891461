// Which Fourier transforms of the weights does a causal convolution need?
import type { CausalWeights } from "./causal.js";
import { type FourierPlan, fourier, makeFourierPlan } from "./fourier.js";

/** The transform of a range of lags, frequencies in the order of `fourier`, divided by its length. */
export interface LagSpectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Transforms of weights on equidistant nodes, computed when they are first needed, for every history to share. */
export interface LagSpectra {
  /** The plan of length 2ᵏ. */
  plan(k: number): FourierPlan;
  /**
   * The transform, 2n numbers long, of the lags of a set of weights below 2n, or below n if not `all`; from n/4 on, or
   * from 1 on if `shortest`.
   */
  spectrum(set: number, n: number, shortest: boolean, all: boolean): LagSpectrum;
}

export function makeLagSpectra(weights: readonly CausalWeights[]): LagSpectra {
  const plans: FourierPlan[] = [];
  const spectra = weights.map((): LagSpectrum[] => []);

  function plan(k: number): FourierPlan {
    plans[k] ??= makeFourierPlan(2 ** k);
    return plans[k];
  }

  function transform(lags: Float64Array, k: number, from: number, end: number): LagSpectrum {
    const length = 2 ** k;
    const re = new Float64Array(length);
    const im = new Float64Array(length);
    for (let lag = from; lag < Math.min(end, lags.length); lag++) re[lag] = lags[lag] / length;
    fourier(plan(k), re, im);
    return { re, im };
  }

  return {
    plan,
    spectrum(set, n, shortest, all) {
      const known = spectra[set];
      const k = 32 - Math.clz32(n);
      const key = 4 * k + (shortest ? 2 : 0) + (all ? 1 : 0);
      known[key] ??= transform(weights[set].lags, k, shortest ? 1 : n / 4, all ? 2 * n : n);
      return known[key];
    },
  };
}
