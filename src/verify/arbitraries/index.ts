// What does this room offer to those who have fast-check installed?
export { contractions, symmetricPositive, wellConditioned } from "./matrices.js";
export { broadcastablePairs, type EntryRange, orders, type ShapeRange, shapes, tensors } from "./tensors.js";
