// Does a page compute what its model does, and does its self-test notice what is wrong?
import fc from "fast-check";
import { add, fixedPoint, grad, jacobian, log, mul, sum, type Tensor, tensor, trace } from "stillpoint";
import { exportHtml } from "stillpoint/export";
import { solveCaputo } from "stillpoint/fractional";
import { describe, expect, test } from "vitest";
import { bytesOf, fromBase64, toBase64 } from "../../src/export/bytes.js";
import { encodeProgram, makePool } from "../../src/export/encode.js";
import { type Decoded, decode } from "../../src/export/page/decode.js";
import { equilibriumMachine } from "../../src/export/page/equilibrium.js";
import { fractionalMachine } from "../../src/export/page/fractional.js";
import { functionMachine } from "../../src/export/page/function.js";
import type { Machine } from "../../src/export/page/machine.js";
import { operationsOfFunctions } from "../../src/export/page/more-operations.js";
import { operationsOfSolves } from "../../src/export/page/operations.js";
import { checkRows, judge } from "../../src/export/page/self-test.js";
import { tanhPrimitive } from "../../src/primitives/index.js";
import { apply, type Primitive } from "../../src/tape/index.js";
import { nextSerial } from "../../src/tensor/index.js";
import { drawFrom } from "../laws/draw.js";
import { sampleOf } from "../laws/samples.js";
import { type Case, equilibrium, fieldOf, fractional, halfFollowed, monotoneEquilibrium, network } from "./models.js";
import { open, partsOf } from "./read-page.js";

const pageOf = ({ model, options }: Case): string => exportHtml(model, options);
const machineOf = (one: Case, operations: readonly Primitive[], of: (decoded: Decoded) => Machine): Machine => {
  const { payload, numbers } = partsOf(pageOf(one));
  return of(decode(payload, numbers, operations));
};
const scalars = (values: readonly number[]): Tensor[] => values.map((value) => tensor(value));
const verdictOf = (machine: Machine, values: readonly number[]) =>
  judge([...checkRows(machine, values)], machine.intact, String);

test("base64 is that of everybody, and comes back", () => {
  for (let length = 0; length < 20; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 97 + 13 * length) & 255);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  }
});

describe("every operation of the page of a function comes back with its parameters and its bits:", () => {
  for (const primitive of operationsOfFunctions) {
    test(primitive.name, () => {
      const same = fc.property(fc.gen(), (g) => {
        const { inputs, parameters } = sampleOf(primitive)(drawFrom(g));
        const expected = apply(primitive, inputs, parameters);
        expected.forEach((y, output) => {
          const pool = makePool("test");
          const operations = new Map(operationsOfFunctions.map((one) => [one.name, one]));
          const program = trace((xs: Tensor[]) => apply(primitive, xs, parameters)[output], [...inputs]);
          const encoded = encodeProgram("test", program, { pool, operations, before: nextSerial() });
          const payload = {
            kind: "function",
            inputs: [],
            outputs: [],
            programs: [encoded],
            pool: pool.shapes,
            check: 0,
          };
          const numbers = toBase64(bytesOf(pool.tensors.map(({ data }) => data)));
          const decoded = decode(JSON.parse(JSON.stringify(payload)), numbers, operationsOfFunctions);
          const { shape, data } = decoded.run(0, inputs, decoded.poolWith(decoded.weights));
          expect({ shape, data }).toEqual({ shape: y.shape, data: y.data });
        });
      });
      fc.assert(same, { seed: 20261101, numRuns: 20 });
    });
  }
});

describe("the machine of a page", () => {
  const values = [0.4, -1.25];
  test("of a function gives the bits of the function, and its gradient", () => {
    const machine = machineOf(network, operationsOfFunctions, functionMachine);
    const { f } = network.model as Extract<Case["model"], { kind: "function" }>;
    expect(machine.evaluate(scalars(values), machine.weights).data).toEqual(f(tensor(values)).data);
    const slope = grad((a: Tensor) => sum(machine.evaluate([a, tensor(values[1])], machine.weights)))(
      tensor(values[0]),
    );
    expect(slope.item()).toBe(grad((x: Tensor) => sum(f(x)))(tensor(values)).data[0]);
  });
  test("of an equilibrium gives what fixedPoint gives, with its derivative", () => {
    const machine = machineOf(equilibrium, operationsOfSolves, equilibriumMachine);
    const { cell, readout, size } = equilibrium.model as Extract<Case["model"], { kind: "equilibrium" }>;
    const y = (x: Tensor): Tensor => {
      const z = fixedPoint((z: Tensor) => cell(z, x), tensor(new Float64Array(size)), { tolerance: 1e-14 });
      return readout ? readout(z) : z;
    };
    const expected = y(tensor(values)).data;
    machine.evaluate(scalars(values), machine.weights).data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 13);
    });
    const slopes = jacobian(y)(tensor(values)).data;
    const found = jacobian((a: Tensor) => machine.evaluate([a, tensor(values[1])], machine.weights))(
      tensor(values[0]),
    ).data;
    expect(found[0]).toBeCloseTo(slopes[0], 12);
    expect(found[1]).toBeCloseTo(slopes[2], 12);
  });
  test("of a fractional equation gives the bits of solveCaputo in steps, and the derivative in the order", () => {
    const machine = machineOf(fractional, operationsOfSolves, fractionalMachine);
    const path = (order: Tensor): Tensor =>
      solveCaputo(fieldOf, tensor([1, 0.25]), {
        ...{ order, duration: 10, steps: 60, window: 1, tolerance: 1e-14, relativeTolerance: 1e-14 },
        adjoint: { tolerance: 1e-14 },
      }).values;
    const own = (order: Tensor): Tensor => machine.evaluate([order, ...scalars([10, 1])], machine.weights);
    expect(own(tensor(0.9)).data).toEqual(path(tensor(0.9)).data);
    expect(grad((a: Tensor) => sum(own(a)))(tensor(0.9)).item()).toBeCloseTo(
      grad((a: Tensor) => sum(path(a)))(tensor(0.9)).item(),
      11,
    );
    expect(machine.payload.pool.filter(({ weight }) => weight).map(({ shape }) => shape)).toEqual([
      [2, 2],
      [2, 16],
      [16],
      [16, 2],
      [2],
    ]);
  });
});

describe("the self-test", () => {
  const machine = machineOf(network, operationsOfFunctions, functionMachine);
  const tanhIs = (bent: Partial<Primitive<void, "tanh">>): Machine => {
    const wrong = { ...tanhPrimitive, ...bent } as Primitive;
    const operations = operationsOfFunctions.map((one) => (one.name === "tanh" ? wrong : one));
    return machineOf(network, operations, functionMachine);
  };
  const scaled = (xs: readonly (Tensor | undefined)[], by: number) => xs.map((x) => x && mul(by, x));
  const at = [0.4, 0.4];
  test("passes", () => {
    const rows = [...checkRows(machine, at)];
    expect(rows.map(({ name }) => name)).toEqual([
      "temperature",
      "pressure",
      "weights 1: [2, 16]",
      "weights 2: [16]",
      "weights 3: [16, 16]",
      "weights 4: [16]",
      "weights 5: [16, 2]",
      "weights 6: [2]",
    ]);
    expect(rows.every(({ decided }) => decided)).toBe(true);
    expect(judge(rows, true, String)).toMatchObject({
      passed: true,
      text: expect.stringMatching(/^PASS: the largest relative error is \d/),
    });
  });
  test("sees a rule of reverse mode that is wrong by 1e-9", () => {
    const bent = tanhIs({ vjp: (...args) => scaled(tanhPrimitive.vjp(...args), 1 + 1e-9) });
    expect(verdictOf(bent, at)).toMatchObject({
      passed: false,
      text: expect.stringMatching(/^FAIL: reverse and forward mode differ by \d/),
    });
  });
  test("sees rules of both modes that are wrong alike by 1e-6", () => {
    const by = 1 + 1e-6;
    const bent = tanhIs({
      vjp: (...args) => scaled(tanhPrimitive.vjp(...args), by),
      jvp: (...args) => scaled(tanhPrimitive.jvp(...args), by),
    });
    expect(verdictOf(bent, at)).toMatchObject({
      passed: false,
      text: expect.stringMatching(/^FAIL: reverse mode and differences differ by \d/),
    });
  });
  test("sees a rule that gives NaN", () => {
    const bent = tanhIs({ vjp: (...args) => scaled(tanhPrimitive.vjp(...args), Number.NaN) });
    expect(verdictOf(bent, at)).toMatchObject({
      passed: false,
      text: expect.stringMatching(/^FAIL: reverse and forward mode differ by NaN/),
    });
  });
  test("sees numbers that were changed, by one bit", () => {
    const { payload, numbers } = partsOf(pageOf(network));
    const bytes = fromBase64(numbers);
    bytes[0] ^= 1;
    const changed = functionMachine(decode(payload, toBase64(bytes), operationsOfFunctions));
    expect(verdictOf(changed, at)).toMatchObject({
      passed: false,
      text: expect.stringMatching(/^FAIL: the numbers are not those that were exported/),
    });
  });
  test("does not pass where it decided nothing", () => {
    expect(judge([], true, String)).toMatchObject({
      passed: false,
      text: "FAIL: differences could decide nothing here.",
    });
  });
  test("leaves a kink open, and says so", () => {
    const kinked: Case = {
      model: { kind: "function", f: (x) => add(mul(x, x), tensor([0])) },
      options: { title: "t", inputs: [{ label: "x", from: -1, to: 1, value: 0.5 }] },
    };
    const plain = machineOf(kinked, operationsOfFunctions, functionMachine);
    const withKink: Machine = {
      ...plain,
      evaluate: ([x], w) => add(plain.evaluate([x], w), mul(tensor(x.data[0] > 0.5 ? 0.1 * (x.data[0] - 0.5) : 0), 1)),
    };
    const [row] = checkRows(withKink, [0.5]);
    expect(row.decided).toBe(false);
  });
});

describe("the script of the page, as it was built,", () => {
  const sliders = { network: 2, equilibrium: 2, monotoneEquilibrium: 1, fractional: 3 };
  for (const [name, one] of Object.entries({ network, equilibrium, monotoneEquilibrium, fractional })) {
    test(`${name}: draws, follows every slider, and passes its own test`, () => {
      const page = open(pageOf(one));
      expect(page.document.querySelectorAll("input").length).toBe(sliders[name as keyof typeof sliders]);
      for (let slider = 0; slider < sliders[name as keyof typeof sliders]; slider++) {
        const before = page.picture();
        expect(before.length).toBeGreaterThan(100);
        page.move(slider, 37);
        expect(page.picture()).not.toBe(before);
      }
      expect(page.check()).toMatch(/^PASS: the largest relative error is \d/);
    });
  }
  test("has as many digits as the model: what it shows is what the model gives", () => {
    const page = open(pageOf(network));
    const { f } = network.model as Extract<Case["model"], { kind: "function" }>;
    const expected = [...f(tensor([0.4, 0.4])).data].map(
      (y) => `${String(Number(y.toPrecision(6))).replace("-", "−")} %`,
    );
    expect([...page.document.querySelectorAll("dd")].map(({ textContent }) => textContent)).toEqual(expected);
  });
  test("fails a gradient that is wrong", () => {
    expect(open(pageOf(halfFollowed)).check()).toMatch(/^FAIL: reverse mode and differences differ by 5.00e−1 along x/);
  });
  test("fails numbers that were changed", () => {
    const html = pageOf(network).replace(
      /(id="numbers">.{40})(.)/,
      (_, before, digit) => before + (digit === "A" ? "B" : "A"),
    );
    expect(open(html).check()).toMatch(/^FAIL: the numbers are not those that were exported/);
  });
  test("says in words where nothing can be solved", () => {
    const growing: Case = {
      model: {
        kind: "fractional",
        field: (_, u) => log(u),
        order: 1,
        duration: { from: 0.1, to: 10, value: 0.1 },
        initial: [0.5],
        steps: 20,
      },
      options: { title: "t" },
    };
    const page = open(pageOf(growing));
    expect(page.document.querySelectorAll("figure").length).toBe(1);
    page.move(0, 200);
    expect(page.document.querySelectorAll("figure").length).toBe(0);
    expect(page.find(".alarm").textContent).toMatch(/^Nothing to draw here. trajectory: expected/);
    expect(page.check()).toMatch(/^FAIL: the gradient could not be computed here/);
    page.move(0, 0);
    expect(page.document.querySelectorAll("figure").length).toBe(1);
  });
});
