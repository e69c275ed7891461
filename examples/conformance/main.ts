// How does this library do with the conformance pack?

import { kinds, readCases, readVerdicts } from "./pack.js";
import { answer, type Score, score, verdictOf } from "./score.js";

/** More units than this are an error of the library, not of rounding. */
export const ALLOWED = 64;

const show = (x: number): string => x.toPrecision(3);

let failed = 0;
for (const kind of kinds) {
  const cases = readCases(kind);
  const scores: Score[] = cases.flatMap((one) => score(one, answer(one)));
  const bad = scores.filter(({ units }) => !(units <= ALLOWED));
  const worst = [...scores].sort((a, b) => b.units - a.units).slice(0, 3);
  failed += bad.length;
  console.log(`${kind}: ${cases.length} cases, ${scores.length} tensors, ${bad.length} beyond ${ALLOWED} units`);
  for (const { id, what, digits, units } of worst) {
    console.log(`  ${id}, ${what}: ${show(units)} units, ${show(digits)} digits`);
  }
}

const verdicts = readVerdicts();
const mistaken = verdicts.filter((line) => verdictOf(line) !== line.verdict);
failed += mistaken.length;
const count = (verdict: string): number => verdicts.filter((line) => line.verdict === verdict).length;
console.log(
  `checker: ${count("wrong")} wrong gradients, ${count("right")} right ones, ${count("undefined")} at kinks; ${mistaken.length} mistaken`,
);
for (const line of mistaken) console.log(`  ${line.id}: ${line.fault}: said ${verdictOf(line)}`);
if (failed > 0) process.exitCode = 1;
