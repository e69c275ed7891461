"""Writes ../polygamma.json: reference values of polygamma(n, x) for n = 1 to 6 and real x.

Needs Python 3 and mpmath. The points come from a fixed seed; every value is computed twice with 120 digits, from
mpmath.polygamma and from the Hurwitz zeta function after moving x to the right with the recurrence
polygamma(n, x) = polygamma(n, x + 1) - (-1)^n n! / x^(n+1), and the two must agree to 40 digits.
"""

import json
import pathlib
import random

import mpmath

mpmath.mp.dps = 120
SEED = 20240229
ORDERS = range(1, 7)


def points(order, generator):
    """Arguments that are float64 exactly: typical, tiny, huge, near the poles and near the half-integers."""
    xs = [0.5, 1.0, 1.5, 2.0, 10.0, -0.5, -1.5, -2.5, -20.5]
    xs += [generator.uniform(0, 12) for _ in range(12)]
    xs += [generator.uniform(-12, 0) for _ in range(16)]
    xs += [generator.uniform(-60, -12) for _ in range(4)]
    xs += [10 ** generator.uniform(1, 200 / order) for _ in range(6)]
    xs += [generator.choice([-1, 1]) * 10 ** generator.uniform(-250 / (order + 1), -2) for _ in range(8)]
    xs += [-generator.randint(1, 12) + generator.choice([-1, 1]) * 10 ** generator.uniform(-12, -2) for _ in range(8)]
    # For odd orders polygamma has a minimum, for even orders a zero, near the negative half-integers.
    xs += [-generator.randint(0, 12) - 0.5 + generator.uniform(-0.1, 0.1) for _ in range(12)]
    return sorted(set(xs))


def by_mpmath(order, x):
    return mpmath.polygamma(order, x)


def by_hurwitz_zeta(order, x):
    shift = max(0, int(mpmath.ceil(1 - x)))
    total = mpmath.zeta(order + 1, x + shift) + sum(1 / (x + k) ** (order + 1) for k in range(shift))
    return (-1) ** (order + 1) * mpmath.factorial(order) * total


def main():
    generator = random.Random(SEED)
    rows = []
    worst = mpmath.mpf(0)
    for order in ORDERS:
        for point in points(order, generator):
            x = mpmath.mpf(point)
            value = by_mpmath(order, x)
            difference = abs(by_hurwitz_zeta(order, x) / value - 1)
            worst = max(worst, difference)
            assert difference < mpmath.mpf(10) ** -40, (order, point, difference)
            cond = abs(x * by_mpmath(order + 1, x) / value)
            rows.append([str(order), f"{point:.17g}", f"{float(value):.17g}", f"{float(cond):.3g}"])
    table = {
        "description": "polygamma(n,x)=d^n/dx^n psi(x). x is the exact float64 given; value is the correctly rounded "
        "float64 (17 significant digits). cond = |x f'(x)/f(x)|.",
        "source": f"mpmath at {mpmath.mp.dps} digits; cross-checked against the Hurwitz zeta function and the recurrence, worst "
        f"relative difference {mpmath.nstr(worst, 3)}",
        "columns": ["n", "x", "value", "cond"],
        "rows": rows,
    }
    target = pathlib.Path(__file__).resolve().parent.parent / "polygamma.json"
    target.write_text(json.dumps(table, indent=0) + "\n")


if __name__ == "__main__":
    main()
