// Does memory stay where it is, step after step?
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

/** What a script on built output prints as JSON, in a process of its own whose collector can be called. */
const measure = (code: string): Record<string, number> =>
  JSON.parse(
    execFileSync(
      process.execPath,
      ["--expose-gc", "--max-semi-space-size=128", "--input-type=module", "--eval", code],
      {
        cwd: root,
        encoding: "utf8",
      },
    ),
  ) as Record<string, number>;

/**
 * Buffers are released in the background, some time after a collection, and one that is released while others are counted hides one
 * that is taken: waits until no more of them are. Between two steps of a solver nothing could be awaited.
 */
const settling = `
  const asleep = new Int32Array(new SharedArrayBuffer(4));
  const settle = () => {
    for (let same = 0, last = Infinity, i = 0; same < 5 && i < 200; i++) {
      gc();
      Atomics.wait(asleep, 0, 0, 20);
      const { arrayBuffers } = process.memoryUsage();
      same = arrayBuffers === last ? same + 1 : 0;
      last = arrayBuffers;
    }
  };`;

const training = `
  import { compile, jit, random, trace, valueAndGrad } from "stillpoint";
  import { meanSquaredError, mlp } from "stillpoint/nn";
  import { adam } from "stillpoint/optim";

  const network = mlp([4, 16, 2], { random: random(0) });
  const x = random(1).normal([32, 4]);
  const y = random(2).normal([32, 2]);
  const optimiser = adam();
  const start = [network.params, optimiser.init(network.params), x, y];
  const step = (params, state, x, y) => {
    const { gradient } = valueAndGrad((p) => meanSquaredError(network.apply(p, x), y))(params);
    return optimiser.update(gradient, state, params);
  };
  ${settling}
  const used = () => {
    settle();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };`;

describe("a training loop", () => {
  const grown = measure(`${training}
    const growth = async (run, keep = () => {}) => {
      let [params, state] = start;
      let before = 0;
      for (let i = 1; i <= 1000; i++) {
        ({ params, state } = run(params, state, x, y));
        keep(params);
        if (i === 100) before = used();
      }
      return used() - before;
    };
    const kept = [];
    console.log(JSON.stringify({
      eager: await growth(step),
      jitted: await growth(jit(step)),
      hoarding: await growth(step, (params) => kept.push(params)),
    }));`);
  const megabyte = 2 ** 20;
  test("holds less than 1 MB more after step 1,000 than after step 100", () => {
    expect(grown.eager).toBeLessThan(megabyte);
    expect(grown.jitted).toBeLessThan(megabyte);
  });
  test("that keeps every step's parameters is seen to hold more", () => {
    expect(grown.hoarding).toBeGreaterThan(megabyte);
  });
});

describe("a compiled training step", () => {
  const each = measure(`${training}
    const runs = 20000;
    const allocated = async (run, counted = runs) => {
      for (let i = 0; i < runs; i++) run();
      settle();
      const before = process.memoryUsage();
      for (let i = 0; i < counted; i++) run();
      const after = process.memoryUsage();
      return {
        heap: (after.heapUsed - before.heapUsed) / counted,
        buffers: (after.arrayBuffers - before.arrayBuffers) / counted,
      };
    };
    const plan = compile(trace(step, ...start));
    const planned = await allocated(() => plan.run(start));
    let made;
    const control = await allocated(() => { made = new Float64Array(64); });
    // So few that no collection falls between them. What it returns are fresh tensors: the parameters, and Adam's two means of each.
    const run = jit(step);
    const jitted = await allocated(() => run(...start), 200);
    const sizeOf = (tree) => (tree.data ? tree.data.byteLength : Object.values(tree).reduce((sum, part) => sum + sizeOf(part), 0));
    const returned = sizeOf(run(...start));
    console.log(JSON.stringify({
      ...planned, control: control.heap + control.buffers, jitted: jitted.buffers, jittedHeap: jitted.heap, returned,
    }));`);
  test("allocates no array in the steady state", () => {
    expect(each.buffers).toBe(0);
  });
  test("and by jit those of the tensors it returns, and nothing else of that size", () => {
    console.log(
      `jit: ${each.jitted} bytes of buffers per step for ${each.returned} returned, ${each.jittedHeap} in objects`,
    );
    expect(each.jitted).toBeLessThanOrEqual(each.returned);
    expect(each.jitted).toBeGreaterThan(0.5 * each.returned);
    expect(each.jittedHeap).toBeLessThan(20_000);
  });
  test("would be seen to allocate one", () => {
    expect(each.control).toBeGreaterThan(64);
  });
  test("allocates nothing else but a few boxed numbers: 16 bytes for each power or sum that a loop returns", () => {
    expect(each.heap).toBeLessThanOrEqual(128);
  });
});

describe("an equilibrium layer, forward and backward,", () => {
  const held = measure(`
    import { add, fixedPoint, matmul, mul, picard, random, sum, tanh, vjp, zeros } from "stillpoint";

    const w = mul(0.04, random(0).normal([128, 128]));
    const x = random(1).normal([64, 128]);
    ${settling}
    // What both passes leave in buffers while the tape is held; the shorter the steps, the more of them.
    const measured = async (damping, unroll = 0) => {
      let taken = 0;
      const solver = picard({ damping });
      const common = { solver, tolerance: 1e-3, maxSteps: 5000 };
      const options = { ...common, adjoint: common, onStep: () => { taken++; } };
      const f = (v) => (z) => tanh(add(matmul(z, v), x));
      const step = (v) => (z) => add(mul(1 - damping, z), mul(damping, f(v)(z)));
      const solve = (v) => {
        if (!unroll) return sum(fixedPoint(f(v), zeros([64, 128]), options));
        let z = zeros([64, 128]);
        for (let i = 0; i < unroll; i++) z = step(v)(z);
        return sum(z);
      };
      settle();
      const before = process.memoryUsage().external;
      const { pull } = vjp(solve, w);
      const [g] = pull(1);
      settle();
      const bytes = process.memoryUsage().external - before;
      return { bytes, taken, g, pull };
    };
    // Long enough for the plans to move to WebAssembly, which they do when they are taken the next time.
    await measured(0.005);
    await measured(0.9);
    const few = await measured(0.9);
    const many = await measured(0.005);
    const unrolled = await measured(0.05, 200);
    console.log(JSON.stringify({
      few: few.bytes, fewSteps: few.taken, many: many.bytes, manySteps: many.taken, unrolled: unrolled.bytes,
    }));`);
  test("holds the same memory at some ten and at more than a thousand steps", () => {
    console.log(`${held.fewSteps} steps: ${held.few} bytes; ${held.manySteps} steps: ${held.many} bytes`);
    expect(held.fewSteps).toBeLessThan(20);
    expect(held.manySteps).toBeGreaterThan(1000);
    expect(held.many).toBeLessThan(1.1 * held.few);
  });
  test("would be seen to hold more if its steps were on the tape", () => {
    expect(held.unrolled).toBeGreaterThan(20 * held.few);
  });
});

describe("a fractional equation, forward and backward,", () => {
  const held = measure(`
    import { matmul, random, sum, tanh, vjp } from "stillpoint";
    import { solveCaputo } from "stillpoint/fractional";

    const w = random(0).normal([4, 4]);
    const u0 = random(1).normal([4]);
    ${settling}
    const measured = async (steps, tolerance) => {
      let taken = 0;
      const options = { order: 0.6, duration: 2, steps, tolerance, onSolve: (report) => { taken = report.steps; } };
      settle();
      const before = process.memoryUsage().external;
      const { pull } = vjp((v) => sum(solveCaputo((t, u) => tanh(matmul(u, v)), u0, options).values), w);
      const [g] = pull(1);
      settle();
      const bytes = process.memoryUsage().external - before;
      return { bytes, taken, g, pull };
    };
    // What is remembered from solve to solve, plans and weights, is there before.
    for (const steps of [16000, 4000, 16000, 4000]) await measured(steps, 1e-8);
    const loose = await measured(4000, 1e-1);
    const tight = await measured(4000, 1e-13);
    const longer = await measured(16000, 1e-13);
    console.log(JSON.stringify({
      loose: loose.bytes, looseSteps: loose.taken, tight: tight.bytes, tightSteps: tight.taken, longer: longer.bytes,
    }));`);
  test("holds the trajectory and not the iterations", () => {
    console.log(`${held.looseSteps} corrections: ${held.loose} bytes; ${held.tightSteps}: ${held.tight} bytes`);
    expect(held.tightSteps).toBeGreaterThan(2 * held.looseSteps);
    expect(held.tight).toBeLessThan(1.1 * held.loose);
  });
  test("holds four times as much for four times as many steps", () => {
    expect(held.longer / held.tight).toBeGreaterThan(3.5);
    expect(held.longer / held.tight).toBeLessThan(4.5);
  });
});

describe("a step of a solver", () => {
  const vector = 64 * 64 * 8;
  const each = measure(`
    import { add, anderson, broyden, fixedPoint, matmul, mul, picard, random, sin, zeros } from "stillpoint";
    ${settling}

    const shape = [64, 64];
    const w = mul(0.02, random(0).normal([64, 64]));
    const x = random(1).normal(shape);
    const f = (z) => add(mul(4, sin(mul(3, matmul(z, w)))), x);
    // f is chaotic: the solve never ends by itself. What steps 201 to 1200 leave for a collector that is not called.
    const leaves = (solver, keep) => {
      let heap = 0;
      let buffers = 0;
      const count = (sign) => {
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        heap += sign * heapUsed;
        buffers += sign * arrayBuffers;
      };
      const onStep = ({ step, state }) => {
        keep(state);
        if (step === 200) {
          settle();
          count(-1);
        }
        if (step === 1200) count(1);
      };
      try {
        fixedPoint(f, zeros(shape), { solver, onStep, tolerance: 1e-300, maxSteps: 1200 });
      } catch (error) {
        if (error.name !== "ConvergenceError") throw error;
      }
      return { heap: heap / 1000, buffers: buffers / 1000 };
    };
    const kept = [];
    const measured = {};
    for (const solver of [picard(), anderson(), broyden()]) {
      leaves(solver, () => {});
      const { heap, buffers } = leaves(solver, () => {});
      measured[solver.name + " heap"] = heap;
      measured[solver.name + " buffers"] = buffers;
    }
    measured.hoarding = leaves(picard(), (state) => kept.push(state.slice())).buffers;
    console.log(JSON.stringify(measured));`);
  test("allocates no vector in the steady state, and less than one in small objects", () => {
    console.log(`bytes per step on vectors of ${vector}: ${JSON.stringify(each)}`);
    for (const name of ["picard", "anderson", "broyden"]) {
      expect(each[`${name} buffers`], name).toBeLessThanOrEqual(0);
      expect(each[`${name} heap`], name).toBeLessThan(vector);
    }
  });
  test("would be seen to allocate one", () => {
    expect(each.hoarding).toBeGreaterThan(0.9 * vector);
  });
});

describe("a matrix product", () => {
  const each = measure(`
    import { matmul, setWebAssembly } from "stillpoint/typed-array-ops";

    const used = () => {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const left = (m, n, k, run) => {
      const [a, b, out] = [new Float64Array(m * k), new Float64Array(k * n), new Float64Array(m * n)];
      const multiply = () => run(out, a, b, m, n, k, false, true);
      for (let i = 0; i < 3000; i++) multiply();
      gc();
      const before = used();
      for (let i = 0; i < 3000; i++) multiply();
      return (used() - before) / 3000;
    };
    const measured = {};
    // The second time: compilers have finished, and their own memory is no longer among what is measured.
    for (const use of [true, false, true, false]) {
      setWebAssembly(use);
      for (const [m, n, k] of [[4, 3, 5], [16, 64, 64], [65, 65, 65]]) {
        measured[[use ? "WebAssembly" : "TypeScript", m, n, k].join(" ")] = left(m, n, k, matmul);
      }
    }
    let made;
    measured.control = left(16, 64, 64, () => { made = new Float64Array(64); });
    console.log(JSON.stringify(measured));`);
  test("allocates nothing in the steady state", () => {
    const { control: _, ...products } = each;
    console.log(`bytes per product: ${JSON.stringify(products)}`);
    for (const [name, bytes] of Object.entries(products)) expect(bytes, name).toBeLessThan(32);
    expect(Object.keys(products).length).toBe(6);
  });
  test("would be seen to allocate an array", () => {
    expect(each.control).toBeGreaterThan(64);
  });
});
