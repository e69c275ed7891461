// What do the charts of the lab have in common?
import type * as Plot from "@observablehq/plot";

export type PlotLibrary = typeof Plot;
/** A picture of the given width, in pixels; a new function means a new picture. */
export type Draw = (plot: PlotLibrary, width: number) => Element;

/** Powers of ten for the ticks of a logarithmic axis from low to high, and not too many. */
export function decades(low: number, high: number, most = 6): number[] {
  const [from, to] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  const step = Math.max(1, Math.ceil((to - from) / most));
  const ticks: number[] = [];
  for (let power = Math.ceil(from / step) * step; power <= to; power += step) ticks.push(Number(`1e${power}`));
  return ticks;
}

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 10⁻³ */
export function tenTo(value: number): string {
  const power = Math.round(Math.log10(value));
  const digits = [...String(Math.abs(power))].map((digit) => raised[Number(digit)]).join("");
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}
