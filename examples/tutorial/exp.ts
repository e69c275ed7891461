// tmp
import { readObservations, standardise } from "./lynx-hare-data.js";
import { fit, fitting } from "./lynx-hare-fit.js";
const o = readObservations(); const { rows } = standardise(o);
for (const seed of [0,1,2]) for (const kind of ["learned","fixed"] as const) {
  const t = performance.now();
  const f = fit(kind, seed, rows, o.fitted);
  const err = (from: number, to: number) => { let s=0; for (let y=from;y<to;y++) for (let c=0;c<2;c++) s += (f.path[y*fitting.stepsPerYear][c]-rows[y][c])**2; return Math.sqrt(s/(2*(to-from))); };
  console.log(kind, seed, f.order, err(0,17), err(17,21), performance.now()-t);
}
