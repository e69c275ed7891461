"""Right gradients of the pack, and wrong ones: what should a checker say of each?"""
import json

import numpy as np

from faults import faults, right
from references import hexes

RIGHT = """tanh/ordinary exp/awkward log/awkward softplus/awkward expm1/awkward sin/awkward sigmoid/awkward lgamma/awkward asin/awkward pow/ordinary
pow/edges div/ordinary broadcast/row logSumExp/700 logSumExp/-700 softmax/ordinary prod/one_zero prod/two_zeros variance/offset norm/ordinary
matmul/square solve/ordinary solve/Hilbert composite/network composite/small composite/small_loss composite/tail composite/thousand hvp/Rosenbrock
hvp/network confusion/product closed_over/gradient_penalty closed_over/one_step_of_descent fixed/cosine fixed/Kepler fixed/tanh_network
fixed/logistic,_repelling fixed/slow fractional/logistic fractional/tanh_network fractional/graded_nodes fractional/two_orders fractional/stiff"""
BENT = """tanh/ordinary pow/ordinary div/ordinary broadcast/row logSumExp/700 softmax/ordinary prod/one_zero norm/ordinary matmul/square solve/ordinary
composite/network composite/small composite/small_loss composite/thousand hvp/Rosenbrock confusion/product closed_over/gradient_penalty fixed/Kepler
fixed/tanh_network fractional/logistic fractional/tanh_network fractional/graded_nodes"""

names = lambda text: [name.replace("_", " ") for name in text.split()]


def lines(folder):
    """By the name of a case, of which a line is a gradient; kinks bring their function along."""
    cases = {}
    for name in ("operations", "nested", "fixed-points", "fractional"):
        cases.update({c["id"]: c for c in json.loads((folder / f"{name}.json").read_text())["cases"]})

    def line(id, fault, verdict, gradient):
        whole = {**right(cases[id]), **gradient}
        return {"id": f"{id}: {fault}", "case": id, "fault": fault, "verdict": verdict, "gradient": {k: hexes(np.array(g, dtype=float)) for k, g in whole.items()}}

    for id in names(RIGHT):
        yield line(id, "nothing", "right", {})
    for id in names(BENT):
        given = right(cases[id])
        yield line(id, "a relative error of 1e-9 everywhere", "wrong", {k: g * (1 + 1e-9) for k, g in given.items()})
        yield line(id, "a relative error of 1e-6 in the largest entry", "wrong", {k: largest(g, 1 + 1e-6) for k, g in given.items()})
        yield line(id, "a wrong sign", "wrong", {k: -g for k, g in given.items()})
    one = np.where(np.arange(1000) == 613, 1 + 1e-6, 1)
    yield line("composite/thousand", "a relative error of 1e-6 in one entry of 1,000", "wrong", {"x": right(cases["composite/thousand"])["x"] * one})
    for id, fault, gradient in faults(cases):
        yield line(id, fault, "wrong", gradient)
    for g in (0.0, 1.0, 0.5):
        yield kink(f"relu at 0, {g}", ["sum", ["relu", "x"]], [0.0, 1.5], [g, 1.0])
        yield kink(f"abs at 0, {g}", ["sum", ["abs", "x"]], [0.0, -1.5], [g, -1.0])
        yield kink(f"a tie of the maximum, {g}", ["max", "x"], [2.0, 2.0, 1.0], [g, 1 - g, 0.0])


def kink(id, expression, x, g):
    return {"id": id, "fault": "a kink: there is no derivative", "verdict": "undefined", "expression": expression, "inputs": {"x": hexes(np.array(x))},
            "wrt": ["x"], "cotangent": {"shape": [], "hex": ["0x1p+0"]}, "gradient": {"x": hexes(np.array(g))}}


def largest(g, factor):
    bent = g.copy()
    bent.reshape(-1)[np.argmax(np.abs(g))] *= factor
    return bent
