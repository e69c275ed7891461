// How are the bytes of a WebAssembly module written?
//
// A module is a list of sections, each a number, its length and its content; a list is written as its length and its
// items. Source: W3C (2022), WebAssembly Core Specification 2.0, chapter 5, "Binary Format".

/** Bytes, in as many groups within groups as reads well. */
export type Code = number | readonly Code[];

/** A function without a result. All parameters are integers of 32 bits; the locals after them are such integers, then vectors. */
export interface FunctionSource {
  readonly name: string;
  readonly parameters: number;
  readonly integers: number;
  readonly vectors: number;
  readonly body: Code;
}

const INTEGER = 0x7f;
const VECTOR = 0x7b;

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

/** The module of these functions, which work on a memory that is handed over as `memory.it`. */
export function assemble(functions: readonly FunctionSource[]): Uint8Array {
  const magic = [0x00, 0x61, 0x73, 0x6d]; // "\0asm"
  const version = [1, 0, 0, 0];
  const types = functions.map(({ parameters }) => [0x60, list(Array<Code>(parameters).fill(INTEGER)), list([])]);
  const memory = [text("memory"), text("it"), 2, 0, 1]; // at least one page
  const typeOfEach = functions.map((_, i) => unsigned(i));
  const names = functions.map(({ name }, i) => [text(name), 0, unsigned(i)]);
  const bodies = functions.map(({ integers, vectors, body }) => {
    const locals = list([
      [unsigned(integers), INTEGER],
      [unsigned(vectors), VECTOR],
    ]);
    return sized([locals, body, 0x0b]);
  });
  return Uint8Array.from(
    bytesOf([
      [magic, version],
      [section(1, types), section(2, [memory]), section(3, typeOfEach), section(7, names), section(10, bodies)],
    ]),
  );
}
