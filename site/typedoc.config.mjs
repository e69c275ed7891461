// How is the reference written?
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Converter } from "typedoc";
import { root } from "./places.mjs";

const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entryPoints = Object.values(exports)
  .map(({ default: built }) => built?.replace("./dist/", "../src/").replace(/\.js$/, ".ts"))
  .filter((source) => source !== undefined && existsSync(join(root, source.slice("../".length))));

/** The main module is called what one imports, not after its file. */
function nameMain(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children) if (module.name === "index") module.name = "stillpoint";
  });
}

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  entryPoints,
  tsconfig: "../tsconfig.build.json",
  plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme", nameMain],
  out: "./pages/reference",
  docsRoot: "./pages",
  readme: "none",
  disableSources: true,
  excludeInternal: true,
  treatWarningsAsErrors: true,
  logLevel: "Warn",
  blockTags: [
    "@throws",
    "@example",
    "@source",
    "@shape",
    "@param",
    "@returns",
    "@remarks",
    "@defaultValue",
    "@see",
    "@deprecated",
    "@template",
    "@module",
  ],
  outputFileStrategy: "modules",
  pageTitleTemplates: {
    index: "Reference",
    module: ({ name }) => (name === "stillpoint" ? name : `stillpoint/${name}`),
  },
  hideBreadcrumbs: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  typeDeclarationFormat: "table",
  tableColumnSettings: { leftAlignHeaders: true, hideModifiers: true },
};
