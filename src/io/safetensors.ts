// How are tensors written to bytes and read back, in a format that others read too?
//
// Eight bytes give the length of a header, little endian; the header is JSON and names each tensor with its type, shape
// and place; the data follow without gaps. Bytes come from anywhere: everything is checked before it is believed.
import {
  checkOptions,
  checkShape,
  DomainError,
  describe,
  flattenTree,
  showShape,
  sizeOf,
  Tensor,
  type TreeForm,
} from "../tensor/index.js";

// Every engine has these two; the language's own library of types does not name them.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

/** The types of entries that are read and written; all are float64 in memory. */
export type SafetensorsType = "F64" | "F32";

const entrySize: Readonly<Record<SafetensorsType, number>> = { F64: 8, F32: 4 };

/** As in the reference implementation: a header beyond this is taken for damage. */
const longestHeader = 100_000_000;

/** The name under which a header holds texts, and no tensor. */
const metadataName = "__metadata__";

/** "layers.0.weight": the keys and places that lead to each tensor of a tree. */
export function pathsOf(form: TreeForm, path = ""): string[] {
  if (form === "leaf") return [path];
  const children: readonly (readonly [string, TreeForm])[] =
    "array" in form ? form.array.map((child, i) => [String(i), child] as const) : form.record;
  return children.flatMap(([key, child]) => pathsOf(child, path === "" ? key : `${path}.${key}`));
}

/**
 * The bytes of a tree of tensors in the safetensors format; a tensor is named by its path, as in "layers.0.weight".
 *
 * @throws DomainError if the tree is a single tensor, or two paths are the same text.
 * @source Hugging Face (2022), safetensors, "Format"
 * @example saveSafetensors({ w: tensor([1, 2]) }).length % 8 // → 0
 */
export function saveSafetensors(tree: unknown, options: { readonly dtype?: SafetensorsType } = {}): Uint8Array {
  checkOptions("saveSafetensors", options, ["dtype"]);
  const dtype = options.dtype ?? "F64";
  if (!Object.hasOwn(entrySize, dtype))
    throw new DomainError(`saveSafetensors: expected dtype F64 or F32, received ${dtype}`);
  return write("saveSafetensors", tree, dtype);
}

/** The bytes of a tree, and texts that belong to them. */
export function write(
  operation: string,
  tree: unknown,
  dtype: SafetensorsType,
  texts?: (data: Uint8Array) => Readonly<Record<string, string>>,
): Uint8Array {
  const { leaves, form } = flattenTree(operation, tree);
  if (form === "leaf")
    throw new DomainError(`${operation}: expected a record of tensors, received one tensor; name it`);
  const names = pathsOf(form);
  const entries: Record<string, unknown> = Object.create(null);
  let end = 0;
  leaves.forEach((x, i) => {
    if (names[i] in entries || names[i] === metadataName) {
      throw new DomainError(
        `${operation}: expected one tensor for each name, received ${JSON.stringify(names[i])} again`,
      );
    }
    const begin = end;
    end += x.data.length * entrySize[dtype];
    entries[names[i]] = { dtype, shape: x.shape, data_offsets: [begin, end] };
  });
  const data = encode(leaves, dtype, new Uint8Array(end));
  const header = texts ? { [metadataName]: texts(data), ...entries } : entries;
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end).fill(0x20, 8, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + headerLength);
  return bytes;
}

function encode(leaves: readonly Tensor[], dtype: SafetensorsType, bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { data } of leaves) {
    for (let i = 0; i < data.length; i++, at += entrySize[dtype]) {
      if (dtype === "F64") view.setFloat64(at, data[i], true);
      else view.setFloat32(at, data[i], true);
    }
  }
  return bytes;
}

interface Entry {
  readonly name: string;
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const fail = (what: string): never => {
  throw new DomainError(`loadSafetensors: ${what}; the file is damaged, or not in the safetensors format`);
};

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) fail(`expected at least 8 bytes, received ${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(longestHeader) || length > BigInt(bytes.length - 8)) {
    fail(`expected a header within ${bytes.length - 8} bytes, received the length ${length}`);
  }
  const dataStart = 8 + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, dataStart)));
  } catch {
    fail("expected a header of JSON in UTF-8, received other bytes");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) fail("expected a record as header");
  return { header: header as Record<string, unknown>, dataStart };
}

function readEntry(name: string, given: unknown, available: number): Entry {
  const { dtype, shape, data_offsets: offsets } = (given ?? {}) as Record<string, unknown>;
  const here = `tensor ${JSON.stringify(name)}`;
  if (typeof dtype !== "string" || !Object.hasOwn(entrySize, dtype)) {
    throw new DomainError(
      `loadSafetensors: ${here}: expected dtype F64 or F32, received ${JSON.stringify(dtype)}; convert it`,
    );
  }
  if (!Array.isArray(shape)) fail(`${here}: expected a shape, received ${JSON.stringify(shape)}`);
  checkShape(`loadSafetensors: ${here}`, shape as number[]);
  const whole =
    Array.isArray(offsets) && offsets.length === 2 && offsets.every((x) => Number.isSafeInteger(x) && x >= 0);
  if (!whole) fail(`${here}: expected two offsets, received ${JSON.stringify(offsets)}`);
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > available)
    fail(`${here}: expected offsets within ${available} bytes of data, received ${begin} to ${end}`);
  const type = dtype as SafetensorsType;
  const size = sizeOf(shape as number[]) * entrySize[type];
  if (end - begin !== size) {
    fail(`${here}: expected ${size} bytes for ${type} ${showShape(shape as number[])}, received ${end - begin}`);
  }
  return { name, dtype: type, shape: shape as number[], begin, end };
}

/** Refuses data that belong to two tensors, or to none. */
function checkCover(entries: readonly Entry[], available: number): void {
  let covered = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      fail(
        `tensor ${JSON.stringify(name)}: expected its data from byte ${covered}, received ${begin}: tensors ${begin < covered ? "overlap" : "leave a gap"}`,
      );
    }
    covered = end;
  }
  if (covered !== available) fail(`expected ${covered} bytes of data, received ${available}`);
}

/**
 * The tensors in bytes of the safetensors format, by name. F32 is widened; nothing is read that was not checked.
 *
 * @throws DomainError for truncated or damaged bytes, offsets that overlap, leave gaps or lie outside, and other types
 * of entries.
 * @example loadSafetensors(saveSafetensors({ w: tensor([1, 2]) })).w.toArray() // → [1, 2]
 */
export const loadSafetensors = (bytes: Uint8Array): Record<string, Tensor> => read(bytes).tensors;

/** Texts that belong to a file: by the format a record of strings. */
function readMetadata(given: unknown): Readonly<Record<string, unknown>> {
  if (given === undefined) return {};
  const isRecord = typeof given === "object" && given !== null && !Array.isArray(given);
  if (!isRecord || Object.values(given).some((text) => typeof text !== "string")) {
    fail(`expected ${metadataName} to be a record of texts, received ${JSON.stringify(given)?.slice(0, 80)}`);
  }
  return given as Readonly<Record<string, unknown>>;
}

/** Everything that is in bytes of the safetensors format. */
export function read(bytes: Uint8Array): {
  tensors: Record<string, Tensor>;
  metadata: Readonly<Record<string, unknown>>;
  data: Uint8Array;
} {
  if (!(bytes instanceof Uint8Array)) {
    throw new DomainError(`loadSafetensors: expected a Uint8Array, received ${describe(bytes)}`);
  }
  const { header, dataStart } = readHeader(bytes);
  const available = bytes.length - dataStart;
  const metadata = readMetadata(header[metadataName]);
  const entries = Object.entries(header)
    .filter(([name]) => name !== metadataName)
    .map(([name, given]) => readEntry(name, given, available));
  checkCover(entries, available);
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, available);
  const tensors = Object.fromEntries(
    entries.map(({ name, dtype, shape, begin, end }) => {
      const data = new Float64Array((end - begin) / entrySize[dtype]);
      for (let i = 0; i < data.length; i++) {
        const at = begin + i * entrySize[dtype];
        data[i] = dtype === "F64" ? view.getFloat64(at, true) : view.getFloat32(at, true);
      }
      return [name, new Tensor([...shape], data)];
    }),
  );
  return { tensors, metadata, data: bytes.subarray(dataStart) };
}
