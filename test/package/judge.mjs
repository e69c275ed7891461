// What may the published package be like?

/**
 * What attw calls a problem of every package of ES modules: TypeScript's oldest way to resolve does not know `exports`, and
 * Node before 20.19 cannot require ES modules.
 */
const exceptions = { node10: "NoResolution", "node16-cjs": "CJSResolvesToESM" };

/** Problems of attw's report, but for the exceptions. */
export function problemsOfTypes({ types, entrypoints, problems }) {
  if (types === false || types.kind !== "included") return ["there are no types"];
  return Object.entries(entrypoints).flatMap(([path, { resolutions }]) =>
    Object.entries(resolutions).flatMap(([kind, { visibleProblems = [] }]) =>
      visibleProblems
        .map((i) => problems[i].kind)
        .filter((problem) => problem !== exceptions[kind])
        .map((problem) => `${path} by ${kind}: ${problem}`),
    ),
  );
}

const allowed =
  /^(dist\/.+\.(js|js\.map|d\.ts|d\.ts\.map)|src\/.+\.ts|package\.json|LICENSE|README\.md|CHANGELOG\.md)$/;
const needed = [
  "LICENSE",
  "README.md",
  "CHANGELOG.md",
  "package.json",
  "src/index.ts",
  "dist/index.js",
  "dist/index.d.ts",
];

/** What should not be in the package, or lacks. `files` are paths. */
export function problemsOfFiles(files) {
  const there = new Set(files);
  return [
    ...needed.filter((file) => !there.has(file)).map((file) => `${file} is not there`),
    ...files
      .filter((file) => !allowed.test(file) || /(^|\/)(test|tests|bench)\//.test(file))
      .map((file) => `${file} is there`),
  ];
}

const posix = (from, to) => new URL(to, `file:///${from}`).pathname.slice(1);

/** Maps and comments that lead to files that are not in the package. `read` gives the text of a file. */
export function problemsOfMaps(files, read) {
  const there = new Set(files);
  const lost = (file, targets) =>
    targets
      .map((target) => posix(file, target))
      .filter((target) => !there.has(target))
      .map((target) => `${file} leads to ${target}`);
  return files.flatMap((file) => {
    if (file.endsWith(".map")) return lost(file, JSON.parse(read(file)).sources);
    if (!/^dist\/.*\.(js|d\.ts)$/.test(file)) return [];
    return lost(
      file,
      [...read(file).matchAll(/^\/\/# sourceMappingURL=(.*)$/gm)].map(([, target]) => target),
    );
  });
}

/** Every file that package.json names. */
export function filesNamed({ exports, unpkg, jsdelivr }) {
  const of = (target) => (typeof target === "string" ? [target] : Object.values(target).flatMap(of));
  return [...new Set([exports, unpkg, jsdelivr].filter(Boolean).flatMap(of))].map((path) => path.replace(/^\.\//, ""));
}

/** What is wrong with sizes by name, which are bytes minified and gzipped. */
export function problemsOfSizes(sizes) {
  const ratios = [
    ["one name", 0.5, "a gradient of a layer"],
    ["a gradient of a layer", 0.4, "all of stillpoint"],
    ["special functions of numbers", 0.5, "all of stillpoint"],
    ["a fractional equation", 0.75, "all entry points"],
    ["all of stillpoint", 0.6, "all entry points"],
  ];
  return ratios.flatMap(([part, most, whole]) => {
    const ratio = sizes[part] / sizes[whole];
    return ratio <= most ? [] : [`expected ${part} at most ${most} of ${whole}, received ${ratio.toFixed(2)}`];
  });
}
