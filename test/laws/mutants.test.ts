// Does a mutant of any rule of any primitive survive the laws?
//
// Here one mutant of each kind for each rule; all of them with `npm run bench:mutants`.
import { random } from "stillpoint";
import { describe, expect, test } from "vitest";
import type { Primitive } from "../../src/tape/index.js";
import { brokenLaw } from "./broken-law.js";
import { equivalents, nameOf, reasonOf } from "./equivalent-mutants.js";
import { type Mutant, mutantsOf } from "./mutations.js";
import { families } from "./samples.js";

const all = process.env.MODE === "all";
const seed = 20260901;
/** Only what survives is asked as often as this. */
const questions = 300;

const kinds = [
  "a derivative too many",
  "another constant",
  "another operation",
  "constant slope",
  "cotangents exchanged",
  "dropped cotangent",
  "dropped direction",
  "dropped tangent",
  "dropped term",
  "entries in reverse",
  "factor 1 + 1e-6",
  "factor 2",
  "left out",
  "missing un-broadcast",
  "operands exchanged",
  "sign",
  "tangents exchanged",
  "wrong axis",
  "wrong parameter",
];

/** One of each kind for each rule, drawn; what is equivalent is drawn only if nothing else is there. */
function subset(name: string, mutants: readonly Mutant[]): Mutant[] {
  const generator = random(seed);
  const groups = new Map<string, Mutant[]>();
  for (const mutant of mutants) {
    const key = `${mutant.rule} ${mutant.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), mutant]);
  }
  return [...groups.values()].map((group) => {
    const mortal = group.filter((mutant) => reasonOf(name, mutant) === undefined);
    const from = mortal.length > 0 ? mortal : group;
    return from[generator.permutation(from.length)[0]];
  });
}

describe("mutants of the rules", () => {
  const score = new Map<string, { made: number; killed: number }>();
  const survivors: string[] = [];
  const reasons = new Map(equivalents.map(({ reason }) => [reason, [] as string[]]));
  for (const primitive of families as readonly Primitive[]) {
    const { name } = primitive;
    test(name, { timeout: 600_000 }, () => {
      const made = mutantsOf(primitive);
      for (const mutant of all ? made : subset(name, made)) {
        const row = score.get(mutant.kind) ?? { made: 0, killed: 0 };
        score.set(mutant.kind, row);
        row.made++;
        const alive = brokenLaw(mutant.primitive, seed, questions) === undefined;
        const reason = reasonOf(name, mutant);
        if (!alive) row.killed++;
        else if (reason === undefined) survivors.push(`${name}: ${nameOf(mutant)}`);
        else reasons.get(reason)?.push(`${name}: ${nameOf(mutant)}`);
        expect.soft(alive, `${name}: ${nameOf(mutant)} is alive`).toBe(reason !== undefined);
      }
    });
  }
  test("all die, but for those that are equivalent to the original", () => {
    const rows = [...score].sort(([a], [b]) => (a < b ? -1 : 1));
    const sum = (of: "made" | "killed"): number => rows.reduce((total, [, row]) => total + row[of], 0);
    const same = [...reasons].filter(([, names]) => names.length > 0);
    console.log(
      [
        `killed ${sum("killed")} of ${sum("made")} mutants (${all ? "all" : "one of each kind for each rule"}); ` +
          `${same.reduce((total, [, names]) => total + names.length, 0)} equivalent; ${survivors.length} survive`,
        ...rows.map(([kind, { made, killed }]) => `  ${kind}: ${killed} of ${made}`),
        ...same.map(([reason, names]) => `equivalent, ${reason}:\n  ${names.join("\n  ")}`),
      ].join("\n"),
    );
    expect(survivors).toEqual([]);
    expect(rows.map(([kind]) => kind)).toEqual(kinds);
    if (all) for (const [reason, names] of reasons) expect(names.length, reason).toBeGreaterThan(0);
  });
});
