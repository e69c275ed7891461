// How do functions take and return many tensors at once?
import { describe, isObject, ShapeError } from "./errors.js";
import { type Shape, sameShape, showShapes } from "./shape.js";
import { literalTensor, Tensor } from "./tensor.js";

/** A tensor, or arrays and records of trees: the form of parameters, states and gradients. */
export type Tree = Tensor | readonly Tree[] | { readonly [key: string]: Tree };

/** What a function may be given where a tree is expected: plain numbers stand for scalars. */
export type TreeLike = Tensor | number | readonly TreeLike[] | { readonly [key: string]: TreeLike };

/** What a function receives for an argument: a tensor where a number was given. */
export type TensorsOf<T> = T extends number ? Tensor : T;

/** The form of a tree without its tensors. */
export type TreeForm =
  | "leaf"
  | { readonly array: readonly TreeForm[] }
  | { readonly record: readonly (readonly [string, TreeForm])[] };

/** A tensor, or the tensor of a number; nothing for what is neither. */
export const leafOf = (x: unknown): Tensor | undefined =>
  typeof x === "number" ? literalTensor(x) : x instanceof Tensor ? x : undefined;

const isPlainRecord = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (!isObject(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** The tensors of a tree in the order in which they are written, and its form. `operation` names the caller in errors. */
export function flattenTree(operation: string, tree: unknown): { leaves: Tensor[]; form: TreeForm } {
  const leaves: Tensor[] = [];
  const visit = (node: unknown, path: string): TreeForm => {
    const leaf = leafOf(node);
    if (leaf) {
      leaves.push(leaf);
      return "leaf";
    }
    if (Array.isArray(node)) return { array: node.map((child, i) => visit(child, `${path}[${i}]`)) };
    if (isPlainRecord(node)) {
      return { record: Object.entries(node).map(([key, child]) => [key, visit(child, `${path}.${key}`)] as const) };
    }
    throw new ShapeError(
      `${operation}: expected a tensor, a number, or arrays and records of them, received ` +
        `${describe(node)} at ${path || "the top"}; make a tensor with tensor(...)`,
    );
  };
  const form = visit(tree, "");
  return { leaves, form };
}

/**
 * Writes the tensors of a tree of a known form into `leaves`, from `at` on, and returns where the next would go; −1 if the
 * tree has another form. Only plain numbers allocate.
 */
export function readLeaves(form: TreeForm, tree: unknown, leaves: Tensor[], at = 0): number {
  if (form === "leaf") {
    const leaf = leafOf(tree);
    if (!leaf) return -1;
    leaves[at] = leaf;
    return at + 1;
  }
  let next = at;
  if ("array" in form) {
    if (!Array.isArray(tree) || tree.length !== form.array.length) return -1;
    for (let i = 0; i < tree.length && next >= 0; i++) next = readLeaves(form.array[i], tree[i], leaves, next);
    return next;
  }
  if (!isPlainRecord(tree)) return -1;
  let i = 0;
  for (const key in tree) {
    if (next < 0 || form.record[i]?.[0] !== key) return -1;
    next = readLeaves(form.record[i++][1], tree[key], leaves, next);
  }
  return i === form.record.length ? next : -1;
}

/** The tree of the given form whose tensors are `leaves`, in order. */
export function unflattenTree(form: TreeForm, leaves: readonly unknown[]): unknown {
  let next = 0;
  const build = (node: TreeForm): unknown => {
    if (node === "leaf") return leaves[next++];
    if ("array" in node) return node.array.map(build);
    return Object.fromEntries(node.record.map(([key, child]) => [key, build(child)]));
  };
  return build(form);
}

/** Whether two trees have the same arrays and records, with the same keys in the same order. */
export const sameForm = (a: TreeForm, b: TreeForm): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** A tree taken apart. */
export interface Flat {
  readonly leaves: readonly { readonly shape: Shape }[];
  readonly form: TreeForm;
}

/** Refuses what has not the form and the shapes of `like`. @throws ShapeError */
export function checkAlike(expected: string, received: Flat, like: Flat): void {
  const formed = sameForm(received.form, like.form);
  if (formed && received.leaves.every(({ shape }, i) => sameShape(shape, like.leaves[i].shape))) return;
  throw new ShapeError(
    `${expected} ${showShapes(like.leaves)}, received ${showShapes(received.leaves)}` +
      (formed ? "" : " in another form (keys count in their order)"),
  );
}

/** Refuses a tree that has not the form and the shapes of the parameters. @throws ShapeError */
export const checkLike = (operation: string, name: string, tree: unknown, like: unknown): void =>
  checkAlike(
    `${operation}: expected ${name} of the shapes of the parameters,`,
    flattenTree(`${operation}: ${name}`, tree),
    flattenTree(operation, like),
  );

/**
 * The tree whose tensors are f of the tensors of trees of one form.
 *
 * @throws ShapeError if the forms differ.
 * @example mapTree((x, y) => add(x, y), { w: tensor(1) }, { w: tensor(2) }).w.item() // → 3
 */
export function mapTree<T>(f: (...leaves: Tensor[]) => Tensor, tree: T, ...rest: readonly unknown[]): T {
  const first = flattenTree("mapTree", tree);
  const others = rest.map((other, i) => {
    const flat = flattenTree("mapTree", other);
    if (!sameForm(first.form, flat.form)) {
      throw new ShapeError(`mapTree: expected trees of one form, received a different form in argument ${i + 2}`);
    }
    return flat.leaves;
  });
  return unflattenTree(
    first.form,
    first.leaves.map((leaf, i) => f(leaf, ...others.map((leaves) => leaves[i]))),
  ) as T;
}
