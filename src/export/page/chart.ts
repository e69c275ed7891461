// How are curves and bars drawn, with axes that say what they measure?
import { type Axis, linearAxis, logAxis, round, short } from "../../pictures/scales.js";
import type { Quantity } from "../payload.js";
import { html, type PageElement, svg } from "./dom.js";
import { type Chart, nameOf } from "./machine.js";

/** Room for the labels around a chart, in pixels. */
const [left, right, top, bottom] = [58, 14, 10, 46];
const height = 320;

/** Ticks with lines across, and the name of each axis. */
function axes(x: Axis, y: Axis, width: number, chart: Chart): PageElement[] {
  const end = height - bottom;
  return [
    ...y.ticks.flatMap(({ place, label }) => [
      svg("path", { class: "grid", d: `M${left} ${place}H${width - right}` }),
      svg("text", { class: "tick end", x: left - 8, y: place + 4 }, label),
    ]),
    ...x.ticks.flatMap(({ place, label }) => [
      svg("path", { class: "axis", d: `M${place} ${end}v5` }),
      svg("text", { class: "tick middle", x: place, y: end + 19 }, label),
    ]),
    svg("path", { class: "axis", d: `M${left} ${end}H${width - right}` }),
    svg("text", { class: "name middle", x: (left + width - right) / 2, y: height - 6 }, nameOf(chart.x)),
  ];
}

/** The stroke through the points that are finite. */
function stroke(points: readonly (readonly [number, number])[]): string {
  let drawing = false;
  return points
    .map(([x, y]) => {
      const shown = Number.isFinite(x) && Number.isFinite(y);
      const text = shown ? `${drawing ? "L" : "M"}${x} ${y}` : "";
      drawing = shown;
      return text;
    })
    .join("");
}

const isNumber = (y: number | null): y is number => typeof y === "number" && Number.isFinite(y);

export function drawChart(chart: Chart, width: number): PageElement {
  const { xs, lines, names, data, mark, goal, logarithmic, dotted } = chart;
  const end = height - bottom;
  const observed = data?.values.flat().filter(isNumber) ?? [];
  const shown = [...lines.flat(), ...observed, ...(goal === undefined ? [] : [goal])];
  const x = linearAxis([...xs, ...(data?.at ?? [])], left, width - right, Math.max(3, width / 110));
  const y = logarithmic ? logAxis(shown, end, top, 6) : linearAxis(shown, end, top, 6);
  const across = (level: number): string => `M${left} ${level}H${width - right}`;
  const label = `${chart.title}; ${nameOf(chart.x)} against ${nameOf(chart.y)}`;
  const picture = svg(
    "svg",
    { role: "img", "aria-label": label, width, height, viewBox: `0 0 ${width} ${height}` },
    ...axes(x, y, width, chart),
    ...(goal === undefined ? [] : [svg("path", { class: "goal", d: across(y.at(goal)) })]),
    ...(mark === undefined ? [] : [svg("path", { class: "mark", d: `M${x.at(mark)} ${top}V${end}` })]),
    ...lines.flatMap((line, k) => {
      const points = line.map((value, i) => [x.at(xs[i]), Number.isFinite(value) ? y.at(value) : Number.NaN] as const);
      return [
        svg("path", { class: `curve c${k}`, d: stroke(points) }),
        ...(dotted ? points.map(([cx, cy]) => svg("circle", { class: `c${k}`, cx, cy, r: 3 })) : []),
      ];
    }),
    ...(data?.values.flatMap((row, i) =>
      row.flatMap((value, k) =>
        isNumber(value) ? [svg("circle", { class: `seen c${k}`, cx: x.at(data.at[i]), cy: y.at(value), r: 3.5 })] : [],
      ),
    ) ?? []),
  );
  return html("figure", {}, html("figcaption", {}, nameOf(chart.y), ...legend(names, data !== undefined)), picture);
}

/** Which colour is which, and what dots are, where that is a question. */
function legend(names: readonly string[], observed: boolean): PageElement[] {
  const keys = names.length > 1 ? names.map((name, k) => html("li", { class: `c${k}` }, name)) : [];
  const dots = observed ? [html("li", { class: "dots" }, "observed")] : [];
  return keys.length + dots.length > 0 ? [html("ul", { class: "legend" }, ...keys, ...dots)] : [];
}

/** A bar for each output, from zero. */
export function drawBars(outputs: readonly Quantity[], values: ArrayLike<number>, width: number): PageElement {
  const row = 22;
  const tall = outputs.length * row + bottom;
  const room = Math.min(160, width / 3);
  // An axis leaves a twentieth free at both ends.
  const free = (width - 64 - room) / 20;
  const x = linearAxis([0, ...Array.from(values)], room - free, width - 64, Math.max(3, (width - room) / 110));
  const end = tall - bottom + 6;
  return html(
    "figure",
    {},
    html("figcaption", {}, "outputs"),
    svg(
      "svg",
      { role: "img", "aria-label": "outputs as bars", width, height: tall, viewBox: `0 0 ${width} ${tall}` },
      ...x.ticks.flatMap(({ place, label }) => [
        svg("path", { class: "grid", d: `M${place} 0V${end}` }),
        svg("text", { class: "tick middle", x: place, y: end + 16 }, label),
      ]),
      ...outputs.flatMap((output, k) => {
        const [from, to] = [x.at(0), x.at(values[k])].sort((a, b) => a - b);
        const y = k * row + 4;
        return [
          svg("text", { class: "tick end", x: room - 8, y: y + 12 }, nameOf(output)),
          svg("rect", { class: "bar", x: from, y, width: round(Math.max(1, to - from)), height: row - 6 }),
          svg("text", { class: "value", x: to + 6, y: y + 12 }, short(values[k])),
        ];
      }),
    ),
  );
}
