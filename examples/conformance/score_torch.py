"""How does PyTorch do with the conformance pack? Its float64 gradients, and torch.autograd.gradcheck on the wrong ones.

Run: python3 score_torch.py. Fixed points and fractional problems are not PyTorch's own, and are left out.
"""
import json
import math
import pathlib
from fractions import Fraction

import torch
from torch.autograd.functional import jvp as forward_over_reverse

torch.set_default_dtype(torch.float64)
folder = pathlib.Path(__file__).parent / "pack"
ALLOWED = 64

t = torch
names = {"neg": t.neg, "abs": t.abs, "square": t.square, "sqrt": t.sqrt, "exp": t.exp, "expm1": t.expm1, "log": t.log, "log1p": t.log1p, "sin": t.sin,
         "cos": t.cos, "tan": t.tan, "asin": t.asin, "acos": t.acos, "atan": t.atan, "sinh": t.sinh, "cosh": t.cosh, "tanh": t.tanh,
         "asinh": t.asinh, "acosh": t.acosh, "atanh": t.atanh, "sigmoid": t.sigmoid, "relu": t.relu, "erf": t.erf, "erfc": t.erfc,
         "lgamma": t.lgamma, "digamma": t.digamma, "elu": t.nn.functional.elu, "gelu": t.nn.functional.gelu, "silu": t.nn.functional.silu,
         "softplus": t.nn.functional.softplus, "add": t.add, "sub": t.sub, "mul": t.mul, "div": t.div, "pow": t.pow, "atan2": t.atan2,
         "maximum": t.maximum, "minimum": t.minimum, "matmul": t.matmul, "inverse": t.linalg.inv, "logDet": t.logdet}
reductions = {"sum": t.sum, "mean": t.mean, "max": t.amax, "min": t.amin, "logSumExp": t.logsumexp, "norm": t.linalg.vector_norm,
              "variance": lambda x, dim, keepdim: t.var(x, dim, unbiased=False, keepdim=keepdim)}


class Absent(Exception):
    pass


def read(numbers):
    return torch.tensor([float.fromhex(h) for h in numbers["hex"]]).reshape(numbers["shape"])


def evaluate(tree, scope):
    if isinstance(tree, (int, float)):
        return torch.tensor(float(tree))
    if isinstance(tree, str):
        return scope[tree]
    name, *rest = tree
    options = rest.pop() if rest and isinstance(rest[-1], dict) else {}
    at = lambda i: evaluate(rest[i], scope)
    if name == "let":
        return evaluate(rest[2], {**scope, rest[0]: at(1)})
    if name == "grad":
        x = at(2)
        x = x if x.requires_grad else x.requires_grad_()
        inner = x * 1
        y = evaluate(rest[1], {**scope, rest[0]: inner})
        found = torch.autograd.grad(y, inner, create_graph=True, allow_unused=True)[0] if y.requires_grad else None
        return torch.zeros_like(inner) if found is None else found
    if name == "jvp":
        body = lambda x: evaluate(rest[1], {**scope, rest[0]: x})
        return forward_over_reverse(body, at(2), at(3), create_graph=True)[1]
    if name == "polygamma":
        return torch.polygamma(rest[0], at(1))
    if name in ("fixedPoint", "caputo"):
        raise Absent(name)
    xs = [at(i) for i in range(len(rest))]
    if name in reductions:
        axes = options.get("axes", list(range(xs[0].dim())))
        return reductions[name](xs[0], dim=axes, keepdim=options.get("keepDims", False)) if axes else xs[0]
    if name == "prod":
        return xs[0].prod(options["axes"][0]) if "axes" in options else xs[0].prod()
    if name == "solve":
        return torch.linalg.solve(*xs)
    if name == "softmax":
        return torch.softmax(xs[0], options.get("axis", -1))
    if name == "logSoftmax":
        return torch.log_softmax(xs[0], options.get("axis", -1))
    if name == "cumsum":
        return torch.cumsum(xs[0], options["axis"])
    if name == "transpose":
        return xs[0].permute(*options.get("axes", reversed(range(xs[0].dim()))))
    if name == "reshape":
        return xs[0].reshape(options["shape"])
    if name == "take":
        return torch.index_select(xs[0], options["axis"], torch.tensor(options["indices"]))
    if name == "concat":
        return torch.cat(xs, options["axis"])
    return names[name](*xs)


def answers(case):
    scope = {k: read(v) for k, v in case["inputs"].items()}
    xs = [scope[k].clone().requires_grad_() for k in case["wrt"]]
    g = read(case["cotangent"])
    f = lambda *ys: evaluate(case["expression"], {**scope, **dict(zip(case["wrt"], ys))})
    value = f(*xs)
    grads = torch.autograd.grad((g * value).sum(), xs, create_graph=True, allow_unused=True) if value.requires_grad else [None] * len(xs)
    grads = [torch.zeros_like(x) if d is None else d for d, x in zip(grads, xs)]
    found = {"value": value, **{f"gradient {k}": d for k, d in zip(case["wrt"], grads)}}
    if "hvp" in case["outputs"]:
        v = [read(case["direction"][k]) for k in case["wrt"]]
        along = sum((d * w).sum() for d, w in zip(grads, v))
        seconds = torch.autograd.grad(along, xs, allow_unused=True) if along.requires_grad else [None] * len(xs)
        found.update({f"hvp {k}": torch.zeros_like(x) if d is None else d for k, x, d in zip(case["wrt"], xs, seconds)})
    # A zero that autograd did not allocate becomes an ordinary one.
    return {k: torch.zeros(v.shape) if v._is_zerotensor() else v.detach() for k, v in found.items()}


def units(received, reference):
    if list(received.shape) != reference["shape"]:
        return math.inf
    worst = 0.0
    for x, digits, amplification in zip(received.reshape(-1).tolist(), reference["digits"], reference["amplification"]):
        if not math.isfinite(x):
            return math.inf
        error = float(abs(Fraction(x) - Fraction(digits)))
        size = abs(float(digits))
        allowed = amplification + (math.ulp(size) if size else 0)
        worst = max(worst, error / allowed if allowed else (0 if error == 0 else math.inf))
    return worst


def checker_says(line):
    """What gradcheck says of the gradient as the backward of a function."""
    scope = {k: read(v) for k, v in line["inputs"].items()}
    g = read(line["cotangent"])
    given = [read(line["gradient"][k]) for k in line["wrt"]]

    class Given(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *xs):
            with torch.enable_grad():
                ys = [x.detach().clone().requires_grad_() for x in xs]
                return (g * evaluate(line["expression"], {**scope, **dict(zip(line["wrt"], ys))})).sum().detach()

        @staticmethod
        def backward(ctx, up):
            return tuple(up * d for d in given)

    xs = [scope[k].clone().requires_grad_() for k in line["wrt"]]
    return "right" if torch.autograd.gradcheck(Given.apply, xs, raise_exception=False) else "wrong"


for kind in ("operations", "nested"):
    cases = json.loads((folder / f"{kind}.json").read_text())["cases"]
    scores, absent = [], []
    for case in cases:
        try:
            found = answers(case)
        except (Absent, NotImplementedError) as error:
            absent.append((case["id"], str(error)[:60]))
            continue
        for what, x in found.items():
            of, _, name = what.partition(" ")
            reference = case["outputs"][of][name] if name else case["outputs"][of]
            scores.append((units(x, reference), f"{case['id']}, {what}"))
    bad = sorted((s for s in scores if not s[0] <= ALLOWED), reverse=True)
    print(f"{kind}: {len(cases)} cases, {len(scores)} tensors, {len(bad)} beyond {ALLOWED} units, {len(absent)} cases absent")
    for worst, what in bad[:12]:
        print(f"  {what}: {worst:.3g} units")
    for id, why in absent:
        print(f"  absent: {id}: {why}")

known = {c["id"]: c for kind in ("operations", "nested") for c in json.loads((folder / f"{kind}.json").read_text())["cases"]}
verdicts = [{**known.get(v.get("case"), {}), **v} for v in json.loads((folder / "wrong.json").read_text())["lines"]]
verdicts = [v for v in verdicts if "expression" in v]
said = [(v, checker_says(v)) for v in verdicts]
accepted = [v["id"] for v, s in said if v["verdict"] == "wrong" and s == "right"]
alarms = [v["id"] for v, s in said if v["verdict"] == "right" and s == "wrong"]
kinks = [v["id"] for v, s in said if v["verdict"] == "undefined"]
print(f"gradcheck: {sum(v['verdict'] == 'wrong' for v in verdicts)} wrong gradients, {len(accepted)} accepted; "
      f"{sum(v['verdict'] == 'right' for v in verdicts)} right ones, {len(alarms)} rejected; {len(kinks)} at kinks, of which it knows nothing")
for id in accepted[:40] + alarms:
    print("  mistaken:", id)
