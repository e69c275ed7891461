// How is a value shown?
const longest = 24;
const deepest = 3;

const list = (values: ArrayLike<unknown>, depth: number): string => {
  const shown = Array.from({ length: Math.min(values.length, longest) }, (_, i) => display(values[i], depth + 1));
  if (values.length > longest) shown.push(`… ${values.length} entries`);
  return `[${shown.join(", ")}]`;
};

const isTensor = (value: object): value is { shape: readonly number[]; toArray(): unknown } =>
  "toArray" in value && "shape" in value && Array.isArray(value.shape);

function displayTensor(value: { shape: readonly number[]; toArray(): unknown }): string {
  let entries: string;
  try {
    entries = display(value.toArray(), 0);
  } catch {
    entries = "(traced, without data)";
  }
  return value.shape.length === 0 ? `tensor ${entries}` : `tensor [${value.shape.join(", ")}] ${entries}`;
}

function displayRecord(value: object, depth: number): string {
  const name = value.constructor?.name;
  const prefix = name && name !== "Object" ? `${name} ` : "";
  if (depth >= deepest) return `${prefix}{…}`;
  const entries = Object.entries(value).map(([key, entry]) => `${key}: ${display(entry, depth + 1)}`);
  if (entries.length > longest) entries.splice(longest, Infinity, `… ${entries.length} names`);
  return entries.length === 0 ? `${prefix}{}` : `${prefix}{ ${entries.join(", ")} }`;
}

/** A value as text, shortened where it is long or deep. */
export function display(value: unknown, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return `function ${value.name || "(without a name)"}`;
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (isTensor(value)) return displayTensor(value);
  if (Array.isArray(value)) return depth > deepest + 2 ? "[…]" : list(value, depth);
  if (ArrayBuffer.isView(value) && "length" in value) {
    return `${value.constructor.name} ${list(value as unknown as ArrayLike<unknown>, depth)}`;
  }
  if (value instanceof Map) return `Map ${list([...value], depth)}`;
  if (value instanceof Set) return `Set ${list([...value], depth)}`;
  return displayRecord(value, depth);
}
