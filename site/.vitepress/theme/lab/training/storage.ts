// What does the browser keep when the page is left?
import { del, get, set } from "idb-keyval";

const keys = { checkpoint: "stillpoint lab training checkpoint", text: "stillpoint lab training text" } as const;

export interface Kept {
  readonly bytes: Uint8Array;
  readonly step: number;
  readonly updates: number;
}

/** A browser may refuse to keep anything, as in private windows: then nothing is offered after a reload, and all else works. */
async function or<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch {
    return otherwise;
  }
}

export const keep = (kept: Kept): Promise<void> => or(set(keys.checkpoint, kept), undefined);
export const forget = (): Promise<void> => or(del(keys.checkpoint), undefined);
export const kept = (): Promise<Kept | undefined> => or(get<Kept>(keys.checkpoint), undefined);
export const keepText = (text: string): Promise<void> => or(set(keys.text, text), undefined);
export const keptText = (): Promise<string | undefined> => or(get<string>(keys.text), undefined);
