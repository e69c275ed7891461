// Are losses what they are called?
import {
  DomainError,
  exp,
  grad,
  jit,
  ShapeError,
  sigmoid,
  softmax,
  type Tensor,
  tensor,
  valueAndGrad,
} from "stillpoint";
import { binaryCrossEntropy, crossEntropy, huber, meanAbsoluteError, meanSquaredError } from "stillpoint/nn";
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

describe("meanAbsoluteError", () => {
  test("is the mean of the absolute differences, with the gradient sign(x − y)/n, 0 where they meet", () => {
    expect(meanAbsoluteError(tensor([1, 2, 5]), tensor([3, 2, 4])).item()).toBe(1);
    expect(grad((x: Tensor) => meanAbsoluteError(x, tensor([3, 2, 4, 0])))(tensor([1, 2, 5, 7])).toArray()).toEqual([
      -0.25, 0, 0.25, 0.25,
    ]);
  });
  test("refuses shapes that differ", () => {
    expect(() => meanAbsoluteError(tensor([1]), tensor(1))).toThrow(
      /^meanAbsoluteError: expected equal shapes, received \[1\] and \[\]/,
    );
  });
});

describe("huber", () => {
  test("is half the square within delta and linear beyond, with one slope where they meet", () => {
    const at = (e: number, delta = 2): number => huber(tensor(e), tensor(0), { delta }).item();
    expect([at(1), at(-1), at(2), at(5), at(-5)]).toEqual([0.5, 0.5, 2, 8, 8]);
    const slope = (e: number): number => grad((x: Tensor) => huber(x, 0, { delta: 2 }))(tensor(e)).item();
    expect([slope(1), slope(2), slope(9), slope(-9), slope(0)]).toEqual([1, 2, 2, -2, 0]);
  });
  test("refuses shapes that differ, a delta that is none and unknown options", () => {
    expect(() => huber(tensor([1]), tensor(1))).toThrow(ShapeError);
    expect(() => huber(1, 1, { delta: 0 })).toThrow(/^huber: expected delta to be a number > 0, received 0/);
    expect(() => huber(1, 1, { detla: 1 } as never)).toThrow(/did you mean delta\?/);
  });
});

describe("crossEntropy", () => {
  const logits = tensor([
    [1, -2, 0.5],
    [0.3, 0.1, -0.7],
  ]);
  test("is −log of the probability of the class, averaged, for classes and for probabilities alike", () => {
    const p = softmax(logits).data;
    const expected = -(Math.log(p[2]) + Math.log(p[3])) / 2;
    expect(crossEntropy(logits, [2, 0]).item()).toBeCloseTo(expected, 15);
    expect(crossEntropy(logits, tensor([2, 0])).item()).toBeCloseTo(expected, 15);
    expect(
      crossEntropy(
        logits,
        tensor([
          [0, 0, 1],
          [1, 0, 0],
        ]),
      ).item(),
    ).toBeCloseTo(expected, 15);
    const mixed = tensor([
      [0.2, 0.3, 0.5],
      [0.1, 0.9, 0],
    ]);
    const sum = -p.reduce((total, value, i) => total + mixed.data[i] * Math.log(value), 0) / 2;
    expect(crossEntropy(logits, mixed).item()).toBeCloseTo(sum, 15);
  });
  test("has the gradient (softmax − target)/n", () => {
    const g = grad((x: Tensor) => crossEntropy(x, [2, 0]))(logits);
    const p = softmax(logits).data;
    g.data.forEach((value, i) => {
      expect(value).toBeCloseTo((p[i] - (i === 2 || i === 3 ? 1 : 0)) / 2, 15);
    });
  });
  test("takes one row, more axes, and logits of ±1000", () => {
    expect(crossEntropy(tensor([0, 0]), 1).item()).toBeCloseTo(Math.log(2), 15);
    expect(
      crossEntropy(
        tensor([
          [
            [0, 0],
            [0, 0],
          ],
        ]),
        [[0, 1]],
      ).item(),
    ).toBeCloseTo(Math.log(2), 15);
    expect(crossEntropy(tensor([[1000, -1000]]), [1]).item()).toBe(2000);
    expect(grad((x: Tensor) => crossEntropy(x, [1]))(tensor([[1000, -1000]])).toArray()).toEqual([[1, -1]]);
  });
  test("refuses classes that are not there, targets that do not fit, and scalars", () => {
    expect(() => crossEntropy(logits, [3, 0])).toThrow(DomainError);
    expect(() => crossEntropy(logits, [0.5, 0])).toThrow(DomainError);
    const expected =
      "crossEntropy: expected classes of shape [2], or probabilities as a tensor of shape [2, 3], received ";
    expect(() => crossEntropy(logits, [0])).toThrow(`${expected}an array of shape [1]`);
    expect(() => crossEntropy(logits, tensor([0.5, 0.5, 0]))).toThrow(`${expected}a tensor of shape [3]`);
    expect(() =>
      crossEntropy(logits, [
        [1, 0, 0],
        [1, 0, 0],
      ]),
    ).toThrow(`${expected}an array of shape [2, 3]`);
    expect(() => crossEntropy(logits, [0])).toThrow(ShapeError);
    expect(() => crossEntropy(tensor(1), [0])).toThrow(ShapeError);
    expect(() => crossEntropy(tensor(1), [0])).toThrow(
      /^crossEntropy: expected logits of shape \[\.\.\., classes\], received \[\]/,
    );
  });
  test("excludes a class by a logit of −∞, without NaN; a target there costs infinitely much", () => {
    const masked = tensor([[0, 1, -Infinity]]);
    const two = tensor([[0, 1]]);
    for (const target of [[0], tensor([[0.25, 0.75, 0]])]) {
      const without = Array.isArray(target) ? target : tensor([[0.25, 0.75]]);
      expect(crossEntropy(masked, target).item()).toBe(crossEntropy(two, without).item());
      const g = grad((x: Tensor) => crossEntropy(x, target))(masked);
      expect(g.data).toEqual(Float64Array.of(...grad((x: Tensor) => crossEntropy(x, without))(two).data, 0));
    }
    expect(crossEntropy(masked, [2]).item()).toBe(Infinity);
  });
  test("has the gradient −log softmax/n for probabilities, also where they are 0", () => {
    const target = tensor([
      [0, 0.5, 0.5],
      [1, 0, 0],
    ]);
    const g = grad((y: Tensor) => crossEntropy(logits, y))(target);
    softmax(logits).data.forEach((p, i) => {
      expect(g.data[i]).toBeCloseTo(-Math.log(p) / 2, 14);
    });
  });
  test("inside a plan takes other classes at every call, as outside to the bit", () => {
    const loss = (x: Tensor, classes: Tensor) => crossEntropy(x, classes);
    const plan = jit((x: Tensor, classes: Tensor) => valueAndGrad(loss)(x, classes));
    for (const classes of [tensor([2, 0]), tensor([1, 1])]) {
      const [inside, outside] = [plan(logits, classes), valueAndGrad(loss)(logits, classes)];
      expect(inside.value.item()).toBe(outside.value.item());
      expect(inside.gradient.data).toEqual(outside.gradient.data);
    }
  });
});

describe("binaryCrossEntropy", () => {
  test("is the cross entropy of sigmoid x, averaged, with the gradient (sigmoid x − target)/n", () => {
    const x = tensor([0.3, -2, 1]);
    const y = tensor([1, 0, 0.25]);
    const p = sigmoid(x).data;
    const expected = -(Math.log(p[0]) + Math.log(1 - p[1]) + 0.25 * Math.log(p[2]) + 0.75 * Math.log(1 - p[2])) / 3;
    expect(binaryCrossEntropy(x, y).item()).toBeCloseTo(expected, 15);
    const g = grad((z: Tensor) => binaryCrossEntropy(z, y))(x);
    g.data.forEach((value, i) => {
      expect(value).toBeCloseTo((p[i] - y.data[i]) / 3, 15);
    });
  });
  test("neither overflows nor loses what is small", () => {
    expect(binaryCrossEntropy(tensor([1000, -1000]), tensor([1, 0])).item()).toBe(0);
    expect(binaryCrossEntropy(-1000, 1).item()).toBe(1000);
    expect(binaryCrossEntropy(-40, 0).item() / exp(-40).item()).toBeCloseTo(1, 14);
  });
  test("refuses shapes that differ", () => {
    expect(() => binaryCrossEntropy(tensor([1]), 1)).toThrow(/^binaryCrossEntropy: expected equal shapes/);
  });
});
