// What does a page of the site look like?
import "katex/dist/katex.min.css";
import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { registerLab } from "./lab/index.js";

export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => registerLab(app),
} satisfies Theme;
