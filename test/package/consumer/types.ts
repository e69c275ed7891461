// Does a user's program have types?
import { fixedPoint, grad, mul, type Tensor, tanh, tensor } from "stillpoint";
import { nn as nnOfPages } from "stillpoint/browser";
import { type CaputoOptions, solveCaputo } from "stillpoint/fractional";
import { loadSafetensors, saveSafetensors } from "stillpoint/io";
import { mlp } from "stillpoint/nn";
import { adam } from "stillpoint/optim";
import { draw } from "stillpoint/pictures";
import { drawNormal, random } from "stillpoint/random";
import { gamma } from "stillpoint/special";
import { setWebAssembly } from "stillpoint/typed-array-ops";
import { checkGradients } from "stillpoint/verify";
import { startThreads } from "stillpoint/workers";

const net = mlp([2, 3], { random: random(0) });
const gradient: typeof net.params = grad((params: typeof net.params) => net.apply(params, tensor(1)))(net.params);
const options: CaputoOptions = { order: 0.5, duration: 1, steps: 4 };
const values: Tensor = solveCaputo((_, u) => mul(-1, u), 1, options).values;
const bytes: Uint8Array = saveSafetensors({ values, z: fixedPoint((z: Tensor) => tanh(z), 0) });
const ok: boolean = checkGradients((x: Tensor) => mul(x, x), [tensor(1)]).ok;
const count: Promise<number> = startThreads(1).then((threads) => threads.count);
const data: Float64Array = drawNormal(random(1).key(), [2]).data;
export const all = [adam().init(gradient), loadSafetensors(bytes), ok, count, data, gamma(2), draw, setWebAssembly];
export const same: typeof mlp = nnOfPages.mlp;
// @ts-expect-error An order is a number or a tensor.
solveCaputo((_, u) => u, 1, { order: "half", duration: 1, steps: 4 });
// @ts-expect-error A shape is made of numbers.
tensor([1], ["one"]);
