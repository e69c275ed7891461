// Does the picture show every box, value and derivative, and nothing that is not escaped?
import { add, custom, fixedPoint, grad, mean, mul, sin, type Tensor, tensor, trace } from "stillpoint";
import { draw } from "stillpoint/pictures";
import { describe, expect, test } from "vitest";

const diamond = trace((x: Tensor) => {
  const s = sin(x);
  return add(mul(s, s), mul(s, 2));
}, tensor(0.5));
const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
const count = (svg: string, part: RegExp): number => [...svg.matchAll(part)].length;

test("shows a box for each input, literal and step, and an arrow for each use", () => {
  const svg = draw(diamond);
  expect(count(svg, /<rect /g)).toBe(6);
  expect(count(svg, /marker-end/g)).toBe(7);
  expect(texts(svg)).toEqual(["x0", "[]", "2", "sin", "[]", "mul", "[]", "mul", "[]", "add", "[] → result"]);
});

test("shows values and derivatives on request, those of the diamond summed", () => {
  const shown = texts(draw(diamond, { args: [tensor(0.5)], cotangents: true }));
  const s = Math.sin(0.5);
  const four = (x: number): string => String(Number(x.toPrecision(4)));
  expect(shown).toContain(`= ${four(s * s + 2 * s)}`);
  expect(shown).toContain(`∂ ${four(2 * s + 2)}`);
  expect(shown).toContain(`∂ ${four((2 * s + 2) * Math.cos(0.5))}`);
});

test("sums up long values, and draws derivatives of fixed points", () => {
  const long = trace((x: Tensor) => mean(x), tensor([1, 2, 3, 4]));
  expect(texts(draw(long, { args: [tensor([4, -1, 2, 3])] }))).toContain("= -1 … 4");
  const solved = trace(
    grad((a: Tensor) => fixedPoint((z) => mul(0.5, sin(add(z, a))), 0)),
    tensor(1),
  );
  expect(texts(draw(solved)).filter((text) => text === "fixedPoint").length).toBe(2);
});

test("is one well-formed picture of finite size with boxes that do not overlap", () => {
  const svg = draw(diamond, { args: [tensor(0.5)] });
  expect(svg).toMatch(/^<svg [^>]*width="\d+(\.\d+)?" height="\d+(\.\d+)?"[^>]*>.*<\/svg>$/s);
  expect(svg).not.toMatch(/NaN|Infinity|undefined|http(?!:\/\/www\.w3\.org)/);
  const rects = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)].map((m) =>
    m.slice(1).map(Number),
  );
  rects.forEach(([x, y, w, h], i) => {
    for (const [u, v, a, b] of rects.slice(i + 1))
      expect(x + w <= u || u + a <= x || y + h <= v || v + b <= y).toBe(true);
  });
});

test("escapes names", () => {
  const evil = custom('<script>"&', (x) => mul(2, x), {});
  const svg = draw(trace((x: Tensor) => evil(x), tensor(1)));
  expect(svg).not.toContain("<script>");
  expect(svg).toContain("&#60;script&#62;&#34;&#38;");
});

describe("refuses", () => {
  test("cotangents without args, or of more than a scalar", () => {
    expect(() => draw(diamond, { cotangents: true })).toThrow(/expected args with cotangents/);
    const vector = trace((x: Tensor) => mul(x, 2), tensor([1, 2]));
    expect(() => draw(vector, { args: [tensor([1, 2])], cotangents: true })).toThrow(/one scalar output/);
  });
  test("other arguments and unknown options", () => {
    expect(() => draw(diamond, { args: [tensor([1, 2])] })).toThrow(/draw: expected shape \[\], received \[2\]/);
    expect(() => draw(diamond, { values: true } as never)).toThrow(/unknown option "values"/);
  });
});
