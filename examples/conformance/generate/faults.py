"""Gradients that are computed as a faulty program would: stopped solves, dropped terms, slopes that are taken for constants."""
from mpmath import mp, mpf
import numpy as np

from expressions import Setting, array, evaluate, gradient
from references import exact


def read(numbers):
    return np.array([float.fromhex(h) for h in numbers["hex"]]).reshape(numbers["shape"])


def floats(x):
    return np.array([float(v) for v in array(x).reshape(-1)]).reshape(array(x).shape)


def right(case):
    return {name: read(g) for name, g in case["outputs"]["gradient"].items()}


def largest(x):
    return max(abs(v) for v in array(x).reshape(-1))


def stopped(case, point=mpf(10) ** -40, adjoint=mpf(10) ** -30, terms=None):
    """The gradient of a fixed point by plain iteration, which stops at a residual; so does that of its adjoint."""
    _, z, body, start = case["expression"]
    env = {k: exact(read(v)) for k, v in case["inputs"].items()}
    cotangent = exact(read(case["cotangent"]))
    f = lambda state, moved={}: array(evaluate(body, {**env, **moved, z: state}))
    state = evaluate(start, env)
    for _ in range(2000):
        if largest(f(state) - state) < point:
            break
        state = f(state)
    v = array(cotangent)
    for k in range(2000):
        if k == terms:
            break
        w = array(cotangent + gradient(lambda q: array(v * f(q)).sum(), state))
        gap = largest(w - v)
        v = w
        if gap < adjoint:
            break
    return {x: floats(gradient(lambda p: array(v * f(state, {x: p})).sum(), env[x])) for x in case["wrt"]}


# The inner derivative with a factor of it taken for a constant: its value is right, its derivative is not.
second_order = {
    "grad of grad/sine": ["grad", "y", ["mul", 0.5, ["sin", "y"]], "x"],
    "grad of grad/quartic": ["mul", 3, ["pow", "x", 3]],
    "grad of grad/exponential of sine": ["mul", ["exp", ["sin", "x"]], ["neg", ["sin", "x"]]],
    "confusion/product": ["mul", "x", ["mul", 2, "x"]],
}


def faults(cases):
    """(case, fault, the entries of the gradient that it changes)"""
    mp.dps = 60
    Setting.step = mpf(10) ** -15
    for id in ("fixed/cosine", "fixed/Kepler", "fixed/tanh network", "fixed/linear"):
        for name, g in stopped(cases[id]).items():
            assert np.allclose(g, right(cases[id])[name], rtol=1e-12, atol=1e-14), (id, name)
        yield id, "a fixed point that is stopped at 1e-3", stopped(cases[id], point=1e-3)
        yield id, "an adjoint that is stopped at 1e-3", stopped(cases[id], adjoint=1e-3)
        yield id, "the direct part only", stopped(cases[id], terms=0)
    for id, tree in second_order.items():
        env = {k: exact(read(v)) for k, v in cases[id]["inputs"].items()}
        slope = lambda x: floats(gradient(lambda v: array(evaluate(tree, {**env, x: v}))[()], env[x]))
        yield id, "wrong in second order only: a factor is taken for a constant", {x: slope(x) for x in cases[id]["wrt"]}
    at = lambda id, x: read(cases[id]["inputs"][x])
    g = lambda id: read(cases[id]["cotangent"])
    yield "composite/gaussian", "a term of the product rule is dropped", {"x": np.exp(-at("composite/gaussian", "x") ** 2) * g("composite/gaussian")}
    yield "softmax/ordinary", "a term is dropped", {"x": read(cases["softmax/ordinary"]["outputs"]["value"]) * g("softmax/ordinary")}
    yield "logSoftmax/ordinary", "a term is dropped", {"x": g("logSoftmax/ordinary")}
    yield "broadcast/row", "the first row in place of the sum", {"x": g("broadcast/row")[0]}
    yield "matmul/batch", "the first member in place of the sum", {"b": at("matmul/batch", "a")[0].T @ g("matmul/batch")[0]}
    yield "logDet/ordinary", "a matrix that is transposed", {"s": right(cases["logDet/ordinary"])["s"].T}
    yield "composite/network", "a matrix that is transposed", {"w": right(cases["composite/network"])["w"].T}
    yield "composite/tail", "0 for a slope of 4e-18", {"x": 0.0}
    for id, x in (("closed over/inner gradient", "a"), ("closed over/one step of descent", "r"), ("fractional/forced", "duration"), ("fractional/logistic", "order")):
        yield id, f"{x} is not reached", {x: 0 * right(cases[id])[x]}
