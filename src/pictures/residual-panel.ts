// How did the residual fall, and by which factor at each step?
import { count, logAxis, round, scientific, short } from "./scales.js";
import type { SolveDigest } from "./solve-digest.js";
import {
  cursor,
  dots,
  type Frame,
  heading,
  lowerBand,
  pathOf,
  picture,
  polyline,
  stepAxis,
  textAt,
  upperBand,
  valueAxis,
} from "./solve-frame.js";

/** A method has the same colour in all solves of a page. Colours repeat after five; the marks have names. */
export const methodClass = ({ pageMethods }: SolveDigest, method: string): string =>
  `m${pageMethods.indexOf(method) % 5}`;

/** A column of the picture, and where its points are at each drawn step. */
export interface ResidualColumn {
  readonly svg: string;
  readonly residualPlaces: readonly number[];
  readonly ratePlaces: readonly (number | undefined)[];
}

/** The residual with its goal and the marks of changed methods, and the contraction below. */
export function residualColumn(digest: SolveDigest, frame: Frame): ResidualColumn {
  const { steps, rates, solve } = digest;
  const { top, bottom } = upperBand;
  const axis = logAxis(
    [...steps.map(({ residual }) => residual), ...steps.map(({ goal }) => goal).filter((x) => x > 0)],
    bottom,
    top,
    6,
  );
  const residualPlaces = steps.map(({ residual }) => axis.at(residual));
  const rateAxis = logAxis([0.1, 1, ...rates], lowerBand.bottom, lowerBand.top, 4);
  const ratePlaces = rates.map((rate) => (rate >= 0 ? rateAxis.at(rate) : undefined));
  const total = solve.steps.length;
  const remark = steps.length < total ? `${count(steps.length)} of ${count(total)} steps drawn` : "";
  const last = steps.length - 1;
  const label =
    `Residual from ${scientific(steps[0].residual)} at step ${steps[0].step} to ${scientific(steps[last].residual)} ` +
    `at step ${steps[last].step}, goal ${scientific(steps[last].goal)}, on a logarithmic axis; contraction rate below`;
  const content = [
    heading(frame, upperBand, "residual ‖f(z) − z‖", remark),
    valueAxis(frame, axis),
    goalLine(digest, frame, axis.at, residualPlaces),
    switchMarks(digest, frame),
    curves(digest, frame, residualPlaces),
    heading(frame, lowerBand, "contraction rate: residual / residual before"),
    valueAxis(frame, rateAxis),
    pathOf("unity", `M${frame.left} ${rateAxis.at(1)}H${frame.right}`),
    pathOf("rate", polyline(pointsOf(frame, ratePlaces))),
    steps.length > 100 ? "" : pathOf("rate dots", dots(pointsOf(frame, ratePlaces))),
    cursor(frame, [upperBand, lowerBand], [residualPlaces[last], ratePlaces[last]]),
    stepAxis(frame),
  ];
  return { svg: picture(label, content.join("")), residualPlaces, ratePlaces };
}

type Point = readonly [x: number, y: number] | undefined;

const pointsOf = ({ xs }: Frame, places: readonly (number | undefined)[]): Point[] =>
  places.map((y, i) => (y === undefined ? undefined : [xs[i], y]));

/** A line and dots for each method, in its colour: to each point from the one before it; crosses where it is not finite. */
function curves(digest: SolveDigest, frame: Frame, places: readonly number[]): string {
  const { steps, methods } = digest;
  const isFinite = steps.map(({ residual }) => Number.isFinite(residual));
  const classes = [...new Set(methods.map((method) => methodClass(digest, method)))];
  const drawn = classes.map((kind) => {
    const isMine = steps.map(({ method }) => methodClass(digest, method) === kind);
    const lines = steps.map((_, i) => {
      if (i === 0 || !isMine[i] || !isFinite[i] || !isFinite[i - 1]) return "";
      const start = i > 1 && isMine[i - 1] && isFinite[i - 2] ? "" : `M${frame.xs[i - 1]} ${places[i - 1]}`;
      return `${start}L${frame.xs[i]} ${places[i]}`;
    });
    const points = steps.map((_, i): Point => (isMine[i] && isFinite[i] ? [frame.xs[i], places[i]] : undefined));
    return (
      pathOf(`curve ${kind}`, lines.join("")) +
      pathOf(`${steps.length > 60 ? "small " : ""}dots residual ${kind}`, dots(points))
    );
  });
  const crosses = steps.flatMap(({ residual }, i) => {
    if (isFinite[i]) return [];
    const [x, y] = [frame.xs[i], places[i]];
    const name = textAt(x - 8, y + 12, short(residual), "alarm end");
    return [pathOf("cross", `M${round(x - 4)} ${y - 4}l8 8m0 -8l-8 8`) + name];
  });
  return drawn.join("") + crosses.slice(-3).join("");
}

/** The goal as a stair, and its value where no point of the residual is. */
function goalLine(digest: SolveDigest, frame: Frame, at: (x: number) => number, places: readonly number[]): string {
  const { steps } = digest;
  let d = "";
  let height: number | undefined;
  steps.forEach(({ goal }, i) => {
    const y = goal > 0 && goal < Infinity ? at(goal) : undefined;
    if (y === undefined) d += height === undefined ? "" : `H${frame.edges[i]}`;
    else if (height === undefined) d += `M${frame.edges[i]} ${y}`;
    else if (y !== height) d += `H${frame.edges[i]}V${y}`;
    height = y;
  });
  if (height !== undefined) d += `H${frame.right}`;
  const known = steps.map(({ goal }, i) => ({ goal, i })).filter(({ goal }) => goal > 0 && goal < Infinity);
  if (known.length === 0) return "";
  const [first, last] = [known[0], known[known.length - 1]];
  const choices = [
    { shown: first, x: frame.left + 4, side: "", dy: -5 },
    { shown: last, x: frame.right - 4, side: " end", dy: -5 },
    { shown: first, x: frame.left + 4, side: "", dy: 13 },
    { shown: last, x: frame.right - 4, side: " end", dy: 13 },
  ].filter(({ shown, dy }) => at(shown.goal) + dy < upperBand.bottom);
  const isFree = ({ shown, x, side, dy }: (typeof choices)[number]): boolean => {
    const y = at(shown.goal) + dy - 4;
    const [from, to] = side === "" ? [x - 8, x + 74] : [x - 74, x + 8];
    return places.every((place, i) => frame.xs[i] < from || frame.xs[i] > to || Math.abs(place - y) > 13);
  };
  const { shown, x, side, dy } = choices.find(isFree) ?? choices[0];
  return pathOf("goal", d) + textAt(x, at(shown.goal) + dy, `goal ${short(shown.goal, 3)}`, `faint${side}`);
}

/** A line where the method changes, with the new name where there is room for it. */
function switchMarks(digest: SolveDigest, { xs, edges, right }: Frame): string {
  const { steps, switches, switchCount } = digest;
  let free = 0;
  const names = switches.map((i) => {
    const name = `→ ${steps[i].method}`;
    const width = name.length * 6.4;
    const isLeft = xs[i] + width <= right;
    const start = isLeft ? edges[i] - 4 : right - width;
    if (start < free || start < 0) return "";
    free = start + width + 8;
    return textAt(isLeft ? start : right, upperBand.top - 6, name, `switch-name${isLeft ? "" : " end"}`);
  });
  const lines = switches.map(
    (i) => `M${edges[i]} ${upperBand.top}V${upperBand.bottom}M${edges[i]} ${lowerBand.top}V${lowerBand.bottom}`,
  );
  const more = switchCount - switches.length;
  const remark = more === 0 ? "" : textAt(right, upperBand.bottom - 6, `and ${count(more)} more switches`, "faint end");
  return pathOf("switch", lines.join("")) + names.join("") + remark;
}
