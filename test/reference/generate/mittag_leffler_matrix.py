"""Writes ../mittag_leffler_matrix.json: reference values of E_{a,b}(A) v = sum_k A^k v / Gamma(a k + b) for small real A.

Needs Python 3 and python-flint (balls of Arb). The sum is added with so many bits that the ball around it stays small; its
rest is below the last term once terms fall by half. Every entry of A, v, a and b is the exact float64.
"""

import json
import math
import pathlib
import random

from flint import arb, arb_mat, ctx

SEED = 20261126


def value_of(a, b, rows, v):
    d = len(rows)
    norm = max(sum(abs(x) for x in row) for row in rows)
    w = norm ** (1 / a)
    prec = 250 + int(5 * w)
    ctx.prec = prec
    matrix = arb_mat([[arb(x) for x in row] for row in rows])
    power = arb_mat([[arb(x)] for x in v])
    total = arb_mat([[arb(0)] for _ in v])
    exact_a, exact_b = arb(a), arb(b)
    k = 0
    while True:
        coefficient = (exact_a * k + exact_b).rgamma()
        total = total + power * coefficient
        size = sum((abs(power[i, 0]) for i in range(d)), arb(0)) * abs(coefficient)
        if a * k + b > 4 + 2 * w and size < arb(2) ** (-prec * 3 // 4):
            break
        power = matrix * power
        k += 1
    values = [total[i, 0] for i in range(d)]
    largest = max(abs(float(x.mid())) for x in values)
    assert all(float(x.rad()) < 1e-30 * largest for x in values), (a, b, rows)
    return [float(x.mid()) for x in values]


def product(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def similar(jordan, generator):
    """P J P^-1 with integers: P and its inverse are products of shears."""
    d = len(jordan)
    p = [[int(i == j) for j in range(d)] for i in range(d)]
    inverse = [row[:] for row in p]
    for _ in range(2 * d):
        i, j = generator.sample(range(d), 2)
        s = generator.choice([-1, 1])
        for row in p:
            row[j] += s * row[i]
        inverse[i] = [x - s * y for x, y in zip(inverse[i], inverse[j])]
    return product(product(p, jordan), inverse)


def block_diagonal(blocks):
    d = sum(len(b) for b in blocks)
    whole, at = [[0.0] * d for _ in range(d)], 0
    for b in blocks:
        for i, row in enumerate(b):
            whole[at + i][at : at + len(b)] = row
        at += len(b)
    return whole


def jordan_block(value, n):
    return [[value if i == j else 1.0 if j == i + 1 else 0.0 for j in range(n)] for i in range(n)]


def matrices(generator):
    def dense(d, size):
        return [[generator.uniform(-size, size) for _ in range(d)] for _ in range(d)]

    yield "one entry", [[-2.5]]
    yield "zero", [[0.0] * 3 for _ in range(3)]
    yield "three times the identity", [[-3.0 * (i == j) for j in range(4)] for i in range(4)]
    yield "nilpotent", [[0.0, 1.0, 2.0], [0.0, 0.0, 3.0], [0.0, 0.0, 0.0]]
    yield "rotation", [[0.0, -4.0], [4.0, 0.0]]
    yield "damped rotation", [[-1.0, -6.0, 0.0], [6.0, -1.0, 1.0], [0.0, 0.0, -2.0]]
    for n in [2, 3, 5]:
        yield f"Jordan block of {n}", jordan_block(-1.5, n)
        yield f"hidden Jordan block of {n}", similar(jordan_block(-2.0, n), generator)
    yield "hidden Jordan blocks", similar(block_diagonal([jordan_block(-1.0, 2), jordan_block(-8.0, 3), [[1.0]]]), generator)
    yield "Jordan block of a complex pair", [
        [-1.0, -3.0, 1.0, 0.0],
        [3.0, -1.0, 0.0, 1.0],
        [0.0, 0.0, -1.0, -3.0],
        [0.0, 0.0, 3.0, -1.0],
    ]
    for d in [2, 4, 8, 12, 20]:
        yield f"dense {d}", dense(d, 2.0 / math.sqrt(d))
        shifted = dense(d, 2.0 / math.sqrt(d))
        for i in range(d):
            shifted[i][i] -= 3.0
        yield f"dense and stable {d}", shifted
    yield "far from normal", [
        [-1.0 - i if i == j else 20.0 * generator.uniform(-1, 1) if j > i else 0.0 for j in range(6)] for i in range(6)
    ]
    for d in [5, 20]:
        yield f"heat {d}", [[-2.0 * 4 if i == j else 4.0 if abs(i - j) == 1 else 0.0 for j in range(d)] for i in range(d)]
    yield "stiff", [[-90.0, 1.0, 0.0], [2.0, -5.0, 1.0], [0.0, 0.5, -0.1]]
    yield "close eigenvalues", [[-2.0, 1.0, 0.0], [0.0, -2.0 - 1e-9, 1.0], [0.0, 0.0, -2.0 + 1e-7]]


def main():
    generator = random.Random(SEED)
    cases = []
    for name, rows in matrices(generator):
        v = [round(generator.uniform(-1, 1), 3) for _ in rows]
        norm = max(sum(abs(x) for x in row) for row in rows)
        values = []
        orders = [(0.5, 1.0), (0.8, 1.0), (0.8, 0.8), (1.0, 1.0), (1.4, 1.0), (1.9, 2.0), (2.0, 1.0), (0.3, 1.0)]
        for a, b in orders:
            if norm ** (1 / a) > 1200:
                continue
            value = value_of(a, b, rows, v)
            if max(map(abs, value)) > 1e250:
                continue
            values.append({"alpha": a, "beta": b, "value": value})
        cases.append({"name": name, "a": rows, "v": v, "values": values})
    table = {
        "description": "E_{alpha,beta}(A) v for small real matrices; entries are exact float64 values, values are rounded to float64.",
        "source": "Arb: power series with balls below 1e-30 of the largest entry",
        "cases": cases,
    }
    target = pathlib.Path(__file__).resolve().parent.parent / "mittag_leffler_matrix.json"
    target.write_text(json.dumps(table) + "\n")


if __name__ == "__main__":
    main()
