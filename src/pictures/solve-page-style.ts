// What does the page of a solve look like, in light and in dark, on a desk and on a phone?
export const solvePageStyle: string = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1d2026;--faint:#5c6370;--rule:#e3e6eb;--alarm:#b3261e;
--c1:#0b63b8;--c2:#c9480a;--c3:#0a7d5a;--c4:#a23b86;--c5:#8a6a00;--c6:#4c5a99}
@media(prefers-color-scheme:dark){:root{--paper:#14161a;--ink:#e6e8ec;--faint:#a0a7b4;--rule:#2b2f37;--alarm:#ff8a80;
--c1:#62aefb;--c2:#ff9257;--c3:#3fcf9f;--c4:#e596cd;--c5:#dcbc4b;--c6:#a9b4f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1000px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:1.5rem;line-height:1.2;margin:0}
h2{font-size:1.1rem;line-height:1.3;margin:0;overflow-wrap:anywhere}
p{margin:0}
.kind,.remark,footer{color:var(--faint);font-size:.875rem}
.outcome{margin-top:2px;font-size:.875rem}
.failure{margin-top:8px;padding:8px 12px;border-left:3px solid var(--alarm);color:var(--alarm);font-size:.875rem;overflow-wrap:anywhere}
.controls{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;align-items:center;gap:4px 14px;margin:16px -16px 0;padding:10px 16px;background:var(--paper);border-bottom:1px solid var(--rule)}
.controls[hidden]{display:none}
.controls button{width:4.6rem;min-height:36px;font:inherit;color:var(--paper);background:var(--ink);border:0;border-radius:6px;cursor:pointer}
.controls input{flex:1 1 200px;min-width:0;height:36px;margin:0;accent-color:var(--c1)}
.controls output{flex:1 1 100%;font-size:.875rem;color:var(--faint);white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
:focus-visible{outline:2px solid var(--c1);outline-offset:2px}
.solve{margin-top:32px}
.later .columns,.later .readout{opacity:.6}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;margin:12px 0 0;padding:0;list-style:none;font-size:.875rem}
.legend small{color:var(--faint);font-size:.8rem}
.key{width:22px;height:10px;margin-right:6px}
.readout{display:grid;grid-template-columns:repeat(6,1fr);gap:8px 16px;margin:12px 0 20px;padding:10px 14px;border:1px solid var(--rule);border-radius:8px;font-size:.875rem}
.readout div{min-width:0}
.readout .wide{grid-column:1/-1}
.readout dt{white-space:nowrap;color:var(--faint);font-size:.75rem}
.readout dd{margin:0;white-space:pre;overflow-x:auto}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:16px 36px}
figure{margin:0;min-width:0}
figure svg{display:block;width:100%;max-width:100%;height:auto;overflow:visible}
.remark{margin-top:8px}
footer{margin-top:40px;padding-top:10px;border-top:1px solid var(--rule)}
@media(max-width:720px){.columns{grid-template-columns:1fr}.readout{grid-template-columns:repeat(3,1fr)}.readout .wide dd{white-space:pre-wrap;min-height:3em}}
@media(max-width:400px){.readout{gap:8px 10px;padding:10px}}
@media print{.controls{display:none}}
text{font-size:12px;fill:var(--ink);stroke:var(--paper);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}.title{font-weight:600}.tick{font-size:11px}.tick,.faint{fill:var(--faint)}
.end{text-anchor:end}.middle{text-anchor:middle}.faint,.switch-name,.alarm{font-size:11px}.alarm{fill:var(--alarm)}
path{fill:none;stroke:var(--faint)}.grid{stroke:var(--rule)}.goal{stroke:var(--ink);stroke-dasharray:5 3}
.unity,.switch{stroke-dasharray:2 3}.cross{stroke:var(--alarm);stroke-width:2}
.curve{stroke-width:1.75;stroke-linejoin:round}.dots{stroke-width:5;stroke-linecap:round}.small.dots{stroke-width:3.5}
.rate{stroke:var(--ink);stroke-width:1.25}.rate.dots{stroke-width:4}
path.m0{stroke:var(--c3)}path.m1{stroke:var(--c4)}path.m2{stroke:var(--c5)}path.m3{stroke:var(--c1)}path.m4{stroke:var(--c2)}
path.e0{stroke:var(--c1)}path.e1{stroke:var(--c2)}path.e2{stroke:var(--c3)}path.e3{stroke:var(--c4)}path.e4{stroke:var(--c5)}path.e5{stroke:var(--c6)}
text.e0{fill:var(--c1)}text.e1{fill:var(--c2)}text.e2{fill:var(--c3)}text.e3{fill:var(--c4)}text.e4{fill:var(--c5)}text.e5{fill:var(--c6)}
path.n{stroke:var(--c1)}path.p{stroke:var(--c2)}.tiles path{shape-rendering:crispEdges}path.lost{stroke:var(--faint)}
.s1{stroke-opacity:.12}.s2{stroke-opacity:.26}.s3{stroke-opacity:.42}.s4{stroke-opacity:.6}.s5{stroke-opacity:.8}
.veil{fill:var(--paper);opacity:.72}.cursor path{stroke:var(--ink)}.ring{fill:none;stroke:var(--ink);stroke-width:1.75}
`.trim();
