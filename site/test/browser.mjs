// How does a test look at a page?
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A browser without a window, with a profile of its own, which asks for nothing by itself. */
export function launch() {
  const executablePath = places.find((place) => place && existsSync(place));
  if (executablePath === undefined) {
    throw new Error("launch: expected Chromium, received none: install it, or name it in CHROMIUM");
  }
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Notes what goes wrong on a page, and what it asks for. Call it before the page is opened.
 *
 * `errors` are messages: of the console, of uncaught errors, of requests that failed or were answered by 400 and more.
 * `requests` are addresses.
 */
export function watch(page) {
  const errors = [];
  const requests = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      // What failed to load is noted with its address below.
      if (!message.text().startsWith("Failed to load resource")) errors.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => errors.push(`uncaught: ${error.message}`));
  page.on("request", (request) => requests.push(request.url()));
  page.on("requestfailed", (request) => {
    // Leaving a page ends what it was loading.
    const { errorText } = request.failure() ?? {};
    if (errorText !== "net::ERR_ABORTED") errors.push(`failed: ${request.url()} ${errorText}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) errors.push(`status ${response.status()}: ${response.url()}`);
  });
  return { errors, requests };
}
