// Which instructions of WebAssembly do the kernels use?
//
// The machine has a stack: get pushes a local, plus takes two integers and pushes their sum. Source: W3C (2022),
// WebAssembly Core Specification 2.0, section 5.4.
import { type Code, signed, unsigned } from "./encoding.js";

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number): Code => [0x21, unsigned(local)];
/** Writes the local and leaves the value on the stack. */
const tee = (local: number): Code => [0x22, unsigned(local)];
export const integer = (n: number): Code => [0x41, signed(n)];
const plus = 0x6a;

/** Float64 numbers in memory: the address is on the stack, `offset` bytes are added to it. */
export const loadNumber = (offset: number): Code => [0x2b, 3, unsigned(offset)];
export const storeNumber = (offset: number): Code => [0x39, 3, unsigned(offset)];

/** Vectors of two float64 numbers. */
const vector = (operation: number, ...rest: Code[]): Code => [0xfd, unsigned(operation), rest];
export const loadVector = (offset: number): Code => vector(0x00, 3, unsigned(offset));
/** Both halves are the one number in memory. */
export const loadTwice = (offset: number): Code => vector(0x0a, 3, unsigned(offset));
export const storeVector = (offset: number): Code => vector(0x0b, 3, unsigned(offset));
export const zeros = (): Code => vector(0x0c, Array<number>(16).fill(0));
export const addVectors = (): Code => vector(0xf0);
export const multiplyVectors = (): Code => vector(0xf2);

/** local += what `amount` pushes */
export const advance = (local: number, amount: Code): Code => [get(local), amount, plus, set(local)];

const [loopStart, ifStart, otherwiseStart, end, noResult] = [0x03, 0x04, 0x05, 0x0b, 0x40];
const branchIf = (depth: number): Code => [0x0d, depth];

/** Does the body until the counter has counted down to 0: at least once. */
export const repeat = (counter: number, ...body: readonly Code[]): Code => [
  [loopStart, noResult, body],
  [get(counter), integer(-1), plus, tee(counter), branchIf(0), end],
];

/** One of two bodies, as the local is not 0 or 0. */
export const choose = (local: number, then: Code, otherwise: Code): Code => [
  [get(local), ifStart, noResult, then],
  [otherwiseStart, otherwise, end],
];
