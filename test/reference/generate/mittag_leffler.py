"""Writes ../mittag_leffler.json and ../mittag_leffler_derivatives.json: reference values of E_{a,b}(z) = sum_k z^k / Gamma(a k + b) for real and complex z.

Needs Python 3 and python-flint (balls of Arb). The points come from a fixed seed. Where w = |z|^(1/a) <= 120 the value
is the power series, added with so many bits that the ball around the sum is small; the rest of the series is below its
last term once terms fall by half. Elsewhere it is the asymptotic expansion (Podlubny 1999, theorems 1.3 and 1.4), cut at
its smallest term, which is below 1e-45 of the first one; for w between 110 and 120 both are computed and must agree to
40 digits. The last row of columns, cond = |z E'(z) / E(z)|, comes from E' = sum_k (k+1) z^k / Gamma(a k + a + b).
"""

import json
import math
import pathlib
import random

from flint import acb, arb, ctx

SEED = 20261125
SERIES_TO = 120


def modulus_root(a, z):
    return math.exp(min(700.0, math.log(abs(z)) / a)) if z != 0 else 0.0


def series(a, b, z, prec):
    """sum_k z^k / Gamma(a k + b) and z times its derivative, as balls."""
    ctx.prec = prec
    a, b, z = arb(a), arb(b), acb(z.real, z.imag)
    total, slope = acb(0), acb(0)
    before, k = None, 0
    while True:
        # not by one product after the other, of which each would turn and so widen the ball
        term = z**k * (a * k + b).rgamma()
        total += term
        slope += term * k
        size = float(abs(term).mid().log()) if not abs(term).contains(0) else -1e9
        past = float(a) * k + float(b) > 2 + 2 * modulus_root(float(a), complex(float(z.real), float(z.imag)))
        enough = float(abs(total).mid().log()) - prec * 0.7 if not abs(total).contains(0) else -prec
        if past and size < min(enough, -prec * 0.7) and (before is None or size <= before):
            return total, slope
        before = size
        k += 1


def by_series(a, b, z):
    prec = 200 + int(4 * modulus_root(a, z))
    return series(a, b, z, prec)


def by_expansion(a, b, z):
    ctx.prec = 600
    exact_a, exact_b, exact_z = arb(a), arb(b), acb(z.real, z.imag)
    total, slope = acb(0), acb(0)
    power, smallest = acb(1), None
    for k in range(1, 4000):
        power /= exact_z
        x = exact_b - exact_a * k
        size = float(abs(power).log()) + (float((1 - x).lgamma()) if float(x) < 0 else 0.0)
        if smallest is not None and size > smallest and float(x) < -2:
            break
        smallest = size
        term = -power * x.rgamma()
        total += term
        slope -= term * k
        if size < -160:
            break
    angle, size = exact_z.arg(), abs(exact_z)
    root = size ** (1 / exact_a)
    for j in (-1, 0, 1):
        phi = (angle + 2 * arb.pi() * j) / exact_a
        if abs(float(phi)) >= math.pi and not (j == 0 and abs(float(phi)) < math.pi * (1 + 1e-12)):
            continue
        s = acb((phi * acb(0, 1)).exp()) * root
        residue = s.exp() * (s ** (1 - exact_b)) / exact_a
        total += residue
        slope += residue * (s + 1 - exact_b) / exact_a
    return total, slope


worst = 0.0


def reference(a, b, z):
    global worst
    w = modulus_root(a, z)
    value, slope = by_series(a, b, z) if w <= SERIES_TO else by_expansion(a, b, z)
    if 110 <= w <= SERIES_TO:
        other, _ = by_expansion(a, b, z)
        difference = float(abs(other - value) / abs(value))
        worst = max(worst, difference)
        assert difference < 1e-40, (a, b, z, difference)
    assert value.rel_accuracy_bits() > 110, (a, b, z, value)
    return value, float(abs(slope / value).mid())


def real_zero(a, b, low, high):
    """A zero of E_{a,b} between two negative arguments at which it has different signs, to the nearest float64."""
    sign = float(by_series(a, b, complex(low))[0].real) > 0
    for _ in range(60):
        middle = (low + high) / 2
        if (float(by_series(a, b, complex(middle))[0].real) > 0) == sign:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def draw_alpha(generator):
    special = [0.05, 0.1, 0.2, 0.25, 1 / 3, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0, 1.001, 1.01, 1.1, 1.5, 1.9, 1.99, 1.999, 2.0]
    special += [1 - 1e-6, 1 - 1e-9, 1 + 1e-7, 2 - 1e-7]
    return generator.choice(special) if generator.random() < 0.5 else round(generator.uniform(0.05, 2), 3)


def draw_beta(generator, a):
    kind = generator.random()
    if kind < 0.35:
        return generator.choice([1.0, 1.0, 2.0, 0.0, -1.0, -2.0, 3.0, 5.0])
    if kind < 0.6:
        return generator.choice([a, a + 1, 2 * a, 2 * a + 1, a - 1, 1 - a, a + 2])
    return round(generator.uniform(-3, 10), 2)


def draw_size(generator, a):
    """|z|, half of them by w = |z|^(1/a), where the methods change, and no more than some 10^4 terms."""
    if generator.random() < 0.15:
        return 10 ** generator.uniform(-12, -1)
    w = generator.uniform(0.2, 45) if generator.random() < 0.7 else 10 ** generator.uniform(0, 6)
    size = w**a
    return size if size > 0.05 else 0.05 + size


def points(generator):
    with_zeros = [(1.3, 1.0), (1.5, 1.0), (1.7, 1.0), (1.9, 1.0), (1.5, 2.0), (1.8, 1.8), (1.95, 0.5), (1.99, 1.0), (1.75, 3.0)]
    with_zeros += [(2.0, -0.74), (1.69, 0.0), (1.801, 1.5), (1.69, 1.69), (1.319, -1.0), (1.49, 0.5)]
    for a, b in with_zeros:
        grid = [-((0.4 * i) ** a) for i in range(1, 50)]
        signs = [float(by_series(a, b, complex(x))[0].real) > 0 for x in grid]
        changes = [i for i in range(len(grid) - 1) if signs[i] != signs[i + 1]]
        for i in changes[:6]:
            zero = real_zero(a, b, grid[i], grid[i + 1])
            yield a, b, complex(zero)
            yield a, b, complex(zero * (1 + 1e-5))
    for _ in range(330):
        a = draw_alpha(generator)
        sign = -1 if generator.random() < 0.75 else 1
        yield a, draw_beta(generator, a), complex(sign * draw_size(generator, a))
    for a in [0.001, 0.01, 0.02]:
        for b in [1.0, a, 0.0, 2.5]:
            for x in [-3.0, -1.0, -0.6, 0.7, 1 - a, 1.0, 1 + a]:
                yield a, b, complex(x)
    for _ in range(330):
        a = draw_alpha(generator)
        kind = generator.random()
        angle = generator.uniform(-math.pi, math.pi)
        if kind < 0.35 and a < 1:
            angle = generator.choice([-1, 1]) * a * math.pi * (1 + generator.choice([0, 1e-9, 1e-3, -1e-2, 3e-2]))
        elif kind < 0.5:
            angle = generator.choice([-1, 1]) * min(math.pi, a * math.pi / 2) * (1 + generator.choice([0, -1e-2, 1e-3]))
        elif kind < 0.6:
            angle = math.pi - 10 ** generator.uniform(-6, -1)
        size = draw_size(generator, a)
        yield a, draw_beta(generator, a), complex(size * math.cos(angle), size * math.sin(angle))


def derivative(order, a, b, z):
    """The derivative of that order at a real z, and its condition |z f'/f|."""
    prec = 300 + int(4 * modulus_root(a, z))
    ctx.prec = prec
    a, b, z = arb(a), arb(b), arb(z)
    sums = [arb(0), arb(0)]
    k = order
    while True:
        coefficient = (a * k + b).rgamma()
        for i in (0, 1):
            weight = math.prod(k - j for j in range(order + i))
            if k >= order + i:
                sums[i] += weight * z ** (k - order - i) * coefficient
        size = abs(z) ** (k - order) * k ** (order + 1) * abs(coefficient)
        past = float(a) * k + float(b) > 2 + 2 * modulus_root(float(a), float(z))
        if k > order + 3 and past and size < arb(2) ** (-prec * 3 // 4):
            break
        k += 1
    assert sums[0].rel_accuracy_bits() > 110, (order, a, b, z, sums[0])
    return sums[0], float(abs(z * sums[1] / sums[0]).mid())


def derivatives(generator):
    for _ in range(400):
        a = draw_alpha(generator)
        b = draw_beta(generator, a)
        w = generator.uniform(0.1, 60)
        z = generator.choice([-1, -1, 1]) * w**a
        order = generator.choice([1, 1, 2, 2, 3, 4])
        if 0 < abs(b - round(b)) < 1e-5:
            continue  # beta - 1 in float64 is no longer beta - 1
        value, cond = derivative(order, a, b, z)
        if 1e-290 < abs(float(value.mid())) < 1e290:
            yield [str(order), *(f"{x:.17g}" for x in [a, b, z, float(value.mid())]), f"{cond:.3g}"]


def write(name, table):
    target = pathlib.Path(__file__).resolve().parent.parent / name
    target.write_text(json.dumps(table, indent=0) + "\n")


def main():
    generator = random.Random(SEED)
    rows = []
    for a, b, z in points(generator):
        value, cond = reference(a, b, z)
        parts = [float(value.real.mid()), float(value.imag.mid())]
        if not all(math.isfinite(part) for part in parts) or max(map(abs, parts)) < 1e-290:
            continue
        numbers = [f"{x:.17g}" for x in [a, b, z.real, z.imag, *parts]]
        rows.append([*numbers, f"{cond:.3g}"])
    table = {
        "description": "E_{a,b}(z)=sum z^k/Gamma(ak+b), real and complex z. a,b,z are exact float64 values; the value is the "
        "correctly rounded float64. cond=|z E'(z)/E(z)|. Compare |computed-value| with |value|.",
        "source": "Arb: power series with a ball below 1e-35 of the value, the asymptotic expansion beyond |z|^(1/a) = "
        f"{SERIES_TO}; the two agree to {worst:.2g} where both hold",
        "columns": ["a", "b", "re_z", "im_z", "re_value", "im_value", "cond"],
        "rows": rows,
    }
    write("mittag_leffler.json", table)
    slopes = {
        "description": "d^order/dz^order E_{a,b}(z) at real z; order, a, b, z are exact float64 values. cond=|z f'(z)/f(z)| of that "
        "derivative f.",
        "source": "Arb: power series with a ball below 1e-33 of the value",
        "columns": ["order", "a", "b", "z", "value", "cond"],
        "rows": list(derivatives(generator)),
    }
    write("mittag_leffler_derivatives.json", slopes)


if __name__ == "__main__":
    main()
