// What does an exported page look like, in light and in dark, on a desk and on a phone?
export const pageStyle: string = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1d2026;--faint:#5c6370;--rule:#e3e6eb;--alarm:#b3261e;--well:#0a7d5a;
--c0:#0b63b8;--c1:#c9480a;--c2:#0a7d5a;--c3:#a23b86;--c4:#8a6a00;--c5:#4c5a99}
@media(prefers-color-scheme:dark){:root{--paper:#14161a;--ink:#e6e8ec;--faint:#a0a7b4;--rule:#2b2f37;--alarm:#ff8a80;--well:#3fcf9f;
--c0:#62aefb;--c1:#ff9257;--c2:#3fcf9f;--c3:#e596cd;--c4:#dcbc4b;--c5:#a9b4f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:960px;margin:0 auto;padding:28px 16px 48px}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 8px;overflow-wrap:anywhere}
h2{font-size:1.1rem;line-height:1.3;margin:0 0 6px}
p{margin:0;max-width:44rem;overflow-wrap:anywhere}
section{margin-top:24px}
.faint,footer{color:var(--faint);font-size:.875rem}
.alarm{padding:8px 12px;border-left:3px solid var(--alarm);color:var(--alarm);font-size:.875rem}
.controls{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(260px,100%),1fr));gap:10px 36px;padding:14px 16px;border:1px solid var(--rule);border-radius:8px}
.control{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;align-items:baseline;align-content:flex-end}
.control output{color:var(--faint)}
.control input{flex:1 1 100%;min-width:0;height:32px;margin:0;accent-color:var(--c0)}
select{min-height:36px;max-width:100%;padding:2px 6px;font:inherit;font-size:.875rem;color:inherit;background:var(--paper);border:1px solid var(--rule);border-radius:6px}
.picture{display:flex;flex-wrap:wrap;gap:16px 32px}
figure{margin:0;min-width:0}
figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;gap:2px 18px;font-size:.875rem;margin-bottom:4px}
svg{display:block;overflow:visible}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;margin:0;padding:0;list-style:none}
.legend li{display:flex;align-items:center;gap:6px}
.legend li::before{content:"";width:18px;border-top:2.5px solid currentcolor}
.legend .dots{color:var(--faint)}.legend .dots::before{width:8px;height:8px;border:0;border-radius:50%;background:currentcolor}
.outputs{display:flex;flex-wrap:wrap;gap:6px 28px;margin:10px 0 6px}.outputs div{min-width:8.5rem}
dt{color:var(--faint);font-size:.8rem}dd{margin:0}
button{min-height:40px;margin:12px 0 8px;padding:6px 18px;font:inherit;color:var(--paper);background:var(--ink);border:0;border-radius:6px;cursor:pointer}
button:disabled{opacity:.5;cursor:default}
:focus-visible{outline:2px solid var(--c0);outline-offset:2px}
.check{padding-top:20px;border-top:1px solid var(--rule)}
.pass,.fail{padding:8px 12px;border-left:3px solid}
.pass{color:var(--well)}.fail{color:var(--alarm)}
.scroll{margin-top:10px;overflow-x:auto}
table{border-collapse:collapse;font-size:.8125rem;white-space:nowrap}
th,td{padding:4px 18px 4px 0;text-align:right;border-bottom:1px solid var(--rule)}
th{font-weight:400;color:var(--faint)}
th:first-child{text-align:left}
tbody th{color:var(--ink)}
footer{margin-top:40px;padding-top:10px;border-top:1px solid var(--rule)}
text{font-size:12px;fill:var(--faint)}.value{fill:var(--ink)}.name{font-size:13px;fill:var(--ink)}.end{text-anchor:end}.middle{text-anchor:middle}
path{fill:none;stroke:var(--faint)}.grid{stroke:var(--rule)}.goal{stroke-dasharray:5 3}.mark{stroke-dasharray:2 3}
.curve{stroke-width:2;stroke-linejoin:round}
circle{stroke:none}.seen{stroke:var(--paper);stroke-width:1}
path.c0{stroke:var(--c0)}path.c1{stroke:var(--c1)}path.c2{stroke:var(--c2)}path.c3{stroke:var(--c3)}path.c4{stroke:var(--c4)}path.c5{stroke:var(--c5)}
circle.c0{fill:var(--c0)}circle.c1{fill:var(--c1)}circle.c2{fill:var(--c2)}circle.c3{fill:var(--c3)}circle.c4{fill:var(--c4)}circle.c5{fill:var(--c5)}
li.c0{color:var(--c0)}li.c1{color:var(--c1)}li.c2{color:var(--c2)}li.c3{color:var(--c3)}li.c4{color:var(--c4)}li.c5{color:var(--c5)}
.bar{fill:var(--c0)}
@media print{button{display:none}}
`.trim();
