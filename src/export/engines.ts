// Which script and which style does an exported page hold?
// The build bundles page/ and writes the texts here.
import type { Kind } from "./payload.js";

/** A text that a page holds, and its SHA-256 in base64, by which the page allows it. */
export interface PageText {
  readonly text: string;
  readonly hash: string;
}

/** For each kind of model its script: the part of the library that it needs, and what draws. */
export const scripts: Partial<Readonly<Record<Kind, PageText>>> = {};
export const style: PageText = { text: "", hash: "" };
