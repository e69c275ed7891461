// What does a page of the site look like?
import "katex/dist/katex.min.css";
import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import type { App } from "vue";
import Snippet from "./snippets/Snippet.vue";
import "./snippets/snippets.css";
import "./style.css";

/** The lab brings its own components. */
const labs = import.meta.glob<{ registerLab(app: App): void }>("./lab/index.ts", { eager: true });

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("Snippet", Snippet);
    for (const { registerLab } of Object.values(labs)) registerLab(app);
  },
} satisfies Theme;
