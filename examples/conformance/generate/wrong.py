"""Right gradients of the pack, and the same bent as programs bend them: what should a checker say of each?"""
import json

import numpy as np

from references import hexes


def floats(numbers):
    return np.array([float.fromhex(h) for h in numbers["hex"]]).reshape(numbers["shape"])


def lines(folder):
    cases = {}
    for name in ("operations", "nested", "fixed-points", "fractional"):
        cases.update({c["id"]: c for c in json.loads((folder / f"{name}.json").read_text())["cases"]})

    def line(id, fault, verdict, change=lambda name, g, x: g):
        c = cases[id]
        bent = {}
        for name in c["wrt"]:
            g = floats(c["outputs"]["gradient"][name])
            bent[name] = np.array(change(name, g, floats(c["inputs"][name])), dtype=float)
        return {"id": f"{id}: {fault}", "fault": fault, "verdict": verdict, **{k: c[k] for k in ("expression", "inputs", "wrt", "cotangent")},
                "gradient": {name: hexes(g) for name, g in bent.items()}}

    some = ["tanh/ordinary", "exp/awkward", "log/awkward", "softplus/awkward", "expm1/awkward", "pow/ordinary", "div/ordinary", "broadcast/row",
            "logSumExp/700", "softmax/ordinary", "prod/one zero", "norm/ordinary", "matmul/square", "solve/ordinary", "composite/network",
            "composite/small", "composite/small loss", "composite/thousand", "hvp/Rosenbrock", "confusion/product", "closed over/gradient penalty",
            "fixed/Kepler", "fixed/tanh network", "fractional/logistic", "fractional/tanh network", "fractional/graded nodes"]
    for id in some:
        yield line(id, "nothing", "right")
    for id in [i for i in some if i not in ("exp/awkward", "log/awkward", "softplus/awkward", "expm1/awkward")]:
        yield line(id, "a relative error of 1e-9 everywhere", "wrong", lambda n, g, x: g * (1 + 1e-9))
        yield line(id, "a relative error of 1e-6 in the largest entry", "wrong", largest(1 + 1e-6))
        yield line(id, "a wrong sign", "wrong", lambda n, g, x: -g)
    yield line("composite/thousand", "a relative error of 1e-6 in one entry of 1,000", "wrong",
               lambda n, g, x: g * np.where(np.arange(1000) == 613, 1 + 1e-6, 1))
    for id in ("broadcast/row", "broadcast/scalar", "broadcast/leading axis"):
        yield line(id, "a broadcast that is not undone: the mean in place of the sum", "wrong", shrunk(cases[id]))
    yield line("matmul/square", "a matrix that is transposed", "wrong", lambda n, g, x: g.T)
    yield line("solve/ordinary", "a matrix that is transposed", "wrong", lambda n, g, x: g.T if g.ndim == 2 and g.shape[0] == g.shape[1] else g)
    yield line("fixed/tanh network", "the direct part only: the equation's own slope is left out", "wrong", lambda n, g, x: 0.7 * g)
    for id in ("fixed/Kepler", "fixed/tanh network", "fractional/logistic", "fractional/tanh network"):
        yield line(id, "an adjoint that is solved to 1e-3", "wrong", lambda n, g, x: g * (1 + 1e-3 * np.cos(1 + np.arange(g.size)).reshape(g.shape)))
        yield line(id, "the first parameter is never reached", "wrong", lambda n, g, x, id=id: 0 * g if n == cases[id]["wrt"][0] else g)
    for id in ("composite/network", "mul/extreme"):
        yield line(id, "the last term is dropped", "wrong", lambda n, g, x, id=id: 0 * g if n == cases[id]["wrt"][-1] else g)
    kink = lambda id, expression, x, g: {
        "id": id, "fault": "a kink: there is no derivative", "verdict": "undefined", "expression": expression, "inputs": {"x": hexes(np.array(x))},
        "wrt": ["x"], "cotangent": {"shape": [], "hex": ["0x1p+0"]}, "gradient": {"x": hexes(np.array(g))}}
    for g in (0.0, 1.0, 0.5):
        yield kink(f"relu at 0, {g}", ["sum", ["relu", "x"]], [0.0, 1.5], [g, 1.0])
        yield kink(f"abs at 0, {g}", ["sum", ["abs", "x"]], [0.0, -1.5], [g, -1.0])
        yield kink(f"a tie of the maximum, {g}", ["max", "x"], [2.0, 2.0, 1.0], [g, 1 - g, 0.0])


def largest(factor):
    def change(name, g, x):
        bent = g.copy()
        bent.reshape(-1)[np.argmax(np.abs(g))] *= factor
        return bent
    return change


def shrunk(case):
    sizes = {name: np.prod(case["inputs"][name]["shape"], dtype=float) for name in case["wrt"]}
    most = max(np.prod(case["cotangent"]["shape"], dtype=float), max(sizes.values()))
    return lambda n, g, x: g * sizes[n] / most
