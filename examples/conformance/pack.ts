// What stands in the pack?
import { readFileSync } from "node:fs";
import { Tensor } from "stillpoint";
import { inExamples } from "../shared/repository.js";
import { readHex } from "./numbers.js";

/** An array of float64 numbers, in row-major order. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly hex: readonly string[];
}

/** Numbers beside their references of 30 digits. */
export interface Reference extends Numbers {
  readonly digits: readonly string[];
  /** How far one unit in the last place of every input moves the entry. */
  readonly amplification: readonly number[];
}

/** A prefix expression: a number, a name, or an operation with its arguments and, last, its options. */
export type Expression = number | string | readonly [string, ...(Expression | Options)[]];
export interface Options {
  readonly axes?: readonly number[];
  readonly axis?: number;
  readonly keepDims?: boolean;
  readonly shape?: readonly number[];
  readonly indices?: readonly number[];
}

export interface Case {
  readonly id: string;
  readonly kind: string;
  readonly formula: string;
  readonly expression: Expression;
  readonly inputs: Readonly<Record<string, Numbers>>;
  /** The inputs that are differentiated. */
  readonly wrt: readonly string[];
  readonly cotangent: Numbers;
  readonly direction?: Readonly<Record<string, Numbers>>;
  readonly outputs: {
    readonly value: Reference;
    readonly gradient: Readonly<Record<string, Reference>>;
    readonly hvp?: Readonly<Record<string, Reference>>;
  };
  readonly trap?: string;
}

/** A gradient of a function, and what a checker should say of it. */
export interface Verdict extends Pick<Case, "id" | "expression" | "inputs" | "wrt" | "cotangent"> {
  readonly fault: string;
  readonly verdict: "right" | "wrong" | "undefined";
  readonly gradient: Readonly<Record<string, Numbers>>;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(inExamples("conformance", "pack", `${name}.json`), "utf8"));

export const kinds = ["operations", "nested", "fixed-points", "fractional"] as const;

export const readCases = (kind: (typeof kinds)[number]): readonly Case[] =>
  (read(kind) as { cases: readonly Case[] }).cases;

/** A line names a case of the pack, or brings a function of its own. */
export function readVerdicts(): Verdict[] {
  const cases = new Map(kinds.flatMap(readCases).map((one) => [one.id, one]));
  const { lines } = read("wrong") as { lines: readonly (Verdict & { readonly case?: string })[] };
  return lines.map((line) => ({ ...(line.case === undefined ? {} : cases.get(line.case)), ...line }));
}

export const toTensor = ({ shape, hex }: Numbers): Tensor => new Tensor(shape, Float64Array.from(hex, readHex));
