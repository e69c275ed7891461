"""Weights of the product trapezoidal rule on single cells, with 30 digits, as derivatives in the order.

The cell of length H = far - near puts P_a(far) - I on its left end and I - P_a(near) on its right one, with
P_p(D) = D^p / Gamma(p + 1) and I = (P_(a+1)(far) - P_(a+1)(near)) / H. At 120 digits the cancellation is harmless;
derivatives in a are taken numerically at that precision.

Usage: python3 trapezoid_weights.py > ../trapezoid_weights.json
"""
import json
import random

from mpmath import diff, gamma, mp, mpf, nstr

mp.dps = 120
random.seed(1)


def power(p, d):
    return mpf(0) if d == 0 else d**p / gamma(p + 1)


def ends(far, near):
    def left(a):
        return power(a, far) - (power(a + 1, far) - power(a + 1, near)) / (far - near)

    def right(a):
        return (power(a + 1, far) - power(a + 1, near)) / (far - near) - power(a, near)

    return left, right


cells = [(1.0 / m, 0.0) for m in (1, 3, 64, 1000)]
cells += [((lag + 1) / 1024, lag / 1024) for lag in (1, 2, 3, 10, 100, 1023)]
cells += [((lag + 1) / 1048576, lag / 1048576) for lag in (1000, 100000, 1048575)]
for _ in range(12):  # arbitrary cells, long and short, near and far
    near = random.random() * 10 ** random.uniform(-6, 0)
    cells.append((near + random.random() * 10 ** random.uniform(-8, 0), near))
rows = []
for far, near in cells:
    for order in (0.1, 0.3, 0.5, 0.9, 1.0, 1.4, 2.0):
        for k in (0, 1, 2):
            left, right = ends(mpf(far), mpf(near))
            values = [diff(f, mpf(order), k) if k else f(mpf(order)) for f in (left, right)]
            rows.append([order, k, far, near] + [nstr(v, 30) for v in values])
print(json.dumps({
    "description": "Product trapezoidal weights of one cell and their k-th derivatives in the order; far, near and order are the exact float64 given.",
    "source": "mpmath at 120 digits, by trapezoid_weights.py",
    "columns": ["order", "k", "far", "near", "left", "right"],
    "rows": rows,
}))
