// scratch
import { test } from "vitest";
import * as S from "stillpoint";
import * as F from "stillpoint/fractional";
test("x", () => {
let t0=performance.now();
for (const [L,N,o] of [[-28,512,.5],[-28,480,.5],[-40, 512, .55]]) {
const times = Array.from({ length: N+1 }, (_, j) => j / N);
let la=0, n=0;
t0=performance.now();
try { const z = S.fixedPoint((z) => S.add(1, F.caputoIntegral(S.mul(L, z), { order: o, times })), S.zeros([N+1]), { solver: S.picard(), onStep: ({ residual }) => { n++; if (residual > la && residual<Infinity) la = residual; } }); console.log(z.data[N]);} catch(e) { console.log(String(e)); }
console.log( la, n, performance.now()-t0);
const { values, report } = F.solveCaputoWithReport((t, u) => S.mul(L, u), 1, { order: o, duration: 1, steps: N });
console.log(values.data[N], report.windows, report.steps, report.evaluations, performance.now()-t0);
const r2 = F.solveCaputoWithReport((t, u) => S.mul(-L, S.sin(u)), 1, { order: o, duration: 1, steps: N });
console.log(r2.values.data[N], r2.report.windows, r2.report.steps, r2.report.evaluations);
}
type T = S.Tensor;
for (const n of [4,16,64]) for (const c of [.3,.9]) {
const R = S.random(1);
const w = S.mul(c/Math.sqrt(n), R.normal([n,n])), b= S.mul(1e9,R.normal([n]));
for (const o of [{}, {solver: S.picard()}]) {
try { const r=S.fixedPointWithReport((z: T) => S.add(S.matmul(z, w), b), S.zeros([n]), {...o}).report; console.log(n,c,r.solver, r.steps, r.residual); } catch(e) {console.log(n,c,String(e).slice(0,180));}
try { const r=S.fixedPointWithReport((z: T) => S.add(S.matmul(z, w), b), S.zeros([n]), {...o, relativeTolerance: 1e-14}).report; console.log("   ",n,c,r.solver, r.steps, r.residual); } catch(e) {console.log("   ",n,c,String(e).slice(0,180));}
}}
});
