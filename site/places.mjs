// Where do the files of the site stand?
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const site = dirname(fileURLToPath(import.meta.url));
export const root = dirname(site);
/** What the site is built from; written by stage.mjs. */
export const pages = join(site, "pages");
/** The site as it is served. */
export const built = join(site, ".vitepress", "dist");
