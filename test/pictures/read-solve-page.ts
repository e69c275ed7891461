// What does a page of solves show? Read back from the page alone: ticks give the scales, paths the points.
import { parseHTML } from "linkedom";
import type { RecordedSolve } from "stillpoint/pictures";

/** What the tests use of a document. */
export interface Element {
  readonly id: string;
  readonly tagName: string;
  readonly textContent: string | null;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly classList: { contains(name: string): boolean };
  value: string;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element> & { readonly length: number };
  dispatchEvent(event: object): void;
}

export interface Document extends Pick<Element, "querySelector" | "querySelectorAll"> {
  readonly defaultView: { readonly Event: new (name: string) => object };
  getElementById(id: string): Element | null;
}

export interface Section {
  readonly element: Element;
  /** The columns: residual and rate, iterates and weights. */
  readonly columns: readonly Element[];
}

export const readPage = (html: string): { document: Document; sections: Section[] } => {
  const { document } = parseHTML(html) as unknown as { document: Document };
  const sections = [...document.querySelectorAll("section.solve")].map((element) => ({
    element,
    columns: [...element.querySelectorAll("figure svg")],
  }));
  return { document, sections };
};

/** Tags that are not closed in the order in which they were opened, and attributes without quotes. */
export function malformed(html: string): string[] {
  const open: string[] = [];
  const problems: string[] = [];
  const withoutCode = html
    .replace(/(<(script|style)\b[^>]*>)[\s\S]*?(<\/\2>)/g, "$1$3")
    .replace(/^<!doctype html>/, "");
  for (const [tag, end, name, attributes] of withoutCode.matchAll(/<(\/?)([^\s<>/]*)([^<>]*)>?/g)) {
    if (!tag.endsWith(">")) problems.push(`${tag} has no end`);
    if (!/^( [\w-]+(="[^"]*")?)*\/?$/.test(attributes)) problems.push(`${tag} has odd attributes`);
    if (end !== "") {
      const expected = open.pop();
      if (expected !== name) problems.push(`</${name}> ends <${expected}>`);
    } else if (!attributes.endsWith("/") && !["meta", "input"].includes(name)) open.push(name);
  }
  return [...problems, ...open.map((name) => `<${name}> is not closed`)];
}

const exponentOf = (label: string): number =>
  label === "1"
    ? 0
    : Number([...label.slice(2)].map((c) => (c === "⁻" ? "-" : String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c)))).join(""));

const numberOf = (element: Element, name: string): number => Number(element.getAttribute(name));

/** The line through the first and the last tick. */
function lineThrough(ticks: readonly (readonly [value: number, place: number])[]): (x: number) => number {
  const [first, last] = [ticks[0], ticks[ticks.length - 1]];
  if (!(ticks.length >= 2)) throw new Error("an axis has fewer than two ticks");
  return (x) => first[1] + ((x - first[0]) / (last[0] - first[0])) * (last[1] - first[1]);
}

const isUpper = (place: number): boolean => place < 245;

/** Where a value stands, by the labels of the ticks; `read` turns a label into a number. */
export function valueScale(
  column: Element,
  band: "upper" | "lower" | "whole",
  read: (label: string) => number,
): (x: number) => number {
  const ticks = [...column.querySelectorAll("text.tick.y")]
    .filter((tick) => tick.textContent !== "0" || read !== exponentOf)
    .map((tick) => [read(tick.textContent ?? ""), numberOf(tick, "y") - 4] as const)
    .filter(([, place]) => band === "whole" || isUpper(place) === (band === "upper"));
  return lineThrough(ticks);
}

export const logScale = (column: Element, band: "upper" | "lower"): ((x: number) => number) => {
  const at = valueScale(column, band, exponentOf);
  return (x) => at(Math.log10(x));
};

export const stepScale = (column: Element): ((step: number) => number) =>
  lineThrough(
    [...column.querySelectorAll("text.tick.x")].map(
      (tick) => [Number(tick.textContent?.replaceAll(",", "")), numberOf(tick, "x")] as const,
    ),
  );

/** The starts of the strokes of the paths with this class. */
export const startsOf = (column: Element, selector: string): [x: number, y: number][] =>
  [...column.querySelectorAll(selector)]
    .flatMap((path) => [...(path.getAttribute("d") ?? "").matchAll(/M(-?[\d.]+) (-?[\d.]+)/g)])
    .map(([, x, y]) => [Number(x), Number(y)]);

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 0.35;

/** What of the residuals, rates and switches of a solve, none of it left out, the section shows elsewhere or not. */
export function misplaced({ columns: [column] }: Section, { steps }: RecordedSolve): string[] {
  const x = stepScale(column);
  const compare = (what: string, expected: [number, number][], drawn: [number, number][]): string[] => {
    if (drawn.length !== expected.length) return [`${drawn.length} ${what}, expected ${expected.length}`];
    const sorted = [...drawn].sort((a, b) => a[0] - b[0]);
    return expected.flatMap(([u, v], i) =>
      near(u, sorted[i][0]) && near(v, sorted[i][1]) ? [] : [`${what} ${i} at ${sorted[i]}, expected ${[u, v]}`],
    );
  };
  const residual = logScale(column, "upper");
  const rate = logScale(column, "lower");
  const residuals = steps.map((step): [number, number] => [x(step.step), residual(step.residual)]);
  const rates = steps
    .slice(1)
    .map((step, i): [number, number] => [x(step.step), rate(step.residual / steps[i].residual)]);
  const marks = startsOf(column, ".switch").filter(([, y]) => isUpper(y));
  const switches = steps.flatMap(({ method, step }, i): [number, number][] =>
    i > 0 && method !== steps[i - 1].method ? [[x(step - 0.5), marks[0]?.[1] ?? 0]] : [],
  );
  return [
    ...compare("residual", residuals, startsOf(column, ".dots.residual")),
    ...compare("rate", rates, startsOf(column, ".dots.rate")),
    ...compare("switch", switches, marks),
  ];
}

/** Attributes of the page in which something is not a number. */
export const oddAttributes = (document: Document): string[] =>
  [...document.querySelectorAll("svg, svg *")].flatMap((element) =>
    [...element.attributes]
      .filter(
        ({ name, value }) =>
          name !== "aria-label" && /NaN|Infinity|undefined|null|e[-+]?\d/.test(name === "class" ? "" : value),
      )
      .map(({ name, value }) => `${element.tagName.toLowerCase()} ${name}="${value}"`),
  );
