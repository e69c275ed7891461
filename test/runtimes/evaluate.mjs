// Which bits does a library give for all values?
import { makeCases } from "./values.mjs";

/** Sixteen digits for each number, eight bits for each byte. Every NaN is one NaN: the language leaves its bits to the engine. */
function hexOf(numbers) {
  const view = new DataView(new ArrayBuffer(8));
  const digits = (x, n) => x.toString(16).padStart(n, "0");
  if (numbers instanceof Uint8Array) return Array.from(numbers, (x) => digits(x, 2));
  return Array.from(numbers, (x) => {
    if (Number.isNaN(x)) return "7ff8000000000000";
    view.setFloat64(0, x);
    return digits(view.getUint32(0), 8) + digits(view.getUint32(4), 8);
  });
}

/** The numbers in a result, in the order of its arrays and fields. */
function leavesOf(result, Tensor) {
  if (typeof result === "number") return hexOf([result]);
  if (result instanceof Tensor) return hexOf(result.data);
  if (ArrayBuffer.isView(result)) return hexOf(result);
  if (typeof result !== "object" || result === null) throw new TypeError(`no numbers in ${String(result)}`);
  return Object.values(result).flatMap((part) => leavesOf(part, Tensor));
}

/** 64 bits of FNV-1a over text. @source Fowler, Noll and Vo, RFC 9923 */
export function digest(texts) {
  let hash = 0xcbf29ce484222325n;
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
    }
  }
  return hash.toString(16).padStart(16, "0");
}

/** How many modules of WebAssembly are set to work while `act` runs. */
function countInstances(act) {
  let count = 0;
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(...given) {
      super(...given);
      count++;
    }
  };
  try {
    act();
  } finally {
    WebAssembly.Instance = Instance;
  }
  return count;
}

/** What this runtime makes of all cases: the bits of each by name, one digest of names and bits, and what did not go well. */
export function evaluate(library) {
  const failures = [];
  const run = () =>
    Object.entries(makeCases(library)).map(([name, compute]) => {
      try {
        return { name, bits: leavesOf(compute(), library.Tensor) };
      } catch (error) {
        failures.push(`${name}: ${error}`);
        return { name, bits: [] };
      }
    });
  let [values, again] = [[], []];
  const instances = countInstances(() => {
    values = run();
    // A second time, when engines have compiled what they interpreted before, and plans lie on their shelf.
    again = run();
  });
  values.forEach(({ name, bits }, i) => {
    if (bits.length === 0) failures.push(`${name}: no numbers`);
    else if (bits.join() !== again[i].bits.join()) failures.push(`${name}: other bits the second time`);
  });
  const numbers = values.reduce((sum, { bits }) => sum + bits.length, 0);
  return {
    values,
    numbers,
    digest: digest(values.flatMap(({ name, bits }) => [name, ...bits])),
    instances,
    failures,
  };
}

/** The library with a fault: every exponential is too large by 2⁻⁵² of itself. */
export const withFault = (library) => ({
  ...library,
  exp: (x) => library.mul(library.exp(x), 1 + 2 ** -52),
});
