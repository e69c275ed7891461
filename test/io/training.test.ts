// Does training that was saved and loaded go on as if nothing had happened, bit for bit?
import {
  DomainError,
  div,
  greaterEqual,
  jit,
  mul,
  type Random,
  random,
  ShapeError,
  type Tensor,
  tanh,
  tensor,
  valueAndGrad,
} from "stillpoint";
import { loadSafetensors, loadTraining, saveSafetensors, saveTraining } from "stillpoint/io";
import { meanSquaredError, mlp } from "stillpoint/nn";
import { adam, batches, cosineSchedule, lbfgs } from "stillpoint/optim";
import { drawUniform } from "stillpoint/random";
import { describe, expect, test } from "vitest";
import { crc32 } from "../../src/io/crc.js";

const net = mlp([2, 6, 1], { activation: tanh, random: random(1) });
type Params = typeof net.params;
const data = { x: random(2).normal([20, 2]), y: random(3).normal([20, 1]) };
const optimiser = adam({ learningRate: cosineSchedule({ from: 0.05, steps: 60 }) });

interface Training {
  params: Params;
  optimiser: ReturnType<typeof optimiser.init>;
  random: Random;
  step: number;
}
const begin = (): Training => ({
  params: net.params,
  optimiser: optimiser.init(net.params),
  random: random(2 ** 40 + 7),
  step: 0,
});

const loss = (params: Params, x: Tensor, y: Tensor, key: Tensor): Tensor => {
  const kept = greaterEqual(drawUniform(key, x.shape), 0.25);
  return meanSquaredError(net.apply(params, div(mul(x, kept), 0.75)), y);
};

/** Passes of 4 batches in random order, with a draw in every step. */
function train(state: Training, passes: number): Training {
  let { params, optimiser: moments, step } = state;
  for (let pass = 0; pass < passes; pass++) {
    for (const { x, y } of batches(data, { size: 5, random: state.random })) {
      const { gradient } = valueAndGrad(loss)(params, x, y, state.random.key());
      ({ params, state: moments } = optimiser.update(gradient, moments, params));
      step++;
    }
  }
  return { params, optimiser: moments, random: state.random, step };
}

/** Every bit, also of NaN and −0. */
const bitsOf = (state: object): Uint8Array => saveTraining(state);

describe("a training of 48 steps", () => {
  test("is the same, bit for bit, when it stops after 20, is saved, loaded, and goes on", () => {
    const whole = train(begin(), 12);
    const bytes = saveTraining(train(begin(), 5));
    const resumed = train(loadTraining<Training>(bytes), 7);
    expect([whole.step, resumed.step]).toEqual([48, 48]);
    whole.params.forEach(({ weight, bias }, layer) => {
      expect(resumed.params[layer].weight.data).toEqual(weight.data);
      expect(resumed.params[layer].bias.data).toEqual(bias.data);
    });
    expect(bitsOf(resumed)).toEqual(bitsOf(whole));
    expect(resumed.random.normal([7]).data).toEqual(whole.random.normal([7]).data);
    expect(resumed.random.permutation(9)).toEqual(whole.random.permutation(9));
  });
  test("is so with the type of the program's own state", () => {
    const resumed = loadTraining(saveTraining(train(begin(), 1)), begin());
    expect(resumed.optimiser.step.item()).toBe(resumed.step);
    expect(train(resumed, 1).step).toBe(8);
  });
  test("is so for a compiled step: a loaded state fits the plan", () => {
    let runs = 0;
    const step = jit((params: Params, state: Training["optimiser"], key: Tensor) => {
      runs++;
      const { gradient } = valueAndGrad((p: Params) =>
        loss(p, drawUniform(key, [4, 2]), drawUniform(key, [4, 1]), key),
      )(params);
      return optimiser.update(gradient, state, params);
    });
    const keys = random(9);
    const [one, two] = [keys.key(), keys.key()];
    const first = step(net.params, optimiser.init(net.params), one);
    const loaded = loadTraining<typeof first>(saveTraining(first));
    const [whole, resumed] = [first, loaded].map(({ params, state }) => step(params, state, two));
    expect(runs).toBe(1);
    expect(bitsOf(resumed)).toEqual(bitsOf(whole));
  });
});

describe("a state", () => {
  test("may be nested in any way, of tensors, numbers and streams, with empty parts", () => {
    const state = {
      streams: [random(1), { inner: random(2) }],
      numbers: [1, -0, Number.NaN, Number.POSITIVE_INFINITY],
      none: [],
      nothing: {},
      'a key.with "signs" ∞': { "": tensor([[1, 2]]) },
      lbfgs: lbfgs({ memory: 2 }).init([tensor([1, 2]), 3]),
    };
    const loaded = loadTraining(saveTraining(state), state);
    expect(bitsOf(loaded)).toEqual(bitsOf(state));
    expect(Object.keys(loaded)).toEqual(Object.keys(state));
    expect(loaded.numbers).toEqual(state.numbers);
    expect([loaded.none, loaded.nothing]).toEqual([[], {}]);
    expect((loaded.streams[1] as { inner: Random }).inner.uniform([]).item()).toBe(random(2).uniform([]).item());
    expect(loaded['a key.with "signs" ∞'][""].toArray()).toEqual([[1, 2]]);
    expect(loaded.lbfgs.s.length).toBe(2);
  });
  test("has names that mean something to JavaScript as names", () => {
    const state = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}') as object;
    const loaded = loadTraining(saveTraining(state));
    expect(Object.entries(loaded)).toEqual(Object.entries(state));
    expect((loaded as { x?: number }).x).toBeUndefined();
  });
  test("is a file of safetensors, which others read", () => {
    const read = loadSafetensors(saveTraining({ params: [{ w: tensor([1, 2]) }], step: 3 }));
    expect(Object.entries(read).map(([name, x]) => [name, x.toArray()])).toEqual([
      ["params.0.w", [1, 2]],
      ["step", 3],
    ]);
  });
});

test("crc32 agrees with the published check value", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

describe("damage is noticed:", () => {
  const state = {
    params: {
      w: tensor([
        [1, 2],
        [3, 4],
      ]),
    },
    random: random(5),
    step: 7,
  };
  const bytes = saveTraining(state);
  /** The same bytes with another header. */
  function withHeader(change: (header: Record<string, Record<string, string>>) => void): Uint8Array {
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const parsed = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    change(parsed);
    const text = new TextEncoder().encode(JSON.stringify(parsed));
    const made = new Uint8Array(8 + text.length + bytes.length - 8 - length);
    new DataView(made.buffer).setBigUint64(0, BigInt(text.length), true);
    made.set(text, 8);
    made.set(bytes.subarray(8 + length), 8 + text.length);
    return made;
  }
  test("the helper itself changes nothing else", () => {
    expect(loadTraining(withHeader(() => {})).step).toBe(7);
  });
  test("every truncation", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => loadTraining(bytes.slice(0, length)), `${length} bytes`).toThrow(DomainError);
    }
  });
  test("every change of one bit of the data", () => {
    const data = Number(new DataView(bytes.buffer).getBigUint64(0, true)) + 8;
    for (let at = data; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = bytes.slice();
        damaged[at] ^= 1 << bit;
        expect(() => loadTraining(damaged), `byte ${at}, bit ${bit}`).toThrow(/expected data with the check/);
      }
    }
  });
  test("every change of one byte of the header is refused, or leaves the state as it was", () => {
    const data = Number(new DataView(bytes.buffer).getBigUint64(0, true)) + 8;
    const values = JSON.stringify(state.params.w.toArray());
    for (let at = 0; at < data; at++) {
      for (const by of [1, 2, 4, 16, 32, 128]) {
        const damaged = bytes.slice();
        damaged[at] ^= by;
        try {
          const loaded = loadTraining(damaged, state);
          expect(JSON.stringify(loaded.params.w.toArray())).toBe(values);
          expect(loaded.step).toBe(7);
        } catch (error) {
          expect(error instanceof DomainError || error instanceof ShapeError, `byte ${at} ^ ${by}: ${error}`).toBe(
            true,
          );
        }
      }
    }
  });
  const deep = `${'{"array":['.repeat(600)}"leaf"${"]}".repeat(600)}`;
  const cases: [string, (h: Record<string, Record<string, string>>) => void, RegExp][] = [
    ["no metadata", (h) => delete h.__metadata__, /received another file of safetensors: loadSafetensors reads it/],
    [
      "another version",
      (h) => {
        h.__metadata__["stillpoint.training"] = "9";
      },
      /version 1, received version 9/,
    ],
    [
      "metadata that is no record of texts",
      (h) => {
        h.__metadata__ = { a: 1 } as never;
      },
      /^loadSafetensors: expected __metadata__ to be a record of texts, received \{"a":1\}/,
    ],
    [
      "metadata that is a list",
      (h) => {
        h.__metadata__ = [] as never;
      },
      /record of texts, received \[\]/,
    ],
    [
      "a form that is no JSON",
      (h) => {
        h.__metadata__.form = "{";
      },
      /^loadTraining: expected the form of a tree; the file is damaged/,
    ],
    [
      "a form of other things",
      (h) => {
        h.__metadata__.form = '{"record":[["a","leaf"],[3,"leaf"]]}';
      },
      /expected the form of a tree/,
    ],
    [
      "a form without end",
      (h) => {
        h.__metadata__.form = deep;
      },
      /at most 500 deep/,
    ],
    [
      "a form of other names",
      (h) => {
        h.__metadata__.form = h.__metadata__.form.replace("step", "stop");
      },
      /expected the tensors params\.w, random, stop, received params\.w, random, step/,
    ],
    [
      "kinds that are too few",
      (h) => {
        h.__metadata__.kinds = '["tensor"]';
      },
      /expected the tensors/,
    ],
    [
      "a kind that there is not",
      (h) => {
        h.__metadata__.kinds = h.__metadata__.kinds.replace("number", "text");
      },
      /expected a kind of leaf, received "text"/,
    ],
    [
      "a matrix for a number",
      (h) => {
        h.__metadata__.kinds = '["number","random","number"]';
      },
      /expected params\.w to be a number, received the shape \[2, 2\]/,
    ],
    [
      "a matrix for a stream",
      (h) => {
        h.__metadata__.kinds = '["random","random","number"]';
      },
      /^randomFrom: .*received \[\[1,2\],\[3,4\]\]/,
    ],
  ];
  for (const [name, change, message] of cases) {
    test(name, () => {
      expect(() => loadTraining(withHeader(change))).toThrow(DomainError);
      expect(() => loadTraining(withHeader(change))).toThrow(message);
    });
  }
  test("another kind of file, and no bytes at all", () => {
    expect(() => loadTraining(saveSafetensors({ w: tensor(1) }))).toThrow(/^loadTraining: .*loadSafetensors reads it/);
    expect(() => loadTraining("x" as never)).toThrow(/expected a Uint8Array, received string/);
  });
});

describe("a state that does not fit the program is refused, with the path:", () => {
  const bytes = saveTraining(begin());
  const wider = mlp([2, 7, 1], { random: random(1) }).params;
  const cases: [string, object, RegExp][] = [
    [
      "another width",
      { ...begin(), params: wider },
      /^loadTraining: expected params\.0\.weight to be a tensor of shape \[2, 7\] as in like, received a tensor of shape \[2, 6\]/,
    ],
    ["a missing part", { params: net.params }, /no tensor in like is optimiser\.step in the file/],
    ["a part more", { ...begin(), best: tensor(1) }, /: best in like is not in the file/],
    [
      "another name",
      { ...begin(), params: { layers: net.params } },
      /params\.layers\.0\.weight in like is params\.0\.weight/,
    ],
    [
      "a number for a tensor",
      { ...begin(), step: tensor(0) },
      /expected step to be a tensor of shape \[\] .*received a number/,
    ],
  ];
  for (const [name, like, message] of cases) {
    test(name, () => {
      expect(() => loadTraining(bytes, like)).toThrow(ShapeError);
      expect(() => loadTraining(bytes, like)).toThrow(message);
    });
  }
});

describe("saving refuses", () => {
  test("what is no record, what is neither tensor, number nor stream, and two names that are one text", () => {
    expect(() => saveTraining(tensor(1))).toThrow(/^saveTraining: expected a record of tensors/);
    expect(() => saveTraining({ a: { b: "text" } })).toThrow(/^saveTraining: .*received string at \.a\.b/);
    expect(() => saveTraining({ random: undefined })).toThrow(/received undefined at \.random/);
    expect(() => saveTraining({ when: new Date(0) })).toThrow(/received object at \.when/);
    expect(() => saveTraining({ "a.b": 1, a: { b: 2 } })).toThrow(/^saveTraining: .*"a\.b" again/);
  });
});
