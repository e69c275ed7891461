// What is shown beside a line of a snippet?
import type { Result } from "./messages.js";

export const isWrong = (result: Result): boolean =>
  result.kind === "error" || (result.kind === "claim" && result.reason !== undefined);

function textOf(result: Result): string {
  if (result.kind === "error") return `${result.name}: ${result.message}`;
  if (result.kind === "value") return result.received;
  const { received, reason } = result;
  if (reason === undefined) return received;
  const same = `the value is ${received}`;
  return reason.startsWith(same) ? received + reason.slice(same.length) : `${received}: ${reason}`;
}

/** Its sign, and what it says to those who do not see it. */
function signOf(result: Result): [string, string] {
  if (result.kind === "value") return ["→", "value"];
  if (result.kind === "error") return ["✗", "error"];
  return result.reason === undefined ? ["✓", "agrees"] : ["✗", "disagrees"];
}

/** Whether a result has room at the end of its line. */
export function fitsBeside(result: Result, room: number): boolean {
  const text = textOf(result);
  return text.length + 4 <= room && !text.includes("\n");
}

/** A result, at the end of its line if there is room for it, or else below. */
export function resultElement(result: Result, room: number): HTMLElement {
  const [sign, word] = signOf(result);
  const element = document.createElement("span");
  element.className = `result ${word} ${fitsBeside(result, room) ? "beside" : "below"} vp-copy-ignore`;
  element.dataset.line = String(result.line);
  const mark = document.createElement("span");
  mark.className = "sign";
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", word);
  mark.textContent = sign;
  const body = document.createElement("span");
  body.className = "text";
  body.textContent = textOf(result);
  element.append(mark, body);
  return element;
}

/** Puts results into a highlighted block whose lines are elements of their own. */
export function showInBlock(code: HTMLElement, results: readonly Result[]): void {
  for (const old of code.querySelectorAll(".result")) old.remove();
  const lines = [...code.querySelectorAll<HTMLElement>(".line")];
  const columns = columnsOf(code, lines);
  for (const result of results) {
    const line = lines[Math.min(result.line ?? 1, lines.length) - 1];
    const element = resultElement(result, columns - (line.textContent?.length ?? 0));
    if (element.classList.contains("beside")) {
      line.append(element);
    } else {
      // Behind the end of the line, which would otherwise make an empty line of its own.
      const next = lines[lines.indexOf(line) + 1];
      if (next) code.insertBefore(element, next);
      else code.append(element);
    }
  }
}

/** How many characters are seen side by side. */
function columnsOf(code: HTMLElement, lines: readonly HTMLElement[]): number {
  const longest = lines.reduce((a, b) => ((b.textContent?.length ?? 0) > (a.textContent?.length ?? 0) ? b : a));
  const range = document.createRange();
  range.selectNodeContents(longest);
  const width = range.getBoundingClientRect().width / Math.max(1, longest.textContent?.length ?? 1);
  const { paddingLeft, paddingRight } = getComputedStyle(code);
  const seen =
    (code.parentElement as HTMLElement).clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  return width > 0 ? Math.floor(seen / width) : 0;
}
