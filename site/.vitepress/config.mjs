// How is the site built?
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { katex } from "@mdit/plugin-katex";
import { defineConfig } from "vitepress";

const pages = join(dirname(fileURLToPath(import.meta.url)), "..", "pages");

const titleOf = (file) => /^# (.*)$/m.exec(readFileSync(join(pages, file), "utf8"))?.[1] ?? file;
const entry = (file) => ({ text: titleOf(file), link: `/${file.replace(/\.md$/, "")}` });
const chapters = readdirSync(pages)
  .filter((file) => /^\d\d-.*\.md$/.test(file))
  .sort();

export default defineConfig({
  title: "stillpoint",
  description: "Automatic differentiation, deep equilibria and neural fractional differential equations in TypeScript",
  srcDir: "pages",
  cleanUrls: true,
  lastUpdated: false,
  markdown: { config: (md) => md.use(katex) },
  themeConfig: {
    nav: [
      { text: "Book", link: "/" },
      { text: "Reference", link: "/reference/" },
    ],
    sidebar: [
      { text: "The book", items: chapters.map(entry) },
      { text: "Tables", items: ["accuracy.md", "limits.md"].map(entry) },
    ],
    search: {
      provider: "local",
      options: { _render: (src, env, md) => (env.frontmatter?.source ? "" : md.render(src, env)) },
    },
    outline: [2, 3],
  },
});
