"""Writes the pack: `python3 main.py [operations nested ...]`, deterministic, with mpmath and NumPy."""
import json
import multiprocessing
import pathlib
import sys

import fixed_points
import fractional
import nested
import operations
from references import write

KINDS = {"operations": ("operation", operations), "nested": ("nested", nested), "fixed-points": ("fixed-point", fixed_points), "fractional": ("fractional", fractional)}
folder = pathlib.Path(__file__).parent.parent / "pack"


def one(job):
    kind, problem = job
    return write(problem, kind)


def save(name, head, rows, key):
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    text = json.dumps({"format": "stillpoint-conformance/1", **head}, indent=1)[:-2]
    (folder / f"{name}.json").write_text(f'{text},\n "{key}": [\n{lines}\n]\n}}\n')


if __name__ == "__main__":
    asked = sys.argv[1:] or [*KINDS, "wrong"]
    with multiprocessing.Pool(2) as pool:
        for name, (kind, module) in KINDS.items():
            if name in asked:
                rows = pool.map(one, [(kind, problem) for problem in module.cases()], chunksize=1)
                save(name, {"kind": kind, "source": "mpmath: differences, roots and sums at 150 digits or more, by generate/main.py"}, rows, "cases")
                print(name, len(rows), (folder / f"{name}.json").stat().st_size)
    if "wrong" in asked:
        import wrong

        rows = list(wrong.lines(folder))
        save("wrong", {"kind": "verdicts", "source": "right gradients of the pack, bent; by generate/wrong.py"}, rows, "lines")
        print("wrong", len(rows), (folder / "wrong.json").stat().st_size)
