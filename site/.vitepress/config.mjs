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
const lab = markdownIn("lab").map((file) => entry(`lab/${file}`));

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
    },
  },
  // A page asks for what it shows, not for all that it links.
  router: { prefetchLinks: false },
  vite: { resolve: { alias: library }, worker: { format: "es" } },
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
