// Which pages were built, what may be linked on them, and which snippets should they have?
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { built, root } from "../places.mjs";

/** The addresses of all pages. */
export function pageAddresses() {
  return readdirSync(built, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".html") && entry.name !== "404.html")
    .map((entry) => `/${relative(built, join(entry.parentPath, entry.name))}`)
    .map((path) => (path.startsWith("/source/") ? path : path.replace(/\.html$/, "")).replace(/\/index(\.html)?$/, "/"))
    .sort();
}

const fileOf = (path) =>
  [path, `${path}.html`, `${path}index.html`]
    .map((name) => join(built, name))
    .find((file) => existsSync(file) && statSync(file).isFile());

const anchors = new Map();
function anchorsOf(file) {
  if (!anchors.has(file)) {
    const ids = readFileSync(file, "utf8").matchAll(/\sid="([^"]*)"/g);
    anchors.set(file, new Set(Array.from(ids, ([, id]) => id.replaceAll("&amp;", "&"))));
  }
  return anchors.get(file);
}

/** Whether an address on the site leads to a page and, if it has one, to its anchor. */
export function leadsSomewhere(address) {
  const { pathname, hash } = new URL(address);
  const file = fileOf(decodeURIComponent(pathname));
  if (file === undefined) return false;
  return hash === "" || anchorsOf(file).has(decodeURIComponent(hash.slice(1)));
}

/** How many claims each block of TypeScript of a document makes, as far as it can run in a page. */
function claimsOf(text) {
  const blocks = text.matchAll(/^ *(`{3,})(?:ts|js|typescript|javascript)\n([\s\S]*?)^ *\1$/gm);
  return Array.from(blocks, ([, , code]) =>
    /from "(node:|stillpoint\/workers")/.test(code) ? undefined : (code.match(/\/\/\s*→/g) ?? []).length,
  );
}

/** Of each chapter: its address, and the claims of its blocks; undefined where one needs Node. */
export function chapters() {
  return readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => ({
      address: name === "README.md" ? "/" : `/${name.replace(/\.md$/, "")}`,
      claims: claimsOf(readFileSync(join(root, "docs", name), "utf8")),
    }));
}
