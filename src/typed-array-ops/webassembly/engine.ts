// Is there WebAssembly, and is it wanted?
import { exp } from "../elementary/exp.js";
import { tanh } from "../elementary/hyperbolic.js";

type Run = (...integers: number[]) => void;

/** What of the engine's WebAssembly is used; the language itself does not promise that it is there. */
export interface Engine {
  validate(bytes: Uint8Array): boolean;
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

/** Functions and the memory they work on. */
export interface Instance<Name extends string> {
  readonly run: Readonly<Record<Name, Run>>;
  readonly memory: Float64Array;
  /** So much of the memory, from where results begin. What was asked for before is not made again. */
  results(length: number): Float64Array;
}

const PAGE = 65536;

/**
 * The module at work on a memory of so many numbers, in which results begin at `resultsStart`; nothing where the engine has no WebAssembly or none of these
 * instructions, or where a page's security policy forbids to compile.
 */
export function instantiate<Name extends string>(
  bytes: Uint8Array,
  numbers: number,
  resultsStart: number,
  engine: Engine | undefined = (globalThis as { WebAssembly?: Engine }).WebAssembly,
): Instance<Name> | undefined {
  try {
    if (!engine?.validate(bytes)) return undefined;
    const it = new engine.Memory({ initial: Math.ceil((8 * numbers) / PAGE) });
    const { exports } = new engine.Instance(new engine.Module(bytes), {
      ...{ memory: { it }, numbers: { exp, tanh } },
    });
    const memory = new Float64Array(it.buffer);
    return { run: exports as Record<Name, Run>, memory, results: rememberParts(memory.subarray(resultsStart)) };
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
