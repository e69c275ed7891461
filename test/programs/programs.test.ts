// Do random programs have one value and one derivative, however they are read?
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import {
  compile,
  custom,
  grad,
  hvp,
  jit,
  jvp,
  listeningTapes,
  mul,
  print,
  replay,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
} from "stillpoint";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { differentiateLine } from "../laws/differences.js";
import { operations, type Program, programs } from "./program.js";

const seed = 20260501;

const inner = (a: readonly Tensor[], b: readonly Tensor[]): number =>
  a.reduce((total, x, i) => total + x.data.reduce((part, value, e) => part + value * b[i].data[e], 0), 0);
const largest = (xs: readonly Tensor[]): number =>
  xs.reduce((most, x) => x.data.reduce((m, value) => Math.max(m, Math.abs(value)), most), 0);
const moved = (xs: readonly Tensor[], vs: readonly Tensor[], s: number): Tensor[] =>
  xs.map((x, i) =>
    tensor(
      x.data.map((value, e) => value + s * vs[i].data[e]),
      x.shape,
    ),
  );
const near = (what: string, received: number, expected: number, tolerance: number): void => {
  expect(Math.abs(received - expected), `${what}: ${received} and ${expected}`).toBeLessThanOrEqual(tolerance);
};
const bits = (xs: readonly Tensor[]): number[] => xs.flatMap((x) => [...x.data]);

/** Directions that belong to the inputs: fixed, and of no special form. */
const directionsFor = (xs: readonly Tensor[]): Tensor[] =>
  xs.map((x, i) =>
    tensor(
      x.data.map((_, e) => Math.sin(1 + 3 * i + e)),
      x.shape,
    ),
  );

/** Everything that must hold for a program. @throws if it does not */
function check({ f, inputs }: Program): void {
  const xs = [...inputs];
  const ds = directionsFor(xs);
  const value = f(xs);
  const gradient = grad(f)(xs);
  const forward = jvp(f, [xs], [ds]).tangent.item();
  const scale = 1 + Math.abs(value.item()) + largest(gradient);
  near("forward and reverse", forward, inner(gradient, ds), 1e-11 * scale);
  const [slope] = differentiateLine((s) => f(moved(xs, ds, s)).data);
  near("rules and differences", forward, slope, 1e-8 * scale);

  const product = hvp(f, xs, ds);
  const along = (ys: Tensor[]): Tensor =>
    grad(f)(ys)
      .map((g, i) => sum(mul(g, ds[i])))
      .reduce((total, part) => sub(total, mul(-1, part)));
  const twice = grad(along)(xs);
  const scale2 = scale + largest(product);
  near(
    "second order, forward over reverse and reverse over reverse",
    inner(product, ds),
    inner(twice, ds),
    1e-10 * scale2,
  );
  const [bend] = differentiateLine((s) => along(moved(xs, ds, s)).data);
  near("second order and differences", inner(twice, ds), bend, 1e-7 * scale2);

  const both = (ys: Tensor[]): Tensor[] => [f(ys), ...grad(f)(ys)];
  const eager = bits([value, ...gradient]);
  const program = trace(both as never, xs as never);
  expect(print(program).length).toBeGreaterThan(0);
  expect(bits(replay(program, [xs]) as unknown as Tensor[]), "replayed").toEqual(eager);
  const plan = compile(program);
  for (let run = 0; run < 2; run++)
    expect(bits(plan.run([xs]) as unknown as Tensor[]), `compiled, run ${run}`).toEqual(eager);
  const jitted = jit(both);
  const others = moved(xs, ds, 0.25);
  expect(bits(jitted(xs)), "jitted").toEqual(eager);
  expect(bits(jitted(others)), "jitted, for other arguments").toEqual(bits(both(others)));
  expect(listeningTapes()).toBe(0);
}

describe("random programs", () => {
  test("forward = reverse = differences, twice; eager = replayed = compiled = jitted, bit for bit", () => {
    fc.assert(fc.property(programs(), check), { seed, numRuns: 250 });
  });

  test("use values twice, broadcast, nest derivatives and solve for fixed points, each in many programs", () => {
    const seen = { diamond: 0, broadcast: 0, derivative: 0, "fixed point": 0, long: 0 };
    const sample = fc.sample(programs(), { seed, numRuns: 250 });
    for (const { lines } of sample) {
      const reads = lines.flatMap(({ text }) => [...new Set([...text.matchAll(/v\d+/g)].map(([name]) => name))]);
      if (new Set(reads).size < reads.length) seen.diamond++;
      if (lines.some(({ shapes: [a, b], text, reads: [, b0] }) => text.includes(`v${b0}`) && String(a) !== String(b)))
        seen.broadcast++;
      if (lines.some(({ operation }) => /grad|hvp|jvp/.test(operation))) seen.derivative++;
      if (lines.some(({ operation }) => /fixedPoint/i.test(operation))) seen["fixed point"]++;
      if (lines.length >= 5) seen.long++;
    }
    console.log(`of ${sample.length} programs: ${JSON.stringify(seen)}`);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0.1 * sample.length);
  });

  test("are printed as TypeScript that runs, with the same bits", () => {
    const root = fileURLToPath(new URL("../../", import.meta.url));
    for (const { source, f, inputs } of fc.sample(programs(), { seed, numRuns: 3 })) {
      const { outputText, diagnostics } = ts.transpileModule(source, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
        reportDiagnostics: true,
      });
      expect(diagnostics).toEqual([]);
      const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", outputText], {
        cwd: root,
        encoding: "utf8",
      });
      expect(Number(printed.split("\n")[0])).toBe(f([...inputs]).item());
    }
  });
});

describe("a fault is found, and shrunk to the smallest program that shows it:", () => {
  const scale = 1 + 1e-6;
  const faults: readonly (readonly [string, (...xs: Tensor[]) => Tensor, RegExp])[] = [
    [
      "a slope that is wrong by 1e-6 in both modes",
      custom("bent", (x) => tanh(x), {
        vjp: (g, y) => [mul(mul(scale, g), sub(1, square(y)))],
        jvp: ([dx], y) => mul(mul(scale, dx), sub(1, square(y))),
      }),
      /rules and differences/,
    ],
    [
      "a cotangent that forgets one of two uses",
      custom("bent", (x) => mul(x, x), {
        vjp: (g, _y, [x]) => [mul(g, x)],
        jvp: ([dx], _y, [x]) => mul(mul(2, x), dx),
      }),
      /forward and reverse/,
    ],
  ];
  for (const [what, bent, message] of faults) {
    test(what, () => {
      const available = { ...operations, bent: { accepts: () => true, text: (a: string) => `bent(${a})` } };
      const { counterexample, errorInstance } = fc.check(fc.property(programs(available, { bent }), check), {
        seed,
        numRuns: 500,
      });
      expect(errorInstance).toBeInstanceOf(Error);
      expect((errorInstance as Error).message).toMatch(message);
      const [{ lines, source }] = counterexample as [Program];
      expect(lines.map(({ operation }) => operation)).toEqual(["bent"]);
      expect(source).toContain("bent(");
    });
  }
});
