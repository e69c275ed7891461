// Does the published package work for its users? run.mjs [--only GROUP …] [--plant FAULT] [--no-plants]
//
// Packs what is built, installs it into empty projects, and prints one line for each check. At the end faults are planted, one after
// the other, and it is a check that each is noticed. --plant publishes with one fault, and so has to fail.
import { rmSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { checksOf, groupNames } from "./checks.mjs";
import { pack, publish } from "./pack.mjs";
import { plants } from "./plants.mjs";

const { values: flags } = parseArgs({
  options: { only: { type: "string", multiple: true }, plant: { type: "string" }, "no-plants": { type: "boolean" } },
});
const only = flags.only ?? groupNames;
const known = (what, names, all) => {
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`--${what}: expected one of ${all.join(", ")}, received ${unknown}`);
};
known("only", only, groupNames);
if (flags.plant !== undefined) known("plant", [flags.plant], Object.keys(plants));

const packed = pack();

/** Publishes, runs the checks of the groups, and gives the names of those that failed; `tell` hears of every check. */
async function checkPackage(groups, fault, tell) {
  const context = publish(packed, fault);
  const failed = [];
  for (const [name, check] of checksOf(groups, context)) {
    try {
      tell(true, name, await check(context));
    } catch (error) {
      failed.push(name);
      tell(false, name, `${error.stderr || error.message}`.trim().slice(0, 600));
    }
  }
  rmSync(context.work, { recursive: true });
  return failed;
}

let [passed, failed] = [0, 0];
const tell = (good, name, detail) => {
  good ? passed++ : failed++;
  console.log(`${good ? "ok    " : "FAILED"} ${name}: ${detail}`);
};
await checkPackage(only, plants[flags.plant]?.[2], tell);
if (flags.plant === undefined && !flags["no-plants"]) {
  for (const [name, [group, noticed, fault]] of Object.entries(plants)) {
    if (!only.includes(group)) continue;
    const names = await checkPackage([group], fault, () => {});
    const by = names.filter((each) => noticed.test(each));
    tell(by.length > 0, `planted: ${name}`, by.length > 0 ? `noticed by "${by[0]}"` : "not noticed");
  }
}
rmSync(packed.work, { recursive: true });
console.log(`${passed} checks passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
