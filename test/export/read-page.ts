// What stands in an exported page, and what happens when its script runs?
import { parseHTML } from "linkedom";
import type { Payload } from "../../src/export/payload.js";
import type { Document, Element } from "../pictures/read-solve-page.js";

export interface Parts {
  readonly payload: Payload;
  /** In base64. */
  readonly numbers: string;
  readonly script: string;
  readonly style: string;
  readonly policy: string;
}

export function partsOf(html: string): Parts {
  const { document } = parseHTML(html) as unknown as { document: Document };
  const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
  const scripts = [...document.querySelectorAll("script")];
  return {
    payload: JSON.parse(text("#payload")) as Payload,
    numbers: text("#numbers"),
    script: scripts[scripts.length - 1].textContent ?? "",
    style: text("style"),
    policy: document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute("content") ?? "",
  };
}

/** The page with its script run; frames and timers wait until they are asked for. */
export function open(html: string) {
  const { document, HTMLElement } = parseHTML(html) as unknown as {
    document: Document;
    HTMLElement: { prototype: object };
  };
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { value: 600, configurable: true });
  const waiting: (() => void)[] = [];
  const later = (f: () => void): void => {
    waiting.push(f);
  };
  const { script } = partsOf(html);
  new Function("document", "requestAnimationFrame", "setTimeout", "addEventListener", script)(
    document,
    later,
    later,
    () => {},
  );
  const { Event } = document.defaultView;
  const find = (selector: string): Element => {
    const found = document.querySelector(selector);
    if (found === null) throw new Error(`the page has no ${selector}`);
    return found;
  };
  const settle = (): void => {
    for (let next = waiting.shift(); next; next = waiting.shift()) next();
  };
  return {
    document,
    find,
    picture: (): string =>
      [...find(".picture").querySelectorAll("path, rect")]
        .map((path) => path.getAttribute("d") ?? path.getAttribute("width"))
        .join(),
    /** Moves a slider to one of its 200 positions. */
    move(slider: number, position: number): void {
      const input = find(`#input${slider}`);
      input.value = String(position);
      input.dispatchEvent(new Event("input"));
      settle();
    },
    check(): string {
      find("#check").dispatchEvent(new Event("click"));
      settle();
      return find("#verdict").textContent ?? "";
    },
  };
}
