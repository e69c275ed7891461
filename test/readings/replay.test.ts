// Does a replayed program do again what was traced, with other inputs, and can it be differentiated?
import {
  add,
  DomainError,
  grad,
  jvp,
  matmul,
  mul,
  replay,
  ShapeError,
  sin,
  sum,
  type Tensor,
  tensor,
  trace,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { replayWith } from "../../src/readings/index.js";

const w = tensor([10, 20]);
const b = tensor(5);
const program = trace((x) => add(mul(x, w), b), tensor([0, 0]));

describe("replay", () => {
  test("gives the value for other arguments", () => {
    expect(replay(program, [tensor([1, 2])]).toArray()).toEqual([15, 45]);
  });
  test("with the free inputs replaced, in order of first use", () => {
    expect(replay(program, [tensor([1, 2]), tensor([100, 200]), tensor(7)]).toArray()).toEqual([107, 407]);
    expect(replay(program, [tensor([1, 2])]).toArray()).toEqual([15, 45]);
  });
  test("refuses some of the free inputs without the others", () => {
    expect(() => replay(program, [tensor([1, 2]), tensor([100, 200])])).toThrow(DomainError);
    expect(() => replay(program, [tensor([1, 2]), tensor([100, 200])])).toThrow(/^replay: .*2 free inputs.*and 1 more/);
  });
  test("refuses another shape, of arguments and of free inputs", () => {
    expect(() => replay(program, [tensor([1, 2, 3])])).toThrow(ShapeError);
    expect(() => replay(program, [tensor([1, 2, 3])])).toThrow(
      /^replay: expected shape \[2\], received \[3\]: input 0/,
    );
    expect(() => replay(program, [tensor([1, 2]), tensor(1), tensor(7)])).toThrow(/input 1/);
  });
  test("is heard: gradients and tangents flow to arguments and to replaced free inputs", () => {
    const x = tensor([1, 2]);
    const loss = (p: { x: Tensor; w: Tensor }): Tensor => sum(replay(program, [p.x, p.w, b]));
    const gradient = grad(loss)({ x, w });
    expect(gradient.x.toArray()).toEqual([10, 20]);
    expect(gradient.w.toArray()).toEqual([1, 2]);
    expect(jvp(loss, [{ x, w }], [{ x: tensor([1, 0]), w: tensor([0, 1]) }]).tangent.item()).toBe(12);
  });
  test("of a program traced inside grad reaches what the traced function closed over", () => {
    const loss = (weight: Tensor): Tensor => {
      const inner = trace((x) => sum(mul(sin(x), weight)), w);
      return replay(inner, [tensor([1, 2])]);
    };
    expect(grad(loss)(w).toArray()).toEqual(sin(tensor([1, 2])).toArray());
  });
  test("of a replayed program can be traced again", () => {
    const again = trace((x) => replay(program, [x]), tensor([0, 0]));
    expect(replay(again, [tensor([1, 2])]).toArray()).toEqual([15, 45]);
  });
});

test("replayWith runs a program in another arithmetic: intervals", () => {
  type Interval = readonly [number, number];
  const square = trace((x) => add(mul(x, x), 1), tensor(0));
  const evaluate = ({ primitive }: { primitive: { name: string } }, [a, c]: readonly Interval[]): Interval[] => {
    if (primitive.name === "add") return [[a[0] + c[0], a[1] + c[1]]];
    const products = a.flatMap((x) => c.map((y) => x * y));
    return [[Math.min(...products), Math.max(...products)]];
  };
  expect(replayWith<Interval>(square, [[-1, 2]], (value) => [value, value], evaluate)).toEqual([[-1, 5]]);
});

test("a program of matrices is replayed with the batch it was traced with", () => {
  const layer = trace((x, m) => matmul(x, m), tensor([[1, 2]]), tensor([[1], [1]]));
  expect(replay(layer, [tensor([[3, 4]]), tensor([[1], [10]])]).toArray()).toEqual([[43]]);
});
