// What does a page of the site look like?
import "katex/dist/katex.min.css";
import DefaultTheme from "vitepress/theme-without-fonts";

export default DefaultTheme;
