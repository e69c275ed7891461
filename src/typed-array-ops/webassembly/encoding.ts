// How are the bytes of a WebAssembly module written?
//
// A module is a list of sections, each a number, its length and its content; a list is written as its length and its
// items. Source: W3C (2022), WebAssembly Core Specification 2.0, chapter 5, "Binary Format".

/** Bytes, in as many groups within groups as reads well. */
export type Code = number | readonly Code[];

/** A function without a result, whose parameters are integers of 32 bits. */
export interface FunctionSource {
  readonly parameters: number;
  /** Its locals and instructions. They are the same in every module, if no other function of the module is called. */
  readonly code: Uint8Array;
}

export const INTEGER = 0x7f;
export const VECTOR = 0x7b;

function bytesOf(code: Code, bytes: number[] = []): number[] {
  if (typeof code === "number") bytes.push(code);
  else for (const part of code) bytesOf(part, bytes);
  return bytes;
}

/** An integer from 0, seven bits to a byte, the lowest first; the eighth bit says that more follow (LEB128, section 5.2.2). */
export function unsigned(n: number): Code {
  return n < 128 ? n : [(n & 127) | 128, unsigned(n >>> 7)];
}

/** The same with a sign: what is missing is filled with the seventh bit of the last byte. */
export function signed(n: number): Code {
  return n >= -64 && n < 64 ? n & 127 : [(n & 127) | 128, signed(n >> 7)];
}

function sized(content: Code): Code {
  const bytes = bytesOf(content);
  return [unsigned(bytes.length), bytes];
}

const list = (items: readonly Code[]): Code => [unsigned(items.length), items];
const section = (id: number, items: readonly Code[]): Code => [id, sized(list(items))];
const text = (characters: string): Code => sized([...characters].map((character) => character.charCodeAt(0)));

/** The code of a function with locals of these types after its parameters. */
export const functionOf = (parameters: number, locals: readonly number[], body: Code): FunctionSource => ({
  parameters,
  code: Uint8Array.from(bytesOf(sized([list(locals.map((type) => [1, type])), body, 0x0b]))),
});

/**
 * The module of these functions, which work on a memory that is handed over as `memory.it`. A function calls another one of
 * them by its place in the list. Those with a name can be called from outside. A memory that threads share has at most
 * `sharedPages` pages.
 */
export function assemble(
  functions: readonly (readonly [name: string | undefined, source: FunctionSource])[],
  sharedPages?: number,
): Uint8Array {
  const magic = [0x00, 0x61, 0x73, 0x6d]; // "\0asm"
  const version = [1, 0, 0, 0];
  const counts = [...new Set(functions.map(([, { parameters }]) => parameters))];
  const types = counts.map((count) => [0x60, list(Array<Code>(count).fill(INTEGER)), list([])]);
  const limits = sharedPages === undefined ? [0, 1] : [3, 1, unsigned(sharedPages)]; // one page or more
  const imports = [[text("memory"), text("it"), 2, limits]];
  const typeOfEach = functions.map(([, { parameters }]) => unsigned(counts.indexOf(parameters)));
  const names = functions.flatMap(([name], i): Code[] => (name === undefined ? [] : [[text(name), 0, unsigned(i)]]));
  const count = bytesOf(unsigned(functions.length));
  const length = functions.reduce((sum, [, { code }]) => sum + code.length, count.length);
  const head = bytesOf([
    [magic, version],
    [section(1, types), section(2, imports), section(3, typeOfEach), section(7, names)],
    [10, unsigned(length), count], // the section of the code, which follows
  ]);
  const bytes = new Uint8Array(head.length + length - count.length);
  bytes.set(head);
  let end = head.length;
  for (const [, { code }] of functions) {
    bytes.set(code, end);
    end += code.length;
  }
  return bytes;
}
