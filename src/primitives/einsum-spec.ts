// What does an einsum spec say about the axes of its operands?
import { DomainError, type Shape, ShapeError, showShape } from "../tensor/index.js";

/**
 * A label for each axis of each operand and of the result, and the size of each label. Axes of an ellipsis are labelled
 * "…1" (the last of them), "…2" and so on.
 */
export interface Contraction {
  readonly operands: readonly (readonly string[])[];
  readonly result: readonly string[];
  readonly sizes: ReadonlyMap<string, number>;
}

/** Letters of one term, with its ellipsis, if there is one, replaced by `hidden` labels. */
function labelsOf(spec: string, term: string, hidden: number): string[] {
  if (!/^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term)) {
    throw new DomainError(
      `einsum: expected letters and at most one ellipsis in each term, received "${term}" in "${spec}"`,
    );
  }
  const labels = Array.from({ length: hidden }, (_, i) => `…${hidden - i}`);
  const [before, after] = term.split("...");
  return after === undefined ? [...before] : [...before, ...labels, ...after];
}

const withoutEllipsis = (term: string): string => term.replace("...", "");

/**
 * Reads "ij,jk->ik", or "ij,jk", whose result has the letters that occur once, in alphabetical order, after the axes of
 * the ellipsis.
 *
 * @throws DomainError if the spec is malformed.
 * @throws ShapeError if it does not fit the shapes.
 */
export function parseEinsum(given: string, shapes: readonly Shape[]): Contraction {
  if (typeof given !== "string") {
    throw new DomainError(`einsum: expected a spec such as "ij,jk->ik" first, received ${typeof given}`);
  }
  const spec = given.replaceAll(" ", "");
  const [left, right, ...more] = spec.split("->");
  if (more.length > 0) throw new DomainError(`einsum: expected at most one arrow, received "${given}"`);
  const terms = left.split(",");
  if (terms.length !== shapes.length) {
    throw new DomainError(
      `einsum: expected one operand for each of ${terms.length} terms in "${given}", received ${shapes.length}`,
    );
  }
  const operands = terms.map((term, i) => {
    const letters = withoutEllipsis(term).length;
    const rank = shapes[i].length;
    const labels = labelsOf(given, term, Math.max(0, rank - letters));
    if (labels.length !== rank) {
      throw new ShapeError(
        `einsum: expected ${letters} axes for "${term}"${term.includes("...") ? " or more" : ""}, received ` +
          `${showShape(shapes[i])} (operand ${i})`,
      );
    }
    return labels;
  });
  const sizes = sizesOf(operands, shapes);
  return { operands, sizes, result: resultOf(given, right, operands, sizes) };
}

/** The size of each label. Among operands an axis of size 1 stretches. */
function sizesOf(operands: readonly (readonly string[])[], shapes: readonly Shape[]): Map<string, number> {
  const sizes = new Map<string, number>();
  operands.forEach((labels, operand) => {
    labels.forEach((label, axis) => {
      const size = shapes[operand][axis];
      const twin = shapes[operand][labels.indexOf(label)];
      const known = twin !== size ? twin : (sizes.get(label) ?? size);
      if (twin !== size || (known !== size && known !== 1 && size !== 1)) {
        throw new ShapeError(
          `einsum: expected one size for each letter, received ${known} and then ${size} for "${label}" in operand ` +
            `${operand} of shape ${showShape(shapes[operand])}`,
        );
      }
      if (known === 1 || !sizes.has(label)) sizes.set(label, size);
    });
  });
  return sizes;
}

function resultOf(
  spec: string,
  term: string | undefined,
  operands: readonly (readonly string[])[],
  sizes: ReadonlyMap<string, number>,
): string[] {
  const all = operands.flat();
  const hidden = [...sizes.keys()].filter((label) => label.startsWith("…")).length;
  if (term === undefined) {
    const once = [...sizes.keys()].filter(
      (label) => !label.startsWith("…") && all.indexOf(label) === all.lastIndexOf(label),
    );
    return labelsOf(spec, `...${once.sort().join("")}`, hidden);
  }
  const labels = labelsOf(spec, term, hidden);
  for (const [i, label] of labels.entries()) {
    if (!sizes.has(label)) {
      throw new DomainError(
        `einsum: expected letters of the operands after the arrow, received "${label}" in "${spec}"`,
      );
    }
    if (labels.indexOf(label) !== i) {
      throw new DomainError(
        `einsum: expected each letter once after the arrow, received "${label}" twice in "${spec}"`,
      );
    }
  }
  if (hidden > 0 && !term.includes("...")) {
    throw new DomainError(
      `einsum: expected an ellipsis after the arrow, as its axes are not summed, received "${spec}"`,
    );
  }
  return labels;
}
