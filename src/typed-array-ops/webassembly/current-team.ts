// Are there threads that help?
import type { Resident, Work } from "./loops.js";

/** Those who compute together, as far as plans know them. */
export interface Helpers {
  /** Tells them from all others, from 1 on. */
  readonly serial: number;
  /** The loops of a plan, divided among all; nothing where that does not pay, or they cannot have them. */
  makeResident(numbers: number, lists: readonly (readonly Work[])[]): Resident | undefined;
}

let current: Helpers | undefined;

export const currentTeam = (): Helpers | undefined => current;

export function setTeam(team: Helpers | undefined): void {
  current = team;
}
