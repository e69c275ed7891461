// Which primitives are there?
// The laws in test/laws hold for every member.
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
import { matmulPrimitive } from "./contraction.js";
import { cosPrimitive, expPrimitive, logPrimitive, sinPrimitive, tanhPrimitive } from "./elementary.js";
import { aliasPrimitive, reshapePrimitive, transposePrimitive } from "./layout.js";
import { equalPrimitive, greaterPrimitive, reluPrimitive, stopGradientPrimitive, wherePrimitive } from "./selection.js";

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
  typeof logPrimitive,
  typeof sinPrimitive,
  typeof cosPrimitive,
  typeof tanhPrimitive,
] = [expPrimitive, logPrimitive, sinPrimitive, cosPrimitive, tanhPrimitive];
export const selectionFamily: readonly [
  typeof greaterPrimitive,
  typeof equalPrimitive,
  typeof wherePrimitive,
  typeof reluPrimitive,
  typeof stopGradientPrimitive,
] = [greaterPrimitive, equalPrimitive, wherePrimitive, reluPrimitive, stopGradientPrimitive];
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
