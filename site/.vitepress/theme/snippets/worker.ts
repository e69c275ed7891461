// How is a snippet run?
import { judge, parseExpected } from "../../../../test/docs/expected.js";
import { display } from "./display.js";
import { type Import, instrument, TextError } from "./instrument.js";
import type { Level, Message } from "./messages.js";

type Module = Readonly<Record<string, unknown>>;

/** The library as it is built, and what its users may have beside it; each is loaded by the first snippet that imports it. */
const modules: Readonly<Record<string, () => Promise<Module>>> = {
  stillpoint: () => import("stillpoint"),
  "stillpoint/export": () => import("stillpoint/export"),
  "stillpoint/fractional": () => import("stillpoint/fractional"),
  "stillpoint/io": () => import("stillpoint/io"),
  "stillpoint/nn": () => import("stillpoint/nn"),
  "stillpoint/optim": () => import("stillpoint/optim"),
  "stillpoint/pictures": () => import("stillpoint/pictures"),
  "stillpoint/random": () => import("stillpoint/random"),
  "stillpoint/special": () => import("stillpoint/special"),
  "stillpoint/typed-array-ops": () => import("stillpoint/typed-array-ops"),
  "stillpoint/verify": () => import("stillpoint/verify"),
  "stillpoint/verify/arbitraries": () => import("stillpoint/verify/arbitraries"),
  "fast-check": () => import("fast-check"),
};

const post = (message: Message): void => postMessage(message);
const tellError = (error: unknown, line: number | undefined): void => {
  const { name, message } = error instanceof Error ? error : { name: "thrown", message: display(error) };
  post({ kind: "error", line, name, message });
};

/** A minified class or function is called again as it is exported: messages name it. */
function restoreNames(module: Module): void {
  for (const [name, value] of Object.entries(module)) {
    if (typeof value === "function" && name !== "default") Object.defineProperty(value, "name", { value: name });
  }
}

async function load({ from, names }: Import): Promise<[string, unknown][]> {
  if (!(from in modules)) {
    throw new TextError(
      `import from ${from}: expected one of ${Object.keys(modules).join(", ")}; what needs files or threads is run in Node`,
      undefined,
    );
  }
  const module = await modules[from]();
  if (from.startsWith("stillpoint")) restoreNames(module);
  return [...names].map(([name, exported]) => {
    if (exported === "*") return [name, module];
    if (!(exported in module)) throw new TextError(`import from ${from}: it does not export ${exported}`, undefined);
    return [name, module[exported]];
  });
}

/** So many lines of a console are shown: a loop that logs must not fill the page. */
const mostLines = 200;
const longestLine = 4000;

function listen(lineNow: () => number): void {
  let lines = 0;
  const tell =
    (level: Level) =>
    (...values: unknown[]): void => {
      lines++;
      if (lines > mostLines) return;
      const text = values.map((value) => (typeof value === "string" ? value : display(value))).join(" ");
      post({ kind: "log", line: lineNow(), level, text: text.slice(0, longestLine) });
      if (lines === mostLines) {
        post({
          kind: "log",
          line: lineNow(),
          level: "warn",
          text: `… what follows these ${mostLines} lines is left out`,
        });
      }
    };
  Object.assign(console, { log: tell("log"), info: tell("log"), debug: tell("log"), table: tell("log") });
  Object.assign(console, { warn: tell("warn"), error: tell("error") });
}

type AsyncFunctionConstructor = new (...source: string[]) => (...values: unknown[]) => Promise<void>;
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as AsyncFunctionConstructor;

async function run(text: string): Promise<number> {
  let line: number | undefined;
  try {
    const { body, claims, imports, lastLine } = await instrument(text);
    const expected = claims.map(({ line: at, written }) => {
      line = at;
      return parseExpected(written);
    });
    line = undefined;
    const names = new Map((await Promise.all(imports.map(load))).flat());
    const checks = {
      __at: (at: number): void => {
        line = at;
      },
      __claim: async (i: number, evaluate: () => Promise<unknown>): Promise<void> => {
        const { received, reason } = await judge(expected[i], evaluate);
        post({ kind: "claim", line: claims[i].line, received: display(received), reason });
      },
      __last: async (evaluate: () => Promise<unknown>): Promise<void> => {
        const value = await evaluate();
        if (value !== undefined) post({ kind: "value", line: lastLine, received: display(value) });
      },
    };
    listen(() => line ?? 1);
    const all = { ...Object.fromEntries(names), ...checks };
    await new AsyncFunction(...Object.keys(all), `"use strict";${body}\n`)(...Object.values(all));
    return claims.length;
  } catch (error) {
    tellError(error, error instanceof TextError ? error.line : line);
    return 0;
  }
}

addEventListener("message", async ({ data }: MessageEvent<string>) => {
  const start = performance.now();
  const claims = await run(data);
  post({ kind: "done", claims, milliseconds: performance.now() - start });
});
