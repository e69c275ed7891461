# What are the functions of double-double numbers, to 45 digits?
#
# Arguments are sums high + low of two float64 numbers; the values are computed with enough digits for the largest of them.
# Run: python3 double_double.py > ../double-double.json
import json
import random

from mpmath import erf, erfc, exp, expm1, inf, log, log1p, loggamma, mp, mpf, nstr, psi, sqrt

random.seed(20261101)
everywhere = [1e-290, 1e-20, 1e-5, 0.1, 0.3, 0.49, 0.5, 0.69, 0.71, 0.95, 0.999999, 1.0, 1.000001, 1.5, 2.0, 2.0001, 3.0, 5.5, 7.25, 12.0, 20.0]
far = [26.0, 30.0, 33.0, 100.0, 350.5, 700.0]
huge = [1e5, 1e15, 1e22, 1e100, 1e300]
both = lambda xs: [s * x for x in xs for s in (1, -1)]
gammas = [x for x in everywhere + far + [1 + 2**-40, 2 - 2**-40, 1.2, 1.3, 1.8, 2.2]] + [-0.25, -0.5, -1.5, -2.75, -7.3, -30.6]
unit = [x for x in everywhere if x < 1]
functions = {
    "sqrt": (sqrt, everywhere + far + huge),
    "exp": (exp, both(everywhere + far)),
    "expm1": (expm1, both(everywhere + far)),
    "log": (log, everywhere + far + huge),
    "log1p": (log1p, both(unit) + everywhere + far + huge),
    "sin": (mp.sin, both(everywhere + far + huge)),
    "cos": (mp.cos, both(everywhere + far + huge)),
    "tan": (mp.tan, both(everywhere + far + huge)),
    "asin": (mp.asin, both(unit)),
    "acos": (mp.acos, both(unit)),
    "atan": (mp.atan, both(everywhere + far + huge)),
    "sinh": (mp.sinh, both(everywhere + far)),
    "cosh": (mp.cosh, both(everywhere + far)),
    "tanh": (mp.tanh, both(everywhere + far)),
    "asinh": (mp.asinh, both(everywhere + far + huge)),
    "acosh": (mp.acosh, [x for x in everywhere + far + huge if x > 1]),
    "atanh": (mp.atanh, both(unit)),
    "erf": (erf, both(everywhere)),
    "erfc": (erfc, both(everywhere) + [26.0]),
    "lgamma": (lambda x: loggamma(x).real, gammas),
    "digamma": (lambda x: psi(0, x), gammas),
    "polygamma1": (lambda x: psi(1, x), gammas),
    "polygamma4": (lambda x: psi(4, x), gammas),
}
pairs = [(x, y) for x in [1e-5, 0.3, 0.999, 1.0, 2.5, 30.0] for y in [0.0, 0.5, 1.0, -1.25, 3.0, 7.7, -40.0, 70.0]]
pairs2 = both([1e-5, 0.3, 1.0, 2.5, 1e10])
two = {
    "pow": (lambda x, y: x**y, pairs),
    "atan2": (lambda y, x: mp.atan2(y, x), [(y, x) for y in pairs2 for x in pairs2]),
    "powerOverGamma2": (
        lambda p, t: mp.diff(lambda q: t**q * mp.rgamma(q + 1), p, 2),
        [(p, t) for p in [0.3, 0.75, 1.5, 2.2] for t in [1e-3, 0.4, 1.0, 7.5]],
    ),
}


def wide(x):
    """x with a low part, and both as they are read again."""
    low = x * random.uniform(-1, 1) * 2.0**-54 if 1e-200 < abs(x) else 0.0
    return (x, low if x + low == x else 0.0)


def row(f, xs):
    mp.dps = 420 if any(abs(x) > 1e25 for x in xs) else 90
    points = [wide(x) for x in xs]
    value = f(*[mpf(high) + mpf(low) for high, low in points])
    assert abs(value) < inf, (f, xs)
    return [[number for point in points for number in point], nstr(value, 45, min_fixed=0, max_fixed=0)]


# Below 1e-270 a low part is no longer exact; above 1e300 there is little room.
ordinary = lambda rows: [r for r in rows if 1e-270 < abs(float(r[1])) < 1e300]
cases = {name: ordinary([row(f, [x]) for x in xs]) for name, (f, xs) in functions.items()}
cases.update({name: ordinary([row(f, xs) for xs in points]) for name, (f, points) in two.items()})
print("{\n" + ",\n".join(f'"{name}": [\n' + ",\n".join(json.dumps(r) for r in rows) + "]" for name, rows in cases.items()) + "\n}")
