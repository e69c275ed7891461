// What is checked of the published package? Each check throws, or gives a word about what it saw.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { filesNamed, problemsOfFiles, problemsOfMaps, problemsOfSizes, problemsOfTypes } from "./judge.mjs";
import { filesBelow } from "./pack.mjs";
import { bundle, bundlers, copyInto, runNode, typeErrors } from "./tools.mjs";

const refuse = (problems) => {
  if (problems.length === 0) return;
  const more = problems.length > 4 ? `; and ${problems.length - 4} more` : "";
  throw new Error(problems.slice(0, 4).join("; ") + more);
};
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
const inner = "./verify/arbitraries";
const entriesOf = ({ manifest }) => Object.keys(manifest.exports).filter((path) => path !== "./package.json");
const nameOf = (path) => `stillpoint${path.slice(1)}`;

/** Names of the package's files, for programs of which the size is measured. */
const programs = {
  "one name": 'export { tensor } from "stillpoint";',
  "a gradient of a layer": 'export { grad, tensor, add, matmul, tanh } from "stillpoint";',
  "special functions of numbers": 'export { gamma, erf, mittagLeffler } from "stillpoint/special";',
  "a training step":
    'export { grad, tensor } from "stillpoint"; export { mlp } from "stillpoint/nn"; export { adam } from "stillpoint/optim";',
  "a fixed point": 'export { fixedPoint, grad, matmul, tanh, add } from "stillpoint";',
  "a fractional equation": 'export { grad } from "stillpoint"; export { solveCaputo } from "stillpoint/fractional";',
  "all of stillpoint": 'export * from "stillpoint";',
  "all entry points": [
    "",
    "fractional",
    "nn",
    "optim",
    "special",
    "random",
    "verify",
    "pictures",
    "io",
    "typed-array-ops",
    "workers",
  ]
    .map((room, i) => `export * as room${i} from "stillpoint${room && `/${room}`}";`)
    .join(""),
};

function* files() {
  const all = ({ folder }) => filesBelow(folder);
  yield [
    "holds what it should and nothing else",
    (context) => {
      refuse(problemsOfFiles(all(context)));
      return `${all(context).length} files, ${kilobytes(context.size)}, unpacked ${kilobytes(context.unpackedSize)}`;
    },
  ];
  yield [
    "has maps that lead to its own sources",
    (context) => {
      refuse(problemsOfMaps(all(context), (file) => readFileSync(join(context.folder, file), "utf8")));
      return `${all(context).filter((file) => file.endsWith(".map")).length} maps`;
    },
  ];
  yield [
    "has every file that package.json names",
    (context) => {
      const there = new Set(all(context));
      const named = filesNamed(context.manifest);
      refuse(named.filter((file) => !there.has(file)).map((file) => `${file} is not there`));
      return `${named.length} files`;
    },
  ];
  yield [
    "installs nothing beside it, and runs nothing",
    ({ empty, manifest }) => {
      const beside = filesBelow(join(empty, "node_modules")).filter(
        (file) => !/^(stillpoint\/|\.package-lock\.json$)/.test(file),
      );
      const hooks = ["preinstall", "install", "postinstall", "prepare"].filter((name) => manifest.scripts?.[name]);
      refuse([...beside, ...hooks.map((name) => `${name} runs at install`)]);
      return `${Object.keys(manifest.dependencies ?? {}).length} dependencies`;
    },
  ];
}

function* modules(context) {
  for (const path of entriesOf(context).filter((path) => path !== inner)) {
    yield [
      `import of ${nameOf(path)}`,
      async ({ empty }) => {
        const code = `console.log(Object.keys(await import("${nameOf(path)}")).length)`;
        const names = Number(await runNode(empty, "--input-type=module", "--eval", code));
        if (!(names > 0)) throw new Error("no names");
        return `${names} names`;
      },
    ];
    yield [
      `require of ${nameOf(path)}, the same module`,
      async ({ tested }) => {
        if (!process.features.require_module)
          throw new Error(`Node ${process.versions.node} requires no ES modules: use 20.19 or later`);
        const code = `const required = require("${nameOf(path)}");
        import("${nameOf(path)}").then((imported) => console.log(Object.keys(required).every((name) => required[name] === imported[name]) ? Object.keys(required).length : "twice"));`;
        const names = Number(await runNode(tested, "--input-type=commonjs", "--eval", code));
        if (!(names > 0)) throw new Error("it is loaded twice");
        return `${names} names`;
      },
    ];
  }
  yield [
    `import of ${nameOf(inner)} beside fast-check`,
    async ({ tested }) => {
      const code = `console.log(Object.keys(await import("${nameOf(inner)}")).length)`;
      return `${await runNode(tested, "--input-type=module", "--eval", code)} names`;
    },
  ];
  yield [
    `import of ${nameOf(inner)} without fast-check names what lacks`,
    async ({ empty }) => {
      const complaint = await runNode(empty, "--input-type=module", "--eval", `await import("${nameOf(inner)}")`).catch(
        ({ message }) => message,
      );
      if (!/Cannot find package 'fast-check'/.test(complaint)) throw new Error(`it said: ${complaint.slice(0, 200)}`);
      return "fast-check";
    },
  ];
}

function* types() {
  const resolutions = {
    node16: { module: "Node16", moduleResolution: "Node16" },
    nodenext: { module: "NodeNext", moduleResolution: "NodeNext" },
    bundler: { module: "ESNext", moduleResolution: "Bundler" },
  };
  const libraries = { "without DOM": ["ES2022"], "with DOM": ["ES2022", "DOM", "DOM.Iterable"] };
  for (const [resolution, options] of Object.entries(resolutions)) {
    for (const [library, lib] of Object.entries(libraries)) {
      yield [
        `types by ${resolution}, ${library}, strict`,
        async ({ empty, consumer }) => {
          refuse(await typeErrors(empty, copyInto(empty, join(consumer, "types.ts")), { ...options, lib }));
          return "declarations of the package checked, too";
        },
      ];
    }
  }
  yield [
    "types by nodenext from CommonJS",
    async ({ tested, consumer }) => {
      const options = { ...resolutions.nodenext, lib: ["ES2022"] };
      refuse(await typeErrors(tested, copyInto(tested, join(consumer, "types.ts")), options));
      return "require of ES modules";
    },
  ];
  yield [
    "types of the arbitraries beside fast-check",
    async ({ tested, consumer }) => {
      const options = { ...resolutions.nodenext, lib: ["ES2022"] };
      refuse(await typeErrors(tested, copyInto(tested, join(consumer, "arbitraries.mts")), options));
      return "fast-check";
    },
  ];
}

/** The program of the consumer's in the empty project, and what Node prints for it. */
async function programIn({ empty, consumer }) {
  const program = copyInto(empty, join(consumer, "program.mjs"));
  return { program, numbers: await runNode(empty, program) };
}

function* bundles() {
  for (const bundler of Object.keys(bundlers)) {
    yield [
      `bundle by ${bundler}: the numbers of Node`,
      async (context) => {
        const { program, numbers } = await programIn(context);
        const file = await bundle(bundler, context.empty, program);
        const text = readFileSync(file, "utf8");
        if (/(^|[;\n])\s*import\s*[^(.]*["']stillpoint/.test(text)) throw new Error("it still imports the package");
        const received = await runNode(context.work, file);
        if (received !== numbers)
          throw new Error(`expected ${numbers.slice(0, 60)}…, received ${received.slice(0, 60)}…`);
        return `${numbers.split(" ").length} numbers, ${kilobytes(text.length)}`;
      },
    ];
  }
  yield [
    "the file for pages gives the numbers of Node",
    async (context) => {
      const { program, numbers } = await programIn(context);
      const page = `import * as all from "./node_modules/stillpoint/${filesNamed({ jsdelivr: context.manifest.jsdelivr })[0]}";
      const { grad, jit, mean, mul, random, square, sub, tanh, tensor, ...rooms } = all;
      const { fractional: { solveCaputo }, nn: { mlp }, optim: { adam }, special: { mittagLeffler } } = rooms;`;
      const file = join(context.empty, "page.mjs");
      writeFileSync(file, page + readFileSync(program, "utf8").replace(/^import .*$/gm, ""));
      const received = await runNode(context.empty, file);
      if (received !== numbers)
        throw new Error(`expected ${numbers.slice(0, 60)}…, received ${received.slice(0, 60)}…`);
      return `${numbers.split(" ").length} numbers`;
    },
  ];
}

function* sizes() {
  yield [
    "what is not imported is not bundled",
    async (context) => {
      const { build } = await import("esbuild");
      const rows = [];
      for (const [name, contents] of Object.entries(programs)) {
        const stdin = { contents, resolveDir: context.empty };
        const { outputFiles } = await build({
          stdin,
          bundle: true,
          minify: true,
          format: "esm",
          write: false,
          logLevel: "silent",
        });
        rows.push([name, outputFiles[0].contents.length, gzipSync(outputFiles[0].contents, { level: 9 }).length]);
      }
      const page = readFileSync(join(context.folder, filesNamed({ jsdelivr: context.manifest.jsdelivr })[0]));
      rows.push(["the file for pages", page.length, gzipSync(page, { level: 9 }).length]);
      console.log(`${"imported".padEnd(30)}  minified   gzipped`);
      for (const [name, ...bytes] of rows)
        console.log(`${name.padEnd(30)} ${bytes.map((b) => kilobytes(b).padStart(9)).join(" ")}`);
      refuse(problemsOfSizes(Object.fromEntries(rows.map(([name, , gzipped]) => [name, gzipped]))));
      return `${rows.length} sizes in the ratios expected`;
    },
  ];
}

function* linters() {
  yield [
    "publint",
    async ({ folder }) => {
      const { publint } = await import("publint");
      const { formatMessage } = await import("publint/utils");
      const { messages, pkg } = await publint({ pkgDir: folder, pack: false });
      refuse(messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code));
      return "no error, warning or suggestion";
    },
  ];
  yield [
    "attw, but for what is said of every package of ES modules",
    async ({ archive }) => {
      const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
      const report = await checkPackage(createPackageFromTarballData(readFileSync(archive)));
      refuse(problemsOfTypes(report));
      return `${Object.keys(report.entrypoints).length} entry points`;
    },
  ];
}

const groups = { files, modules, types, bundles, sizes, linters };
export const groupNames = Object.keys(groups);

/** The checks of the named groups, for one published package. */
export const checksOf = (names, context) => names.flatMap((name) => [...groups[name](context)]);
