// Are unknown options refused, and is the right name suggested?
import fc from "fast-check";
import { DomainError } from "stillpoint";
import { describe, expect, test } from "vitest";
import { checkCount, checkFunction, checkNumber, checkOptions } from "../../src/tensor/index.js";

const seed = 20260203;
const known = ["solver", "adjoint", "tolerance", "relativeTolerance", "maxSteps"];

describe("checkOptions", () => {
  test("accepts nothing, an empty record and known names", () => {
    checkOptions("f", undefined, known);
    checkOptions("f", {}, known);
    checkOptions("f", { tolerance: 1, solver: undefined }, known);
  });
  const nearest: [string, string][] = [
    ["tolerence", "tolerance"],
    ["tol", "solver|tolerance"],
    ["maxsteps", "maxSteps"],
    ["steps", "maxSteps"],
    ["relativetolerance", "relativeTolerance"],
    ["adjiont", "adjoint"],
    ["Solver", "solver"],
  ];
  for (const [wrong, right] of nearest) {
    test(`for ${wrong} suggests ${right.replace("|", " or ")}`, () => {
      expect(() => checkOptions("fixedPoint", { [wrong]: 1 }, known)).toThrow(
        new RegExp(`^fixedPoint: unknown option "${wrong}": did you mean (${right})\\?`),
      );
    });
  }
  test("one letter left out, doubled or replaced still finds every name", () => {
    const slips = fc.constantFrom(...known).chain((name) =>
      fc.tuple(
        fc.constant(name),
        fc
          .nat({ max: name.length - 1 })
          .chain((at) =>
            fc.constantFrom(
              name.slice(0, at) + name.slice(at + 1),
              name.slice(0, at) + name[at] + name.slice(at),
              `${name.slice(0, at)}_${name.slice(at + 1)}`,
            ),
          ),
      ),
    );
    fc.assert(
      fc.property(slips, ([name, slip]) => {
        expect(() => checkOptions("f", { [slip]: 1 }, known)).toThrow(new RegExp(`did you mean ${name}\\?`));
      }),
      { seed },
    );
  });
  test("the message lists all names", () => {
    expect(() => checkOptions("f", { x: 1 }, known)).toThrow(`It takes ${known.join(", ")}`);
  });
  test("an operation without options says that it takes none", () => {
    expect(() => checkOptions("f", { x: 1 }, [])).toThrow(/it takes none/);
  });
  for (const wrong of [null, 3, "fast", true, [1]]) {
    test(`refuses ${JSON.stringify(wrong)} in place of a record`, () => {
      expect(() => checkOptions("f", wrong, known)).toThrow(DomainError);
      expect(() => checkOptions("f", wrong, known)).toThrow(/^f: expected a record of options/);
    });
  }
});

describe("checkNumber and checkCount", () => {
  test("return what they accept", () => {
    expect(checkNumber("f", "h", 0.5, "a number > 0", (x) => x > 0)).toBe(0.5);
    expect(checkCount("f", "n", 3)).toBe(3);
    expect(checkCount("f", "n", 0, 0)).toBe(0);
  });
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, "1", null, undefined, -1]) {
    test(`refuse ${String(wrong)} (${typeof wrong}), naming operation, option and what was expected`, () => {
      expect(() => checkNumber("f", "h", wrong, "a number > 0", (x) => x > 0)).toThrow(DomainError);
      expect(() => checkNumber("f", "h", wrong, "a number > 0", (x) => x > 0)).toThrow(
        `f: expected h to be a number > 0, received ${String(wrong)}`,
      );
    });
  }
  for (const wrong of [0, 1.5, 2 ** 60, Number.NaN]) {
    test(`a count of ${wrong} is refused`, () => {
      expect(() => checkCount("f", "n", wrong)).toThrow(/^f: expected n to be an integer ≥ 1/);
    });
  }
});

test("checkFunction accepts functions and refuses the rest by name", () => {
  checkFunction("grad", () => 1);
  for (const [wrong, named] of [
    [null, "null"],
    [3, "3"],
    ["f", "string"],
    [{}, "object"],
    [undefined, "undefined"],
    [[], "an array"],
  ]) {
    expect(() => checkFunction("grad", wrong)).toThrow(DomainError);
    expect(() => checkFunction("grad", wrong)).toThrow(`grad: expected a function, received ${named}`);
  }
});
