// What does a file of the repository look like as a page?
//
// There are hundreds of them. They need nothing of the book's machinery, so each is written as it is served.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, posix } from "node:path";
import { createCssVariablesTheme, createHighlighter } from "shiki";
import { root } from "./places.mjs";

/** The address of the page of a file or a folder. */
export const pageOf = (path) => (isFolder(path) ? `/source/${path}/` : `/source/${path}.html`);

const isFolder = (path) => statSync(join(root, path)).isDirectory();

const languages = { ".ts": "ts", ".mjs": "js", ".json": "json", ".py": "python" };
/** Longer files are data: nobody reads their colours. */
const longestInColour = 100_000;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** The files of the pages to be written: what is asked for, and of folders all that is readable. */
export function filesOf(paths) {
  return [
    ...new Set(
      paths.flatMap((path) => {
        if (!isFolder(path)) return [path];
        const entries = readdirSync(join(root, path), { withFileTypes: true });
        const names = entries.filter((entry) => entry.isFile() && extname(entry.name) in languages);
        return names.map(({ name }) => `${path}/${name}`);
      }),
    ),
  ].sort();
}

/** The folders on the way to the files, each with what is in it. */
function foldersOf(files) {
  const folders = new Map();
  for (const file of files) {
    for (let path = file; path.includes("/"); path = posix.dirname(path)) {
      const folder = posix.dirname(path);
      folders.set(folder, (folders.get(folder) ?? new Set()).add(path));
    }
  }
  return folders;
}

/** Where the names stand from which a module imports, and the files that they mean. */
function importsOf(path, text) {
  return [...text.matchAll(/^(?:import|export|\} from)\b[^"\n]*"(\.[^"]+)"/gm)].flatMap((match) => {
    const [whole, name] = match;
    const start = match.index + whole.length - 1 - name.length;
    const file = posix.join(posix.dirname(path), name).replace(/\.js$/, ".ts");
    return [{ start, end: start + name.length, file }];
  });
}

const script = `
const dark = () => {
  const kept = localStorage.getItem("vitepress-theme-appearance") || "auto";
  return kept === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : kept === "dark";
};
document.documentElement.classList.toggle("dark", dark());
`;
const change = `
document.querySelector("button").addEventListener("click", () => {
  const next = !document.documentElement.classList.contains("dark");
  localStorage.setItem("vitepress-theme-appearance", next ? "dark" : "light");
  document.documentElement.classList.toggle("dark", next);
});
`;

function pageText(path, body) {
  const parts = path.split("/");
  const way = parts.map((part, i) =>
    i === parts.length - 1
      ? `<span aria-current="page">${escaped(part)}</span>`
      : `<a href="/source/${parts.slice(0, i + 1).join("/")}/">${escaped(part)}</a>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(path)} | stillpoint</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/source/source.css">
<script>${script}</script>
</head>
<body>
<header>
<a class="title" href="/">stillpoint</a>
<nav aria-label="Site"><a href="/">Book</a> <a href="/reference/">Reference</a> <button type="button" aria-label="Dark or light">◐</button></nav>
</header>
<main>
<h1>${way.join("/")}</h1>
${body}
</main>
<script>${change}</script>
</body>
</html>
`;
}

async function colouring() {
  const theme = createCssVariablesTheme({ name: "variables", variablePrefix: "--c-" });
  const highlighter = await createHighlighter({ themes: [theme], langs: ["ts", "js", "json", "python"] });
  return (text, lang, links) => {
    const decorations = links.map(({ start, end, href }) => ({ start, end, tagName: "a", properties: { href } }));
    return highlighter
      .codeToHtml(text, { lang, theme: "variables", decorations })
      .replace(/(<pre[^>]*?) style="[^"]*"/, "$1")
      .replaceAll(/<span style="color:var\(--c-foreground\)">([^<]*)<\/span>/g, "$1")
      .replaceAll(/ style="color:var\(--c-token-([a-z]+)[a-z-]*\)"/g, ' class="$1"');
  };
}

/** Writes the pages of the files, and of the folders on the way to them, into `out`. */
export async function writeSourcePages(paths, out) {
  const files = filesOf(paths);
  const known = new Set(files);
  const write = (address, text) => {
    const file = join(out, address);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  rmSync(join(out, "source"), { recursive: true, force: true });
  write("source/source.css", readFileSync(new URL("source.css", import.meta.url)));
  const colour = await colouring();
  for (const path of files) {
    const text = readFileSync(join(root, path), "utf8").trimEnd();
    const language = text.length > longestInColour ? "txt" : (languages[extname(path)] ?? "txt");
    const links = importsOf(path, text)
      .filter(({ file }) => known.has(file))
      .map((link) => ({ ...link, href: pageOf(link.file) }));
    const code = language === "txt" ? `<pre><code>${escaped(text)}</code></pre>` : colour(text, language, links);
    write(pageOf(path), pageText(path, code));
  }
  const folders = foldersOf(files);
  for (const [folder, entries] of folders) {
    const sorted = [...entries].sort((a, b) => folders.has(b) - folders.has(a) || (a < b ? -1 : 1));
    const list = sorted.map((path) => {
      const first = folders.has(path) ? undefined : readFileSync(join(root, path), "utf8").split("\n", 1)[0];
      const question = /^(?:\/\/|#) (.*)$/.exec(first ?? "")?.[1];
      const name = `${basename(path)}${folders.has(path) ? "/" : ""}`;
      return `<li><a href="${pageOf(path)}">${escaped(name)}</a>${question ? ` <span>${escaped(question)}</span>` : ""}</li>`;
    });
    write(`source/${folder}/index.html`, pageText(folder, `<ul>${list.join("\n")}</ul>`));
  }
  return { files: files.length, folders: folders.size };
}
