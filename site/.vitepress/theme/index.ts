// What does a page of the site look like, and what is in it beside text?
import "katex/dist/katex.min.css";
import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { registerLab } from "./lab/index.js";
import Snippet from "./snippets/Snippet.vue";
import "./snippets/snippets.css";
import "./style.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("Snippet", Snippet);
    registerLab(app);
  },
} satisfies Theme;
