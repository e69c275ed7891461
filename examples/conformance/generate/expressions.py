# What is the value of an expression tree, to as many digits as one asks for?
#
# Arrays are NumPy arrays of mpmath numbers. Nodes that differentiate are differences at hundreds of digits, fixed points are
# roots found by mpmath, Caputo equations are solved node by node: no rule of differentiation is written down here.
from mpmath import mp, mpf
import numpy as np


class Setting:
    """Step of differences, and digits: enough that a difference of differences keeps hundreds of them."""

    step = mpf(10) ** -50
    roots = {}  # by node: where the search for a root begins


def array(value):
    return value if isinstance(value, np.ndarray) else np.array(value, dtype=object)


def each(f):
    ufunc = np.frompyfunc(f, 1, 1)
    return lambda x: array(ufunc(x))


def both(f):
    ufunc = np.frompyfunc(f, 2, 1)
    return lambda x, y: array(ufunc(x, y))


def power(x, y):
    return x ** int(y) if y == int(y) and abs(y) < 100 else x**y


sqrt2 = lambda: mp.sqrt(2)
pointwise = {
    "neg": lambda x: -x, "abs": abs, "square": lambda x: x * x, "sqrt": mp.sqrt, "exp": mp.exp, "expm1": mp.expm1, "log": mp.log,
    "log1p": mp.log1p, "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "asin": mp.asin, "acos": mp.acos, "atan": mp.atan, "sinh": mp.sinh,
    "cosh": mp.cosh, "tanh": mp.tanh, "asinh": mp.asinh, "acosh": mp.acosh, "atanh": mp.atanh, "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "relu": lambda x: x if x > 0 else mpf(0), "elu": lambda x: x if x > 0 else mp.expm1(x), "silu": lambda x: x / (1 + mp.exp(-x)),
    "gelu": lambda x: x * mp.erfc(-x / sqrt2()) / 2, "softplus": lambda x: mp.log1p(mp.exp(x)), "erf": mp.erf, "erfc": mp.erfc,
    "lgamma": lambda x: mp.loggamma(x).real, "digamma": lambda x: mp.psi(0, x),
}
pairs = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y, "pow": power,
    "atan2": lambda y, x: mp.atan2(y, x), "maximum": lambda x, y: x if x > y else y, "minimum": lambda x, y: x if x < y else y,
}


def axes_of(x, options):
    axes = options.get("axes", list(range(x.ndim)))
    return tuple(a % x.ndim for a in ([axes] if isinstance(axes, int) else axes))


def reduced(f):
    """f of the list of entries that are reduced together."""

    def reduction(x, options):
        axes = axes_of(x, options)
        kept = [a for a in range(x.ndim) if a not in axes]
        rows = np.transpose(x, kept + list(axes)).reshape([x.shape[a] for a in kept] + [-1])
        out = np.empty(rows.shape[:-1], dtype=object)
        for place in np.ndindex(*out.shape):
            out[place] = f(list(rows[place]))
        return out.reshape([1 if a in axes else n for a, n in enumerate(x.shape)]) if options.get("keepDims") else out

    return reduction


def log_sum_exp(row):
    most = max(row)
    return most + mp.log(sum(mp.exp(v - most) for v in row))


def variance(row):
    mean = sum(row) / len(row)
    return sum((v - mean) ** 2 for v in row) / len(row)


reductions = {
    "sum": reduced(lambda row: sum(row, mpf(0))), "mean": reduced(lambda row: sum(row) / len(row)), "variance": reduced(variance),
    "prod": reduced(mp.fprod), "max": reduced(max), "min": reduced(min), "logSumExp": reduced(log_sum_exp),
    "norm": reduced(lambda row: mp.sqrt(sum(v * v for v in row))),
}


def log_softmax(x, options):
    axis = options.get("axis", -1)
    return x - reductions["logSumExp"](x, {"axes": [axis], "keepDims": True})


def as_matrix(a):
    return mp.matrix([list(row) for row in a])


def solve(a, b):
    columns = b.reshape(b.shape[0], -1)
    found = [mp.lu_solve(as_matrix(a), mp.matrix(list(columns[:, k]))) for k in range(columns.shape[1])]
    return np.array([[column[i] for column in found] for i in range(b.shape[0])], dtype=object).reshape(b.shape)


others = {
    "softmax": lambda x, o: each(mp.exp)(log_softmax(x, o)),
    "logSoftmax": log_softmax,
    "cumsum": lambda x, o: np.cumsum(x, axis=o.get("axis", -1)),
    "transpose": lambda x, o: np.transpose(x, o.get("axes")),
    "reshape": lambda x, o: x.reshape(o["shape"]),
    "take": lambda x, o: np.take(x, o["indices"], axis=o["axis"]),
    "inverse": lambda x, o: solve(x, array(np.array([[mpf(int(i == j)) for j in range(len(x))] for i in range(len(x))], dtype=object))),
    "logDet": lambda x, o: array(mp.log(abs(mp.det(as_matrix(x))))),
}


def evaluate(tree, env):
    if isinstance(tree, (int, float)):
        return array(mpf(tree))
    if isinstance(tree, str):
        return env[tree]
    name, *rest = tree
    options = rest.pop() if rest and isinstance(rest[-1], dict) else {}
    if name == "let":
        return evaluate(rest[2], {**env, rest[0]: evaluate(rest[1], env)})
    if name in ("grad", "jvp"):
        at = evaluate(rest[2], env)
        body = lambda x: evaluate(rest[1], {**env, rest[0]: x})
        return gradient(lambda x: body(x)[()], at) if name == "grad" else derivative(body, at, evaluate(rest[3], env))
    if name == "fixedPoint":
        start = evaluate(rest[2], env)
        return root(id(tree), lambda z: evaluate(rest[1], {**env, rest[0]: z}), start)
    if name == "caputo":
        return trajectory(id(tree), tree, env)
    if name == "polygamma":
        return each(lambda x: mp.psi(rest[0], x))(evaluate(rest[1], env))
    xs = [evaluate(child, env) for child in rest]
    if name in pointwise:
        return each(pointwise[name])(*xs)
    if name in pairs:
        return both(pairs[name])(*xs)
    if name in reductions:
        return reductions[name](*xs, options)
    if name == "matmul":
        return array(np.matmul(*xs))
    if name == "solve":
        return solve(*xs)
    if name == "concat":
        return np.concatenate(xs, axis=options["axis"])
    return others[name](*xs, options)


def shifted(x, place, amount):
    moved = x.copy()
    moved[place] = moved[place] + amount
    return moved


def gradient(phi, x):
    """The slopes of a number phi(x) in every entry of x."""
    out = np.empty(x.shape, dtype=object)
    for place in np.ndindex(*x.shape):
        h = Setting.step * (abs(x[place]) or 1)
        out[place] = (phi(shifted(x, place, h)) - phi(shifted(x, place, -h))) / (2 * h)
    return out


def derivative(f, x, direction):
    """The slope of f along a direction."""
    h = Setting.step
    return array((f(array(x + h * direction)) - f(array(x - h * direction))) / (2 * h))


def root(key, f, start):
    """z with z = f(z), from where it was found last."""
    shape = start.shape
    known = Setting.roots.get(key)
    begin = [mpf(v) for v in (start.reshape(-1) if known is None else known)]
    unflat = lambda z: np.array(list(z), dtype=object).reshape(shape)
    excess = lambda *z: list(array(f(unflat(z)) - unflat(z)).reshape(-1))
    tolerance = mpf(10) ** (-2 * (mp.dps - 70))
    found = mp.findroot(excess, tuple(begin), tol=tolerance, solver="mdnewton", maxsteps=60)
    z = list(found) if len(begin) > 1 else [found[0] if hasattr(found, "__len__") else found]
    if known is None:
        Setting.roots[key] = z
    return unflat(z)


weights_known = {}


def weights(order, nodes):
    """w[n][j]: product trapezoid, the integral of (t_n - s)^(order - 1) / Gamma(order) times the hat function of node j."""
    key = (order, tuple(nodes), mp.prec)
    if key not in weights_known:
        if len(weights_known) > 200:
            weights_known.clear()
        reach = lambda p, d: mpf(0) if d == 0 else d**p / mp.gamma(p + 1)
        rows = []
        for n, t in enumerate(nodes):
            row = [mpf(0)] * (n + 1)
            for j in range(n):
                far, near = t - nodes[j], t - nodes[j + 1]
                middle = (reach(order + 1, far) - reach(order + 1, near)) / (far - near)
                row[j] += reach(order, far) - middle
                row[j + 1] += middle - reach(order, near)
            rows.append(row)
        weights_known[key] = rows
    return weights_known[key]


def trajectory(key, tree, env):
    """["caputo", t, u, body, u0, order, duration, nodes]: u_n = u0 + duration^order sum_j w_nj f(duration nodes_j, u_j)."""
    _, t, u, body, *rest = tree
    u0, order, duration, nodes = (evaluate(child, env) for child in rest)
    orders = [order[()]] * len(u0) if order.ndim == 0 else list(order)
    tables = [weights(a, nodes) for a in orders]
    scale = np.array([duration[()] ** a for a in orders], dtype=object)
    field = lambda n, state: evaluate(body, {**env, t: array(duration[()] * nodes[n]), u: state})
    column = lambda n, j: np.array([table[n][j] for table in tables], dtype=object)
    states = [u0]
    fields = [field(0, u0)]
    for n in range(1, len(nodes)):
        past = u0 + scale * sum(column(n, j) * fields[j] for j in range(n))
        last = scale * column(n, n)
        states.append(root((key, n), lambda z: past + last * field(n, z), states[-1]))
        fields.append(field(n, states[-1]))
    return np.array([list(state) for state in states], dtype=object)


def depth(tree):
    """How many differences or roots stand inside one another."""
    if not isinstance(tree, list):
        return 0
    return max([0] + [depth(child) for child in tree[1:]]) + (tree[0] in ("grad", "jvp", "fixedPoint", "caputo"))


def names_in(tree):
    return {tree[0]}.union(*(names_in(child) for child in tree[1:])) if isinstance(tree, list) else set()


def formula(tree):
    """The tree in ordinary letters."""
    infix = {"add": " + ", "sub": " - ", "mul": " * ", "div": " / ", "pow": "^", "matmul": " @ "}
    if not isinstance(tree, list):
        return str(tree)
    name, *rest = tree
    options = rest.pop() if rest and isinstance(rest[-1], dict) else {}
    part = lambda child: f"({formula(child)})" if isinstance(child, list) and child[0] in infix else formula(child)
    if name in infix:
        return infix[name].join(part(child) for child in rest)
    if name == "let":
        return f"let {rest[0]} = {formula(rest[1])} in {formula(rest[2])}"
    if name == "grad":
        return f"grad[{rest[0]} -> {formula(rest[1])}]({formula(rest[2])})"
    if name == "jvp":
        return f"jvp[{rest[0]} -> {formula(rest[1])}]({formula(rest[2])}; {formula(rest[3])})"
    if name == "fixedPoint":
        return f"the {rest[0]} near {formula(rest[2])} with {rest[0]} = {formula(rest[1])}"
    if name == "caputo":
        return f"{rest[1]} with D^{formula(rest[4])} {rest[1]} = {formula(rest[2])}, {rest[1]}(0) = {formula(rest[3])}, on {rest[5]} * {rest[6]}"
    return f"{name}({', '.join([formula(child) for child in rest] + [f'{k}={v}' for k, v in options.items()])})"
