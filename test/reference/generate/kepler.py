"""Writes ../kepler.json: the derivatives of E(M, e), the solution of Kepler's equation E = M + e sin E.

Needs Python 3 and mpmath. i counts the derivatives in M, j those in e. Every value is computed with 60 digits in two
ways that must agree to 40: by differences of the root itself in both variables, and from Lagrange's theorem
d^(i+j) E / dM^i de^j = d^(n-1)/dM^(n-1) [sin(E)^j dE/dM], n = i + j, with dE/dM = 1 / (1 - e cos E).
"""

import json
import pathlib

import mpmath
from mpmath import mpf

mpmath.mp.dps = 60
ECCENTRICITIES = [0.1, 0.5, 0.9]
ANOMALIES = [0.25, 1.0, 2.5]
MIXED = [(i, n - i) for n in range(1, 5) for i in range(n, -1, -1)]
ORDERS = [(0, 0)] + MIXED + [(n, 0) for n in range(5, 9)]


def root(anomaly, eccentricity):
    """E by Newton's method from pi, which converges for 0 < M < pi; with ten digits more than asked for."""
    with mpmath.extradps(10):
        E = mpmath.pi
        for _ in range(200):
            step = (E - eccentricity * mpmath.sin(E) - anomaly) / (1 - eccentricity * mpmath.cos(E))
            E -= step
            if abs(step) < mpf(10) ** (5 - mpmath.mp.dps):
                return +E
    raise ArithmeticError((anomaly, eccentricity))


def by_differences(i, j, M, e):
    return mpmath.diff(root, (M, e), (i, j)) if i + j else root(M, e)


def by_lagrange(i, j, M, e):
    if i + j == 0:
        return root(M, e)

    def integrand(x):
        E = root(x, e)
        return mpmath.sin(E) ** j / (1 - e * mpmath.cos(E))

    return mpmath.diff(integrand, M, i + j - 1)


def main():
    rows = []
    worst = mpf(0)
    for eccentricity in ECCENTRICITIES:
        for anomaly in ANOMALIES:
            e, M = mpf(eccentricity), mpf(anomaly)
            for i, j in ORDERS:
                value = by_differences(i, j, M, e)
                difference = abs(by_lagrange(i, j, M, e) / value - 1)
                worst = max(worst, difference)
                assert difference < mpf(10) ** -40, (i, j, anomaly, eccentricity, difference)
                cond = (abs(M * by_lagrange(i + 1, j, M, e)) + abs(e * by_lagrange(i, j + 1, M, e))) / abs(value)
                numbers = [f"{x:.17g}" for x in (eccentricity, anomaly, float(value))]
                rows.append([str(i), str(j), *numbers, f"{float(cond):.3g}"])
    table = {
        "description": "d^(i+j) E / dM^i de^j of the solution of E = M + e sin E. e and M are the exact float64 given; value is "
        "the correctly rounded float64 (17 significant digits). cond = (|M dv/dM| + |e dv/de|) / |v|.",
        "source": f"mpmath at {mpmath.mp.dps} digits; differences of the root and Lagrange's theorem agree to a relative "
        f"difference of {mpmath.nstr(worst, 3)}",
        "columns": ["i", "j", "e", "M", "value", "cond"],
        "rows": rows,
    }
    target = pathlib.Path(__file__).resolve().parent.parent / "kepler.json"
    target.write_text(json.dumps(table, indent=0) + "\n")


if __name__ == "__main__":
    main()
