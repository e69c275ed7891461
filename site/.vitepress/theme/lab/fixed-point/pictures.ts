// How are the iterates and the residuals of a solve drawn?
import type * as Plot from "@observablehq/plot";
import { type Draw, decades, tenTo } from "../shared/chart.js";
import { mapNamed } from "./maps.js";
import { type Corner, cobweb, type Record, type Scene, type Settings } from "./scene.js";

const xy = { x: "x", y: "y", clip: true } as const;

function ends(path: readonly Corner[], scene: Scene, fixed: Corner | undefined): (plot: typeof Plot) => Plot.Markish[] {
  return (plot) => [
    ...(path.length > 0 ? [plot.dot(path.slice(0, 1), { ...xy, r: 5, stroke: "var(--lab-2)", strokeWidth: 2 })] : []),
    ...(fixed && scene.solution ? [plot.dot([fixed], { ...xy, r: 5, fill: "var(--lab-3)" })] : []),
  ];
}

/** The cobweb of a map of the line, or the path of one of the plane. */
export function drawPath(settings: Settings & { shown: number }, scene: Scene): Draw {
  const { plane, view } = mapNamed(settings.map);
  const path = plane
    ? scene.chosen.marks.slice(0, settings.shown + 1).map(({ state: [x, y] }) => ({ x, y }))
    : cobweb(settings, scene.chosen, settings.shown);
  const z = scene.solution?.z;
  const fixed = z && { x: z[0], y: z[z.length - 1] };
  const diagonal = view.map((x) => ({ x, y: x }));
  return (plot, width) => {
    const axis = { domain: [...view], ticks: 6, grid: true };
    const curve = scene.curve.map(({ z: x, y }) => ({ x, y }));
    return plot.plot({
      ...{
        width,
        marginLeft: 44,
        marginBottom: 38,
        ...(plane ? { aspectRatio: 1 } : { height: Math.min(width, 440) }),
      },
      x: { ...axis, label: plane ? "x" : "z" },
      y: plane ? { ...axis, domain: [-2.2, 2.8], label: "y" } : { ...axis, label: "f(z)" },
      marks: [
        plot.frame({ stroke: "var(--lab-line)" }),
        ...(plane
          ? [plot.dot(path, { ...xy, r: 2, fill: "var(--lab-2)" })]
          : [
              plot.line(diagonal, { ...xy, stroke: "var(--lab-quiet)" }),
              plot.line(curve, { ...xy, stroke: "var(--lab-1)", strokeWidth: 2.5 }),
            ]),
        plot.line(path, { ...xy, stroke: "var(--lab-2)", strokeWidth: 1.2 }),
        ...ends(path, scene, fixed)(plot),
      ],
    });
  };
}

interface Place {
  readonly work: number;
  readonly residual: number;
}

/** What a logarithmic axis can show; smaller residuals are drawn at its foot. */
const [FOOT, HEAD] = [1e-17, 1e12];

const placesOf = ({ marks }: Record): Place[] =>
  marks
    .filter(({ residual }) => Number.isFinite(residual) && residual < HEAD)
    .map(({ evaluations, products, residual }) => ({
      work: evaluations + products,
      residual: Math.max(residual, FOOT),
    }));

/** A line of the slope that the radius means, a little above what Picard did. */
function guide(places: readonly Place[], radius: number | undefined, most: number): Place[] {
  const shown = places.filter(({ work, residual }) => work <= most && residual > 1e-14);
  if (radius === undefined || radius < 1e-3 || shown.length < 4) return [];
  const anchor = shown[shown.length - 1];
  const at = (work: number): Place => ({ work, residual: 8 * anchor.residual * radius ** (work - anchor.work) });
  return [at(shown[0].work), at(anchor.work)];
}

/** Residuals of the solver that was chosen and of Picard, over the evaluations that they cost. */
export function drawResiduals(chosen: Record, picard: Record, says: string, radius: number | undefined): Draw {
  const [own, plain] = [placesOf(chosen), placesOf(picard)];
  const end = own[own.length - 1]?.work ?? 0;
  const most = Math.max(10, Math.min(200, Math.max(end, Math.min(plain[plain.length - 1]?.work ?? 0, 60))));
  const slope = guide(plain, radius, most);
  const seen = [...own, ...plain].filter(({ work }) => work <= most).map(({ residual }) => residual);
  const [low, high] = [Math.min(1e-3, ...seen) / 3, Math.max(1, ...seen) * 12];
  return (plot, width) => {
    const at = { x: "work", y: "residual", clip: true } as const;
    const names = says === "Picard" ? [says] : [says, "Picard"];
    return plot.plot({
      ...{ width, height: 270, marginLeft: 46, marginBottom: 38 },
      x: { domain: [0, most], label: "evaluations and products", ticks: 5, tickFormat: "d" },
      y: {
        type: "log",
        domain: [low, high],
        ticks: decades(low, high),
        tickFormat: tenTo,
        label: "residual",
        grid: true,
      },
      color: { legend: true, domain: names, range: ["var(--lab-2)", "var(--lab-quiet)"] },
      marks: [
        plot.line(slope, { ...at, stroke: "var(--lab-4)", strokeDasharray: "5 4", strokeWidth: 2.5 }),
        plot.line(plain, { ...at, stroke: "var(--lab-quiet)" }),
        plot.dot(plain, { ...at, r: most > 90 ? 0 : 1.8, fill: "var(--lab-quiet)" }),
        plot.line(own, { ...at, stroke: "var(--lab-2)", strokeWidth: 1.8 }),
        plot.dot(own, { ...at, r: most > 90 ? 0 : 2.5, fill: "var(--lab-2)" }),
      ],
    });
  };
}
