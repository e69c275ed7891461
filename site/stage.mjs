// Which pages does the site have?
//
// The chapters of docs/, with links that leave docs/ led to pages of the files they name; the lab; and the reference, which
// TypeDoc writes from the docstrings. Everything is written below pages/, from where the site is built.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

const site = dirname(fileURLToPath(import.meta.url));
const root = dirname(site);
const pages = join(site, "pages");

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

/** The page of a file of the repository. A dot would make it look like a file to download. */
const pageOf = (path) => `source/${path.replace(/\.([^./]+)$/, "-$1")}`;

/** Files that some chapter links, beside those of src/. */
const linked = new Set();

/** Where a link of a document leads on the site. */
function led(document, target) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith("#")) return target;
  const [path, anchor] = target.split("#");
  const to = posix.normalize(posix.join(posix.dirname(document), path));
  const hash = anchor === undefined ? "" : `#${anchor}`;
  if (to === "docs/README.md") return `/${hash}`;
  if (to.startsWith("docs/")) return `/${to.slice("docs/".length)}${hash}`;
  if (!existsSync(join(root, to))) return target;
  linked.add(to.replace(/\/$/, ""));
  return `/${pageOf(to.replace(/\/$/, ""))}${hash}`;
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

const languages = { ".ts": "ts", ".mjs": "js", ".json": "json", ".py": "python", ".md": "md", ".yml": "yaml" };

/** The page of a file, or of a folder, which lists what is in it. */
function writeSource(path) {
  if (statSync(join(root, path)).isDirectory()) {
    const entries = readdirSync(join(root, path), { withFileTypes: true }).filter(
      ({ name }) => name !== "node_modules",
    );
    const files = entries.filter((entry) => entry.isFile() && languages[extname(entry.name)]);
    for (const { name } of files) writeSource(`${path}/${name}`);
    const list = files.map(({ name }) => `- [${name}](/${pageOf(`${path}/${name}`)})`);
    write(`${pageOf(path)}.md`, `# ${path}\n\n${list.join("\n")}\n`);
    return;
  }
  const text = readFileSync(join(root, path), "utf8");
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length + 1)));
  const language = languages[extname(path)] ?? "txt";
  write(`${pageOf(path)}.md`, `---\nsource: true\n---\n\n# ${path}\n\n${fence}${language}\n${text}\n${fence}\n`);
}

rmSync(pages, { recursive: true, force: true });
for (const path of filesBelow("docs")) {
  const to = path.slice("docs/".length).replace(/^README\.md$/, "index.md");
  if (path.endsWith(".md")) write(to, withLinks(path, readFileSync(join(root, path), "utf8")));
  else write(to, readFileSync(join(root, path)));
}
if (existsSync(join(site, "lab"))) cpSync(join(site, "lab"), join(pages, "lab"), { recursive: true });
for (const path of filesBelow("src")) writeSource(path);
for (const path of linked) if (!path.startsWith("src/") || !extname(path)) writeSource(path);
execFileSync(join(site, "node_modules", ".bin", "typedoc"), { cwd: site, stdio: "inherit" });
