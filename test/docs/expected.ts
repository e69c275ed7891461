// Does a value agree with the one that a document wrote down?
import ts from "typescript";

/** What stands behind the arrow: a value, or the error that the line throws. */
export type Expected =
  | { readonly kind: "value"; readonly written: ts.Expression }
  | { readonly kind: "throws"; readonly name: string; readonly text: string };

/** Reads `[1, 2.5]`, `"text"`, `-0`, `throws ShapeError: part of its message…` and the like. @throws SyntaxError */
export function parseExpected(text: string): Expected {
  const thrown = /^throws (\w+)(?::\s*(.*?))?(?:…|\.\.\.)?$/s.exec(text.trim());
  if (thrown) return { kind: "throws", name: thrown[1], text: thrown[2] ?? "" };
  const { statements, diagnostics } = parse(`(${text})`);
  const [statement] = statements;
  if (diagnostics > 0 || statements.length !== 1 || !ts.isExpressionStatement(statement)) {
    throw new SyntaxError(`→ ${text}: expected one value, such as 0.25, [1, 2] or "text", or throws SomeError: …`);
  }
  const written = bare(statement.expression);
  readLiteral(written);
  return { kind: "value", written };
}

function parse(text: string): { statements: readonly ts.Statement[]; diagnostics: number } {
  const source = ts.createSourceFile("expected.ts", text, ts.ScriptTarget.ES2022, true);
  const { parseDiagnostics } = source as unknown as { parseDiagnostics: readonly unknown[] };
  return { statements: source.statements, diagnostics: parseDiagnostics.length };
}

const bare = (node: ts.Expression): ts.Expression =>
  ts.isParenthesizedExpression(node) ? bare(node.expression) : node;

const words = new Map<string, unknown>([
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
]);

const isMinus = (node: ts.Expression): node is ts.PrefixUnaryExpression =>
  ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken;

/** The value of what was written. @throws SyntaxError for anything but values */
function readLiteral(node: ts.Expression): unknown {
  if (ts.isNumericLiteral(node)) return Number(node.getText());
  if (ts.isStringLiteral(node)) return node.text;
  if (isMinus(node)) return -(readLiteral(node.operand) as number);
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(readLiteral);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isIdentifier(node) && words.has(node.text)) return words.get(node.text);
  throw new SyntaxError(`→ ${node.getText()}: expected numbers, strings, true, false, undefined and arrays of them`);
}

/**
 * What is wrong with a received value; nothing if it is as written.
 *
 * Numbers agree to 1e-12, relatively. A number of at least four digits, or with an exponent, may be written shortened:
 * then the received one is rounded to as many digits. Shorter ones, and integers, are taken as exact: rounding to one
 * digit would let 0.46 pass for 0.5.
 */
export function disagreement(received: unknown, written: ts.Expression, at = "the value"): string | undefined {
  const list = ArrayBuffer.isView(received) ? Array.from(received as Float64Array) : received;
  if (ts.isArrayLiteralExpression(written)) {
    if (!Array.isArray(list)) return `${at} is ${show(received)}, not an array`;
    const { elements } = written;
    if (list.length !== elements.length) return `${at} has ${list.length} entries, not ${elements.length}`;
    const wrong = elements.map((element, i) => disagreement(list[i], element, `${at}[${i}]`));
    return wrong.find((reason) => reason !== undefined);
  }
  const expected = readLiteral(written);
  if (typeof expected !== "number" || typeof received !== "number" || Object.is(expected, received)) {
    return Object.is(expected, received) ? undefined : `${at} is ${show(received)}, not ${show(expected)}`;
  }
  if (expected === 0) return `${at} is ${show(received)}, not ${show(expected)}`;
  if (Math.abs(received - expected) <= 1e-12 * Math.abs(expected)) return undefined;
  const { digits, mayBeShort } = precisionOf(isMinus(written) ? written.operand.getText() : written.getText());
  const rounded = Number.isFinite(received) && digits <= 12 && Number(received.toPrecision(digits)) === expected;
  if (rounded && mayBeShort) return undefined;
  return rounded
    ? `${at} is ${received}, not exactly ${expected}: write at least four digits, or all of them`
    : `${at} is ${received}, not ${expected}`;
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
