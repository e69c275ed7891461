// Is there WebAssembly, and is it wanted?

export type Run = (...integers: number[]) => void;

/** What of the engine's WebAssembly is used; the language itself does not promise that it is there. */
export interface Engine {
  readonly Memory: new (size: { initial: number; maximum?: number; shared?: boolean }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

/** A memory of WebAssembly. The buffer of one that is shared stays valid when it grows. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Functions and the memory they work on. */
export interface Instance<Name extends string> {
  readonly run: Readonly<Record<Name, Run>>;
  readonly memory: Float64Array;
  /** The functions of another module, at work on the same memory. */
  more(bytes: Uint8Array): Readonly<Record<Name, Run>>;
  /** So much of the memory, from where results begin. What was asked for before is not made again. */
  results(length: number): Float64Array;
}

export const PAGE = 65536;

export const engineHere = (): Engine | undefined => (globalThis as { WebAssembly?: Engine }).WebAssembly;

/** The functions of a module at work on a memory. @throws where the engine refuses. */
export function callables(engine: Engine, bytes: Uint8Array, memory: Memory): Readonly<Record<string, Run>> {
  const imports = { memory: { it: memory } };
  return new engine.Instance(new engine.Module(bytes), imports).exports as Record<string, Run>;
}

/**
 * The module at work on a memory of so many numbers, in which results begin at `resultsStart`; nothing where the engine has no
 * WebAssembly or none of these instructions, or where a page's security policy forbids to compile.
 */
export function instantiate<Name extends string>(
  bytes: Uint8Array,
  numbers: number,
  resultsStart: number,
  engine: Engine | undefined = engineHere(),
): Instance<Name> | undefined {
  try {
    if (engine === undefined) return undefined;
    const it = new engine.Memory({ initial: Math.ceil((8 * numbers) / PAGE) });
    const more = (its: Uint8Array) => callables(engine, its, it) as Record<Name, Run>;
    const run = more(bytes);
    const memory = new Float64Array(it.buffer);
    return { run, memory, more, results: rememberParts(memory.subarray(resultsStart)) };
  } catch {
    return undefined;
  }
}

function rememberParts(all: Float64Array): (length: number) => Float64Array {
  const parts = new Map<number, Float64Array>();
  return (length) => {
    let part = parts.get(length);
    if (part === undefined) {
      if (parts.size >= 100) parts.clear();
      part = all.subarray(0, length);
      parts.set(length, part);
    }
    return part;
  };
}

let wanted = true;

/**
 * Whether large products may run in WebAssembly, for the whole program; they do unless this says false. The results have
 * the same bits.
 *
 * @example setWebAssembly(true) // → undefined
 */
export function setWebAssembly(use: boolean): void {
  wanted = use;
}

export const webAssemblyIsWanted = (): boolean => wanted;
