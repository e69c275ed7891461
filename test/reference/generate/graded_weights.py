"""Single weights of product rules on graded meshes of 1024 steps, with 30 digits, as derivatives in the order.

Nodes are (j/1024)^r, rounded to float64; a weight depends on the four of them that are listed, t_n, t_(j-1), t_j and
t_(j+1), and is computed for exactly these: with P_p(D) = D^p / Gamma(p + 1), the trapezoidal rule puts P_a(far) - I on the
left end of a cell and I - P_a(near) on its right one, where I is the mean of P_a over the cell; the rectangle rule puts
P_a(far) - P_a(near) on the left end. At 200 digits the cancellation is harmless; the same weights are integrated
numerically at 40 digits for some, as a second method.

Usage: python3 graded_weights.py > ../graded_weights.json
"""
import json
import random

from mpmath import gamma, log, mp, mpf, nstr, psi, quad, workdps

mp.dps = 200
random.seed(3)
STEPS = 1024


def power(p, k, d):
    if d == 0:
        return mpf(0)
    value = d**p / gamma(p + 1)
    return value if k == 0 else value * (log(d) - psi(0, p + 1))


def trapezoid_ends(a, k, far, near):
    mean = (power(a + 1, k, far) - power(a + 1, k, near)) / (far - near)
    return power(a, k, far) - mean, mean - power(a, k, near)


def weights(a, k, now, before, here, after):
    """Trapezoidal and rectangle weight of the node `here` in the row of `now`."""
    trapezoid, rectangle = mpf(0), mpf(0)
    if before is not None:
        trapezoid += trapezoid_ends(a, k, now - before, now - here)[1]
    if after is not None:
        trapezoid += trapezoid_ends(a, k, now - here, now - after)[0]
        rectangle += power(a, k, now - here) - power(a, k, now - after)
    return trapezoid, rectangle


def by_quadrature(a, now, before, here, after):
    """The trapezoidal weight, with s = now - v^(1/a), so that the kernel's singularity is gone."""
    with workdps(40):
        total = mpf(0)
        for low, high, hat in ((before, here, lambda s: (s - before) / (here - before)),
                               (here, after, lambda s: (after - s) / (after - here))):
            if low is not None and high is not None:
                total += quad(lambda v: hat(now - v ** (1 / a)), [(now - high) ** a, (now - low) ** a])
        return total / gamma(a + 1)


rows = []
for order in (0.3, 0.5, 0.8):
    for grading in (1 / order, 2 / order):
        nodes = [float((mpf(j) / STEPS) ** mpf(grading)) for j in range(STEPS + 1)]
        places = [(1, 0), (1, 1), (2, 1), (3, 0), (STEPS, 0), (STEPS, 1), (STEPS, 2), (STEPS, STEPS // 2),
                  (STEPS, STEPS - 2), (STEPS, STEPS - 1), (STEPS, STEPS), (STEPS // 2, 5), (STEPS // 2, STEPS // 2 - 1)]
        while len(places) < 40:
            n = random.randint(2, STEPS)
            place = (n, min(n, int(n * random.random() ** random.choice((0.1, 1, 3)))))
            if place not in places:
                places.append(place)
        for index, (n, j) in enumerate(places):
            floats = [nodes[n], nodes[j - 1] if j > 0 else None, nodes[j], nodes[j + 1] if j < n else None]
            exact = [None if t is None else mpf(t) for t in floats]
            values = [weights(mpf(order), k, *exact) for k in (0, 1)]
            if index % 4 == 0:
                other = by_quadrature(mpf(order), *exact)
                assert abs(other - values[0][0]) < mpf(10) ** -20 * abs(values[0][0]), (order, grading, n, j)
            step = mpf(10) ** -60  # the derivative by the formula against a difference
            slope = (weights(mpf(order) + step, 0, *exact)[0] - weights(mpf(order) - step, 0, *exact)[0]) / (2 * step)
            assert abs(slope - values[1][0]) < mpf(10) ** -40 * abs(values[0][0]), (order, grading, n, j)
            rows.append([order, grading, n, j, *floats] + [nstr(v, 30) for pair in values for v in pair])
print(json.dumps({
    "description": "Weights of node j in row n on the mesh (j/1024)^grading, for the product trapezoidal and rectangle rules, and their first derivatives in the order, for exactly the float64 nodes given (t_n, t_(j-1), t_j, t_(j+1)).",
    "source": "mpmath at 200 digits, by graded_weights.py",
    "columns": ["order", "grading", "n", "j", "t_n", "t_before", "t_j", "t_after", "trapezoid", "rectangle", "trapezoid'", "rectangle'"],
    "rows": rows,
}))
