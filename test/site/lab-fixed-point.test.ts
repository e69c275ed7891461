// Does the lab's page on fixed points show what the library computes, and what is true?
import { add, fixedPoint, grad, mul, picard, type Tensor, tanh, tensor } from "stillpoint";
import { describe, expect, it } from "vitest";
import { mapNamed, maps } from "../../site/.vitepress/theme/lab/fixed-point/maps.js";
import {
  cobweb,
  lastFactor,
  MOST_STEPS,
  type Settings,
  sceneOf,
  solverNames,
  valueAt,
} from "../../site/.vitepress/theme/lab/fixed-point/scene.js";

const settings = (changes: Partial<Settings>): Settings => {
  const map = changes.map ?? "tanh";
  const { a, b, start } = mapNamed(map);
  const own = { a: a.value, b: b?.value ?? 0, start: start.value };
  return { map, ...own, solver: "picard", damping: 1, memory: 3, tolerance: "1e-10", ...changes };
};

describe("a map that contracts", () => {
  it.each(solverNames)("is solved by %s to the same point, with the same gradient", (solver) => {
    const scene = sceneOf(settings({ solver }));
    const f = ({ a, b }: { a: Tensor; b: Tensor }) =>
      fixedPoint((z) => mul(a, tanh(add(z, b))), 0, { tolerance: 1e-14 });
    const at = { a: tensor(0.9), b: tensor(0.2) };
    expect(scene.chosen.failure).toBe("");
    expect(scene.solution?.z[0]).toBeCloseTo(f(at).item(), 8);
    const gradient = grad(f)(at);
    expect(scene.gradient?.a).toBeCloseTo(gradient.a.item(), 7);
    expect(scene.gradient?.b).toBeCloseTo(gradient.b.item(), 7);
  });

  it.each(["tanh", "cosine", "logistic", "affine"] as const)("has the gradient of the formula: %s", (map) => {
    const scene = sceneOf(settings({ map, tolerance: "1e-13" }));
    expect(scene.exact?.a).toBeCloseTo(scene.gradient?.a ?? Number.NaN, 9);
    expect(scene.exact?.b).toBeCloseTo(scene.gradient?.b ?? Number.NaN, 9);
  });

  it("loses the factor |f′(z*)| per step, forwards and backwards", () => {
    const scene = sceneOf(settings({}));
    expect(scene.radius).toBeCloseTo(0.9 / Math.cosh((scene.solution?.z[0] ?? 0) + 0.2) ** 2, 8);
    expect(lastFactor(scene.picard)).toBeCloseTo(scene.radius ?? 0, 3);
    expect(lastFactor(scene.adjointPicard)).toBeCloseTo(scene.radius ?? 0, 6);
  });

  it("loses another one where the step is damped", () => {
    const scene = sceneOf(settings({ map: "cosine", damping: 0.5, tolerance: "1e-12" }));
    expect(scene.dampedRadius).toBeCloseTo(Math.abs(0.5 - 0.5 * Math.sin(scene.solution?.z[0] ?? 0)), 8);
    expect(lastFactor(scene.chosen)).toBeCloseTo(scene.dampedRadius ?? 0, 2);
  });

  it("costs what the library says", () => {
    let told = 0;
    const scene = sceneOf(settings({}));
    const onSolve = ({ evaluations }: { evaluations: number }) => {
      told = evaluations;
    };
    fixedPoint((z) => mul(0.9, tanh(add(z, 0.2))), -2, { solver: picard(), maxSteps: MOST_STEPS, onSolve });
    expect(scene.chosen.marks.at(-1)?.evaluations).toBe(told);
  });
});

describe("a fixed point that repels", () => {
  const repelling = settings({ map: "logistic", a: 3.4 });

  it("is missed by Picard, in the library's words, and found by Newton", () => {
    const scene = sceneOf(repelling);
    expect(scene.chosen.failure).toMatch(/^fixedPoint: expected ‖f\(z\) − z‖₂ ≤ 1e-10, received residual .* picard/);
    expect(scene.solution?.by).toBe("newton");
    expect(scene.radius).toBeGreaterThan(1);
    expect(scene.gradient?.a).toBeCloseTo(scene.exact?.a ?? Number.NaN, 8);
  });

  it("makes the adjoint's iteration grow by the same factor", () => {
    const scene = sceneOf(repelling);
    expect(scene.adjointPicard.failure).toContain("the linear equation of its derivative");
    expect(lastFactor(scene.adjointPicard)).toBeCloseTo(scene.radius ?? 0, 6);
  });
});

describe("a turn of the plane", () => {
  it("contracts by its scaling", () => {
    const scene = sceneOf(settings({ map: "rotation", a: 0.8 }));
    expect(scene.radius).toBeCloseTo(0.8, 9);
    expect(lastFactor(scene.picard)).toBeCloseTo(0.8, 5);
    expect(lastFactor(scene.adjointPicard)).toBeCloseTo(0.8, 7);
    const angle = (40 * Math.PI) / 180;
    const [c, s] = [1 - 0.8 * Math.cos(angle), 0.8 * Math.sin(angle)];
    expect(scene.solution?.z[0]).toBeCloseTo(c / (c * c + s * s), 8);
  });
});

describe("the cobweb", () => {
  it("goes level for Picard and along the tangent for Newton", () => {
    const level = settings({ map: "cosine" });
    const corners = cobweb(level, sceneOf(level).chosen, 3);
    expect(corners).toHaveLength(7);
    expect(corners[2]).toEqual({ x: corners[1].y, y: corners[1].y });
    const tangent = settings({ map: "cosine", solver: "newton", start: 0.3 });
    const [, up, next] = cobweb(tangent, sceneOf(tangent).chosen, 1);
    expect((next.y - up.y) / (next.x - up.x)).toBeCloseTo(-Math.sin(0.3), 9);
    expect(valueAt(tangent, 0.3)).toBeCloseTo(Math.cos(0.3), 14);
  });
});

describe("settings that are none", () => {
  it("are refused by the library, in its words", () => {
    for (const tolerance of ["nonsense", "-1", ""]) {
      expect(() => sceneOf(settings({ tolerance }))).toThrow("fixedPoint: expected tolerance");
    }
  });

  it("name a map that is not there: the first one is taken", () => {
    expect(mapNamed("constructor")).toBe(maps.tanh);
  });
});
