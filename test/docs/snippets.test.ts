// Does every example do what it says?
import { describe, expect, test } from "vitest";
import { docstringExamples, documents, fencedBlocks, read, type Snippet, sources } from "./extract.js";
import { docstringScope, runSnippet } from "./run.js";

const nameOf = ({ file, line }: Snippet): string => `${file}:${line}`;

const blocks = documents().flatMap((file) => fencedBlocks(file, read(file)));
const examples = sources().flatMap((file) => docstringExamples(file, read(file)));

describe("fenced blocks of README.md and docs", () => {
  for (const block of blocks) {
    test(nameOf(block), async () => {
      await runSnippet(block);
    });
  }
  test("there are some, and they claim something", () => {
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks.filter(({ code }) => code.includes("// →")).length).toBeGreaterThan(0);
  });
});

describe("examples of docstrings", () => {
  for (const example of examples) {
    test(nameOf(example), async () => {
      expect(await runSnippet(example, await docstringScope(example.file)), "claims").toBeGreaterThan(0);
    });
  }
  test("there are some", () => {
    expect(examples.length).toBeGreaterThan(0);
  });
});
