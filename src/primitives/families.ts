// Which primitives are there?
// The laws in test/laws hold for every member.
import { eluPrimitive, sigmoidPrimitive, siluPrimitive, softplusPrimitive } from "./activations.js";
import {
  addPrimitive,
  divPrimitive,
  mulPrimitive,
  negPrimitive,
  powPrimitive,
  sqrtPrimitive,
  squarePrimitive,
  subPrimitive,
} from "./arithmetic.js";
import { concatPrimitive, embedPrimitive, slicePrimitive } from "./blocks.js";
import { broadcastToPrimitive, sumToPrimitive } from "./broadcasting.js";
import {
  equalPrimitive,
  greaterEqualPrimitive,
  greaterPrimitive,
  isFinitePrimitive,
  lessEqualPrimitive,
  lessPrimitive,
} from "./comparisons.js";
import { matmulPrimitive } from "./contraction.js";
import { cumsumPrimitive } from "./cumulative.js";
import { drawNormalPrimitive, drawUniformPrimitive, splitKeyPrimitive } from "./draws.js";
import { expm1Primitive, expPrimitive, log1pPrimitive, logPrimitive } from "./elementary.js";
import { argmaxPrimitive, maxPrimitive, minPrimitive } from "./extrema.js";
import {
  acoshPrimitive,
  asinhPrimitive,
  atanhPrimitive,
  coshPrimitive,
  sinhPrimitive,
  tanhPrimitive,
  tanhSlopePrimitive,
} from "./hyperbolic.js";
import { oneHotPrimitive, scatterAddPrimitive, takePrimitive } from "./indexing.js";
import { intervalPrimitive } from "./interpolation.js";
import { aliasPrimitive, reshapePrimitive, transposePrimitive } from "./layout.js";
import { choleskyPrimitive, logDetPrimitive, solvePrimitive } from "./linear-algebra.js";
import { normPrimitive } from "./norm.js";
import { eighPrimitive, qrPrimitive } from "./orthogonal.js";
import {
  absPrimitive,
  clipPrimitive,
  leakyReluPrimitive,
  maximumPrimitive,
  minimumPrimitive,
  reluPrimitive,
  shareOfLargerPrimitive,
} from "./piecewise.js";
import { ceilPrimitive, floorPrimitive, roundPrimitive, signPrimitive } from "./rounding.js";
import { stopGradientPrimitive, weighPrimitive, wherePrimitive } from "./selection.js";
import { logSumExpPrimitive } from "./softmax.js";
import {
  acosPrimitive,
  asinPrimitive,
  atan2Primitive,
  atanPrimitive,
  cosPrimitive,
  sinPrimitive,
  tanPrimitive,
} from "./trigonometric.js";

export const arithmeticFamily: readonly [
  typeof addPrimitive,
  typeof subPrimitive,
  typeof negPrimitive,
  typeof mulPrimitive,
  typeof divPrimitive,
  typeof powPrimitive,
  typeof squarePrimitive,
  typeof sqrtPrimitive,
] = [
  addPrimitive,
  subPrimitive,
  negPrimitive,
  mulPrimitive,
  divPrimitive,
  powPrimitive,
  squarePrimitive,
  sqrtPrimitive,
];
export const elementaryFamily: readonly [
  typeof expPrimitive,
  typeof expm1Primitive,
  typeof logPrimitive,
  typeof log1pPrimitive,
] = [expPrimitive, expm1Primitive, logPrimitive, log1pPrimitive];
export const trigonometricFamily: readonly [
  typeof sinPrimitive,
  typeof cosPrimitive,
  typeof tanPrimitive,
  typeof asinPrimitive,
  typeof acosPrimitive,
  typeof atanPrimitive,
  typeof atan2Primitive,
] = [sinPrimitive, cosPrimitive, tanPrimitive, asinPrimitive, acosPrimitive, atanPrimitive, atan2Primitive];
export const hyperbolicFamily: readonly [
  typeof sinhPrimitive,
  typeof coshPrimitive,
  typeof tanhPrimitive,
  typeof tanhSlopePrimitive,
  typeof asinhPrimitive,
  typeof acoshPrimitive,
  typeof atanhPrimitive,
] = [sinhPrimitive, coshPrimitive, tanhPrimitive, tanhSlopePrimitive, asinhPrimitive, acoshPrimitive, atanhPrimitive];
export const activationFamily: readonly [
  typeof sigmoidPrimitive,
  typeof siluPrimitive,
  typeof softplusPrimitive,
  typeof eluPrimitive,
] = [sigmoidPrimitive, siluPrimitive, softplusPrimitive, eluPrimitive];
export const selectionFamily: readonly [typeof wherePrimitive, typeof weighPrimitive, typeof stopGradientPrimitive] = [
  wherePrimitive,
  weighPrimitive,
  stopGradientPrimitive,
];
export const comparisonFamily: readonly [
  typeof greaterPrimitive,
  typeof greaterEqualPrimitive,
  typeof lessPrimitive,
  typeof lessEqualPrimitive,
  typeof equalPrimitive,
  typeof isFinitePrimitive,
] = [greaterPrimitive, greaterEqualPrimitive, lessPrimitive, lessEqualPrimitive, equalPrimitive, isFinitePrimitive];
export const piecewiseFamily: readonly [
  typeof absPrimitive,
  typeof maximumPrimitive,
  typeof minimumPrimitive,
  typeof shareOfLargerPrimitive,
  typeof clipPrimitive,
  typeof reluPrimitive,
  typeof leakyReluPrimitive,
] = [
  absPrimitive,
  maximumPrimitive,
  minimumPrimitive,
  shareOfLargerPrimitive,
  clipPrimitive,
  reluPrimitive,
  leakyReluPrimitive,
];
export const roundingFamily: readonly [
  typeof signPrimitive,
  typeof floorPrimitive,
  typeof ceilPrimitive,
  typeof roundPrimitive,
] = [signPrimitive, floorPrimitive, ceilPrimitive, roundPrimitive];
export const moveFamily: readonly [
  typeof aliasPrimitive,
  typeof reshapePrimitive,
  typeof transposePrimitive,
  typeof broadcastToPrimitive,
  typeof sumToPrimitive,
  typeof slicePrimitive,
  typeof embedPrimitive,
  typeof concatPrimitive,
] = [
  aliasPrimitive,
  reshapePrimitive,
  transposePrimitive,
  broadcastToPrimitive,
  sumToPrimitive,
  slicePrimitive,
  embedPrimitive,
  concatPrimitive,
];
export const contractionFamily: readonly [typeof matmulPrimitive] = [matmulPrimitive];
export const reductionFamily: readonly [
  typeof maxPrimitive,
  typeof minPrimitive,
  typeof argmaxPrimitive,
  typeof logSumExpPrimitive,
  typeof normPrimitive,
  typeof cumsumPrimitive,
] = [maxPrimitive, minPrimitive, argmaxPrimitive, logSumExpPrimitive, normPrimitive, cumsumPrimitive];
export const indexingFamily: readonly [
  typeof takePrimitive,
  typeof scatterAddPrimitive,
  typeof oneHotPrimitive,
  typeof intervalPrimitive,
] = [takePrimitive, scatterAddPrimitive, oneHotPrimitive, intervalPrimitive];
export const linearAlgebraFamily: readonly [
  typeof solvePrimitive,
  typeof choleskyPrimitive,
  typeof logDetPrimitive,
  typeof qrPrimitive,
  typeof eighPrimitive,
] = [solvePrimitive, choleskyPrimitive, logDetPrimitive, qrPrimitive, eighPrimitive];
export const drawFamily: readonly [typeof drawUniformPrimitive, typeof drawNormalPrimitive, typeof splitKeyPrimitive] =
  [drawUniformPrimitive, drawNormalPrimitive, splitKeyPrimitive];
