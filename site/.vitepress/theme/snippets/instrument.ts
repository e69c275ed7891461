// Which statements has a snippet, and how do they tell what they give?
import type { Comment, ImportDeclaration, ModuleDeclaration, Statement } from "acorn";

/** A line with an arrow: what it is said to give. */
export interface Claim {
  readonly line: number;
  readonly written: string;
}

export interface Import {
  readonly from: string;
  /** Of the names, as the snippet calls them, what is imported: a name, or "*". */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * A function body that calls `__at(line)` before each statement, `__claim(i, …)` for what stands before an arrow, and
 * `__last(…)` for a last expression without one.
 */
export interface Instrumented {
  readonly body: string;
  readonly claims: readonly Claim[];
  readonly imports: readonly Import[];
  /** Where the last statement ends. */
  readonly lastLine: number;
}

/** A mistake in the text, and where it is. */
export class TextError extends SyntaxError {
  readonly line: number | undefined;
  constructor(message: string, line: number | undefined) {
    super(message);
    this.name = "SyntaxError";
    this.line = line;
  }
}

function withPlace<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { message, loc } = error as { message: string; loc?: { line: number } };
    throw new TextError(message.replace(/ \(\d+:\d+\)$/, ""), loc?.line);
  }
}

function importOf(statement: ImportDeclaration): Import {
  const names = statement.specifiers.map((specifier): [string, string] => {
    const { local } = specifier;
    if (specifier.type === "ImportNamespaceSpecifier") return [local.name, "*"];
    if (specifier.type === "ImportDefaultSpecifier") return [local.name, "default"];
    const { imported } = specifier;
    return [local.name, imported.type === "Identifier" ? imported.name : String(imported.value)];
  });
  return { from: String(statement.source.value), names: new Map(names) };
}

const arrow = /^\s*→\s*(.*)$/;

/** Reads TypeScript. Lines keep their numbers. @throws TextError */
export async function instrument(text: string): Promise<Instrumented> {
  const [{ transform }, { parse }] = await Promise.all([import("sucrase"), import("acorn")]);
  const { code } = withPlace(() => transform(text, { transforms: ["typescript"], disableESTransforms: true }));
  const comments: Comment[] = [];
  const { body: statements } = withPlace(() =>
    parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true, onComment: comments }),
  );
  const arrows = comments.filter(({ type, value }) => type === "Line" && arrow.test(value));
  const behind = (statement: Statement | ModuleDeclaration) =>
    arrows.find(({ start }) => start >= statement.end && /^[ \t;]*$/.test(code.slice(statement.end, start)));
  const lineOf = ({ loc }: Comment | Statement | ModuleDeclaration) => loc?.start.line ?? 1;

  const claims: Claim[] = [];
  const imports: Import[] = [];
  let body = "";
  let copied = 0;
  const replace = (statement: Statement | ModuleDeclaration, by: string) => {
    const lines = code.slice(statement.start, statement.end).split("\n").length;
    const missing = "\n".repeat(lines - by.split("\n").length);
    body += code.slice(copied, statement.start) + by + missing;
    copied = statement.end;
  };
  statements.forEach((statement, i) => {
    if (statement.type === "ImportDeclaration") {
      imports.push(importOf(statement));
      replace(statement, "");
      return;
    }
    if (statement.type.startsWith("Export")) {
      throw new TextError("a snippet is run by itself: it has nothing to export to", lineOf(statement));
    }
    const at = `;__at(${lineOf(statement)});`;
    const own = code.slice(statement.start, statement.end);
    if (statement.type !== "ExpressionStatement") {
      replace(statement, at + own);
      return;
    }
    const { expression } = statement;
    // A comment behind the expression must not swallow the bracket.
    const value = `async () => (${code.slice(expression.start, expression.end)})`;
    const claimed = behind(statement);
    if (claimed) {
      replace(statement, `${at}await __claim(${claims.length}, ${value});`);
      claims.push({ line: lineOf(claimed), written: (arrow.exec(claimed.value) as RegExpExecArray)[1] });
    } else if (i === statements.length - 1) {
      replace(statement, `${at}await __last(${value});`);
    } else {
      replace(statement, at + own);
    }
  });
  const idle = arrows.find((comment) => !claims.some(({ line }) => line === lineOf(comment)));
  if (idle)
    throw new TextError("this arrow stands behind no expression at the top level: it checks nothing", lineOf(idle));
  return { body: body + code.slice(copied), claims, imports, lastLine: statements.at(-1)?.loc?.end.line ?? 1 };
}
