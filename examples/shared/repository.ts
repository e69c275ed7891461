// Where are the repository's files, wherever the compiled program lies and was started from?
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const root = dirname(createRequire(import.meta.url).resolve("stillpoint/package.json"));

export const inLibrary = (...path: readonly string[]): string => join(root, ...path);

export const inDocs = (...path: readonly string[]): string => inLibrary("docs", ...path);

export const inExamples = (...path: readonly string[]): string => inLibrary("examples", ...path);
