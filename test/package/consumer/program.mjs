// What does the package compute in a user's program?
import { grad, jit, mean, mul, random, square, sub, tanh, tensor } from "stillpoint";
import { solveCaputo } from "stillpoint/fractional";
import { mlp } from "stillpoint/nn";
import { adam } from "stillpoint/optim";
import { mittagLeffler } from "stillpoint/special";

const net = mlp([2, 8, 2], { random: random(0) });
const loss = ({ theta, order }) => {
  const { values } = solveCaputo((_, u) => net.apply(theta, u), tensor([1, 0]), { order, duration: 2, steps: 20 });
  return mean(square(sub(values, 1)));
};
const params = { theta: net.params, order: tensor(0.8) };
const gradient = grad(loss)(params);
const optimiser = adam({ learningRate: 0.01 });
const step = optimiser.update(gradient, optimiser.init(params), params);
const numbers = [
  ...gradient.theta[0].weight.data,
  gradient.order.item(),
  ...step.params.theta[1].bias.data,
  jit((x) => tanh(mul(2, x)))(tensor(0.3)).item(),
  mittagLeffler(0.5, -1),
];
console.log(numbers.join(" "));
