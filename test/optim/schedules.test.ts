// Do schedules start, bend and end where they say?
import fc from "fast-check";
import { compile, DomainError, type Tensor, tensor, trace } from "stillpoint";
import { adam, cosineSchedule, exponentialSchedule, linearSchedule, stepSchedule, warmup } from "stillpoint/optim";
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

type Rate = (step: Tensor) => Tensor;
const ratesOf = (rate: Rate, steps: readonly number[]): number[] => steps.map((step) => rate(tensor(step)).item());

describe("linearSchedule", () => {
  test("is a line from the first rate to the last, and stays there", () => {
    const rate = linearSchedule({ from: 1, to: 0.5, steps: 4 });
    expect(ratesOf(rate, [0, 1, 2, 3, 4, 5, 100])).toEqual([1, 0.875, 0.75, 0.625, 0.5, 0.5, 0.5]);
  });
  test("may rise, ends with 0 if nothing else is said, and exactly with what is said", () => {
    expect(ratesOf(linearSchedule({ from: 0, to: 0.3, steps: 3 }), [0, 3])).toEqual([0, 0.3]);
    expect(ratesOf(linearSchedule({ from: 1, steps: 3 }), [3, 4])).toEqual([0, 0]);
  });
});

describe("exponentialSchedule", () => {
  test("is multiplied by the factor in so many steps, evenly", () => {
    const rate = exponentialSchedule({ from: 0.5, factor: 0.25, steps: 2 });
    expect(ratesOf(rate, [0, 1, 2, 4])).toEqual([0.5, 0.25, 0.125, 0.03125]);
  });
  test("is multiplied in every step if nothing else is said, and may grow", () => {
    expect(ratesOf(exponentialSchedule({ from: 1, factor: 2 }), [0, 1, 5])).toEqual([1, 2, 32]);
  });
});

describe("stepSchedule", () => {
  test("takes the next rate from each boundary on", () => {
    const rate = stepSchedule({ rates: [0.1, 0.01, 0.3], boundaries: [2, 5] });
    expect(ratesOf(rate, [0, 1, 2, 4, 5, 1000])).toEqual([0.1, 0.1, 0.01, 0.01, 0.3, 0.3]);
  });
  test("without boundaries is constant", () => {
    expect(ratesOf(stepSchedule({ rates: [0.1], boundaries: [] }), [0, 7])).toEqual([0.1, 0.1]);
  });
});

describe("warmup", () => {
  test("rises in equal steps to where the schedule begins, and is the schedule then", () => {
    const rate = warmup(linearSchedule({ from: 1, to: 0, steps: 4 }), 3);
    expect(ratesOf(rate, [0, 1, 2, 3, 4, 7, 9])).toEqual([0.25, 0.5, 0.75, 1, 0.75, 0, 0]);
  });
  test("takes a number for a constant schedule, and 0 steps leave a schedule as it is", () => {
    expect(ratesOf(warmup(0.5, 1), [0, 1, 2])).toEqual([0.25, 0.5, 0.5]);
    const cosine = cosineSchedule({ from: 1, steps: 9 });
    expect(ratesOf(warmup(cosine, 0), [0, 3, 9])).toEqual(ratesOf(cosine, [0, 3, 9]));
  });
});

test("every schedule can be traced: one plan for all steps, with the bits of the function", () => {
  const rates: Rate[] = [
    linearSchedule({ from: 1, to: 0.3, steps: 7 }),
    exponentialSchedule({ from: 1, factor: 0.9, steps: 3 }),
    stepSchedule({ rates: [1, 0.1, 0.01], boundaries: [3, 8] }),
    warmup(cosineSchedule({ from: 1, steps: 9 }), 4),
  ];
  const steps = [0, 1, 3, 4, 7, 8, 13, 50];
  for (const rate of rates) {
    const plan = compile(trace(rate, tensor(0)));
    expect(steps.map((step) => plan.run([tensor(step)]).item())).toEqual(ratesOf(rate, steps));
  }
});

describe("schedules refuse", () => {
  const cases: [string, () => unknown, RegExp][] = [
    ["no from", () => linearSchedule({ steps: 3 } as never), /^linearSchedule: .*from.*undefined/],
    ["a negative end", () => linearSchedule({ from: 1, to: -1, steps: 3 }), /^linearSchedule: .*to .*-1/],
    ["no steps", () => linearSchedule({ from: 1 } as never), /^linearSchedule: .*steps.*undefined/],
    ["a misspelt option", () => linearSchedule({ from: 1, end: 0, steps: 1 } as never), /unknown option "end"/],
    ["a factor of 0", () => exponentialSchedule({ from: 1, factor: 0 }), /^exponentialSchedule: .*factor.*> 0/],
    ["a rate NaN", () => exponentialSchedule({ from: Number.NaN, factor: 1 }), /^exponentialSchedule: .*from/],
    ["half a step", () => exponentialSchedule({ from: 1, factor: 1, steps: 0.5 }), /^exponentialSchedule: .*steps/],
    ["another option", () => exponentialSchedule({ from: 1, decay: 1 } as never), /^exponentialSchedule: unknown/],
    ["no options", () => stepSchedule(undefined as never), /^stepSchedule: .*undefined rates and undefined boundaries/],
    ["no boundaries", () => stepSchedule({ rates: [1] } as never), /^stepSchedule: .*1 rates and undefined/],
    ["as many rates as boundaries", () => stepSchedule({ rates: [1], boundaries: [3] }), /1 rates and 1 boundaries/],
    ["a negative rate", () => stepSchedule({ rates: [1, -1], boundaries: [3] }), /^stepSchedule: .*rates\[1\]/],
    ["boundaries that fall", () => stepSchedule({ rates: [1, 1, 1], boundaries: [3, 3] }), /boundaries\[1\].*≥ 4/],
    ["a boundary at 0", () => stepSchedule({ rates: [1, 1], boundaries: [0] }), /boundaries\[0\].*≥ 1/],
    ["another name", () => stepSchedule({ values: [1], boundaries: [] } as never), /^stepSchedule: unknown/],
    ["fractional steps", () => warmup(1, 1.5), /^warmup: .*steps/],
    ["negative steps", () => warmup(1, -1), /^warmup: .*steps.*≥ 0/],
    ["a schedule that is none", () => warmup("1" as never, 1), /^warmup: expected the schedule to be a number or/],
    ["a rate of 0", () => warmup(0, 1), /^warmup: expected the schedule to be a number > 0/],
    ["a text for a rate", () => adam({ learningRate: "1" as never }), /^adam: expected learningRate/],
  ];
  for (const [name, run, message] of cases) {
    test(name, () => {
      expect(run).toThrow(DomainError);
      expect(run).toThrow(message);
    });
  }
});
