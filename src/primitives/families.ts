// Which primitives are there? The laws in test/laws hold for every member.
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

export const arithmeticFamily = [
  addPrimitive,
  subPrimitive,
  negPrimitive,
  mulPrimitive,
  divPrimitive,
  powPrimitive,
  squarePrimitive,
  sqrtPrimitive,
] as const;
export const elementaryFamily = [expPrimitive, logPrimitive, sinPrimitive, cosPrimitive, tanhPrimitive] as const;
export const selectionFamily = [
  greaterPrimitive,
  equalPrimitive,
  wherePrimitive,
  reluPrimitive,
  stopGradientPrimitive,
] as const;
export const moveFamily = [
  aliasPrimitive,
  reshapePrimitive,
  transposePrimitive,
  broadcastToPrimitive,
  sumToPrimitive,
  slicePrimitive,
  embedPrimitive,
  concatPrimitive,
] as const;
export const contractionFamily = [matmulPrimitive] as const;
