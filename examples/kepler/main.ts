// Does Kepler's equation have the derivatives that its closed form says it has?
import { significant, tableText } from "../shared/numbers.js";
import { derivativesInM, differences, largestDifference, mixedDerivatives } from "./tables.js";

console.log("Kepler's equation E = M + e sin E, a fixed point; grad is nested n deep.\n");
for (const table of [derivativesInM(1), differences(), mixedDerivatives(1, 0.5, 4)])
  console.log(`${tableText(table)}\n`);
const { first, last, highest } = largestDifference();
console.log(
  `Largest relative difference: ${significant(first, 2)} in order 1, ${significant(last, 2)} in order ${highest}.`,
);
