# What are the true value, gradients and Hessian products of a function of a few numbers?
#
# Derivatives are differences at hundreds of digits, so no formula is shared with anybody. Used by torch_cases.py.
from mpmath import diff, erf, erfc, exp, expm1, inf, log, log1p, loggamma, mp, mpf, psi, sqrt, tanh

DIGITS = 800  # the step 10^-800 is small beside every float64

functions = {
    "neg": lambda x: -x, "abs": abs, "square": lambda x: x * x, "sqrt": sqrt, "exp": exp, "expm1": expm1, "log": log, "log1p": log1p,
    "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "asin": mp.asin, "acos": mp.acos, "atan": mp.atan, "sinh": mp.sinh, "cosh": mp.cosh,
    "tanh": tanh, "asinh": mp.asinh, "acosh": mp.acosh, "atanh": mp.atanh, "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "elu": lambda x: x if x > 0 else expm1(x), "gelu": lambda x: x * erfc(-x / sqrt(2)) / 2, "silu": lambda x: x / (1 + exp(-x)),
    "softplus": lambda x: log1p(exp(x)), "erf": erf, "erfc": erfc, "lgamma": lambda x: loggamma(x).real, "digamma": lambda x: psi(0, x),
    "polygamma1": lambda x: psi(1, x), "polygamma2": lambda x: psi(2, x),
    "atan2": lambda y, x: mp.atan2(y, x), "pow": lambda x, y: x**y, "div": lambda x, y: x / y,
}
GAMMA = ("lgamma", "digamma", "polygamma1", "polygamma2")


def as_float(x):
    y = float(x)
    assert abs(y) < inf, x
    return y


def pointwise(name, xs, cotangent, directions=None, digits=None):
    """value, gradients and products of <cotangent, f(xs)>; xs are lists of floats of one length."""
    f = functions[name]
    with mp.workdps(digits or (120 if name in GAMMA else DIGITS)):
        rows = [tuple(mpf(x) for x in row) for row in zip(*xs)]
        unit = [tuple(int(i == k) for i in range(len(xs))) for k in range(len(xs))]
        partial = lambda row, *ks: diff(f, row if len(row) > 1 else row[0], orders(row, ks))
        orders = lambda row, ks: tuple(sum(unit[k][i] for k in ks) for i in range(len(row))) if len(row) > 1 else len(ks)
        value = [as_float(f(*row)) for row in rows]
        gradients = [[as_float(g * partial(row, k)) for g, row in zip(cotangent, rows)] for k in range(len(xs))]
        if directions is None:
            return value, gradients, None
        along = lambda i, row, k: sum(mpf(v[i]) * partial(row, k, j) for j, v in enumerate(directions))
        products = [[as_float(cotangent[i] * along(i, row, k)) for i, row in enumerate(rows)] for k in range(len(xs))]
        return value, gradients, products


def whole(f, xs, cotangent, directions=None):
    """The same where every entry of the result may depend on every entry of the inputs: f of lists gives a list."""
    with mp.workdps(DIGITS):
        at = [[mpf(x) for x in column] for column in xs]

        def moved(k, i, s, t=0):
            moves = directions or xs
            return [
                [x + (s if (k, i) == (l, j) else 0) + t * mpf(moves[l][j]) for j, x in enumerate(column)] for l, column in enumerate(at)
            ]

        weighed = lambda columns: sum(mpf(g) * y for g, y in zip(cotangent, f(*columns)))
        each = lambda of: [[as_float(of(k, i)) for i in range(len(column))] for k, column in enumerate(at)]
        gradients = each(lambda k, i: diff(lambda s: weighed(moved(k, i, s)), 0))
        products = directions and each(lambda k, i: diff(lambda s, t: weighed(moved(k, i, s, t)), (0, 0), (1, 1)))
        return [as_float(y) for y in f(*at)], gradients, products
