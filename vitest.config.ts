import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const src = fileURLToPath(new URL("./src/", import.meta.url));
// A thread begins with a file, which Node has to understand: threads are tested as they are built.
const workers = fileURLToPath(new URL("./dist/node/workers.js", import.meta.url));

// The scripts of exported pages are texts that the build writes.
const engines = fileURLToPath(new URL("./dist/export/engines.js", import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^\.\/engines\.js$/, replacement: engines },
      { find: /^stillpoint$/, replacement: `${src}index.ts` },
      { find: /^stillpoint\/workers$/, replacement: workers },
      { find: /^stillpoint\/(.*)$/, replacement: `${src}$1/index.ts` },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    reporters: ["default", "json"],
    outputFile: { json: "build/test-results.json" },
  },
});
