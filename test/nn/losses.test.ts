// Are losses what they are called?
import { DomainError, grad, ShapeError, type Tensor, tensor } from "stillpoint";
import { meanSquaredError } from "stillpoint/nn";
import { describe, expect, test } from "vitest";

describe("meanSquaredError", () => {
  test("is the mean of the squared differences over all entries", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const y = tensor([
      [1, 0],
      [0, 8],
    ]);
    expect(meanSquaredError(x, y).item()).toBe((0 + 4 + 9 + 16) / 4);
    expect(meanSquaredError(x, y).shape).toEqual([]);
    expect(meanSquaredError(x, x).item()).toBe(0);
  });
  test("of scalars and numbers is the squared difference", () => {
    expect(meanSquaredError(3, tensor(5)).item()).toBe(4);
  });
  test("has the gradient 2 (x − y)/n, and the opposite for the target", () => {
    const x = tensor([1, 3, 3, 4]);
    const y = tensor([0, 2, 5, 8]);
    const gradient = grad((p: { x: Tensor; y: Tensor }) => meanSquaredError(p.x, p.y))({ x, y });
    expect(gradient.x.toArray()).toEqual([0.5, 0.5, -1, -2]);
    expect(gradient.y.toArray()).toEqual([-0.5, -0.5, 1, 2]);
  });
  test("refuses shapes that differ even where they would broadcast, with both", () => {
    const run = (): unknown => meanSquaredError(tensor([[1], [2]]), tensor([1, 2]));
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(/^meanSquaredError: expected equal shapes, received \[2, 1\] and \[2\]/);
  });
  test("refuses arrays", () => {
    expect(() => meanSquaredError([1] as never, [1] as never)).toThrow(DomainError);
  });
});
