"""Weights of spectral collocation on panels, with 30 digits, and their first derivatives in the order.

On the panel [e_q, e_q + H] the field is a polynomial in x, t = e_q + H x^r (r = 1 but on the first panel), given by its
values at the points x_0 .. x_(n-1) of Gauss-Lobatto, rounded to float64 as listed. The weight of l_k in the row of the
time t = e_p + H_p x_i^r is 1/Gamma(a) times the integral of (t - s)^(a-1) l_k over the panel, up to t. Points, edges,
exponents and orders are exactly the float64 given; t follows from them exactly.

l_k is expanded in monomials, which at 220 digits loses nothing that matters. In the row's own panel
    I^a x^m = Gamma(1 + m/r)/Gamma(1 + a + m/r) H^a x_i^(m + r a),
and in an earlier one, with c = t - e_q,
    1/Gamma(a) H c^(a-1) / (1 + m/r) 2F1(1 - a, 1 + m/r; 2 + m/r; H/c).
Derivatives in a are central differences of 1e-70. One weight in each case is integrated numerically as a second method, the
singularities being substituted away.

Usage: python3 spectral_weights.py > ../spectral_weights.json
"""
import json
import random

from mpmath import cos, fsum, gamma, hyp2f1, linspace, mp, mpf, nstr, pi, quad, workdps

mp.dps = 220
random.seed(4)
STEP = mpf(10) ** -70


def lobatto(n):
    """The zeros of (1 - xi^2) P'_(n-1)(xi), moved to [0, 1], as float64."""
    degree = n - 1
    points = [0.0]
    with workdps(50):
        for j in range(1, degree):
            xi = -cos(pi * j / degree)
            for _ in range(12):
                before, p = mpf(1), xi
                for i in range(1, degree):
                    before, p = p, ((2 * i + 1) * xi * p - i * before) / (i + 1)
                change = (before - xi * p) / ((degree + 1) * p)
                xi += change
            assert abs(change) < mpf(10) ** -45
            points.append(float((1 + xi) / 2))
    return points + [1.0]


def monomials(x):
    """Row k: the coefficients of l_k."""
    n = len(x)
    product = [mpf(1)]  # of all (X - x_j), lowest power first
    for point in x:
        product = [(product[m - 1] if m > 0 else 0) - (point * product[m] if m < len(product) else 0)
                   for m in range(len(product) + 1)]
    rows = []
    for point in x:
        quotient = [mpf(0)] * n  # divided by X - x_k
        carry = mpf(0)
        for m in range(n, 0, -1):
            carry = product[m] + point * carry
            quotient[m - 1] = carry
        scale = fsum(c * point**m for m, c in enumerate(quotient))
        rows.append([c / scale for c in quotient])
    return rows


def moments(n, a, r, own, x, length, c):
    """1/Gamma(a) times the integrals of (t - s)^(a-1) x^m, m < n."""
    if own:
        return [gamma(1 + m / r) / gamma(1 + a + m / r) * length**a * x ** (m + r * a) for m in range(n)]
    ratio = length / c
    scale = length * c ** (a - 1) / gamma(a)
    return [scale / (1 + m / r) * hyp2f1(1 - a, 1 + m / r, 2 + m / r, ratio) for m in range(n)]


def by_quadrature(points, k, a, r, own, x, length, c):
    with workdps(40):
        def l(y):
            value = mpf(1)
            for j, point in enumerate(points):
                if j != k:
                    value *= (y - point) / (points[k] - point)
            return value

        if own:  # v = (1 - s/t)^a, and s/t = y^r
            t = length * x**r
            cuts = linspace(0, 1, 9)
            return t**a / gamma(a) * sum(  # halves: in y = (s/t)^(1/r), and in v
                (quad(lambda y: l(x * y) * (1 - y**r) ** (a - 1) * r * y ** (r - 1), [u * mpf(0.5) ** (1 / r) for u in cuts]),
                 quad(lambda v: l(x * (1 - v ** (1 / a)) ** (1 / r)), [u * mpf(0.5) ** a for u in cuts]) / a))
        low, high = c - length, c  # v = (t - s)^a, in pieces of doubling distance from the node
        distances = [low]
        while distances[-1] * 2 < high - length / 2:
            distances.append(distances[-1] * 2)
        distances.append(max(distances[-1], high - length / 2))
        near = quad(lambda v: l(((c - v ** (1 / a)) / length) ** (1 / r)), [d**a for d in distances]) / a
        y_end = ((c - distances[-1]) / length) ** (1 / r)
        far = quad(lambda y: l(y) * (c - length * y**r) ** (a - 1) * length * r * y ** (r - 1),
                   [u * y_end for u in linspace(0, 1, 9)])
        return (near + far) / gamma(a)


points = {n: lobatto(n) for n in (8, 16, 32, 48)}
exact = {n: [mpf(x) for x in points[n]] for n in points}
basis = {n: monomials(exact[n]) for n in points}


def row_of(n, edges, exponent, a, p, i):
    """All weights of node i of panel p, by column."""
    x, last = exact[n], n - 1
    e = [mpf(edge) for edge in edges]
    local = x[i] ** mpf(exponent) if p == 0 else x[i]
    t = e[p] + (e[p + 1] - e[p]) * local
    row = [mpf(0)] * (p * last + n)
    for q in range(p + 1):
        r = mpf(exponent) if q == 0 else mpf(1)
        known = moments(n, a, r, q == p, x[i], e[q + 1] - e[q], t - e[q])
        for k in range(n):
            row[q * last + k] += fsum(c * m for c, m in zip(basis[n][k], known))
    return row


def check(n, edges, exponent, a, p, i, row):
    """The weight of an inner node of the row's panel, and of one before, by quadrature."""
    e = [mpf(edge) for edge in edges]
    t = e[p] + (e[p + 1] - e[p]) * (exact[n][i] ** mpf(exponent) if p == 0 else exact[n][i])
    norm = sum(abs(w) for w in row)
    for q in range(max(0, p - 1), p + 1):
        k = random.randrange(1, n - 1)
        r = mpf(exponent) if q == 0 else mpf(1)
        other = by_quadrature(exact[n], k, a, r, q == p, exact[n][i], e[q + 1] - e[q], t - e[q])
        difference = abs(other - row[q * (n - 1) + k]) / norm
        assert difference < mpf(10) ** -20, (n, edges, exponent, a, p, i, q, k, nstr(difference, 3))


cases = []
for order in (0.05, 0.3, 0.5, 0.8, 1.0, 1.25, 2.0):
    for exponent in dict.fromkeys((2 / order, 4.0, 6.0)):
        for n in (8, 16, 32, 48):
            cases.append((order, exponent, n, [0.0, 1.0], [(0, 1), (0, n // 2), (0, n - 1)]))
for order in (0.05, 0.3, 0.5, 0.8, 1.0, 1.25, 2.0):
    for n in (8, 16, 32, 48):
        for edges in ([0.0, 1 / 3, 2 / 3, 1.0], [0.0, 0.01, 0.3, 1.0]):
            cases.append((order, 2 / order if n < 48 else 4.0, n, edges, [(1, 1), (1, n - 1), (2, 1), (2, n // 2)]))
for order in (0.05, 0.5, 1.25):  # ten panels, and the nodes just behind an edge, whose distance from it has few digits
    for n in (16, 48):
        cases.append((order, 4.0, n, [p / 10 for p in range(11)], [(9, 1), (7, 2), (6, n // 2)]))

rows = []
for number, (order, exponent, n, edges, places) in enumerate(cases):
    for p, i in places:
        a = mpf(order)
        row = row_of(n, edges, exponent, a, p, i)
        high, low = (row_of(n, edges, exponent, a + s * STEP, p, i) for s in (1, -1))
        slopes = [(u - v) / (2 * STEP) for u, v in zip(high, low)]
        if n <= 16 and i == n // 2 or number % 9 == 0 and i == 1:
            check(n, edges, exponent, a, p, i, row)
        own = len(row) - n  # where the row's own panel begins
        columns = {0, max(0, own - 1), own, own + 1, own + i, len(row) - 1} | set(random.sample(range(len(row)), 3))
        rows.append({
            "order": order, "exponent": exponent, "points": n, "edges": edges, "panel": p, "node": i,
            "norms": [float(sum(abs(w) for w in row)), float(sum(abs(w) for w in slopes))],
            "columns": sorted(columns),
            "weights": [nstr(row[k], 30) for k in sorted(columns)],
            "slopes": [nstr(slopes[k], 30) for k in sorted(columns)],
        })
print(json.dumps({
    "description": "Weights of spectral collocation in the row of a node of a panel, in some columns, and their first derivatives in the order (slopes); norms are the sums of the sizes of all of a row's weights and slopes. All float64 are exact.",
    "source": "mpmath at 220 digits, by spectral_weights.py",
    "points": points,
    "rows": rows,
}))
