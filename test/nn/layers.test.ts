// Do layers compose?
import { grad, mean, mul, norm, random, square, stack, sub, type Tensor, tensor } from "stillpoint";
import { type Affine, embedding, layerNorm, linear } from "stillpoint/nn";
import { expect, test } from "vitest";

const seed = 20260602;

test("layers compose: a normalised, embedded network learns to tell classes apart by gradient steps", () => {
  const table = embedding(4, 3, { random: random(seed) });
  const normal = layerNorm(3);
  const last = linear(3, 2, { random: random(seed) });
  type All = { table: Tensor; normal: typeof normal.params; last: Affine };
  const start: All = { table: table.params, normal: normal.params, last: last.params };
  const loss = (p: All): Tensor => {
    const y = last.apply(p.last, normal.apply(p.normal, table.apply(p.table, [0, 1, 2, 3])));
    return mean(square(sub(y, stack([tensor([1, 0]), tensor([0, 1]), tensor([1, 0]), tensor([0, 1])]))));
  };
  let p = start;
  for (let i = 0; i < 200; i++) {
    const g = grad(loss)(p);
    const move = (x: Tensor, d: Tensor): Tensor => sub(x, mul(0.5, d));
    p = {
      table: move(p.table, g.table),
      normal: { scale: move(p.normal.scale, g.normal.scale), shift: move(p.normal.shift, g.normal.shift) },
      last: { weight: move(p.last.weight, g.last.weight), bias: move(p.last.bias, g.last.bias) },
    };
  }
  expect(loss(p).item()).toBeLessThan(0.01 * loss(start).item());
  expect(norm(p.table).item()).toBeGreaterThan(0);
});
