// What does the report look like, in light and in dark, on a desk and on a phone?
export const colourStyle = `
:root {
  --paper: #ffffff; --ink: #1d2026; --faint: #5c6370; --rule: #d9dce2;
  --series-1: #0b63b8; --series-2: #c9480a; --series-3: #0a7d5a; --series-4: #a23b86; --series-5: #8a6a00; --series-6: #5b6670;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --ink: #e6e8ec; --faint: #a0a7b4; --rule: #363b45;
    --series-1: #62aefb; --series-2: #ff9257; --series-3: #3fcf9f; --series-4: #e596cd; --series-5: #dcbc4b; --series-6: #aab4bd;
  }
}
`;

export const pageStyle = `${colourStyle}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 752px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.5rem 0 1rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 3rem 0 0.5rem; }
ul { padding-left: 1.2rem; }
li { margin: 0.4rem 0; }
figure { margin: 1.5rem 0; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { color: var(--faint); font-size: 0.875rem; margin-top: 0.5rem; }
.narrow { display: none; }
@media (max-width: 600px) { .wide { display: none; } .narrow { display: block; } }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 8px; font-size: 0.875rem; }
.entry { display: inline-flex; align-items: center; gap: 7px; }
.key { display: inline-block; width: 22px; border-top: 3px solid; }
.key.dashed { border-top-style: dashed; }
.key.dot { width: 8px; height: 8px; border: 0; border-radius: 50%; background: currentColor; }
.key.area { height: 14px; border: 0; background: currentColor; opacity: 0.14; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; width: 100%; }
figcaption.caption { margin: 0 0 6px; }
th, td { padding: 3px 8px; text-align: right; white-space: nowrap; font-weight: 400; }
th:first-child { text-align: left; padding-left: 0; }
@media (max-width: 600px) { table { font-size: 0.8rem; } th, td { padding: 3px 4px; } }
thead th { border-bottom: 1px solid var(--ink); vertical-align: bottom; white-space: normal; font-weight: 600; }
tr.group > * { border-top: 1px solid var(--rule); }
`;
