// How are kernels for WebAssembly written down by hand?
//
// Source: W3C (2022), WebAssembly Core Specification 2.0, chapter 5, "Binary Format". The benchmarks import the built package only, which
// keeps its own assembler to itself.

export type Code = number | readonly Code[];

/** A function of integers without a result; after its parameters its locals are integers, then vectors of two numbers. */
export interface KernelSource {
  readonly name: string;
  readonly parameters: number;
  readonly integers: number;
  readonly vectors: number;
  readonly body: Code;
}

const flat = (code: Code): number[] => (typeof code === "number" ? [code] : code.flatMap(flat));
const unsigned = (n: number): Code => (n < 128 ? n : [(n & 127) | 128, unsigned(n >>> 7)]);
const signed = (n: number): Code => (n >= -64 && n < 64 ? n & 127 : [(n & 127) | 128, signed(n >> 7)]);
const sized = (content: Code): Code => {
  const bytes = flat(content);
  return [unsigned(bytes.length), bytes];
};
const list = (items: readonly Code[]): Code => [unsigned(items.length), items];
const section = (id: number, items: readonly Code[]): Code => [id, sized(list(items))];
const text = (word: string): Code => sized([...word].map((letter) => letter.charCodeAt(0)));
const [integerType, vectorType] = [0x7f, 0x7b];

/** What of the engine is used; the language itself does not promise that it is there. */
interface Engine {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

/** The kernels at work on a memory of so many numbers. */
export function instantiate(
  kernels: readonly KernelSource[],
  numbers: number,
): { readonly run: Readonly<Record<string, (...integers: number[]) => void>>; readonly memory: Float64Array } {
  const types = kernels.map(({ parameters }) => [0x60, list(Array<Code>(parameters).fill(integerType)), list([])]);
  const bodies = kernels.map(({ integers, vectors, body }) => {
    const locals = list([
      [unsigned(integers), integerType],
      [unsigned(vectors), vectorType],
    ]);
    return sized([locals, body, 0x0b]);
  });
  const bytes = flat([
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    [section(1, types), section(2, [[text("memory"), text("it"), 2, 0, 1]])],
    section(
      3,
      kernels.map((_, i) => unsigned(i)),
    ),
    section(
      7,
      kernels.map(({ name }, i) => [text(name), 0, unsigned(i)]),
    ),
    section(10, bodies),
  ]);
  const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
  const it = new engine.Memory({ initial: Math.ceil((8 * numbers) / 65536) });
  const { exports } = new engine.Instance(new engine.Module(Uint8Array.from(bytes)), { memory: { it } });
  const run = exports as Record<string, (...integers: number[]) => void>;
  return { run, memory: new Float64Array(it.buffer) };
}

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number): Code => [0x21, unsigned(local)];
const tee = (local: number): Code => [0x22, unsigned(local)];
export const integer = (n: number): Code => [0x41, signed(n)];
export const plus = 0x6a;
/** Moves a pointer by so many bytes, or by what a local holds. */
export const advance = (local: number, amount: Code): Code => [get(local), amount, plus, set(local)];
/** Does the body until the counter has counted down to 0: at least once. */
export const repeat = (counter: number, ...body: readonly Code[]): Code => [
  [0x03, 0x40, body],
  [get(counter), integer(-1), plus, tee(counter), 0x0d, 0, 0x0b],
];

const vector = (operation: number, ...rest: Code[]): Code => [0xfd, unsigned(operation), rest];
export const load = (offset: number): Code => vector(0x00, 3, unsigned(offset));
/** Both halves are the one number in memory. */
export const loadTwice = (offset: number): Code => vector(0x0a, 3, unsigned(offset));
export const store = (offset: number): Code => vector(0x0b, 3, unsigned(offset));
export const zeros: Code = vector(0x0c, Array<number>(16).fill(0));
export const add: Code = vector(0xf0);
export const multiply: Code = vector(0xf2);
export const larger: Code = vector(0xf7);
export const isGreater: Code = vector(0x4a);
export const and: Code = vector(0x4e);
