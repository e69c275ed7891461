// What was asked for on the command line?
import { resolve } from "node:path";
import { parseArgs } from "node:util";

/** Counts by name, each with its default, and `--into`, a folder for the report and the checkpoints in place of the example's own. */
export type Arguments<Name extends string> = Readonly<Record<Name, number>> & { readonly into: string | undefined };

/** @throws Error if an argument has another name, or a count is no integer ≥ 1. */
export function readArguments<Name extends string>(defaults: Readonly<Record<Name, number>>): Arguments<Name> {
  const names = Object.keys(defaults) as Name[];
  const { values } = parseArgs({
    options: Object.fromEntries(["into", ...names].map((name) => [name, { type: "string" as const }])),
  }) as { values: Record<string, string | undefined> };
  const countOf = (name: Name): number => {
    const count = Number(values[name] ?? defaults[name]);
    if (Number.isSafeInteger(count) && count >= 1) return count;
    throw new Error(`--${name}: expected an integer of at least 1, received ${values[name]}`);
  };
  const counts = Object.fromEntries(names.map((name) => [name, countOf(name)])) as Record<Name, number>;
  return { ...counts, into: values.into === undefined ? undefined : resolve(values.into) };
}
