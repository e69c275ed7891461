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

// Arithmetic on vectors as one writes it: an operand is what pushes a vector.

/** Both halves are x. */
export function twice(x: number): Code {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, x, true);
  return vector(0x0c, [...bytes], [...bytes]);
}

const binary =
  (operation: number) =>
  (x: Code, y: Code): Code => [x, y, vector(operation)];
export const sum: (x: Code, y: Code) => Code = /* @__PURE__ */ binary(0xf0);
export const difference: (x: Code, y: Code) => Code = /* @__PURE__ */ binary(0xf1);
export const product: (x: Code, y: Code) => Code = /* @__PURE__ */ binary(0xf2);
export const quotient: (x: Code, y: Code) => Code = /* @__PURE__ */ binary(0xf3);
export const and: (x: Code, y: Code) => Code = /* @__PURE__ */ binary(0x4e);
export const or: (x: Code, y: Code) => Code = /* @__PURE__ */ binary(0x50);
export const less: (x: Code, y: Code) => Code = /* @__PURE__ */ binary(0x49);
export const not = (x: Code): Code => [x, vector(0x4d)];
export const size = (x: Code): Code => [x, vector(0xec)];
export const negative = (x: Code): Code => [x, vector(0xed)];
export const floor = (x: Code): Code => [x, vector(0x75)];

/** x where the condition holds, y elsewhere. */
export const where = (condition: Code, x: Code, y: Code): Code => [x, y, condition, vector(0x52)];

/**
 * 2ᵏ for integers k from −1022 to 1023: 3·2⁵¹ + 1023 + k has k + 1023 in its last bits, which are moved to where an exponent
 * stands.
 */
export const powerOfTwo = (k: Code): Code => [sum(k, twice(3 * 2 ** 51 + 1023)), integer(52), vector(0xcb)];

/** c₀ + x·(c₁ + x·(c₂ + …)) */
export const series = (x: Code, [first, ...rest]: readonly number[]): Code =>
  rest.length === 0 ? twice(first) : sum(twice(first), product(x, series(x, rest)));
