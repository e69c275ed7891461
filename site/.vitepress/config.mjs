// How is the site built?
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { katex } from "@mdit/plugin-katex";
import { defineConfig } from "vitepress";
import { pages, root } from "../places.mjs";

const titleOf = (file) => /^# (.*)$/m.exec(readFileSync(join(pages, file), "utf8"))?.[1] ?? file;
const entry = (file) => ({ text: titleOf(file), link: `/${file.replace(/\.md$/, "")}` });
const chapter = (file) => {
  const { text, link } = entry(file);
  return { text: `${Number(file.slice(0, 2))}. ${text.replace(/^\d+\. /, "")}`, link };
};
const markdownIn = (folder, pattern = /\.md$/) =>
  existsSync(join(pages, folder))
    ? readdirSync(join(pages, folder))
        .filter((file) => pattern.test(file))
        .sort()
    : [];

const book = [
  { text: "The book", items: markdownIn("", /^\d\d-.*\.md$/).map(chapter) },
  { text: "Tables", items: ["accuracy.md", "limits.md"].map(entry) },
];
const lab = ["index", "fixed-point", "fractional", "training", "digits", "tape"].map((page) => entry(`lab/${page}.md`));

const named = ({ text, link, items }, parent = "stillpoint") => {
  const name = text === "stillpoint" ? text : `${parent}/${text}`;
  return [{ text: name, link: link.replace(/\.md$/, "") }, ...(items ?? []).flatMap((item) => named(item, name))];
};
const modules = JSON.parse(readFileSync(join(pages, "reference", "typedoc-sidebar.json"), "utf8"))
  .flatMap((item) => named(item))
  .sort((a, b) => (a.text < b.text ? -1 : 1));

/** Links to pages of sources lead out of the book, whose router knows nothing of them. */
function leaveForSources(md) {
  const open = md.renderer.rules.link_open;
  md.renderer.rules.link_open = (tokens, i, options, env, self) => {
    if (tokens[i].attrGet("href")?.startsWith("/source/")) tokens[i].attrSet("target", "_self");
    return open(tokens, i, options, env, self);
  };
}

/** What keeps a snippet from running in a page. */
const needs = [
  [/from "node:/, "it uses Node itself. Copy it into a file and run it there."],
  [
    /from "stillpoint\/workers"/,
    "it starts threads, which share memory only in Node and on pages served for that. Run it in Node.",
  ],
];

/** Blocks of TypeScript in chapters run where they stand. */
function runSnippets(md) {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, i, options, env, self) => {
    const block = fence(tokens, i, options, env, self);
    const isChapter = !env.relativePath?.includes("/");
    if (!isChapter || !/^(ts|js|typescript|javascript)\b/.test(tokens[i].info.trim())) return block;
    const need = needs.find(([pattern]) => pattern.test(tokens[i].content))?.[1];
    return `<Snippet${need ? ` needs="${need}"` : ""}>${block}</Snippet>\n`;
  };
}

const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** The library as it was built, under its own names. */
const library = Object.entries(exports)
  .filter(([, built]) => built.default)
  .map(([path, built]) => ({
    find: new RegExp(`^stillpoint${path.slice(1)}$`),
    replacement: join(root, built.default),
  }));

export default defineConfig({
  title: "stillpoint",
  description: "Automatic differentiation, deep equilibria and neural fractional differential equations in TypeScript",
  srcDir: "pages",
  cleanUrls: true,
  lastUpdated: false,
  head: [["link", { rel: "icon", href: "/icon.svg" }]],
  markdown: {
    config: (md) => {
      md.use(katex);
      leaveForSources(md);
      runSnippets(md);
    },
  },
  // A page asks for what it shows, not for all that it links.
  router: { prefetchLinks: false },
  vite: {
    resolve: { alias: library, dedupe: ["fast-check"] },
    worker: { format: "es" },
    // The index of the search, and the page of the main module: neither belongs to the first page.
    build: { chunkSizeWarningLimit: 1000 },
  },
  transformPageData: ({ relativePath, frontmatter }) =>
    relativePath.startsWith("reference/") ? { frontmatter: { ...frontmatter, pageClass: "reference" } } : undefined,
  themeConfig: {
    nav: [
      { text: "Book", link: "/", activeMatch: "^/(\\d|accuracy|limits|$)" },
      ...(lab.length > 0 ? [{ text: "Lab", link: lab[0].link.replace(/\/index$/, "/"), activeMatch: "^/lab/" }] : []),
      { text: "Reference", link: "/reference/", activeMatch: "^/reference/" },
      { text: "Source", link: "/source/src/", target: "_self" },
    ],
    sidebar: {
      "/reference/": [{ text: "Reference", link: "/reference/", items: modules }],
      "/lab/": [{ text: "Lab", items: lab }],
      "/": book,
    },
    search: { provider: "local" },
    outline: [2, 3],
  },
});
