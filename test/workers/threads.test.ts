// Do several threads give the bits of one, and can they be stopped, refused and forgotten?
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startThreads } from "stillpoint/workers";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What a script on built output, from which threads can be started, prints as JSON; it has to end by itself. */
const run = (code: string): Record<string, unknown> =>
  JSON.parse(
    execFileSync(process.execPath, ["--expose-gc", "--input-type=module", "--eval", code], {
      ...{ cwd: root, encoding: "utf8", timeout: 120_000 },
    }),
  ) as Record<string, unknown>;

const programs = `
  import { compile, fixedPoint, add, jit, matmul, mul, picard, random, relu, sum, tanh, transpose, trace, valueAndGrad, zeros } from "stillpoint";
  import { solveCaputo } from "stillpoint/fractional";
  import { meanSquaredError, mlp } from "stillpoint/nn";
  import { adam } from "stillpoint/optim";
  import { setWebAssembly } from "stillpoint/typed-array-ops";
  import { startThreads } from "stillpoint/workers";

  const network = mlp([33, 70, 34], { activation: relu, random: random(0) });
  const [x, y] = [random(1).normal([301, 33]), random(2).normal([301, 34])];
  const optimiser = adam();
  const step = (params, state, x, y) => {
    const { value, gradient } = valueAndGrad((p) => meanSquaredError(tanh(network.apply(p, x)), y))(params);
    return { value, ...optimiser.update(gradient, state, params) };
  };
  const bytes = (tensors) => tensors.map(({ data }) => Buffer.from(new Uint8Array(data.slice().buffer)).toString("base64")).join();
  const leaves = (params) => params.flatMap(({ weight, bias }) => [weight, bias]);
  /** Losses and parameters of some steps of training by a plan that was made now. */
  const train = () => {
    const jitted = jit(step);
    let [params, state] = [network.params, optimiser.init(network.params)];
    const seen = [];
    for (let i = 0; i < 12; i++) {
      const next = jitted(params, state, x, y);
      ({ params, state } = next);
      seen.push(next.value);
    }
    return bytes([...seen, ...leaves(params)]);
  };
  const w = mul(0.05, random(3).normal([64, 64]));
  const layer = (v) => sum(fixedPoint((z) => tanh(add(matmul(z, v), matmul(transpose(z), z))), mul(0.01, random(4).normal([64, 64]))));
  /** An equilibrium and its gradient, by plans of the solver. */
  const settle = () => {
    for (let i = 0; i < 8; i++) valueAndGrad((v) => sum(fixedPoint((z) => tanh(add(matmul(z, v), 0.1)), zeros([64, 64]))))(w);
    const { value, gradient } = valueAndGrad((v) => sum(fixedPoint((z) => tanh(add(matmul(z, v), 0.1)), zeros([64, 64]))))(w);
    return bytes([value, gradient]);
  };
  /** The same by Picard's iteration, whose state stays where the threads are; of two tensors, one with odd rows. */
  const iterate = () => {
    const solver = picard();
    const start = () => [zeros([67, 64]), zeros([67, 3])];
    const f = (v) => ([z, y]) => [tanh(add(matmul(z, v), 0.1)), mul(0.5, add(y, 0.3))];
    const loss = (v) => fixedPoint(f(v), start(), { solver, adjoint: { solver } }).map((part) => sum(part)).reduce((p, q) => add(p, q));
    for (let i = 0; i < 8; i++) valueAndGrad(loss)(w);
    const { value, gradient } = valueAndGrad(loss)(w);
    return bytes([value, gradient]);
  };
  const wide = mlp([40, 80, 40], { activation: tanh, random: random(5) });
  /** A fractional equation of many states, and its gradient. */
  const evolve = () => {
    const loss = (p) => sum(solveCaputo((t, u) => wide.apply(p, u), random(6).normal([4, 40]), { order: 0.8, duration: 0.5, steps: 64 }).values);
    const { value, gradient } = valueAndGrad(loss)(wide.params);
    return bytes([value, ...leaves(gradient)]);
  };
`;

describe("two, three and five threads", () => {
  const seen = run(`${programs}
    const runs = {};
    for (const count of [1, 2, 3, 5]) {
      const threads = await startThreads(count);
      runs[count] = { training: train(), equilibrium: settle(), iteration: iterate(), fractional: evolve() };
      threads.stop();
    }
    setWebAssembly(false);
    const without = train() === runs[1].training && settle() === runs[1].equilibrium && iterate() === runs[1].iteration && evolve() === runs[1].fractional;
    setWebAssembly(true);
    const changed = train().replace("A", "B");
    console.log(JSON.stringify({
      ...Object.fromEntries([2, 3, 5].map((count) => [count, Object.keys(runs[1]).filter((name) => runs[count][name] === runs[1][name])])),
      without,
      afterwards: train() === runs[1].training,
      changed: changed === runs[1].training,
    }));`);
  test("give the bits of one: a training step, an equilibrium and a fractional equation with their gradients", () => {
    const all = ["training", "equilibrium", "iteration", "fractional"];
    expect(seen).toMatchObject({ 2: all, 3: all, 5: all });
  });
  test("which are also those without WebAssembly", () => {
    expect(seen.without).toBe(true);
  });
  test("and are gone when they are stopped", () => {
    expect(seen.afterwards).toBe(true);
  });
  test("another bit would be seen", () => {
    expect(seen.changed).toBe(false);
  });
});

describe("plans with threads", () => {
  const seen = run(`${programs}
    const heavy = (a, b) => tanh(matmul(a, b));
    const [a, b] = [random(7).normal([200, 200]), random(8).normal([200, 200])];
    const expected = bytes([heavy(a, b)]);
    const before = compile(trace(heavy, a, b));
    const often = (plan) => { let last; for (let i = 0; i < 10; i++) last = plan.run([a, b]); return last; };
    often(before);
    const threads = await startThreads(2);
    const inTime = bytes([often(before)]) === expected;
    // A result that outlives its plan keeps its numbers, however many plans come after it.
    let kept = (() => often(compile(trace(heavy, a, b))))();
    const shared = kept.data.buffer instanceof SharedArrayBuffer;
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 3; i++) often(compile(trace((p, q) => matmul(p, q), a, b)));
      gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const lasting = bytes([kept]) === expected;
    const plan = compile(trace(heavy, a, b));
    often(plan);
    threads.stop();
    threads.stop();
    console.log(JSON.stringify({ inTime, shared, lasting, stopped: bytes([plan.run([a, b])]) === expected }));`);
  test("follow when threads are started after they were made", () => {
    expect(seen.inTime).toBe(true);
  });
  test("use shared memory, and do not overwrite a result that somebody holds", () => {
    expect(seen).toMatchObject({ shared: true, lasting: true });
  });
  test("go on alone when the threads are stopped", () => {
    expect(seen.stopped).toBe(true);
  });
});

describe("startThreads", () => {
  test("refuses what is not a number of threads", async () => {
    for (const count of [0, -1, 1.5, NaN, "2"]) {
      await expect(startThreads(count as number)).rejects.toThrow(/startThreads: expected count/);
    }
  });
  test("refuses a second team, and what cannot share memory", () => {
    const said = run(`
      import { startThreads } from "stillpoint/workers";
      const threads = await startThreads(2);
      const second = await startThreads(2).catch(({ name, message }) => name + ": " + message);
      threads.stop();
      const again = await startThreads(2);
      again.stop();
      const Memory = WebAssembly.Memory;
      WebAssembly.Memory = function () { throw new RangeError("no"); };
      const none = await startThreads(2).catch(({ name, message }) => name + ": " + message);
      WebAssembly.Memory = Memory;
      console.log(JSON.stringify({ second, none, again: again.count }));`);
    expect(said.second).toMatch(/^DomainError: startThreads: expected no threads at work.*stop\(\)/);
    expect(said.none).toMatch(
      /^DomainError: startThreads: expected WebAssembly and memory that threads share.*one thread/,
    );
    expect(said.again).toBe(2);
  });
  test("with one thread starts none", async () => {
    const threads = await startThreads(1);
    expect(threads.count).toBe(1);
    threads.stop();
  });
});
