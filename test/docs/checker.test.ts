// Does the checker of examples fail when an example is wrong?
import { describe, expect, test } from "vitest";
import { docstringExamples, fencedBlocks } from "./extract.js";
import { docstringScope, runSnippet } from "./run.js";

const run = (code: string): Promise<number> => runSnippet({ file: "planted.md", line: 10, code });
const add = 'import { add, tensor } from "stillpoint";\n';

describe("accepted are", () => {
  const accepted: [string, string][] = [
    ["a number", "1 + 1 // → 2"],
    ["a number to rounding", "0.1 + 0.2; // → 0.3"],
    ["a shortened number", "Math.PI; // → 3.1416"],
    ["a shortened number with an exponent", "Math.PI * 1e-9; // → 3.1e-9"],
    ["nested arrays", "[[1, -2], []]; // → [[1, -2], []]"],
    ["a Float64Array", "Float64Array.of(1, 2); // → [1, 2]"],
    ["words", "[undefined, NaN, -Infinity, -0, true]; // → [undefined, NaN, -Infinity, -0, true]"],
    ["a string", '"a\\n" + "b"; // → "a\\nb"'],
    ["an error", 'JSON.parse("{"); // → throws SyntaxError: JSON…'],
    ["types, several lines and await", "const x: number = 1;\nawait Promise.resolve(\n  x,\n); // → 1"],
    ["public imports", `${add}add(tensor([1]), 2).toArray(); // → [3]`],
    ["renamed and whole imports", 'import { add as plus } from "stillpoint";\nplus(1, 2).item(); // → 3'],
  ];
  for (const [name, code] of accepted) {
    test(name, async () => {
      expect(await run(code)).toBe(1);
    });
  }
});

describe("rejected are", () => {
  const rejected: [string, string, RegExp][] = [
    ["a wrong number", "1 + 1; // → 3", /planted\.md:10: 1 \+ 1\n.*is 2, not 3/],
    ["a number that is wrong by 1e-11", "1 + 1e-11; // → 1", /not exactly 1|not 1/],
    ["a wrong last digit", "Math.PI; // → 3.1415", /not 3\.1415/],
    ["a rounding to so few digits that it shows nothing", "0.46; // → 0.5", /at least four digits/],
    ["a wrong number in a later line", "1; // → 1\n2; // → 3", /planted\.md:11/],
    ["every wrong line", "1; // → 2\n2; // → 3", /:10:[\s\S]*:11:/],
    ["a zero of the wrong sign", "-0; // → 0", /is -0, not 0/],
    ["something small where zero is claimed", "1e-300; // → 0", /not 0/],
    ["a missing entry", "[1]; // → [1, 2]", /1 entries, not 2/],
    ["a tensor where an array is claimed", `${add}tensor([1]); // → [1]`, /class Tensor, not an array/],
    ["a string for a number", '"1"; // → 1', /"1", not 1/],
    ["a syntax error", "1 +; // → 1", /line 1: Expression expected/],
    ["a value that cannot be read", "1; // → one", /expected numbers, strings/],
    ["two values", "1; // → 1 2", /expected one value/],
    ["a list that is not closed", "[1]; // → [1", /expected one value/],
    ["a list without a comma", "[1, 2]; // → [1 2]", /expected one value/],
    ["a string that is not closed", '"a"; // → "a', /expected numbers, strings/],
    ["an empty claim", "1; // →", /expected one value/],
    ["a missing throw", "1; // → throws RangeError", /throws nothing, and gives 1/],
    ["another error", "missing; // → throws RangeError", /throws ReferenceError/],
    ["another message", 'JSON.parse("{"); // → throws SyntaxError: sunshine…', /the message is/],
    ["an unexpected error", "missing; // → 1", /missing is not defined/],
    ["an arrow that checks nothing", "const x = 1; // → 1", /1 arrows, 0 of them/],
    ["an arrow inside a function", "function f() {\n  1; // → 2\n}", /1 arrows, 0 of them/],
    ["a name that is not public", 'import { apply1 } from "stillpoint";\n1; // → 1', /does not export apply1/],
    ["an import from elsewhere", 'import { join } from "node:path";\n1; // → 1', /from stillpoint only/],
    ["a name that was not imported", "tensor(1).item(); // → 1", /tensor is not defined/],
  ];
  for (const [name, code, message] of rejected) {
    test(name, async () => {
      await expect(run(code)).rejects.toThrow(message);
    });
  }
  test("a block that is not closed", () => {
    expect(() => fencedBlocks("planted.md", "```ts\n1; // → 1\n")).toThrow(/planted\.md:1: .* not closed/);
  });
});

describe("found are", () => {
  test("blocks of TypeScript and JavaScript with their lines, and no others", () => {
    const text = "text\n```ts\n1;\n```\n```sh\nls\n```\n\n````js\n2;\n```\n3;\n````\n";
    expect(fencedBlocks("a.md", text)).toEqual([
      { file: "a.md", line: 3, code: "1;" },
      { file: "a.md", line: 10, code: "2;\n```\n3;" },
    ]);
  });
  test("every example of a docstring, up to the next tag", () => {
    const text =
      "\n/**\n * f\n * @example f(1) // → 1\n * @example\n * f(2) // → 2\n * f(3) // → 3\n * @throws E\n */\n/** @example g */";
    expect(docstringExamples("a.ts", text)).toEqual([
      { file: "a.ts", line: 4, code: "f(1) // → 1" },
      { file: "a.ts", line: 5, code: "\nf(2) // → 2\nf(3) // → 3" },
      { file: "a.ts", line: 10, code: "g" },
    ]);
  });
  test("names of the docstring's own file, before public ones", async () => {
    const scope = await docstringScope("src/special/double-double.ts");
    const code = "add({ high: 1, low: 0 }, { high: 2, low: 0 }).high // → 3";
    expect(await runSnippet({ file: "planted.ts", line: 1, code }, scope)).toBe(1);
  });
});
