// Do tensors survive being bytes, and are damaged bytes refused?
import fc from "fast-check";
import { DomainError, random, ShapeError, type Tensor, tensor, zeros } from "stillpoint";
import { loadSafetensors, saveSafetensors } from "stillpoint/io";
import { mlp } from "stillpoint/nn";
import { describe, expect, test } from "vitest";

/** A file made of any header and data. */
function file(header: unknown, dataLength: number, lie?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, lie ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
const entry = (shape: unknown, begin: unknown, end: unknown, dtype: unknown = "F64") => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe("round trips", () => {
  test("keep every bit of float64, special values included", () => {
    const values = [0, -0, 1 / 3, Number.NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308];
    expect(loadSafetensors(saveSafetensors({ x: tensor(values) })).x.data).toEqual(Float64Array.from(values));
  });
  test("keep shapes, empty and scalar ones included, and name tensors by their paths", () => {
    const { params } = mlp([2, 3, 1], { random: random(0) });
    const loaded = loadSafetensors(saveSafetensors({ layers: params, step: tensor(7), none: zeros([0, 2]) }));
    expect(Object.keys(loaded)).toEqual([
      "layers.0.weight",
      "layers.0.bias",
      "layers.1.weight",
      "layers.1.bias",
      "step",
      "none",
    ]);
    expect(loaded["layers.0.weight"].toArray()).toEqual(params[0].weight.toArray());
    expect([loaded.step.shape, loaded.none.shape]).toEqual([[], [0, 2]]);
  });
  test("as F32 keep what float32 holds", () => {
    const bytes = saveSafetensors({ x: tensor([0.5, 1 / 3]) }, { dtype: "F32" });
    expect(loadSafetensors(bytes).x.toArray()).toEqual([0.5, Math.fround(1 / 3)]);
  });
  test("names that mean something to JavaScript are names", () => {
    const tree = JSON.parse('{"__proto__": 1, "constructor": 2}') as Record<string, number>;
    const loaded = loadSafetensors(saveSafetensors(tree));
    expect(Object.entries(loaded).map(([name, x]: [string, Tensor]) => [name, x.item()])).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });
  test("of nothing give nothing", () => {
    expect(loadSafetensors(saveSafetensors({}))).toEqual({});
  });
  test("work from the middle of a larger buffer", () => {
    const bytes = saveSafetensors({ x: tensor([1, 2, 3]) });
    const larger = new Uint8Array(bytes.length + 5);
    larger.set(bytes, 3);
    expect(loadSafetensors(larger.subarray(3, 3 + bytes.length)).x.toArray()).toEqual([1, 2, 3]);
  });
});

test("a file of the format's own making is read: metadata is skipped, order does not matter", () => {
  const bytes = file({ __metadata__: { format: "pt" }, b: entry([1], 8, 16), a: entry([], 0, 8) }, 16);
  new DataView(bytes.buffer).setFloat64(bytes.length - 8, 2.5, true);
  const loaded = loadSafetensors(bytes);
  expect([loaded.a.item(), loaded.b.toArray()]).toEqual([0, [2.5]]);
});

describe("damaged bytes are refused:", () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ["no bytes", new Uint8Array(0), /at least 8 bytes, received 0/],
    ["a header longer than the file", file({}, 0, 1000n), /received the length 1000/],
    ["an absurd header length", file({}, 0, 2n ** 63n), /received the length 9223372036854775808/],
    ["no JSON", file("{oops", 0), /header of JSON/],
    [
      "no UTF-8",
      (() => {
        const b = file("{   }", 0);
        b[10] = 0xff;
        return b;
      })(),
      /header of JSON in UTF-8/,
    ],
    ["a list as header", file([], 0), /record as header/],
    ["an entry that is null", file({ a: null }, 0), /dtype F64 or F32, received undefined/],
    ["an unknown dtype", file({ a: entry([2], 0, 4, "F16") }, 4), /received "F16"/],
    ["a dtype of the prototype", file({ a: entry([2], 0, 4, "toString") }, 4), /received "toString"/],
    ["metadata that is a text", file({ __metadata__: "pt" }, 0), /__metadata__ to be a record of texts, received "pt"/],
    ["metadata with a number", file({ __metadata__: { a: 1 } }, 0), /record of texts, received \{"a":1\}/],
    ["no shape", file({ a: entry(3, 0, 24) }, 24), /expected a shape/],
    ["offsets that are no pair", file({ a: { dtype: "F64", shape: [1], data_offsets: [0] } }, 8), /two offsets/],
    ["negative offsets", file({ a: entry([1], -8, 0) }, 8), /two offsets/],
    ["fractional offsets", file({ a: entry([1], 0.5, 8.5) }, 9), /two offsets/],
    ["offsets in reverse", file({ a: entry([1], 8, 0) }, 8), /received 8 to 0/],
    ["offsets outside", file({ a: entry([2], 0, 16) }, 8), /within 8 bytes of data, received 0 to 16/],
    ["a shape of another size", file({ a: entry([3], 0, 16) }, 16), /expected 24 bytes for F64 \[3\], received 16/],
    ["tensors that overlap", file({ a: entry([2], 0, 16), b: entry([1], 8, 16) }, 16), /overlap/],
    ["a gap", file({ a: entry([1], 0, 8), b: entry([1], 16, 24) }, 24), /leave a gap/],
    ["data that belong to nobody", file({ a: entry([1], 0, 8) }, 24), /expected 8 bytes of data, received 24/],
    [
      "a name twice",
      file(
        '{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}',
        16,
      ),
      /gap/,
    ],
  ];
  for (const [name, bytes, message] of cases) {
    test(name, () => {
      expect(() => loadSafetensors(bytes)).toThrow(DomainError);
      expect(() => loadSafetensors(bytes)).toThrow(message);
    });
  }
  test("absurd sizes", () => {
    expect(() => loadSafetensors(file({ a: entry([2 ** 40, 2 ** 40], 0, 8) }, 8))).toThrow(DomainError);
    expect(() => loadSafetensors(file({ a: entry([-1], 0, 8) }, 8))).toThrow(ShapeError);
  });
  test("every truncation, and every change of a byte of the header, is refused or gives tensors of their shapes", () => {
    const bytes = saveSafetensors({
      a: tensor([
        [1, 2],
        [3, 4],
      ]),
      b: tensor(5),
    });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => loadSafetensors(bytes.slice(0, length)), `${length} bytes`).toThrow(DomainError);
    }
    const change = fc.property(fc.nat(bytes.length - 41), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const damaged = bytes.slice();
      damaged[at] ^= by;
      let loaded: Record<string, Tensor> = {};
      try {
        loaded = loadSafetensors(damaged);
      } catch (error) {
        expect(error instanceof DomainError || error instanceof ShapeError).toBe(true);
      }
      for (const x of Object.values(loaded)) expect(x.data.length).toBe(x.shape.reduce((product, n) => product * n, 1));
    });
    fc.assert(change, { seed: 20260110, numRuns: 2000 });
  });
  test("other things than bytes", () => {
    expect(() => loadSafetensors("x" as never)).toThrow(/expected a Uint8Array, received string/);
  });
});

describe("saving refuses", () => {
  test("one tensor without a name, the same name twice, other types and options", () => {
    expect(() => saveSafetensors(tensor(1))).toThrow(/name it/);
    expect(() => saveSafetensors({ "a.b": tensor(1), a: { b: tensor(2) } })).toThrow(/"a\.b" again/);
    expect(() => saveSafetensors({ a: tensor(1) }, { dtype: "F16" as never })).toThrow(/F64 or F32/);
    expect(() => saveSafetensors({ a: tensor(1) }, { dtype: "toString" as never })).toThrow(/F64 or F32/);
    expect(() => saveSafetensors({ __metadata__: tensor(1) })).toThrow(/"__metadata__" again/);
    expect(() => saveSafetensors({ a: tensor(1) }, { type: "F32" } as never)).toThrow(/unknown option "type"/);
    expect(() => saveSafetensors({ a: "text" })).toThrow(/received string at \.a/);
  });
});
