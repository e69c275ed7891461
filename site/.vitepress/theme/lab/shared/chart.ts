// What do the charts of the lab have in common?
import type * as Plot from "@observablehq/plot";

export type PlotLibrary = typeof Plot;
/** A picture of the given width, in pixels; a new function means a new picture. */
export type Draw = (plot: PlotLibrary, width: number) => Element;

export { decades, tenTo } from "./ticks.js";
