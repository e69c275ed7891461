// What does everything cost?
//
// Runs every benchmark in a process of its own, and writes the chapter about measurements with its figures. Nothing else
// should run on the machine meanwhile.
//
//   node build/bench/all.js [names of programs: those alone] [--rounds N] [--written: only write what was measured before]
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { inDocs } from "../examples/shared/repository.js";
import { chapterText, figureFile, type Section } from "./chapter.js";
import { figureText } from "./figures.js";
import { type Results, readResults } from "./results.js";

interface Program {
  /** The name of its file. */
  readonly name: string;
  readonly command: string;
  readonly parameters?: readonly string[];
  readonly heading: string;
  readonly introduction: string;
}

const programs: readonly Program[] = [
  {
    name: "training-step",
    command: "npm run bench",
    heading: "The training step of the first experiment",
    introduction:
      "Batch 16, five states, a network 5-15-15-5 with ReLU, order 0.9, duration 20: the trajectory of a fractional " +
      "equation and the implicit gradient of its error in all weights ([chapter 9](09-fractional.md)).",
  },
  {
    name: "training-growth",
    command: "npm run bench:growth",
    heading: "Growth with the number of steps in time",
    introduction: "The same step, with the explicit rule, for up to 20,000 steps in time.",
  },
  {
    name: "equilibrium-layer",
    command: "npm run bench:equilibrium",
    heading: "An equilibrium layer",
    introduction:
      "z = tanh(z W + x U + b), forward and backward ([chapter 8](08-fixed-point.md)). The loops by hand iterate both " +
      "equations; so do the other libraries, with their own operations.",
  },
  {
    name: "chain",
    command: "npm run bench:chain",
    heading: "A chain of small operations",
    introduction:
      "Matrices this small take less time than the call that hands them to a kernel. A plan ([chapter 5](05-readings.md)) " +
      "makes the calls once; eager makes them every time. A matrix product, an addition and a tanh count as three operations.",
  },
  {
    name: "mlp",
    command: "npm run bench:mlp",
    heading: "A training step of a perceptron",
    introduction:
      "Value, gradient and Adam's update, for stillpoint in one plan by `jit` ([chapter 6](06-calculus.md)). Here products of " +
      "matrices take most of the time.",
  },
  {
    name: "operations",
    command: "npm run bench:operations",
    heading: "Single operations",
    introduction:
      "Products of matrices, loops over numbers and calls of one operation ([chapter 1](01-typed-array-ops.md)).",
  },
  {
    name: "history",
    command: "npm run bench:history",
    heading: "The memory of a fractional integral",
    introduction:
      "Every node sums over all nodes before it: directly, at once by fast convolution, and window by window.",
  },
  {
    name: "long-trajectory",
    command: "npm run bench:long",
    heading: "Long trajectories",
    introduction:
      "A fractional equation on up to a hundred thousand steps, with its gradient; every N in a process of its own.",
  },
  {
    name: "threads",
    command: "npm run bench:threads",
    heading: "Threads",
    introduction:
      "One thread and two on the same plans ([chapter 16](16-threads.md)), and a model of the critical path: when does an iteration over " +
      "the whole trajectory overtake stepping through time?",
  },
  {
    name: "start-up",
    command: "npm run bench:start-up",
    heading: "Start-up and size",
    introduction: "Imports in Node, and what a bundler leaves for a page to load.",
  },
];

const { values, positionals } = parseArgs({
  options: { rounds: { type: "string" }, written: { type: "boolean" } },
  allowPositionals: true,
});
for (const name of positionals) {
  if (!programs.some((program) => program.name === name)) {
    throw new Error(`expected one of ${programs.map((program) => program.name).join(", ")}, received ${name}`);
  }
}

const beside = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const resultFile = (name: string): string => beside(`results/${name}.json`);
const textFile = (name: string): string => beside(`results/${name}.txt`);

/** Runs a program, and passes on what it prints. @throws Error if it fails */
async function run({ name, parameters = [] }: Program): Promise<void> {
  for (const file of [resultFile(name), textFile(name)]) rmSync(file, { force: true });
  const options = ["--json", resultFile(name), ...(values.rounds ? ["--rounds", values.rounds] : [])];
  const child = spawn(process.execPath, [beside(`${name}.js`), ...parameters, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
    process.stdout.write(chunk);
  });
  const code = await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  mkdirSync(beside("results"), { recursive: true });
  writeFileSync(textFile(name), printed);
}

const resultsOf = (name: string): Results | undefined =>
  existsSync(resultFile(name)) ? readResults(resultFile(name)) : undefined;

const failed: string[] = [];
for (const program of programs) {
  if (values.written || (positionals.length > 0 && !positionals.includes(program.name))) continue;
  console.log(`\n=== ${program.name}`);
  try {
    await run(program);
  } catch (error) {
    failed.push(program.name);
    console.error(error);
  }
}

const measured = programs.filter(({ name }) => existsSync(textFile(name)));
const sections = measured.map(({ name, heading, command, introduction }): Section => {
  const tables = resultsOf(name)?.tables ?? [];
  const printed = tables.length === 0 ? { printed: readFileSync(textFile(name), "utf8") } : {};
  return { heading, command, introduction, tables, ...printed };
});
mkdirSync(inDocs("figures"), { recursive: true });
for (const { name, figure } of sections.flatMap(({ tables }) => tables)) {
  if (figure) writeFileSync(inDocs("figures", figureFile(name)), figureText(figure));
}
const machines = new Set(measured.flatMap(({ name }) => resultsOf(name)?.machine ?? []));
writeFileSync(inDocs("15-measurements.md"), chapterText([...machines], sections));
console.log(
  `\nWritten: docs/15-measurements.md and docs/figures${failed.length > 0 ? `; failed: ${failed.join(", ")}` : ""}.`,
);
if (failed.length > 0) process.exitCode = 1;
