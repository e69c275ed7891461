// How does training stop today and go on tomorrow as if it had not stopped?
//
// A file of safetensors, so that others can read the parameters; the form of the tree, what its leaves are, and a check
// of the data stand in the metadata.
import {
  DomainError,
  flattenTree,
  Random,
  randomFrom,
  ShapeError,
  sameForm,
  sameShape,
  showShape,
  type Tensor,
  type TreeForm,
  unflattenTree,
} from "../tensor/index.js";
import { crc32 } from "./crc.js";
import { pathsOf, read, write } from "./safetensors.js";

/** What a leaf of the state is; a random stream is kept as its position. */
type Kind = "tensor" | "number" | "random";

const version = "1";

/** A state as tensors, and what its leaves were. */
function toTensors(operation: string, state: unknown): { leaves: Tensor[]; form: TreeForm; kinds: Kind[] } {
  const kinds: Kind[] = [];
  const visit = (node: unknown): unknown => {
    if (node instanceof Random) {
      kinds.push("random");
      return node.state();
    }
    if (Array.isArray(node)) return node.map(visit);
    if (node !== null && typeof node === "object" && Object.getPrototypeOf(node) === Object.prototype) {
      return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, visit(child)]));
    }
    kinds.push(typeof node === "number" ? "number" : "tensor");
    return node;
  };
  return { ...flattenTree(operation, visit(state)), kinds };
}

/**
 * The bytes of a training state: a record of trees of tensors, plain numbers and random streams, such as
 * { params, optimiser, random, step }. Every bit is kept, and each stream's position.
 *
 * @throws ShapeError if a leaf is something else.
 * @throws DomainError if the state is no record, or two paths are the same text.
 * @example loadTraining(saveTraining({ params: [tensor([1, 2])], step: 7 })).step // → 7
 */
export function saveTraining(state: object): Uint8Array {
  const { leaves, form, kinds } = toTensors("saveTraining", state);
  return write("saveTraining", unflattenTree(form, leaves), "F64", (data) => ({
    "stillpoint.training": version,
    form: JSON.stringify(form),
    kinds: JSON.stringify(kinds),
    crc32: crc32(data).toString(16),
  }));
}

const fail = (what: string): never => {
  throw new DomainError(`loadTraining: ${what}; the file is damaged, or not made by saveTraining`);
};

/** A form that comes from a file. */
function readForm(given: unknown, depth = 0): TreeForm {
  if (given === "leaf") return given;
  const { array, record } = (given ?? {}) as { array?: unknown; record?: unknown };
  if (depth > 500) fail("expected trees nested at most 500 deep");
  if (Array.isArray(array)) return { array: array.map((child) => readForm(child, depth + 1)) };
  const pairs = Array.isArray(record) ? record : [undefined];
  if (!pairs.every((pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === "string")) {
    fail("expected the form of a tree");
  }
  return { record: pairs.map(([key, child]) => [key, readForm(child, depth + 1)] as const) };
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

/**
 * The training state in bytes of `saveTraining`: training goes on from it bit for bit. With `like`, a state of the same
 * program, its form and shapes have to be the same, and the result has its type.
 *
 * @throws DomainError for truncated or damaged bytes, or those of another kind of file.
 * @throws ShapeError if the state differs from `like` in form or shape; the path is named.
 * @example loadTraining(saveTraining({ random: random(3) })).random.uniform([]).item() === random(3).uniform([]).item() // → true
 */
export function loadTraining<T extends object = Record<string, unknown>>(bytes: Uint8Array, like?: T): T {
  const { tensors, metadata, data } = read(bytes);
  const made = metadata["stillpoint.training"];
  if (made !== version) {
    throw new DomainError(
      `loadTraining: expected a training state of version ${version}, received ${made === undefined ? "another file of safetensors: loadSafetensors reads it" : `version ${made}: it needs another version of this library`}`,
    );
  }
  const form = readForm(parse(metadata.form));
  const kinds = parse(metadata.kinds) as readonly Kind[];
  const paths = pathsOf(form);
  const found = Object.keys(tensors);
  const fits = Array.isArray(kinds) && kinds.length === paths.length && found.length === paths.length;
  if (!fits || !paths.every((path) => Object.hasOwn(tensors, path))) {
    fail(`expected the tensors ${paths.join(", ")}, received ${found.join(", ")}`);
  }
  if (crc32(data).toString(16) !== metadata.crc32)
    fail("expected data with the check that was written, received other data");
  const leaves = paths.map((path) => tensors[path]);
  if (like !== undefined) checkAgainst(like, form, kinds, leaves);
  const restored = leaves.map((x, i) => {
    if (kinds[i] === "tensor") return x;
    if (kinds[i] === "random") return randomFrom(x);
    if (kinds[i] !== "number") fail(`expected a kind of leaf, received ${JSON.stringify(kinds[i])}`);
    return x.data.length === 1
      ? x.item()
      : fail(`expected ${paths[i]} to be a number, received the shape ${showShape(x.shape)}`);
  });
  return unflattenTree(form, restored) as T;
}

/** Refuses a state of another form, or with other shapes, than the program expects. @throws ShapeError */
function checkAgainst(like: object, form: TreeForm, kinds: readonly Kind[], leaves: readonly Tensor[]): void {
  const expected = toTensors("loadTraining: like", like);
  if (!sameForm(form, expected.form)) {
    const [has, wants] = [pathsOf(form), pathsOf(expected.form)];
    const i = wants.findIndex((path, k) => path !== has[k]);
    const place = i < 0 ? wants.length : i;
    throw new ShapeError(
      `loadTraining: expected a state of the form of like, received another: ${wants[place] ?? "no tensor"} in like ` +
        `is ${has[place] ?? "not"} in the file (keys count in their order)`,
    );
  }
  pathsOf(form).forEach((path, i) => {
    const [here, there] = [leaves[i], expected.leaves[i]];
    if (kinds[i] !== expected.kinds[i] || !sameShape(here.shape, there.shape)) {
      throw new ShapeError(
        `loadTraining: expected ${path} to be a ${expected.kinds[i]} of shape ${showShape(there.shape)} as in like, ` +
          `received a ${kinds[i]} of shape ${showShape(here.shape)}; was the file made by another network?`,
      );
    }
  });
}
