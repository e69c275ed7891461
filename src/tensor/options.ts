// Which options does an operation take, and which name was meant?
import { DomainError, describe, isObject } from "./errors.js";

/**
 * Refuses an option that the operation does not know, and names the nearest one that it does.
 *
 * @throws DomainError
 */
export function checkOptions(operation: string, received: unknown, known: readonly string[]): void {
  if (received === undefined) return;
  if (!isObject(received) || Array.isArray(received)) {
    throw new DomainError(`${operation}: expected a record of options, received ${JSON.stringify(received)}`);
  }
  for (const name of Object.keys(received)) {
    if (!known.includes(name)) {
      const nearest = [...known].sort((a, b) => editDistance(name, a) - editDistance(name, b))[0];
      const hint = nearest === undefined ? "it takes none" : `did you mean ${nearest}? It takes ${known.join(", ")}`;
      throw new DomainError(`${operation}: unknown option ${JSON.stringify(name)}: ${hint}`);
    }
  }
}

/** Refuses what is not a function. @throws DomainError */
export function checkFunction(operation: string, f: unknown): void {
  if (typeof f !== "function") {
    throw new DomainError(`${operation}: expected a function, received ${describe(f)}`);
  }
}

/** Refuses a number that is not finite or does not satisfy what `expected` says. @throws DomainError */
export function checkNumber(
  operation: string,
  name: string,
  value: unknown,
  expected: string,
  holds: (x: number) => boolean,
): number {
  if (typeof value !== "number" || !Number.isFinite(value) || !holds(value)) {
    throw new DomainError(`${operation}: expected ${name} to be ${expected}, received ${String(value)}`);
  }
  return value;
}

/** Refuses what is not an integer ≥ least. @throws DomainError */
export const checkCount = (operation: string, name: string, value: unknown, least = 1): number =>
  checkNumber(operation, name, value, `an integer ≥ ${least}`, (x) => Number.isSafeInteger(x) && x >= least);

/** How many letters have to be inserted, deleted or replaced (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
