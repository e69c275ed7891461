// Do all runtimes have the same bits, and if not, where do they part?

/** So many names are told where two runtimes differ. */
const MOST = 5;

const numberOf = (hex) => {
  if (hex === undefined) return "nothing";
  if (hex.length < 16) return `byte ${hex}`;
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, Number.parseInt(hex.slice(0, 8), 16));
  view.setUint32(4, Number.parseInt(hex.slice(8), 16));
  return `${view.getFloat64(0)} (${hex})`;
};

/** Where the values of two reports part: one line for each of the first names. */
function partings(first, other) {
  const names = new Set([...first.values, ...other.values].map(({ name }) => name));
  const bitsOf = ({ values }) => new Map(values.map(({ name, bits }) => [name, bits]));
  const [a, b] = [bitsOf(first), bitsOf(other)];
  const differing = [...names].filter((name) => a.get(name)?.join() !== b.get(name)?.join());
  const lines = differing.slice(0, MOST).map((name) => {
    const [x, y] = [a.get(name), b.get(name)];
    if (x === undefined || y === undefined)
      return `${name}: only in ${x === undefined ? other.runtime : first.runtime}`;
    const length = Math.max(x.length, y.length);
    const i = Array.from({ length }, (_, k) => k).find((k) => x[k] !== y[k]);
    return `${name}, entry ${i} of ${length}: ${numberOf(x[i])} in ${first.runtime}, ${numberOf(y[i])} in ${other.runtime}`;
  });
  if (differing.length > MOST) lines.push(`… and ${differing.length - MOST} more names`);
  return lines;
}

/**
 * The table of all reports, and what is wrong: runtimes that are missing or failed, cases that threw, and where bits differ from
 * those of the first runtime that has some. A report is { runtime, absent, why } or { runtime, version, values, numbers, digest, … }.
 */
export function compare(reports) {
  const complete = reports.filter(({ absent }) => absent === undefined);
  const [first] = complete;
  const problems = [];
  if (complete.length < 2) problems.push(`expected at least two runtimes to compare, received ${complete.length}`);
  for (const { runtime, absent, why } of reports) {
    if (absent !== undefined) problems.push(`${runtime} ${absent}: ${why}`);
  }
  for (const report of complete) {
    const { runtime, failures, instances, webAssembly, values } = report;
    if (values.length === 0) problems.push(`${runtime}: no values`);
    problems.push(...failures.map((failure) => `${runtime}: ${failure}`));
    if (webAssembly !== instances > 0) {
      problems.push(
        `${runtime}: expected ${webAssembly ? "some" : "no"} modules of WebAssembly, received ${instances}`,
      );
    }
    // The digest is what is printed; the bits decide.
    const lines = partings(first, report);
    if (lines.length === 0 && report.digest !== first.digest) lines.push("the digests differ, but no value does");
    problems.push(...lines.map((line) => `bits differ: ${line}`));
  }
  return { table: tableOf(reports), problems };
}

function tableOf(reports) {
  const rows = reports.map(({ runtime, absent, version, values, numbers, instances, digest }) =>
    absent === undefined
      ? [runtime, version, `${values.length}`, `${numbers}`, `${instances}`, digest]
      : [runtime, absent, "", "", "", ""],
  );
  const all = [["runtime", "version", "values", "numbers", "WebAssembly modules", "hash"], ...rows];
  const widths = all[0].map((_, i) => Math.max(...all.map((row) => row[i].length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => (i < 2 || i === 5 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
