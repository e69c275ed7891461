# Which values must the elementary functions have?
#
# Writes test/reference/elementary.json with mpmath 1.2.1 and the standard library:
#   python3 test/reference/generate/elementary.py
# Every row is the arguments, the correctly rounded value, and by how many units in the last place that value is too
# large; the three together determine the true value to about 0.001 unit.
import json
import math
import random
import struct
from pathlib import Path

from mpmath import mp, mpf

mp.prec = 400
SUBNORMAL_UNIT = mpf(2) ** -1074
LARGEST = mpf(1.7976931348623157e308)
PI = math.pi
chance = random.Random(6359)


def unit_in_last_place(value):
    """The distance of neighbouring float64 numbers at a float64 value."""
    if abs(value) < 2.0**-1022:
        return SUBNORMAL_UNIT
    return mpf(2) ** (math.frexp(value)[1] - 53)


def rounded(value):
    """The float64 number nearest to an mpmath number, ties to even."""
    if value == 0:
        return 0.0
    exponent = max(int(mp.floor(mp.log(abs(value), 2))) - 60, -1074)
    if exponent == -1074:
        return math.ldexp(float(int(mp.nint(value / SUBNORMAL_UNIT))), -1074)
    return float(value)


def between(low, high):
    return lambda: chance.uniform(low, high)


def of_size(low, high):
    """Both signs, size 2^low to 2^high."""
    return lambda: chance.choice((-1, 1)) * 2.0 ** chance.uniform(low, high)


def any_number():
    while True:
        x = struct.unpack("<d", struct.pack("<Q", chance.getrandbits(64)))[0]
        if math.isfinite(x):
            return x


def neighbour(x, steps):
    """The float64 number so many steps further from 0."""
    bits = struct.unpack("<q", struct.pack("<d", abs(x)))[0] + steps
    return math.copysign(struct.unpack("<d", struct.pack("<q", max(bits, 0)))[0], x)


def near(*places):
    return lambda: neighbour(chance.choice(places), chance.randint(-20, 20))


def near_multiple(of, largest):
    return lambda: neighbour(chance.randint(-largest, largest) * of, chance.randint(-2, 2))


def positive(draw):
    return lambda: abs(draw())


def one_plus(draw):
    return lambda: 1 + draw()


ANGLES = [
    between(-0.8, 0.8),
    between(-10, 10),
    of_size(-40, 20.6),
    near_multiple(PI / 4, 2000),
    near_multiple(PI / 2, 2**20),
    near(1.6e6, -1.6e6, PI / 4, -PI / 4, PI / 8, 1e-8),
    any_number,
]

DOMAINS = {
    "exp": [between(-745.1, 709.78), between(-3, 3), of_size(-60, 1), between(-745.1, -707), near(-708, 709, -709)],
    "expm1": [between(-45, 62), between(-3, 3), between(-0.5, 0.5), of_size(-60, 1), near(-0.35, 0.41, 40, -37, 709)],
    "log": [
        positive(any_number),
        between(0.5, 2),
        one_plus(of_size(-52, -1)),
        positive(of_size(-1074, -1020)),
        near(math.sqrt(2), math.sqrt(0.5), 2.0**-1022, 1.0, 1e308),
    ],
    "log1p": [
        positive(any_number),
        between(-0.5, 1),
        of_size(-60, -1.01),
        between(-1, 10),
        near(-0.29, 0.41, -1.0, 1e17),
    ],
    "sin": ANGLES,
    "cos": ANGLES,
    "tan": ANGLES,
    "tanh": [between(-3, 3), of_size(-40, 4.5), between(0.5, 0.7), between(3, 20), near(0.625, 1e-8, 22, 0.35)],
    "sinh": [between(-3, 3), of_size(-40, 4.5), between(0, 25), between(-710.4, 710.4), near(0.35, 1e-8, 22, 709.8)],
    "cosh": [between(-3, 3), of_size(-40, 4.5), between(0, 25), between(-710.4, 710.4), near(0.35, 1e-8, 22, 709.8)],
    "asin": [between(-1, 1), of_size(-40, 0), near(0.5, -0.5, 1.0, 1e-8), between(0.45, 0.55)],
    "acos": [between(-1, 1), of_size(-40, 0), near(0.5, -0.5, 1.0, -1.0), between(0.45, 0.55)],
    "atan": [between(-1, 1), between(-4, 4), of_size(-40, 60), any_number, near(0.4142, 2.4142, 1.0, 1e-8)],
    "asinh": [between(-1, 1), between(-10, 10), of_size(-40, 60), any_number, near(1e-8, 0.5, 1.0, 2.0**28)],
    "acosh": [between(1, 2), between(1, 10), one_plus(positive(of_size(-52, 0))), positive(of_size(0, 1023))],
    "atanh": [between(-1, 1), of_size(-40, 0), near(0.5, -0.5, 1.0, -1.0, 1e-8), between(-0.5, 0.5)],
}


def power_arguments():
    """x and y with a representable power: exponents of every size, and results at both ends of the range."""
    kind = chance.randint(0, 6)
    if kind == 0:
        return chance.uniform(0, 10), chance.uniform(-20, 20)
    if kind == 1:
        x = abs(any_number())
        return x, chance.uniform(-744, 709.7) / math.log(x)
    if kind == 2:
        x = 1 + of_size(-52, -2)()
        return x, chance.choice((chance.uniform(-744, -690), chance.uniform(600, 709.7))) / math.log(x)
    if kind == 3:
        return chance.uniform(0, 100), float(chance.randint(-30, 30))
    if kind == 4:
        x = chance.uniform(0.3, 5)
        return x, chance.choice((chance.uniform(-744, -690), chance.uniform(700, 709.7))) / math.log(x)
    if kind == 5:
        return -float(chance.randint(1, 1000)), float(chance.randint(-40, 40))
    return near(math.sqrt(0.75), math.sqrt(1.5), math.sqrt(3), 1.0)(), chance.uniform(-1000, 1000)


def power(x, y):
    value = mp.exp(y * mp.log(abs(x)))
    return -value if x < 0 and int(y) % 2 == 1 else value


def quadrant_arguments():
    """y and x of the angle atan2(y, x): all sizes, and quotients near the limits of the branches."""
    kind = chance.randint(0, 2)
    if kind == 0:
        return chance.uniform(-10, 10), chance.uniform(-10, 10)
    if kind == 1:
        return any_number(), any_number()
    x = of_size(-30, 30)()
    return x * chance.uniform(0.3, 3), x


def row(function, arguments):
    """One row of the table, or None where the function has no finite value."""
    try:
        value = function(*(mpf(x) for x in arguments))
    except (ValueError, ZeroDivisionError):
        return None
    if not isinstance(value, mpf) or not mp.isfinite(value) or abs(value) > LARGEST:
        return None
    nearest = rounded(value)
    excess = (mpf(nearest) - value) / unit_in_last_place(nearest)
    return [*arguments, nearest, round(float(excess), 3)]


def table(function, draws, count):
    rows = []
    while len(rows) < count:
        draw = draws[len(rows) % len(draws)]
        arguments = draw()
        entry = row(function, arguments if isinstance(arguments, tuple) else (arguments,))
        if entry is not None:
            rows.append(entry)
    return rows


def main():
    tables = {name: table(getattr(mp, name), draws, 350) for name, draws in DOMAINS.items()}
    tables["pow"] = table(power, [power_arguments], 700)
    tables["atan2"] = table(mp.atan2, [quadrant_arguments], 350)
    lines = [f'"{name}": [\n' + ",\n".join(map(json.dumps, rows)) + "\n]" for name, rows in tables.items()]
    description = (
        "Rows of each function: the arguments, the correctly rounded float64 value, and how many units in the last "
        "place that value exceeds the true one. All float64 numbers are given exactly (shortest digits that read back)."
    )
    header = f'{{\n"description": {json.dumps(description)},\n"source": "mpmath 1.2.1 at 400 bits",\n'
    target = Path(__file__).resolve().parent.parent / "elementary.json"
    target.write_text(header + ",\n".join(lines) + "\n}\n")


main()
