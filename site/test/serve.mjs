// How is the built site served on this machine?
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { pipeline, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { createGzip } from "node:zlib";

export const built = fileURLToPath(new URL("../.vitepress/dist/", import.meta.url));

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};
const isText = /^(text\/|application\/json|image\/svg)/;

/** The file of an address, with or without .html; undefined if there is none. */
function fileOf(folder, path) {
  const wanted = normalize(join(folder, decodeURIComponent(path)));
  if (wanted !== folder && !wanted.startsWith(folder)) return undefined;
  const candidates = wanted.endsWith(sep) ? [`${wanted}index.html`] : [wanted, `${wanted}.html`];
  return candidates.find((file) => existsSync(file) && statSync(file).isFile());
}

/**
 * Serves a folder as a host of static files does: compressed, clean addresses, 404.html for what is not there.
 *
 * `headers` are added to every answer; a port of 0 is any free one. `alter(text, path)` may change a page, as a test does that
 * plants a fault.
 */
export async function openSite({ port = 0, folder = built, headers = {}, alter } = {}) {
  if (!existsSync(join(folder, "index.html"))) {
    throw new Error(`openSite: expected a built site in ${folder}, received none: npm run site builds it`);
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    let file;
    try {
      file = fileOf(folder, pathname);
    } catch {
      response.writeHead(400).end();
      return;
    }
    const answer = file ?? join(folder, "404.html");
    const type = types[extname(answer)] ?? "application/octet-stream";
    const zipped = isText.test(type) && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    response.writeHead(file === undefined ? 404 : 200, {
      ...headers,
      "content-type": type,
      ...(zipped ? { "content-encoding": "gzip" } : {}),
    });
    const altered = alter && type === types[".html"] && alter(readFileSync(answer, "utf8"), pathname);
    const steps = [
      altered ? Readable.from([altered]) : createReadStream(answer),
      ...(zipped ? [createGzip()] : []),
      response,
    ];
    pipeline(steps, () => {});
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://localhost:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
