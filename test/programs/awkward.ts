// Which operations lead a checker of gradients astray although they are right?
import { type Operation, operations } from "./program.js";

const unary = (text: (a: string) => string): Operation => ({ accepts: () => true, text });
const rows = (text: (a: string) => string): Operation => ({ accepts: (a) => a.length > 0, text });
const same = (text: (a: string, b: string) => string): Operation => ({
  accepts: (a, b) => String(a) === String(b),
  text,
});

/** Logarithms near 0, exponents of ±700, cancellation, ties and kinks, among those that are kind. */
export const awkward: Readonly<Record<string, Operation>> = {
  ...operations,
  logOfTiny: unary((a) => `log(mul(1e-290, exp(tanh(${a}))))`),
  logNearZero: unary((a) => `log(add(1e-18, square(${a})))`),
  logOfSmall: unary((a) => `mul(0.01, log(exp(mul(-300, square(sin(${a}))))))`),
  expFar: unary((a) => `mul(1e-300, exp(mul(690, tanh(${a}))))`),
  expToNothing: unary((a) => `exp(sub(mul(700, tanh(${a})), 700))`),
  softmaxFar: rows((a) => `softmax(mul(700, tanh(${a})))`),
  logSumExpFar: rows((a) => `mul(0.01, logSumExp(mul(700, tanh(${a})), -1))`),
  sigmoidFar: unary((a) => `sigmoid(mul(700, tanh(${a})))`),
  cancelling: unary((a) => `sub(add(${a}, 1e8), 1e8)`),
  nearlyOne: unary((a) => `mul(1e5, sub(1, cos(mul(1e-5, ${a}))))`),
  nearlyEqual: unary((a) => `mul(1e9, sub(exp(mul(1e-9, ${a})), 1))`),
  tied: unary((a) => `maximum(${a}, mul(1, ${a}))`),
  tiedRows: rows((a) => `max(concat([${a}, ${a}], 0), 0)`),
  tiedPairs: same((a, b) => `maximum(${a}, ${b})`),
  kinked: same((a, b) => `abs(sub(${a}, ${b}))`),
  rectified: unary((a) => `relu(${a})`),
  cut: unary((a) => `clip(${a}, -0.5, 0.5)`),
  nearKink: unary((a) => `relu(sub(sub(add(${a}, 1e8), 1e8), ${a}))`),
  jumping: unary((a) => `mul(floor(${a}), sin(${a}))`),
  rootNearZero: unary((a) => `sqrt(add(1e-200, square(${a})))`),
  normAtZero: rows((a) => `norm(sub(${a}, ${a}), -1)`),
  pole: unary((a) => `mul(1e-3, div(1, add(square(${a}), 1e-6)))`),
  zeros: rows((a) => `prod(mul(${a}, sin(${a})), -1)`),
};
