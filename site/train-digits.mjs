// What made the weights of the lab's digits?
//
//   node train-digits.mjs     writes digits/weights.safetensors and digits/held-out.json; half a minute
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const theme = join(dirname(fileURLToPath(import.meta.url)), ".vitepress");
const digits = join(theme, "theme", "lab", "digits");
const program = join(theme, "cache", "learn-digits.mjs");

mkdirSync(dirname(program), { recursive: true });
await build({
  entryPoints: [join(digits, "learn.ts")],
  outfile: program,
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  // Not the paths of the repository's own configuration, which lead to src/.
  tsconfigRaw: {},
});
const { learn } = await import(program);
const { weights, heldOut } = learn(console.log);
writeFileSync(join(digits, "weights.safetensors"), weights);
writeFileSync(join(digits, "held-out.json"), `${JSON.stringify(heldOut, null, 1)}\n`);
console.log(`${heldOut.right} of ${heldOut.tested} digits recognised; ${weights.length} bytes of weights`);
