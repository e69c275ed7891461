// How is work that was done kept, so that a program which was stopped goes on from it bit for bit?
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { loadTraining, saveTraining } from "stillpoint/io";
import { inLibrary } from "./repository.js";

/** A checkpoint from which this program cannot go on. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

/** A state, and the steps behind it. */
export interface Reached<S> {
  readonly step: number;
  readonly state: S;
}

/** The files of a folder; what is read was written by the same program with the same settings. */
export interface Checkpoints {
  writeState(name: string, reached: Reached<object>, settings: object): void;
  /** The state of a name if there is one; its form has to be that of `like`. @throws CheckpointError */
  readState<S extends object>(name: string, like: S, settings: object): Reached<S> | undefined;
  writeParts(parts: ReadonlyMap<string, unknown>): void;
  /** Results by name, as they were written last; none at first. @throws CheckpointError */
  readParts(): Map<string, unknown>;
  /** Removes what was written or read, and the folder if nothing else is in it. */
  remove(): void;
}

/** Written beside and then renamed: a process that ends meanwhile leaves the last one whole. */
function replaceFile(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
}

/** A file of scripts counts by its name and its text. */
const scriptsOf = (folder: string): (readonly [string, Buffer])[] =>
  (existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [])
    .filter((file) => /\.[jt]s$/.test(file))
    .sort()
    .map((file) => [file, readFileSync(join(folder, file))]);

/** Another number for another program: the scripts of the example and those it shares, the built library, and the settings. */
function programNumber(example: string, settings: object): number {
  const hash = createHash("sha256").update(JSON.stringify(settings));
  const shared = dirname(fileURLToPath(import.meta.url));
  for (const folder of [join(shared, "..", example), shared, inLibrary("dist", "node")])
    for (const [file, text] of scriptsOf(folder)) hash.update(file).update(text);
  return Number.parseInt(hash.digest("hex").slice(0, 12), 16);
}

/** The checkpoints of an example, in a folder that holds nothing else. */
export function checkpointsIn(folder: string, example: string): Checkpoints {
  const fileOf = (name: string): string => join(folder, `${name.replaceAll(/[ ,]+/g, "-")}.safetensors`);
  const partsFile = join(folder, "parts");
  const used = new Set<string>();
  const numbers = new Map<string, number>();
  function program(settings: object): number {
    const key = JSON.stringify(settings);
    const number = numbers.get(key) ?? programNumber(example, settings);
    numbers.set(key, number);
    return number;
  }

  function write(file: string, bytes: Uint8Array): void {
    used.add(file);
    replaceFile(file, bytes);
  }

  /** What a file holds, if it is there and this program wrote it. */
  function read<T extends { readonly program: number }>(
    file: string,
    settings: object,
    decode: (bytes: Uint8Array) => T,
  ): T | undefined {
    if (!existsSync(file)) return undefined;
    used.add(file);
    const remedy = `remove ${relative(process.cwd(), folder)} to begin anew`;
    let found: T;
    try {
      found = decode(readFileSync(file));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CheckpointError(`${relative(process.cwd(), file)} cannot be read: ${remedy} (${why})`, { cause });
    }
    if (found.program === program(settings)) return found;
    throw new CheckpointError(
      `${relative(process.cwd(), file)} was written by another version of the program, or with other settings: ${remedy}`,
    );
  }

  return {
    writeState: (name, { step, state }, settings) =>
      write(fileOf(name), saveTraining({ program: program(settings), step, state })),
    readState: (name, like, settings) =>
      read(fileOf(name), settings, (bytes) => loadTraining(bytes, { program: 0, step: 0, state: like })),
    writeParts: (parts) => write(partsFile, serialize({ program: program({}), parts })),
    readParts: () =>
      read(partsFile, {}, (bytes) => deserialize(bytes) as { program: number; parts: Map<string, unknown> })?.parts ??
      new Map(),
    remove() {
      for (const file of used) for (const path of [file, `${file}.part`]) rmSync(path, { force: true });
      if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
    },
  };
}
