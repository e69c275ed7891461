// What does an expression that was typed mean, and where does it mean nothing?
//
// Precedence climbing (Richards and Whitby-Strevens 1979, BCPL, section 6.6): nothing is ever run as code.
import { argumentsOf, constants, functionNames } from "./functions.js";

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] };

/** An expression that means nothing, and where that is seen. */
export class Misread extends Error {
  constructor(
    readonly said: string,
    readonly text: string,
    readonly at: number,
  ) {
    super(`${pointAt(text, at)}\n${said}`);
    this.name = "Misread";
  }
}

/** The line around a place, and a caret below it. */
function pointAt(text: string, at: number): string {
  const from = at > 30 ? at - 28 : 0;
  const [before, after] = [from > 0 ? "… " : "", at + 24 < text.length ? " …" : ""];
  const line = text.slice(from, at + 24).replace(/\s/g, " ");
  return `${before}${line}${after}\n${" ".repeat(before.length + at - from)}^`;
}

interface Token {
  readonly kind: "number" | "name" | "sign" | "end";
  readonly text: string;
  readonly at: number;
}

const pattern = /\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|(\*\*|[-−+*·×/÷^(),]))/uy;
const spelled: Readonly<Record<string, string>> = { "**": "^", "−": "-", "·": "*", "×": "*", "÷": "/" };

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  let end = 0;
  for (;;) {
    const rest = text.slice(end);
    const at = end + (rest.length - rest.trimStart().length);
    if (at === text.length) return [...tokens, { kind: "end", text: "the end", at }];
    pattern.lastIndex = end;
    const found = pattern.exec(text);
    if (!found) {
      const character = String.fromCodePoint(text.codePointAt(at) as number);
      throw new Misread(`expected numbers, names, + − * / ^ , and brackets, received "${character}"`, text, at);
    }
    const [whole, number, name, sign] = found;
    end += whole.length;
    if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (name !== undefined) tokens.push({ kind: "name", text: name, at });
    else tokens.push({ kind: "sign", text: spelled[sign] ?? sign, at });
  }
}

/** How tightly a sign binds to its left and to its right, and what it calls. */
const infix: Readonly<Record<string, { left: number; right: number; name: string }>> = {
  "+": { left: 1, right: 2, name: "add" },
  "-": { left: 1, right: 2, name: "sub" },
  "*": { left: 3, right: 4, name: "mul" },
  "/": { left: 3, right: 4, name: "div" },
  "^": { left: 8, right: 7, name: "pow" },
};
/** A sign in front binds less than a power: −x^2 is −(x^2). */
const PREFIX = 5;
const DEEPEST = 100;
export const LONGEST = 400;
const isVariable = /^\p{L}[\p{N}_]*$/u;

/** How many letters have to be changed, left out or added to make one word of another (Wagner and Fischer 1974). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

/** How far a function is from a name: least if one begins like the other. */
function farness(name: string, known: string): number {
  if (name.length > 2 && known.startsWith(name)) return 0;
  return distance(name, known) - (known.length > 2 && name.startsWith(known) ? 0.5 : 0);
}

/** The function that was probably meant. */
function nearest(name: string): string {
  const far = new Map(functionNames.map((known) => [known, farness(name.toLowerCase(), known)]));
  const [close, least] = [...far].reduce((a, b) => (b[1] < a[1] ? b : a));
  return least <= 2 ? `: did you mean ${close}?` : `; there are ${functionNames.join(", ")}`;
}

const quoted = ({ kind, text }: Token): string => (kind === "end" ? text : `"${text}"`);

/**
 * The meaning of an expression such as x * sin(y) + x: variables are single letters, with digits after them if need be.
 *
 * @throws Misread
 */
export function parse(text: string): Expression {
  if (text.length > LONGEST) {
    throw new Misread(`expected at most ${LONGEST} characters, received ${text.length}`, text, LONGEST);
  }
  const tokens = tokensOf(text);
  let next = 0;
  let depth = 0;
  const refuse = (said: string, token: Token): never => {
    throw new Misread(said, text, token.at);
  };
  const take = (sign: string, why: string): void => {
    const token = tokens[next];
    if (token.kind !== "sign" || token.text !== sign)
      refuse(`expected "${sign}" ${why}, received ${quoted(token)}`, token);
    next++;
  };

  function expression(least: number): Expression {
    if (++depth > DEEPEST) refuse(`expected at most ${DEEPEST} levels of brackets and signs`, tokens[next]);
    let left = operand();
    for (;;) {
      const token = tokens[next];
      const binding = token.kind === "sign" && Object.hasOwn(infix, token.text) ? infix[token.text] : undefined;
      if (!binding || binding.left < least) break;
      next++;
      left = { kind: "call", name: binding.name, args: [left, expression(binding.right)] };
    }
    depth--;
    return left;
  }

  function operand(): Expression {
    const token = tokens[next++];
    if (token.kind === "number") return { kind: "number", value: Number(token.text) };
    if (token.kind === "name") return named(token);
    if (token.text === "-") return negative();
    if (token.text === "+" && token.kind === "sign") return expression(PREFIX);
    if (token.text !== "(") {
      next--;
      return refuse(`expected a number, a name or "(", received ${quoted(token)}`, token);
    }
    const inner = expression(0);
    take(")", "to close the bracket");
    return inner;
  }

  function negative(): Expression {
    const inner = expression(PREFIX);
    return inner.kind === "number"
      ? { kind: "number", value: -inner.value }
      : { kind: "call", name: "neg", args: [inner] };
  }

  function named(token: Token): Expression {
    const { text: name } = token;
    const follows = tokens[next];
    const called = follows.kind === "sign" && follows.text === "(";
    const count = argumentsOf(name);
    if (count !== undefined) {
      if (!called) refuse(`expected "(" after the function ${name}, received ${quoted(follows)}`, follows);
      return { kind: "call", name, args: argumentsFor(name, count) };
    }
    if (called) refuse(`expected a function that is there, received ${name}${nearest(name)}`, token);
    if (Object.hasOwn(constants, name)) return { kind: "number", value: constants[name] };
    if (isVariable.test(name)) return { kind: "variable", name };
    return refuse(
      `expected a variable of one letter, such as x or x1, or a function, received ${name}${nearest(name)}`,
      token,
    );
  }

  function argumentsFor(name: string, count: number): Expression[] {
    next++;
    const args = [expression(0)];
    while (args.length < count) {
      take(",", `and argument ${args.length + 1} of ${name}, which takes ${count}`);
      args.push(expression(0));
    }
    const after = tokens[next];
    if (after.text === ",")
      refuse(`expected ")" after ${count === 1 ? "the argument" : "both arguments"} of ${name}, received ","`, after);
    take(")", `after what ${name} takes`);
    return args;
  }

  const whole = expression(0);
  const rest = tokens[next];
  if (rest.kind === "name" || rest.kind === "number" || rest.text === "(") {
    refuse(`expected a sign such as +, received ${quoted(rest)}: a product is written with *`, rest);
  }
  if (rest.kind !== "end") refuse(`expected the end, received ${quoted(rest)}`, rest);
  return whole;
}

/** The variables, in the order in which they come. */
export function variablesOf(expression: Expression): string[] {
  if (expression.kind === "number") return [];
  if (expression.kind === "variable") return [expression.name];
  return [...new Set(expression.args.flatMap(variablesOf))];
}
