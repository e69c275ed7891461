# What are the true value, gradient and Hessian product of a case, and how far does one ulp in its inputs move them?
import math

from mpmath import mp, mpf, nstr
import numpy as np

from expressions import Setting, array, depth, evaluate, formula, gradient, names_in

CYCLE = (1.0, -0.5, 0.75, 1.5, -1.25, 0.5, -0.75)
SLOW = {"lgamma", "digamma", "polygamma", "fixedPoint", "caputo", "solve", "inverse", "logDet"}


def case(id, expression, trap=None, wrt=None, hvp=True, pointwise=False, digits=None, cotangent=None, separable=None, **inputs):
    """A problem in Python's words; lists are arrays of float64."""
    arrays = {name: np.array(value, dtype=float) for name, value in inputs.items()}
    return dict(id=id, expression=expression, trap=trap, wrt=wrt or list(inputs), hvp=hvp, pointwise=pointwise, digits=digits,
                cotangent=cotangent, separable=separable, inputs=arrays)


def cycle(shape):
    return np.resize(np.array(CYCLE), shape).astype(float)


def exact(x):
    return array(np.frompyfunc(lambda v: mpf(float(v)), 1, 1)(x))


def compute(problem, env, cotangent, directions):
    """value, gradient and hvp of <cotangent, expression> as arrays of mpmath numbers, by name."""
    tree, wrt = problem["expression"], problem["wrt"]
    phi = lambda e: array(cotangent * evaluate(tree, e)).sum()
    slopes = lambda e: {x: gradient(lambda v: phi({**e, x: v}), e[x]) for x in wrt}
    result = {"value": evaluate(tree, env)}
    result.update({f"gradient {x}": g for x, g in slopes(env).items()})
    if directions:
        h = Setting.step
        moved = lambda s: {**env, **{x: array(env[x] + s * directions[x]) for x in wrt}}
        up, down = slopes(moved(h)), slopes(moved(-h))
        result.update({f"hvp {x}": array((up[x] - down[x]) / (2 * h)) for x in wrt})
    return result


def digits_for(problem, more):
    levels = depth(problem["expression"]) + 1 + (1 if problem["hvp"] else 0)
    base = problem["digits"] or (120 if names_in(problem["expression"]) & SLOW else 400)
    sizes = [abs(v) for x in problem["inputs"].values() for v in x.reshape(-1) if v != 0]
    small = max(0, -int(math.floor(math.log10(min(sizes)))) - 20)  # steps are relative: small numbers need more digits
    return base + 3 * small + more + (50 + more // 2) * levels, base + 2 * small


def whole(problem, inputs, cotangent, directions, amplify, more=0):
    digits, base = digits_for(problem, more)
    with mp.workdps(digits):
        Setting.step = mpf(10) ** -(50 + more // 2)
        Setting.roots.clear()
        numbers = {**{("input", k): exact(v) for k, v in inputs.items()}, ("cotangent", ""): exact(cotangent)}
        numbers.update({("direction", k): exact(v) for k, v in directions.items()})
        split = lambda n, kind: {k: v for (of, k), v in n.items() if of == kind}
        run = lambda n: compute(problem, split(n, "input"), n["cotangent", ""], split(n, "direction"))
        found = run(numbers)
        tiny = mpf(10) ** -(base - 30)
        found = {k: array(np.where(np.abs(v) < tiny, mpf(0), v)).astype(object) for k, v in found.items()}
        if not amplify:
            return found, None
        moves = {k: array(0 * v) for k, v in found.items()}
        for key, x in numbers.items():
            if key == ("cotangent", "") and cotangent.shape == ():
                continue
            for place in np.ndindex(*x.shape):
                if x[place] == 0:
                    continue
                moved = x.copy()
                moved[place] = x[place] * (1 + mpf(2) ** -52)
                for k, v in run({**numbers, key: moved}).items():
                    moves[k] = array(moves[k] + np.abs(v - found[k]))
        return found, moves


def entrywise(problem, inputs, cotangent, directions, amplify, more=0):
    """The same where every entry of the value depends on the same entry of the inputs alone."""
    shape = cotangent.shape
    parts = []
    for place in np.ndindex(*shape):
        at = lambda d: {k: np.array(v[place] if v.ndim else v) for k, v in d.items()}
        parts.append(whole(problem, at(inputs), np.array(cotangent[place]), at(directions), amplify, more))
    join = lambda rows: {k: np.array([row[k][()] for row in rows], dtype=object).reshape(shape) for k in rows[0]}
    return join([p[0] for p in parts]), join([p[1] for p in parts]) if amplify else None


def separable(problem, inputs, cotangent, directions, amplify, more=0):
    """The same where the value is the sum of such entries."""
    inner = {**problem, "expression": problem["separable"]}
    first = next(iter(inputs.values()))
    found, moves = entrywise(inner, inputs, np.ones(first.shape), directions, amplify, more)
    for part in (found, moves) if amplify else (found,):
        part["value"] = array(part["value"].sum())
    return found, moves


def checked(problem, *arguments):
    """Computed twice, with other steps and other digits; both must agree to 31 digits, or shrink with the step: then it is 0."""
    method = separable if problem["separable"] else entrywise if problem["pointwise"] else whole
    found, moves = method(problem, *arguments, True)
    again, _ = method(problem, *arguments, False, more=24)
    finest = None
    for key in found:
        for place in np.ndindex(*found[key].shape):
            a, b = found[key][place], again[key][place]
            if a == b or abs(a - b) < abs(a) * mpf(10) ** -31:
                continue
            finest = finest or method(problem, *arguments, False, more=440)[0]
            assert abs(b) < abs(a) * mpf(10) ** -20 and abs(finest[key][place]) < mpf(10) ** -400, (problem["id"], key, nstr(a, 20), nstr(b, 20))
            found[key][place] = mpf(0)
    return found, moves


def hexes(x):
    return {"shape": list(x.shape), "hex": [short(float(v)) for v in x.reshape(-1)]}


def short(x):
    """C99 hexadecimal without trailing zeros."""
    text = x.hex()
    if "." not in text:
        return text
    mantissa, exponent = text.split("p")
    return f"{mantissa.rstrip('0').rstrip('.')}p{exponent}"


def reference(x, moves):
    digits = [nstr(v, 30, min_fixed=-5, max_fixed=5) if v != 0 else "0.0" for v in x.reshape(-1)]
    nearest = np.array([float(d) for d in digits])
    assert np.isfinite(nearest).all(), digits
    amplification = [float(nstr(m, 2)) for m in moves.reshape(-1)]
    return {"shape": list(x.shape), "hex": [short(v) for v in nearest], "digits": digits, "amplification": amplification}


def write(problem, kind):
    """The case as it stands in the pack."""
    inputs, wrt = problem["inputs"], problem["wrt"]
    with mp.workdps(60):
        Setting.step, Setting.roots = mpf(10) ** -12, {}
        shape = problem["pointwise"] and inputs[wrt[0]].shape or evaluate(problem["expression"], {k: exact(v) for k, v in inputs.items()}).shape
    cotangent = cycle(shape) if problem["cotangent"] is None else np.array(problem["cotangent"], dtype=float)
    if shape == ():
        cotangent = np.array(1.0)
    directions = {}
    if problem["hvp"]:
        for i, x in enumerate(wrt):
            c = np.resize(np.roll(CYCLE, i), inputs[x].shape)
            directions[x] = np.where(inputs[x] == 0, c, inputs[x] * c)
    found, moves = checked(problem, inputs, cotangent, directions)
    outputs = {"value": reference(found["value"], moves["value"])}
    for what in ("gradient", "hvp") if problem["hvp"] else ("gradient",):
        outputs[what] = {x: reference(found[f"{what} {x}"], moves[f"{what} {x}"]) for x in wrt}
    written = {"id": problem["id"], "kind": kind, "formula": formula(problem["expression"]), "expression": problem["expression"],
               "inputs": {k: hexes(v) for k, v in inputs.items()}, "wrt": wrt, "cotangent": hexes(cotangent)}
    if directions:
        written["direction"] = {k: hexes(v) for k, v in directions.items()}
    written["outputs"] = outputs
    if problem["trap"]:
        written["trap"] = problem["trap"]
    return written
