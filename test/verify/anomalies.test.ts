// Is the first operation that makes a NaN or an infinity named, with its place?
import {
  AnomalyError,
  div,
  exp,
  fixedPoint,
  grad,
  greater,
  listeningTapes,
  log,
  mul,
  sqrt,
  sub,
  sum,
  type Tensor,
  tensor,
  where,
} from "stillpoint";
import { detectAnomalies } from "stillpoint/verify";
import { describe, expect, test } from "vitest";

const message = (f: () => unknown): string => {
  try {
    detectAnomalies(f);
  } catch (error) {
    expect(error).toBeInstanceOf(AnomalyError);
    return (error as Error).message;
  }
  return "no anomaly";
};

test("nothing happens without one, and the value is given", () => {
  expect(detectAnomalies(() => exp(tensor(0)).item())).toBe(1);
  expect(message(() => mul(2, tensor([1, 2])))).toBe("no anomaly");
});

test("forwards: the operation, its shapes, its inputs' ranges and the caller's line", () => {
  const text = message(() => sum(log(sub(tensor([3, 1, 2]), 1))));
  expect(text).toMatch(
    /^log: expected finite values, received \[3\] from -Infinity to 0\.69\d*, 1 not finite from finite inputs \[3\] from 0 to 2, at .*anomalies\.test\.ts:\d+:\d+\)?$/,
  );
});

test("backwards: the operation of the rule, and the one whose rule it is, with its line", () => {
  const text = message(() => grad((x: Tensor) => sum(sqrt(x)))(tensor([4, 0])));
  expect(text).toMatch(
    /^div: expected finite values.*from finite inputs.*; backwards through sqrt, applied at .*anomalies\.test\.ts:\d+:\d+\)?$/,
  );
  const guarded = (x: Tensor): Tensor => sum(where(greater(x, 0), log(where(greater(x, 0), x, 1)), 0));
  expect(message(() => grad(guarded)(tensor([1, 0])))).toBe("no anomaly");
});

test("an operation that only passes an infinity on is not accused", () => {
  expect(message(() => mul(2, tensor([Number.POSITIVE_INFINITY])))).toBe("no anomaly");
});

test("a solver that meets one says so itself", () => {
  expect(() => detectAnomalies(() => fixedPoint((z) => log(z), -1))).toThrow(/gave NaN after 0 steps/);
});

describe("is switched off again", () => {
  test("after an anomaly, after another exception, and when nested", () => {
    message(() => div(1, tensor(0)));
    expect(div(1, tensor(0)).item()).toBe(Number.POSITIVE_INFINITY);
    expect(() =>
      detectAnomalies(() => {
        throw new Error("other");
      }),
    ).toThrow("other");
    expect(log(tensor(0)).item()).toBe(Number.NEGATIVE_INFINITY);
    detectAnomalies(() => {
      detectAnomalies(() => exp(tensor(1)));
      expect(() => log(tensor(0))).toThrow(AnomalyError);
    });
    expect(listeningTapes()).toBe(0);
  });
});
