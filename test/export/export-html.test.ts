// Is an exported page small, sealed and exact?
import { createHash } from "node:crypto";
import { erf, fixedPoint, matmul, mul, type Tensor, tensor } from "stillpoint";
import { type ExportOptions, exportHtml, type Model } from "stillpoint/export";
import { describe, expect, test } from "vitest";
import { fromBase64, numbersIn } from "../../src/export/bytes.js";
import { DomainError, ShapeError } from "../../src/tensor/index.js";
import { type Case, equilibrium, fractional, halfFollowed, monotoneEquilibrium, network } from "./models.js";
import { partsOf } from "./read-page.js";

const cases = { network, equilibrium, monotoneEquilibrium, fractional, halfFollowed };
const pageOf = ({ model, options }: Case): string => exportHtml(model, options);
const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

describe("every page", () => {
  for (const [name, one] of Object.entries(cases)) {
    const html = pageOf(one);
    const parts = partsOf(html);
    test(`${name} takes less than 80 kB of 1024 bytes beside its numbers`, () => {
      const bytes = Buffer.byteLength(html) - parts.numbers.length;
      console.log(`${name}: ${bytes} bytes, and ${parts.numbers.length} for its numbers`);
      expect(bytes).toBeLessThan(80 * 1024);
    });
    test(`${name} allows its own script and style, and nothing else`, () => {
      expect(parts.policy.split("; ")).toEqual([
        "default-src 'none'",
        `script-src ${hashOf(parts.script)}`,
        `style-src ${hashOf(parts.style)}`,
        "base-uri 'none'",
        "form-action 'none'",
      ]);
      expect(html.match(/<script/g)).toHaveLength(3);
      expect(html.match(/<\/script/g)).toHaveLength(3);
    });
    test(`${name} evaluates nothing and loads nothing`, () => {
      expect(parts.script).not.toMatch(
        /\beval\b|\bFunction\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|WebAssembly\.|\bimport\(|\bfetch\(/,
      );
      expect(html).not.toMatch(/<(link|img|iframe|object|embed|base|form)\b|\ssrc=|\shref=|@import|url\(|\son\w+="/);
      expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
    });
  }
});

test("labels and texts of every kind are text, in the page and in its data", () => {
  const evil = `</script><script>alert(1)</script><!--"'&\u2028<img src=x onerror=alert(1)>`;
  const inputs = [{ label: evil, unit: evil, from: 0, to: 1, value: 0 }];
  const options: ExportOptions = { title: evil, description: evil, inputs, outputs: [{ label: evil, unit: evil }] };
  const html = exportHtml({ kind: "function", f: (x) => mul(2, x) }, options);
  expect(html.match(/<script/g)).toHaveLength(3);
  expect(html).not.toContain("<img");
  expect(html.match(/<!--/g)).toBeNull();
  expect(partsOf(html).payload.inputs[0].label).toBe(evil);
  expect(partsOf(html).payload.outputs[0].unit).toBe(evil);
});

test("weights are written bit for bit", () => {
  const numbers = [-0, 5e-324, -2.2250738585072009e-308, Number.MAX_VALUE, 0.1, 1 / 3, Math.PI, -1e-300];
  const w = tensor([numbers]);
  const html = exportHtml(
    { kind: "function", f: (x) => matmul(x, w) },
    { title: "w", inputs: [{ label: "x", from: 0, to: 1, value: 0.5 }] },
  );
  const read = [...numbersIn(fromBase64(partsOf(html).numbers))];
  expect(read).toHaveLength(8);
  read.forEach((x, i) => {
    expect(Object.is(x, numbers[i])).toBe(true);
  });
});

test("equal weights of two layers stay two", () => {
  const [a, b] = [tensor([2]), tensor([2])];
  const html = exportHtml(
    { kind: "function", f: (x) => mul(b, mul(a, x)) },
    { title: "a, b", inputs: [{ label: "x", from: 0, to: 1, value: 0.5 }] },
  );
  expect(partsOf(html).payload.pool).toEqual([
    { shape: [1], weight: true },
    { shape: [1], weight: true },
  ]);
});

const x = { label: "x", from: -1, to: 1, value: 0 };
const titled = { title: "t", inputs: [x] };
const f = (x: Tensor): Tensor => mul(2, x);
const decay = fractional.model as Extract<Model, { kind: "fractional" }>;
const refusals: readonly (readonly [
  what: string,
  model: unknown,
  options: unknown,
  kind: new () => Error,
  message: RegExp,
])[] = [
  [
    "a NaN weight",
    { kind: "function", f: (x: Tensor) => mul(tensor([Number.NaN]), x) },
    titled,
    DomainError,
    /^exportHtml: expected finite constants, received NaN in entry 0 of a tensor of shape \[1\]/,
  ],
  [
    "an infinite weight",
    {
      kind: "function",
      f: (() => {
        const w = tensor([1, Infinity]);
        return () => w;
      })(),
    },
    titled,
    DomainError,
    /expected finite weights, received Infinity in entry 1/,
  ],
  [
    "a function in place of a model",
    f,
    titled,
    DomainError,
    /^exportHtml: expected a model \{ kind, … \} of kind function, equilibrium, fractional, received function/,
  ],
  ["another kind", { kind: "layer" }, titled, DomainError, /received the kind "layer"/],
  [
    "what a kind does not know",
    { kind: "function", f, cell: f },
    titled,
    DomainError,
    /^exportHtml: model: unknown option "cell"/,
  ],
  ["an unknown option", { kind: "function", f }, { ...titled, heading: "t" }, DomainError, /unknown option "heading"/],
  [
    "no title",
    { kind: "function", f },
    { inputs: [x] },
    DomainError,
    /expected title to be a text, received undefined/,
  ],
  ["no inputs", { kind: "function", f }, { title: "t" }, DomainError, /expected inputs, a slider/],
  [
    "a slider that starts outside",
    { kind: "function", f },
    { title: "t", inputs: [{ ...x, value: 2 }] },
    DomainError,
    /from ≤ value ≤ to, received from -1 to 1 and value 2/,
  ],
  [
    "an empty label",
    { kind: "function", f },
    { title: "t", inputs: [{ ...x, label: " " }] },
    DomainError,
    /expected the label of inputs\[0\] to be a text, received an empty one/,
  ],
  [
    "names for other outputs",
    { kind: "function", f },
    { ...titled, outputs: [] },
    DomainError,
    /for each of the 1 entries of y, received 0/,
  ],
  [
    "data beside two inputs",
    { kind: "function", f },
    { title: "t", inputs: [x, x], data: { at: [], values: [] } },
    DomainError,
    /expected no data beside 2 inputs/,
  ],
  [
    "data that do not fit",
    { kind: "function", f },
    { ...titled, data: { at: [1], values: [[1, 2]] } },
    DomainError,
    /expected data with finite places at and a row of 1 values for each/,
  ],
  [
    "a matrix of outputs",
    { kind: "function", f: () => tensor([[1]]) },
    titled,
    ShapeError,
    /expected f to give a vector or a scalar, received the shape \[1, 1\]/,
  ],
  [
    "a record of outputs",
    { kind: "function", f: (x: Tensor) => ({ x }) },
    titled,
    ShapeError,
    /expected f to give one tensor/,
  ],
  [
    "an operation that pages do not have",
    { kind: "equilibrium", cell: (z: Tensor) => erf(z), size: 1 },
    titled,
    DomainError,
    /expected a function of operations that a page of this kind has, received erf: it has add, sub/,
  ],
  [
    "a solve within a function",
    { kind: "function", f: (x: Tensor) => fixedPoint((z) => mul(0.5, z), x) },
    titled,
    DomainError,
    /received fixedPoint/,
  ],
  [
    "a cell of another size",
    { kind: "equilibrium", cell: (z: Tensor) => z, size: 0 },
    titled,
    DomainError,
    /expected size to be an integer ≥ 1/,
  ],
  [
    "a cell that gives another shape",
    { kind: "equilibrium", cell: (_: Tensor, x: Tensor) => x, size: 2 },
    titled,
    ShapeError,
    /expected cell to give the shape \[2\], received \[1\]/,
  ],
  ["an order of 2", { ...decay, order: 2 }, { title: "t" }, DomainError, /expected order in \(0, 2\), received 2/],
  [
    "a range of orders from 0",
    { ...decay, order: { from: 0, to: 1, value: 0.5 } },
    { title: "t" },
    DomainError,
    /expected order in \(0, 2\), received 0/,
  ],
  ["a duration of 0", { ...decay, duration: 0 }, { title: "t" }, DomainError, /expected duration > 0, received 0/],
  ["no ranges", { ...decay, order: 1, duration: 1, initial: [1, 1] }, { title: "t" }, DomainError, /expected a range/],
  ["too many steps", { ...decay, steps: 320 }, { title: "t" }, DomainError, /expected at most 319 steps, received 320/],
  [
    "too many states",
    { ...decay, initial: new Array(17).fill(1) },
    { title: "t" },
    DomainError,
    /expected 1 to 16 initial values, received 17/,
  ],
  [
    "inputs of a fractional equation",
    decay,
    titled,
    DomainError,
    /options of a fractional equation: unknown option "inputs"/,
  ],
];

describe("it is refused:", () => {
  for (const [what, model, options, kind, message] of refusals) {
    test(what, () => {
      const run = () => exportHtml(model as Model, options as ExportOptions);
      expect(run).toThrow(kind);
      expect(run).toThrow(message);
    });
  }
});
