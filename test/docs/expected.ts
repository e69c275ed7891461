// Does a value agree with the one that a document wrote down?

/** What stands behind the arrow: a value, or the error that the line throws. */
export type Expected =
  | { readonly kind: "value"; readonly written: Written }
  | { readonly kind: "throws"; readonly name: string; readonly text: string };

/** A list, or one value with its text, which tells how many digits were written. */
export type Written = { readonly elements: readonly Written[] } | { readonly value: unknown; readonly text: string };

/** Reads `[1, 2.5]`, `"text"`, `-0`, `throws ShapeError: part of its message…` and the like. @throws SyntaxError */
export function parseExpected(text: string): Expected {
  const thrown = /^throws (\w+)(?::\s*(.*?))?(?:…|\.\.\.)?$/s.exec(text.trim());
  if (thrown) return { kind: "throws", name: thrown[1], text: thrown[2] ?? "" };
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\],]|[^\s"[\],]+|\S/g) ?? [];
  const written = readValue(tokens);
  if (written === undefined || tokens.length > 0) {
    throw new SyntaxError(`→ ${text}: expected one value, such as 0.25, [1, 2] or "text", or throws SomeError: …`);
  }
  return { kind: "value", written };
}

const words = new Map<string, unknown>([
  ["undefined", undefined],
  ["true", true],
  ["false", false],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** Takes the tokens of one value from the front; nothing if there is none. @throws SyntaxError for anything but values */
function readValue(tokens: string[]): Written | undefined {
  const text = tokens.shift();
  if (text === undefined || text === "]" || text === ",") return undefined;
  if (text !== "[") return { value: readLiteral(text), text };
  const elements: Written[] = [];
  while (tokens[0] !== "]") {
    if (elements.length > 0 && tokens.shift() !== ",") return undefined;
    const element = readValue(tokens);
    if (element === undefined) return undefined;
    elements.push(element);
  }
  tokens.shift();
  return { elements };
}

function readLiteral(text: string): unknown {
  if (/^-?(\d[\d_]*(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text.replaceAll("_", ""));
  if (/^"./.test(text)) return JSON.parse(text);
  if (words.has(text)) return words.get(text);
  throw new SyntaxError(`→ ${text}: expected numbers, strings, true, false, undefined and arrays of them`);
}

/**
 * What is wrong with a received value; nothing if it is as written.
 *
 * Numbers agree to 1e-12, relatively. A number of at least four digits, or with an exponent, may be written shortened:
 * then the received one is rounded to as many digits. Shorter ones, and integers, are taken as exact: rounding to one
 * digit would let 0.46 pass for 0.5.
 */
export function disagreement(received: unknown, written: Written, at = "the value"): string | undefined {
  const list = ArrayBuffer.isView(received) ? Array.from(received as Float64Array) : received;
  if ("elements" in written) {
    if (!Array.isArray(list)) return `${at} is ${show(received)}, not an array`;
    const { elements } = written;
    if (list.length !== elements.length) return `${at} has ${list.length} entries, not ${elements.length}`;
    const wrong = elements.map((element, i) => disagreement(list[i], element, `${at}[${i}]`));
    return wrong.find((reason) => reason !== undefined);
  }
  const expected = written.value;
  if (typeof expected !== "number" || typeof received !== "number" || Object.is(expected, received)) {
    return Object.is(expected, received) ? undefined : `${at} is ${show(received)}, not ${show(expected)}`;
  }
  if (expected === 0) return `${at} is ${show(received)}, not ${show(expected)}`;
  if (Math.abs(received - expected) <= 1e-12 * Math.abs(expected)) return undefined;
  const { digits, mayBeShort } = precisionOf(written.text.replace(/^-/, ""));
  const rounded = Number.isFinite(received) && digits <= 12 && Number(received.toPrecision(digits)) === expected;
  if (rounded && mayBeShort) return undefined;
  return rounded
    ? `${at} is ${received}, not exactly ${expected}: write at least four digits, or all of them`
    : `${at} is ${received}, not ${expected}`;
}

/** What a claimed expression gave or threw, and what is wrong with that; no reason if it is as written. */
export interface Verdict {
  readonly received: unknown;
  readonly reason: string | undefined;
}

/** Evaluates what a claim is about. What it throws against expectation is not caught. */
export async function judge(expected: Expected, evaluate: () => Promise<unknown>): Promise<Verdict> {
  let received: unknown;
  try {
    received = await evaluate();
  } catch (error) {
    if (expected.kind === "value") throw error;
    return { received: error, reason: wrongError(error, expected) };
  }
  const reason =
    expected.kind === "value"
      ? disagreement(received, expected.written)
      : `it throws nothing, and gives ${show(received)}`;
  return { received, reason };
}

function wrongError(error: unknown, { name, text }: { readonly name: string; readonly text: string }) {
  if (!(error instanceof Error)) return `it throws ${show(error)}, which is no Error`;
  if (error.name !== name) return `it throws ${error.name} (${error.message}), not ${name}`;
  return error.message.includes(text) ? undefined : `the message is ${JSON.stringify(error.message)}`;
}

/** How many significant digits a number was written with. */
function precisionOf(text: string): { digits: number; mayBeShort: boolean } {
  const [mantissa, exponent] = text.toLowerCase().replaceAll("_", "").split("e");
  const digits = Math.max(1, mantissa.replace(".", "").replace(/^0+/, "").length);
  return { digits, mayBeShort: exponent !== undefined || (mantissa.includes(".") && digits >= 4) };
}

/** A value in a message. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return `[${Array.from(value as ArrayLike<unknown>, show).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) return `an object of class ${value.constructor?.name ?? "null"}`;
  return String(value);
}
