// Which pages does the site have?
//
// The chapters of docs/, with links that leave docs/ led to pages of the files they name; the lab; and the reference, which
// TypeDoc writes from the docstrings. Everything is written below pages/, from where the site is built.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, posix, relative } from "node:path";
import { pages, root, site } from "./places.mjs";
import { pageOf } from "./source-pages.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const write = (path, text) => {
  const file = join(pages, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const filesBelow = (folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();

/** The files that get a page: those of src/, and those that some chapter links. */
const shown = new Set(filesBelow("src"));

/** Where a link of a document leads on the site. */
function led(document, target) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith("#")) return target;
  const [path, anchor] = target.split("#");
  const to = posix.normalize(posix.join(posix.dirname(document), path)).replace(/\/$/, "");
  const hash = anchor === undefined ? "" : `#${anchor}`;
  if (to === "docs/README.md") return `/${hash}`;
  if (to.startsWith("docs/")) return `/${to.slice("docs/".length)}${hash}`;
  if (!existsSync(join(root, to))) return target;
  shown.add(to);
  return `${pageOf(to)}${hash}`;
}

/** A document with its links led, those in code left alone. */
function withLinks(document, text) {
  return text
    .split(/(^\s*```[\s\S]*?^\s*```|`[^`\n]*`)/m)
    .map((part, i) =>
      i % 2 === 1 ? part : part.replace(/\]\(([^)\s]+)\)/g, (_, target) => `](${led(document, target)})`),
    )
    .join("");
}

/** The part of a document that a pattern finds. */
function part(document, pattern) {
  const found = pattern.exec(read(document))?.[1];
  if (found === undefined) throw new Error(`stage: expected ${pattern} in ${document}, found nothing like it`);
  return withLinks(document, found);
}

/** What it is, an example, and the chapters: all from the documents, so that it is said once. */
function writeHome() {
  const what = part("README.md", /^# stillpoint\n\n([\s\S]*?)\n\nIt is for people/);
  const idea = part("docs/README.md", /\n(To see the whole idea[\s\S]*)$/);
  const chapters = part("docs/README.md", /\n(One chapter per room[\s\S]*?)\nTo see the whole idea/);
  const doors =
    "[Read the book](#the-chapters) · [Try the lab](/lab/) · [Look something up](/reference/) · [See the source](/source/src/)";
  write("index.md", `# stillpoint\n\n${what}\n\n${doors}\n\n${idea}\n## The chapters\n\n${chapters}`);
}

/** What each import offers, with a link to its names. */
function writeReferenceIndex() {
  const table = part("README.md", /\n## What is there\n\n([\s\S]*?)\n\n##/);
  const linked = table.replace(/^\| `stillpoint(\/[a-z/-]+)?`/gm, (name, path) => {
    const page = `/reference${path ?? "/stillpoint"}`;
    return existsSync(join(pages, `${page.slice(1)}.md`)) ? `| [${name.slice(2)}](${page})` : name;
  });
  write("reference/index.md", `# Reference\n\n${linked}\n`);
}

rmSync(pages, { recursive: true, force: true });
for (const path of filesBelow("docs")) {
  const to = path.slice("docs/".length);
  if (path === "docs/README.md") writeHome();
  else write(to, extname(path) === ".md" ? withLinks(path, read(path)) : readFileSync(join(root, path)));
}
for (const path of filesBelow("site/lab")) write(path.slice("site/".length), withLinks(path, read(path)));
cpSync(join(site, "public"), join(pages, "public"), { recursive: true });
execFileSync(join(site, "node_modules", ".bin", "typedoc"), { cwd: site, stdio: "inherit" });
writeReferenceIndex();
write("shown.json", JSON.stringify([...shown].sort()));
