// How long does an import take, and how many bytes does a page load?
//
// Every import runs in a fresh process, which times itself; the processes take turns. What an empty module takes is
// subtracted, round by round. Sizes are bundled and minified by esbuild, once more by terser, and gzipped.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { type Spread, showMachine, spread } from "./measure.js";
import { inPeers } from "./peers.js";
import { publish, roundsOf, type Target } from "./results.js";

const rounds = roundsOf(15);
const installed = existsSync(inPeers("node_modules"));
const folder = mkdtempSync(join(tmpdir(), "start-up-"));
const empty = join(folder, "empty.mjs");
writeFileSync(empty, "");

interface Import {
  readonly name: string;
  /** Statements of a module; it is timed from before its imports to its end. */
  readonly code: string;
  readonly from: string;
}

const here = inPeers("..", "..");
const none: Import = {
  name: "an empty module",
  code: `await import(${JSON.stringify(pathToFileURL(empty).href)});`,
  from: here,
};
const root: Import = { name: "stillpoint", code: 'await import("stillpoint");', from: here };
const multiply = "matmul(ones([64, 64]), ones([64, 64])).data;";
const product: Import = {
  name: "stillpoint, and a product in WebAssembly",
  code: `const { matmul, ones } = await import("stillpoint"); ${multiply}`,
  from: here,
};
/** The library as a page would load it, in one file. */
const bundled = join(folder, "bundled.mjs");
const bundledUrl = JSON.stringify(pathToFileURL(bundled).href);
const oneFile: readonly Import[] = [
  { name: "stillpoint in one file", code: `await import(${bundledUrl});`, from: here },
  {
    name: "stillpoint in one file, and a product",
    code: `const { matmul, ones } = await import(${bundledUrl}); ${multiply}`,
    from: here,
  },
];
const parts = (...names: readonly string[]): Import[] =>
  names.map((name) => ({ name: `stillpoint/${name}`, code: `await import("stillpoint/${name}");`, from: here }));
const stub = "globalThis.Float16Array ??= class {}; ";
const jax = 'const { init, numpy: np } = await import("@jax-js/jax");';
const peers: readonly Import[] = [
  { name: "jax-js", code: `${stub}${jax}`, from: inPeers() },
  {
    name: "jax-js, and a product",
    code: `${stub}${jax} await init("wasm"); np.matmul(np.ones([64, 64]), np.ones([64, 64])).dataSync();`,
    from: inPeers(),
  },
  {
    name: "tfjs core and cpu",
    code: 'await import("@tensorflow/tfjs-core"); await import("@tensorflow/tfjs-backend-cpu");',
    from: inPeers(),
  },
  { name: "tfjs", code: 'await import("@tensorflow/tfjs");', from: inPeers() },
  {
    name: "tfjs, its wasm backend, and a product",
    code:
      'const { default: tf } = await import("@tensorflow/tfjs"); await import("@tensorflow/tfjs-backend-wasm");' +
      ' await tf.setBackend("wasm"); tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).dataSync();',
    from: inPeers(),
  },
];

/** Milliseconds, as a fresh process measures them. */
function timeImport({ code, from }: Import): number {
  const program = `const begin = performance.now(); ${code} process.stdout.write(String(performance.now() - begin)); process.exit(0);`;
  const parameters = ["--input-type=module", "--eval", program];
  return Number(
    execFileSync(process.execPath, parameters, { cwd: from, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
}

function publishImports(): void {
  const imports = [none, root, product, ...oneFile, ...parts("fractional", "nn", "optim"), ...(installed ? peers : [])];
  const times = new Map<Import, number[]>(imports.map((one) => [one, []]));
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < imports.length; i++) {
      const one = imports[(i + round + 1) % imports.length];
      const milliseconds = timeImport(one);
      if (round >= 0) times.get(one)?.push(milliseconds);
    }
  }
  const nothing = times.get(none) ?? [];
  const above = (one: Import): Spread => spread((times.get(one) ?? []).map((time, round) => time - nothing[round]));
  const target = (one: Import): Target => ({
    claim: `${one.name}: milliseconds above an empty module`,
    bound: 15,
    side: "at most",
    reached: above(one),
  });
  publish({
    name: "imports",
    title: `Imports in fresh processes: ms, median [min..max] of ${rounds} rounds`,
    heading: ["", "ms", "above an empty module"],
    rows: imports.map((one) => [one.name, spread(times.get(one) ?? []), one === none ? "" : above(one)]),
    notes: [
      "A product is one of two matrices of 64 × 64, which starts WebAssembly.",
      ...(installed ? [] : ["The peers are not there: npm run bench:peers"]),
    ],
    targets: [root, product, ...oneFile].map(target),
    figure: {
      kind: "bars",
      caption: "Imports in fresh processes: time above that of an empty module; the axis is logarithmic.",
      x: "",
      y: "ms above an empty module",
      points: imports.slice(1).map((one) => ({ series: "import", x: one.name, y: above(one) })),
    },
  });
}

interface Bundle {
  readonly name: string;
  readonly code: string;
  readonly from: string;
}

const own: readonly Bundle[] = [
  {
    name: "stillpoint, a gradient of a layer",
    code: 'export { grad, tensor, add, matmul, tanh } from "stillpoint";',
    from: here,
  },
  { name: "stillpoint", code: 'export * from "stillpoint";', from: here },
  {
    name: "stillpoint with fractional, nn and optim",
    code: ["", "/fractional", "/nn", "/optim"].map((part) => `export * from "stillpoint${part}";`).join(""),
    from: here,
  },
];
const others: readonly Bundle[] = [
  { name: "jax-js", code: 'export * from "@jax-js/jax";', from: inPeers() },
  {
    name: "tfjs core and cpu",
    code: 'export * from "@tensorflow/tfjs-core"; import "@tensorflow/tfjs-backend-cpu";',
    from: inPeers(),
  },
  { name: "tfjs", code: 'export * from "@tensorflow/tfjs";', from: inPeers() },
  {
    name: "tfjs and its wasm backend, without its binaries",
    code: 'export * from "@tensorflow/tfjs"; import "@tensorflow/tfjs-backend-wasm";',
    from: inPeers(),
  },
];

async function minified({ code, from }: Bundle): Promise<string> {
  const bundle = await build({
    stdin: { contents: code, resolveDir: from, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    // Some peers mention modules that exist in Node only.
    external: [
      "node:*",
      "fs",
      "path",
      "os",
      "crypto",
      "util",
      "worker_threads",
      "perf_hooks",
      "module",
      "url",
      "string_decoder",
    ],
    write: false,
    logLevel: "error",
  });
  const { code: text = "" } = await minify(bundle.outputFiles[0].text, { module: true, compress: { passes: 3 } });
  return text;
}

const sizesOf = (file: string | Uint8Array): readonly [plain: string, zipped: string] => {
  const kilobytes = (length: number): string => (length / 1024).toFixed(1);
  return [kilobytes(Buffer.byteLength(file)), kilobytes(gzipSync(file, { level: 9 }).length)];
};

async function publishSizes(): Promise<void> {
  const rows: string[][] = [];
  for (const bundle of [...own, ...(installed ? others : [])]) {
    rows.push([bundle.name, ...sizesOf(await minified(bundle))]);
  }
  const binary = inPeers("node_modules", "@tensorflow", "tfjs-backend-wasm", "dist", "tfjs-backend-wasm-simd.wasm");
  if (existsSync(binary)) {
    rows.push(["tfjs's binary for SIMD", ...sizesOf(readFileSync(binary))]);
  }
  publish({
    name: "sizes",
    title: "What a page loads, in kB of 1024 bytes",
    heading: ["", "minified", "and gzipped"],
    rows,
    notes: ["The limits of the library's own sizes are tested in test/size.test.ts."],
  });
}

console.log(`Start-up. ${showMachine()}`);
try {
  writeFileSync(bundled, await minified({ name: "", code: 'export * from "stillpoint";', from: here }));
  publishImports();
  await publishSizes();
} finally {
  rmSync(folder, { recursive: true });
}
