// Which instructions of WebAssembly do the kernels use?
//
// The machine has a stack: get pushes a local, plus takes two integers and pushes their sum. Source: W3C (2022),
// WebAssembly Core Specification 2.0, section 5.4.
import { type Code, type FunctionSource, functionOf, INTEGER, signed, unsigned, VECTOR } from "./encoding.js";

/** The locals of a function that is being written. */
export interface Scope {
  /** A new integer, or a new vector of two float64 numbers; both begin as 0. */
  integer(): number;
  vector(): number;
  /** Writes code that stands before what is returned. */
  write(...code: readonly Code[]): void;
  /** Computes a vector now, to be read more than once. */
  keep(value: Code): Code;
}

/** A function of so many integers; `write` is given their places and what it writes to. */
export function makeFunction(
  parameters: number,
  write: (scope: Scope, ...parameters: number[]) => void,
): FunctionSource {
  const locals: number[] = [];
  const body: Code[] = [];
  const local = (type: number): number => parameters + locals.push(type) - 1;
  const scope: Scope = {
    integer: () => local(INTEGER),
    vector: () => local(VECTOR),
    write: (...code) => {
      body.push(...code);
    },
    keep(value) {
      const place = local(VECTOR);
      body.push(value, set(place));
      return get(place);
    },
  };
  write(scope, ...Array.from({ length: parameters }, (_, i) => i));
  return functionOf(parameters, locals, body);
}

/** What `write` writes, as code of its own: the body of a loop. */
export function gathered(scope: Scope, write: (inside: Scope) => void): Code {
  const body: Code[] = [];
  write({
    ...scope,
    write: (...code) => {
      body.push(...code);
    },
    keep(value) {
      const place = scope.vector();
      body.push(value, set(place));
      return get(place);
    },
  });
  return body;
}

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number): Code => [0x21, unsigned(local)];
/** Writes the local and leaves the value on the stack. */
const tee = (local: number): Code => [0x22, unsigned(local)];
export const integer = (n: number): Code => [0x41, signed(n)];
const plus = 0x6a;
const onIntegers =
  (operation: number) =>
  (x: Code, y: Code): Code => [x, y, operation];
export const plusInteger: (x: Code, y: Code) => Code = /* @__PURE__ */ onIntegers(plus);
export const minusInteger: (x: Code, y: Code) => Code = /* @__PURE__ */ onIntegers(0x6b);
export const timesInteger: (x: Code, y: Code) => Code = /* @__PURE__ */ onIntegers(0x6c);
/** Without a remainder, of integers that are not negative. */
export const quotientOfIntegers: (x: Code, y: Code) => Code = /* @__PURE__ */ onIntegers(0x6e);
/** 1 or 0. */
export const sameInteger: (x: Code, y: Code) => Code = /* @__PURE__ */ onIntegers(0x46);
export const lessInteger: (x: Code, y: Code) => Code = /* @__PURE__ */ onIntegers(0x48);

/** Calls the function at this place of the module with what the operands push. */
export const call = (place: number, ...operands: readonly Code[]): Code => [operands, [0x10, unsigned(place)]];

/** An integer divided by 2ⁿ, and what is left over. */
export const dividedBy = (n: number, x: Code): Code => [x, integer(n), 0x76];
export const remainderBy = (n: number, x: Code): Code => [x, integer(2 ** n - 1), 0x71];
/** One of two integers, as the condition is not 0 or 0. */
export const select = (condition: Code, x: Code, y: Code): Code => [x, y, condition, 0x1b];

/** Float64 numbers in memory: the address is on the stack, `offset` bytes are added to it. */
export const loadNumber = (offset: number): Code => [0x2b, 3, unsigned(offset)];
export const storeNumber = (offset: number): Code => [0x39, 3, unsigned(offset)];

/** Vectors of two float64 numbers. */
const vector = (operation: number, ...rest: Code[]): Code => [0xfd, unsigned(operation), rest];
export const loadVector = (offset: number): Code => vector(0x00, 3, unsigned(offset));
/** Both halves are the one number in memory. */
export const loadTwice = (offset: number): Code => vector(0x0a, 3, unsigned(offset));
/** The second half is 0. */
export const loadHalf = (offset: number): Code => vector(0x5d, 3, unsigned(offset));
/** The vector on the stack with its second half from memory. */
export const loadSecond = (offset: number): Code => vector(0x57, 3, unsigned(offset), 1);
export const storeVector = (offset: number): Code => vector(0x0b, 3, unsigned(offset));
export const storeHalf = (offset: number): Code => vector(0x5b, 3, unsigned(offset), 0);
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

/** Does the body, and again as long as it leaves something else than 0 on the stack. */
export const again = (...body: readonly Code[]): Code => [loopStart, noResult, body, branchIf(0), end];

/** One of two bodies, as what the condition pushes is not 0 or 0. */
export const choose = (condition: Code, then: Code, otherwise: Code): Code => [
  [condition, ifStart, noResult, then],
  [otherwiseStart, otherwise, end],
];

/** Does the body if what the condition pushes is not 0. */
export const when = (condition: Code, ...then: readonly Code[]): Code => [condition, ifStart, noResult, then, end];

/** Integers in memory that several threads share; the address is a constant. Threads proposal, section "Instructions". */
const shared = (operation: number, address: number, ...operands: readonly Code[]): Code => [
  [integer(0), operands],
  [0xfe, operation, 2, unsigned(address)],
];
export const readShared = (address: number): Code => shared(0x10, address);
export const writeShared = (address: number, value: Code): Code => shared(0x17, address, value);
/** Adds, and pushes what was there before. */
export const addShared = (address: number, value: Code): Code => shared(0x1e, address, value);
/** Sleeps for so many nanoseconds at most, as long as the value is there; pushes why it woke up. */
export const sleepWhile = (address: number, value: Code, nanoseconds: number): Code =>
  shared(0x01, address, value, [0x42, signed(nanoseconds)]);
export const drop = 0x1a;

// Arithmetic on vectors as one writes it: an operand is what pushes a vector.

/** Both halves are x. */
export function twice(x: number): Code {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, x, true);
  return vector(0x0c, [...bytes], [...bytes]);
}

type Unary = (x: Code) => Code;
type Binary = (x: Code, y: Code) => Code;
const unary =
  (operation: number): Unary =>
  (x) => [x, vector(operation)];
const binary =
  (operation: number): Binary =>
  (x, y) => [x, y, vector(operation)];
export const sum: Binary = /* @__PURE__ */ binary(0xf0);
export const difference: Binary = /* @__PURE__ */ binary(0xf1);
export const product: Binary = /* @__PURE__ */ binary(0xf2);
export const quotient: Binary = /* @__PURE__ */ binary(0xf3);
/** NaN if one is NaN, as Math.min and Math.max give it; −0 is smaller than 0. */
export const smaller: Binary = /* @__PURE__ */ binary(0xf4);
export const larger: Binary = /* @__PURE__ */ binary(0xf5);
/** y where y < x, else x: so a NaN of x stays. */
export const smallerNumber: Binary = /* @__PURE__ */ binary(0xf6);
/** y where x < y, else x. */
export const largerNumber: Binary = /* @__PURE__ */ binary(0xf7);
export const and: Binary = /* @__PURE__ */ binary(0x4e);
export const or: Binary = /* @__PURE__ */ binary(0x50);
/** The bits in which they differ. */
export const unlike: Binary = /* @__PURE__ */ binary(0x51);
/** Comparisons give ones in all bits, or zeros. */
export const same: Binary = /* @__PURE__ */ binary(0x47);
export const different: Binary = /* @__PURE__ */ binary(0x48);
export const less: Binary = /* @__PURE__ */ binary(0x49);
export const greater: Binary = /* @__PURE__ */ binary(0x4a);
export const lessOrSame: Binary = /* @__PURE__ */ binary(0x4b);
export const greaterOrSame: Binary = /* @__PURE__ */ binary(0x4c);
export const size: Unary = /* @__PURE__ */ unary(0xec);
export const negative: Unary = /* @__PURE__ */ unary(0xed);
export const root: Unary = /* @__PURE__ */ unary(0xef);
export const floor: Unary = /* @__PURE__ */ unary(0x75);
export const ceiling: Unary = /* @__PURE__ */ unary(0x74);
/** To the nearest integer, to the even one of two. */
export const nearest: Unary = /* @__PURE__ */ unary(0x94);

/** x where the condition holds, y elsewhere. */
export const where = (condition: Code, x: Code, y: Code): Code => [x, y, condition, vector(0x52)];

/**
 * 2ⁿ for n = k + more, integers from −1022 to 1023: 3·2⁵¹ + 1023 + n has n + 1023 in its last bits, which are moved to where an
 * exponent stands.
 */
export const powerOfTwo = (k: Code, more = 0): Code => [
  sum(k, twice(3 * 2 ** 51 + 1023 + more)),
  integer(52),
  vector(0xcb),
];

/** c₀ + x·(c₁ + x·(c₂ + …)) */
export const series = (x: Code, [first, ...rest]: readonly number[]): Code =>
  rest.length === 0 ? twice(first) : sum(twice(first), product(x, series(x, rest)));
