// Does the lab's page on the tape read what is typed, and draw what is true?
import { cos, grad, mul, sin, type Tensor, tensor } from "stillpoint";
import { describe, expect, it } from "vitest";
import { functionNames } from "../../site/.vitepress/theme/lab/tape/functions.js";
import { LONGEST, Misread, parse, variablesOf } from "../../site/.vitepress/theme/lab/tape/parse.js";
import { sceneOf } from "../../site/.vitepress/theme/lab/tape/scene.js";

const at = (text: string, typed: Record<string, string> = { x: "0.7", y: "1.3" }) => sceneOf(text, typed).value;

describe("an expression", () => {
  const [x, y] = [0.7, 1.3];
  it.each([
    ["x * sin(y) + x", x * Math.sin(y) + x],
    ["1 + 2 * x", 1 + 2 * x],
    ["x - y - 1", x - y - 1],
    ["x / y / 2", x / y / 2],
    ["2 ^ 3 ^ 0.5 * x", 2 ** (3 ** 0.5) * x],
    ["-x^2", -(x ** 2)],
    ["(-x)^2", x ** 2],
    ["2^-x", 2 ** -x],
    ["- - x", x],
    ["x ** 2", x ** 2],
    ["x · y − 1 × 2 ÷ 4", x * y - 0.5],
    ["1.5e-1x1 + .5".replace("x1", " * x"), 0.15 * x + 0.5],
    ["atan2(x, y) + maximum(x, y)", Math.atan2(x, y) + y],
    ["pow(x, y) * e - pi*x", x ** y * Math.E - Math.PI * x],
    ["  ( ( x ) ) ", x],
    ["x", x],
  ])("means %s", (text, value) => {
    expect(at(text)).toBeCloseTo(value, 13);
  });

  it("has its variables in the order in which they come", () => {
    expect(variablesOf(parse("b * x1 + a / b + θ"))).toEqual(["b", "x1", "a", "θ"]);
  });

  it.each(functionNames)("may call %s", (name) => {
    const two = ["add", "atan2", "div", "maximum", "minimum", "mul", "pow", "sub"].includes(name);
    const { value } = sceneOf(two ? `${name}(x, y)` : `${name}(x)`, { x: name === "acosh" ? "1.7" : "0.7", y: "1.3" });
    expect(Number.isFinite(value)).toBe(true);
  });
});

describe("what means nothing is told at its place", () => {
  const refused = (text: string): Misread => {
    try {
      parse(text);
    } catch (error) {
      if (error instanceof Misread) return error;
      throw error;
    }
    throw new Error(`${text}: expected to be refused`);
  };

  it.each([
    ["x * ", 4, 'expected a number, a name or "(", received the end'],
    ["", 0, "received the end"],
    ["x + * y", 4, 'received "*"'],
    ["sin(x", 5, 'expected ")" after what sin takes, received the end'],
    ["(x + 1", 6, 'expected ")" to close the bracket'],
    ["x) + 1", 1, 'expected the end, received ")"'],
    ["sinn(x)", 0, "received sinn: did you mean sin?"],
    ["max(x, y)", 0, "received max: did you mean maximum?"],
    ["1 + alpha", 4, "expected a variable of one letter"],
    ["frobnicate(x)", 0, "there are abs, acos"],
    ["sin + 1", 4, 'expected "(" after the function sin, received "+"'],
    ["2x", 1, "a product is written with *"],
    ["x y", 2, "a product is written with *"],
    ["2(x)", 1, "a product is written with *"],
    ["sin(x, y)", 5, 'expected ")" after the argument of sin'],
    ["pow(x)", 5, "argument 2 of pow, which takes 2"],
    ["x; alert(1)", 1, 'received ";"'],
    ["x.constructor", 1, 'received "."'],
    ["constructor(x)", 0, "expected a function that is there"],
    ["toString + x", 0, "expected a variable of one letter"],
    ["__proto__", 0, "expected a variable of one letter"],
    ["x`1`", 1, 'received "`"'],
    [`${"(".repeat(200)}x`, 100, "at most 100 levels"],
    [`${"-".repeat(200)}x`, 100, "at most 100 levels"],
    [`x${"+x".repeat(LONGEST)}`, LONGEST, "expected at most 400 characters"],
  ])("%s", (text, place, said) => {
    const error = refused(text);
    expect(error.said).toContain(said);
    expect(error.at).toBe(place);
    const [line, caret] = error.message.split("\n");
    if (place < text.length) expect(line[caret.length - 1]).toBe(text[place]);
  });

  it("or a variable that is no number", () => {
    expect(() => sceneOf("x + y", { x: "1", y: "a" })).toThrow('y: expected a finite number, received "a"');
    expect(() => sceneOf("x", {})).toThrow("x: expected a finite number, received nothing");
    expect(() => sceneOf("1 + 2", {})).toThrow("expected at least one variable");
  });
});

describe("the tape", () => {
  const scene = sceneOf("x * sin(y) + x", { x: "2", y: "1" });

  it("is drawn with values, cotangents and the names that were typed", () => {
    expect(scene.drawing).toMatch(/^<svg/);
    expect(scene.drawing).not.toContain("<style");
    for (const piece of [">x</text>", ">y</text>", ">sin</text>", "= 2</text>", "∂ 1.841</text>", "= 3.683</text>"]) {
      expect(scene.drawing).toContain(piece);
    }
    expect(scene.program).toBe(
      "program(x: [], y: [])\nv0: [] = sin(y)\nv1: [] = mul(x, v0)\nv2: [] = add(v1, x)\nreturn v2",
    );
  });

  it("keeps apart variables that are named like its own", () => {
    expect(sceneOf("x1 - x0", { x0: "1", x1: "5" }).program).toContain("sub(x1, x0)");
  });

  it("has the gradient of the library, and its digits", () => {
    const gradient = grad(([x, y]: Tensor[]) => mul(x, sin(y)))([tensor(2), tensor(1)]);
    expect(scene.gradients.map(({ name }) => name)).toEqual(["x", "y"]);
    expect(scene.gradients[0].gradient).toBeCloseTo(gradient[0].item() + 1, 14);
    expect(scene.gradients[1].gradient).toBe(mul(2, cos(1)).item());
    for (const { digits, reference } of scene.gradients) {
      expect(digits).toBeGreaterThan(15);
      expect(reference).toMatch(/^\d\.\d{31}/);
    }
    expect(scene.check?.ok).toBe(true);
  });

  it("loses the digits that cancel, and says so", () => {
    const { gradients } = sceneOf("sqrt(x + 1) - sqrt(x)", { x: "1e9" });
    expect(gradients[0].digits).toBeLessThan(9);
    expect(gradients[0].digits).toBeGreaterThan(3);
  });

  it("is drawn where there is no number, too", () => {
    const { value, drawing } = sceneOf("log(x)", { x: "-1" });
    expect(value).toBeNaN();
    expect(drawing).toContain("= NaN");
  });

  it("is that of a variable alone", () => {
    expect(sceneOf("x", { x: "3" }).gradients[0].gradient).toBe(1);
  });
});
