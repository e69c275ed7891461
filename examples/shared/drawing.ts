// How is a figure drawn without a browser?
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** A figure for a screen of so many pixels, as SVG markup. */
export type Figure = (width: number) => string;

/** Colours are set by the page, for light and dark. */
export const series = (i: number): string => `var(--series-${i + 1})`;

const { document } = parseHTML("<!doctype html><html><body></body></html>");

export const draw = (width: number, options: Plot.PlotOptions): string =>
  Plot.plot({
    document,
    width,
    marginLeft: 48,
    marginRight: 16,
    marginBottom: 44,
    marginTop: 32,
    style: { background: "none", color: "var(--ink)", fontSize: "12px", fontFamily: "inherit", overflow: "visible" },
    ...options,
  }).outerHTML;

export const isNarrow = (width: number): boolean => width < 500;

export const powerOfTen = (x: number): string => {
  const exponent = Math.round(Math.log10(x));
  return exponent === 0
    ? "1"
    : `10${[...String(exponent)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("")}`;
};

/** A colour for each name, in the order of the legend. */
export const colours = (names: readonly string[]): Plot.ScaleOptions => ({
  domain: [...names],
  range: names.map((_, i) => series(i)),
});
