// How are programs bundled, checked and run?
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** What Node prints. @throws with what it complained about */
export async function runNode(cwd, ...given) {
  const { stdout } = await execute(process.execPath, given, { cwd, timeout: 120_000 });
  return stdout.trim();
}

/** A copy of a file of the consumer's inside a project. */
export function copyInto(project, file) {
  const copy = join(project, basename(file));
  copyFileSync(file, copy);
  return copy;
}

/** The messages of TypeScript for one file of a project. */
export async function typeErrors(project, file, options) {
  const { default: ts } = await import("typescript");
  const given = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: "ES2022",
    types: [],
    ...options,
  };
  const { options: read, errors } = ts.convertCompilerOptionsFromJson(given, project);
  const diagnostics = [...errors, ...ts.getPreEmitDiagnostics(ts.createProgram([file], read))];
  return diagnostics.map(
    (each) => `${basename(each.file?.fileName ?? "")} ${ts.flattenDiagnosticMessageText(each.messageText, " ")}`,
  );
}

/** Bundlers: each writes one file for browsers from a file of a project. */
export const bundlers = {
  async esbuild(project, input, outfile) {
    const { build } = await import("esbuild");
    await build({
      absWorkingDir: project,
      entryPoints: [input],
      outfile,
      bundle: true,
      format: "esm",
      minify: true,
      logLevel: "silent",
    });
  },
  async rollup(project, input, outfile) {
    const { rollup } = await import("rollup");
    const { default: resolve } = await import("@rollup/plugin-node-resolve");
    const warnings = [];
    const bundle = await rollup({
      input,
      plugins: [resolve({ browser: true, rootDir: project })],
      // Operations and the rules that are written in them import each other.
      onwarn: ({ code, message }) => code !== "CIRCULAR_DEPENDENCY" && warnings.push(message),
    });
    await bundle.write({ file: outfile, format: "esm" });
    if (warnings.length > 0) throw new Error(warnings.join("; "));
  },
  async vite(project, input, outfile) {
    const { build } = await import("vite");
    await build({
      root: project,
      configFile: false,
      logLevel: "error",
      build: {
        outDir: join(outfile, ".."),
        emptyOutDir: false,
        lib: { entry: input, formats: ["es"], fileName: () => basename(outfile) },
      },
    });
  },
};

/** The file that a bundler makes of a program. */
export async function bundle(bundler, project, input) {
  const folder = join(project, `bundled-by-${bundler}`);
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${basename(input, ".mjs")}.mjs`);
  await bundlers[bundler](project, input, outfile);
  return outfile;
}
