// Does the cosine schedule start, bend and end where it says?
import fc from "fast-check";
import { compile, DomainError, tensor, trace } from "stillpoint";
import { cosineSchedule } from "stillpoint/optim";
import { describe, expect, test } from "vitest";

const seed = 20260602;

describe("cosineSchedule", () => {
  const schedule = cosineSchedule({ from: 0.5, to: 0.125, steps: 8 });
  const at = (step: number): number => schedule(tensor(step)).item();
  test("starts with from", () => {
    expect(at(0)).toBe(0.5);
  });
  test("is half way in the middle", () => {
    expect(at(4)).toBeCloseTo((0.5 + 0.125) / 2, 15);
  });
  test("is a quarter of the way down after a third of the steps", () => {
    expect(cosineSchedule({ from: 1, steps: 9 })(tensor(3)).item()).toBeCloseTo(0.75, 15);
  });
  test("ends with to exactly, and stays there", () => {
    for (const step of [8, 9, 16, 1000]) expect(at(step)).toBe(0.125);
  });
  test("ends with 0 if nothing else is said", () => {
    expect(cosineSchedule({ from: 1, steps: 3 })(tensor(3)).item()).toBe(0);
  });
  test("falls from step to step and agrees with its formula", () => {
    const rates = fc.double({ min: 1e-6, max: 10, noNaN: true });
    fc.assert(
      fc.property(rates, rates, fc.integer({ min: 1, max: 50 }), (a, b, steps) => {
        const [from, to] = [Math.max(a, b), Math.min(a, b)];
        const rate = cosineSchedule({ from, to, steps });
        let before = Number.POSITIVE_INFINITY;
        for (let step = 0; step <= steps; step++) {
          const value = rate(tensor(step)).item();
          const formula = to + ((from - to) / 2) * (1 + Math.cos((Math.PI * step) / steps));
          expect(Math.abs(value - formula)).toBeLessThanOrEqual(1e-15 * (from + to));
          expect(value).toBeLessThanOrEqual(before);
          before = value;
        }
      }),
      { seed },
    );
  });
  test("may rise", () => {
    expect(cosineSchedule({ from: 0, to: 1, steps: 2 })(tensor(1)).item()).toBeCloseTo(0.5, 15);
  });
  test("can be traced: its step is data", () => {
    const plan = compile(trace((step) => schedule(step), tensor(0)));
    for (const step of [0, 3, 8, 20]) expect(plan.run([tensor(step)]).item()).toBe(at(step));
  });
  const refused: [string, object, RegExp][] = [
    ["no from", { steps: 3 }, /^cosineSchedule: .*from.*undefined/],
    ["no steps", { from: 1 }, /^cosineSchedule: .*steps.*undefined/],
    ["a negative rate", { from: -1, steps: 3 }, /^cosineSchedule: .*from.*≥ 0, received -1/],
    ["to NaN", { from: 1, to: Number.NaN, steps: 3 }, /^cosineSchedule: .*to /],
    ["steps = 0", { from: 1, steps: 0 }, /^cosineSchedule: .*steps.*≥ 1, received 0/],
    ["a misspelt option", { from: 1, step: 3 }, /^cosineSchedule: unknown option "step": did you mean steps/],
  ];
  for (const [name, options, message] of refused) {
    test(`refuses ${name}`, () => {
      expect(() => cosineSchedule(options as never)).toThrow(DomainError);
      expect(() => cosineSchedule(options as never)).toThrow(message);
    });
  }
});
