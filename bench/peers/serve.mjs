// How does a library run in a process of its own, and time itself, when it is told to?
//
//   node serve.mjs jax float64 | jax float32 | tfjs cpu | tfjs wasm
//
// One message in JSON per line. First it says what it is. { task, inputs, options } prepares a task and is answered by the
// names of its ways; { run, times } runs one of them and is answered by its numbers; { time, seconds } by milliseconds per run.
// torch/serve.py speaks the same language.
import { createInterface } from "node:readline";
import { millisecondsPerRun } from "./timing.mjs";

const [library, ...settings] = process.argv.slice(2);
const answer = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
// Standard output is for answers.
console.log = console.error;

const decode = ({ shape, data }) => {
  const bytes = Uint8Array.from(Buffer.from(data, "base64"));
  return { shape, data: new Float64Array(bytes.buffer) };
};
const encode = (numbers) => Buffer.from(Float64Array.from(numbers).buffer).toString("base64");

const { open } = await import(`./${library}.mjs`);
const { about, tasks } = await open(...settings);
let ways = {};
answer(about);

function respond({ task, inputs, options, run, times = 1, time, seconds }) {
  if (task !== undefined) {
    if (tasks[task] === undefined) return { ways: [] };
    const decoded = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, decode(input)]));
    ways = tasks[task](decoded, options ?? {});
    return { ways: Object.keys(ways) };
  }
  if (run !== undefined) {
    let outputs = [];
    for (let i = 0; i < times; i++) outputs = ways[run]();
    return { outputs: outputs.map(encode) };
  }
  return { milliseconds: millisecondsPerRun(ways[time], seconds) };
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    answer(respond(JSON.parse(line)));
  } catch (error) {
    answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
process.exit(0);
