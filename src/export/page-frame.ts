// What is in an exported page?
import { embedJson, escapeText } from "../pictures/html.js";
import type { PageText } from "./engines.js";

/** Nothing is loaded, and nothing runs or styles but the two texts with these hashes. */
const policy = (script: PageText, style: PageText): string =>
  `default-src 'none'; script-src 'sha256-${script.hash}'; style-src 'sha256-${style.hash}'; base-uri 'none'; form-action 'none'`;

export interface Page {
  readonly title: string;
  readonly description: string;
  readonly payload: unknown;
  /** In base64. */
  readonly numbers: string;
  readonly script: PageText;
  readonly style: PageText;
}

export const frame = ({ title, description, payload, numbers, script, style }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<style>${style.text}</style>
</head>
<body>
<main>
<h1>${escapeText(title)}</h1>
${description === "" ? "" : `<p>${escapeText(description)}</p>\n`}<div id="model"><p>This page computes with a script, which does not run here.</p></div>
<footer>One file: it holds the model and what computes it, and loads nothing.</footer>
</main>
<script type="application/json" id="payload">${embedJson(payload)}</script>
<script type="text/plain" id="numbers">${numbers}</script>
<script>${script.text}</script>
</body>
</html>
`;
