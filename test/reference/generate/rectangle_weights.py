"""Weights of the product rectangle rule (left) on single cells, with 30 digits, as derivatives in the order.

The cell of length H whose right end lies at the distance D from the node weighs P_a(D + H) - P_a(D), with
P_p(D) = D^p / Gamma(p + 1). At 120 digits the cancellation is harmless. First and second derivatives in a come from the
formula, P_p (L^2 - psi'(p + 1)) with L = ln D - psi(p + 1) for the second, and are compared with numerical ones here.

Usage: python3 rectangle_weights.py > ../rectangle_weights.json
"""
import json
import random

from mpmath import diff, gamma, log, mp, mpf, nstr, psi

mp.dps = 120
random.seed(2)


def power(p, k, d):
    if d == 0:
        return mpf(0)
    value = d**p / gamma(p + 1)
    slope = log(d) - psi(0, p + 1)
    return value * (1, slope, slope**2 - psi(1, p + 1))[k]


def left(a, k, near, length):
    return power(a, k, near + length) - power(a, k, near)


cells = [(0.0, 1.0), (0.0, 1.0 / 3), (0.0, 1.0 / 64), (0.0, 1e-3), (0.0, 1e-12)]  # ends at the node
cells += [(lag / 1024, 1.0 / 1024) for lag in (1, 2, 3, 10, 100, 1023)]
cells += [(lag / 1048576, 1.0 / 1048576) for lag in (1000, 100000, 1048575)]
cells += [(0.9, 1e-6), (1.0, 1e-9), (0.7, 1e-13), (1.0, 1e-20), (0.3, 1e-40)]  # short and far
cells += [(1e-3, 0.999), (1e-6, 1.0), (1e-12, 0.5)]  # long and near
for _ in range(12):
    near = random.random() * 10 ** random.uniform(-6, 0)
    cells.append((near, random.random() * 10 ** random.uniform(-8, 0)))
rows = []
for near, length in cells:
    for order in (0.05, 0.1, 0.3, 0.5, 0.9, 1.0, 1.4, 2.0):
        for k in (0, 1, 2):
            value = left(mpf(order), k, mpf(near), mpf(length))
            check = diff(lambda a: left(a, 0, mpf(near), mpf(length)), mpf(order), k) if k else value
            assert abs(check - value) <= mpf(10) ** -35 * abs(left(mpf(order), 0, mpf(near), mpf(length))), (order, k, near, length)
            rows.append([order, k, near, length, nstr(value, 30)])
print(json.dumps({
    "description": "Product rectangle weight (left) of one cell and its k-th derivatives in the order; near (distance of the right end), length and order are the exact float64 given.",
    "source": "mpmath at 120 digits, by rectangle_weights.py",
    "columns": ["order", "k", "near", "length", "left"],
    "rows": rows,
}))
