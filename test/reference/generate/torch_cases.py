# Which values and gradients does an independent float64 implementation give?
#
# Writes test/reference/torch.json with PyTorch (Debian's python3-torch; 1.13 when it was last run), on the CPU, in float64:
#   python3 test/reference/generate/torch_cases.py
# The polygamma functions are those of mpmath 1.2.1, since PyTorch's trigamma has ten digits only. Cases that are marked exact
# store mpmath's numbers throughout; `off` lists those tensors of theirs where PyTorch's are off by more than a fifth of the bounds.
# Every case is a function by name, its inputs, its value, a random cotangent, the gradients of <cotangent, value> and,
# for `twice`, the product of the Hessian of that with random directions.
import json
import math
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import exact as truth
import torch
import torch.nn.functional as F
import torch_more
from mpmath import mp, psi

torch.manual_seed(20260401)
torch.set_default_dtype(torch.float64)
mp.dps = 40
cases = []
off = []  # where PyTorch itself is inaccurate
BOUNDS = {"value": 2e-14, "gradients": 5e-13, "products": 5e-13}


def draw(*shape, low=-2.0, high=2.0):
    return torch.rand(shape) * (high - low) + low


def weights(shape):
    """Random numbers in [-1, 1] with few digits, which keep the file small."""
    return torch.round(1000 * (torch.rand(shape) * 2 - 1)) / 1000


def dump(x):
    # PyTorch's symbolic zeros have no memory.
    x = torch.zeros(x.shape) if x._is_zerotensor() else x.detach()
    return {"shape": list(x.shape), "data": x.reshape(-1).tolist()}


def correct(record, exact):
    """Puts mpmath's numbers in the place of PyTorch's."""
    flat = lambda stored: [x["data"] for x in stored]
    given = flat(record["inputs"]), record["cotangent"]["data"], "products" in record and flat(record["directions"]) or None
    value, gradients, products = truth.pointwise(exact, *given) if isinstance(exact, str) else truth.whole(exact, *given)
    for key, stored, true in (
        ("value", [record["value"]], [value]), ("gradients", record["gradients"], gradients), ("products", record.get("products"), products)
    ):
        for x, data in zip(stored or [], true or []):
            largest = max(map(abs, data))
            difference = max(abs(a - b) for a, b in zip(x["data"], data)) if all(map(math.isfinite, x["data"])) else math.inf
            if difference > BOUNDS[key] / 5 * largest:
                off.append(f"{key} of {record['name']} {given[0]}: " + (f"{difference / largest:.1e}" if largest else "not 0"))
            x["data"] = data
    record["exact"] = True


def case(name, f, *inputs, twice=False, fixed=(), exact=None):
    xs = [x.clone().requires_grad_(i not in fixed) for i, x in enumerate(inputs)]
    free = [x for i, x in enumerate(xs) if i not in fixed]
    y = f(*xs)
    g = weights(y.shape)
    record = {"name": name, "inputs": [dump(x) for x in xs], "fixed": list(fixed), "value": dump(y), "cotangent": dump(g)}
    scalar = (y * g).sum()
    depends = scalar.requires_grad
    gradients = torch.autograd.grad(scalar, free, create_graph=twice, allow_unused=True) if depends else [None] * len(free)
    gradients = [torch.zeros_like(x) if d is None else d for d, x in zip(gradients, free)]
    record["gradients"] = [dump(d) for d in gradients]
    if twice:
        directions = [weights(x.shape) for x in free]
        along = sum((d * v).sum() for d, v in zip(gradients, directions))
        products = torch.autograd.grad(along, free, allow_unused=True) if along.requires_grad else [None] * len(free)
        record["directions"] = [dump(v) for v in directions]
        record["products"] = [dump(torch.zeros_like(x) if p is None else p) for p, x in zip(products, free)]
    if exact:
        correct(record, exact)
    cases.append(record)


class Psi(torch.autograd.Function):
    """The n-th derivative of digamma."""

    @staticmethod
    def forward(ctx, n, x):
        ctx.n = n
        ctx.save_for_backward(x)
        return torch.tensor([float(psi(n, mp.mpf(value))) for value in x.detach().reshape(-1).tolist()]).reshape(x.shape)

    @staticmethod
    def backward(ctx, g):
        return None, g * Psi.apply(ctx.n + 1, *ctx.saved_tensors)


class LogGamma(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.lgamma(x)

    @staticmethod
    def backward(ctx, g):
        return g * Psi.apply(0, *ctx.saved_tensors)


def regular(*shape):
    n = shape[-1]
    return draw(*shape, low=-1, high=1) + 3 * torch.eye(n)


def positive(*shape):
    a = draw(*shape, low=-1, high=1)
    return a @ a.mT + 2 * torch.eye(shape[-1])


# pointwise functions, on ordinary and on awkward arguments
unary = {
    "neg": (torch.neg, [(-3, 3)]), "abs": (torch.abs, [(0.1, 3), (-3, -0.1)]),
    "square": (torch.square, [(-3, 3), (1e100, 1e120)]), "sqrt": (torch.sqrt, [(0.01, 9), (1e-300, 1e-290)]),
    "exp": (torch.exp, [(-3, 3), (-700, -600), (600, 700)]), "expm1": (torch.expm1, [(-3, 3), (-1e-9, 1e-9)]),
    "log": (torch.log, [(0.01, 9), (1e-300, 1e-290), (1e200, 1e300)]), "log1p": (torch.log1p, [(-0.9, 3), (-1e-12, 1e-12)]),
    "sin": (torch.sin, [(-4, 4), (1000, 1100)]), "cos": (torch.cos, [(-4, 4), (1e6, 1.1e6)]), "tan": (torch.tan, [(-1.4, 1.4)]),
    "asin": (torch.asin, [(-0.99, 0.99)]), "acos": (torch.acos, [(-0.99, 0.99)]), "atan": (torch.atan, [(-9, 9), (-1e8, 1e8)]),
    "sinh": (torch.sinh, [(-3, 3), (300, 700)]), "cosh": (torch.cosh, [(-3, 3)]), "tanh": (torch.tanh, [(-3, 3), (-1e-5, 1e-5)]),
    "asinh": (torch.asinh, [(-3, 3), (1e10, 1e12)]), "acosh": (torch.acosh, [(1.1, 9)]), "atanh": (torch.atanh, [(-0.95, 0.95)]),
    "sigmoid": (torch.sigmoid, [(-3, 3), (-40, -20), (-700, -600)]), "relu": (torch.relu, [(0.1, 2), (-2, -0.1)]),
    "leakyRelu": (lambda x: F.leaky_relu(x, 0.01), [(0.1, 2), (-2, -0.1)]), "elu": (F.elu, [(0.1, 2), (-2, -0.1)]),
    "gelu": (F.gelu, [(-3, 3)]), "silu": (F.silu, [(-3, 3)]), "softplus": (F.softplus, [(-3, 3), (-18, -10)]),
    "erf": (torch.erf, [(-2, 2)]), "erfc": (torch.erfc, [(-2, 2), (3, 5)]), "lgamma": (LogGamma.apply, [(0.1, 0.9), (2.2, 9), (100, 200)]),
    "digamma": (lambda x: Psi.apply(0, x), [(0.1, 1.2), (2, 9)]), "polygamma1": (lambda x: Psi.apply(1, x), [(0.5, 9)]),
    "polygamma2": (lambda x: Psi.apply(2, x), [(0.5, 9)]),
}
for name, (f, ranges) in unary.items():
    for i, (low, high) in enumerate(ranges):
        exact = name if name in truth.functions else None
        case(name, f, draw(*[(7,), (2, 3), (1, 4, 1)][i % 3], low=low, high=high), twice=i == 0, exact=exact)

binary = {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": lambda x, y: x / (y + 3), "pow": lambda x, y: (x + 2.5) ** y,
    "atan2": lambda x, y: torch.atan2(x, y + 3), "maximum": torch.maximum, "minimum": torch.minimum,
}
for name, f in binary.items():
    for a, b in [((3, 4), (3, 4)), ((3, 1), (4,)), ((), (2, 3)), ((2, 1, 3), (4, 1)), ((0, 3), (3,))]:
        case(name, f, draw(*a), draw(*b), twice=a == (3, 1))
case("where", lambda x, y: torch.where(x > y, x * y, y), draw(3, 4), draw(4), twice=True)
case("clip", lambda x: torch.clamp(x, -1, 1), draw(3, 4))

# reductions
for axes, keep in [(None, False), (0, False), (-1, True), ([0, 2], False), ([1, -1], True)]:
    label = json.dumps([axes, keep])
    all_axes = [0, 1, 2] if axes is None else axes
    x = draw(2, 3, 4)
    case("sum " + label, lambda x: torch.sum(x, all_axes, keepdim=keep), x)
    case("mean " + label, lambda x: torch.mean(x, all_axes, keepdim=keep), x)
    case("variance " + label, lambda x: torch.var(x, all_axes, unbiased=False, keepdim=keep), x, twice=True)
    case("logSumExp " + label, lambda x: torch.logsumexp(x, all_axes, keepdim=keep), 3 * x, twice=True)
    case("norm " + label, lambda x: torch.linalg.vector_norm(x, 2, all_axes, keepdim=keep), x, twice=True)
    case("max " + label, lambda x: torch.amax(x, all_axes, keepdim=keep), x)
    case("min " + label, lambda x: torch.amin(x, all_axes, keepdim=keep), x)
case("variance offset", lambda x: torch.var(x, 0, unbiased=False), draw(9) + 1e3)
case("prod", lambda x: torch.prod(x, 1), draw(3, 5), twice=True)
case("prod", lambda x: torch.prod(x, 1), torch.tensor([[1.5, 0.0, 2.0], [0.0, 0.0, 3.0], [1.0, -2.0, 0.5]]))
case("cumsum", lambda x: torch.cumsum(x, 1), draw(3, 5, 2))
for axis in (-1, 0):
    case(f"softmax {axis}", lambda x: torch.softmax(x, axis), 3 * draw(3, 5), twice=True)
    case(f"logSoftmax {axis}", lambda x: torch.log_softmax(x, axis), 3 * draw(3, 5), twice=True)

# products
for a, b in [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((5, 2, 3), (3, 4)), ((5, 2, 3), (5, 3, 4)),
             ((2, 1, 2, 3), (5, 3, 4)), ((7, 9), (9, 5)), ((0, 3), (3, 2)), ((2, 0), (0, 2)), ((4, 3, 2), (2,))]:
    case("matmul", torch.matmul, draw(*a), draw(*b), twice=a == (5, 2, 3))
case("outer", torch.outer, draw(3), draw(4))
for spec, *shapes in [("ij,jk->ik", (2, 3), (3, 4)), ("ij,j", (2, 3), (3,)), ("ii", (4, 4)), ("ii->i", (4, 4)), ("bij,bjk->bik", (2, 3, 4), (2, 4, 2)),
                      ("ij->ji", (2, 3)), ("i,j->ij", (2,), (3,)), ("ijk,jk->i", (2, 3, 4), (3, 4)), ("...ij,...jk->...ik", (2, 1, 3, 2), (5, 2, 3)),
                      ("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)), ("bhqd,bhkd->bhqk", (2, 2, 3, 4), (2, 2, 5, 4)), ("ijj->i", (2, 3, 3)), ("i,i,i->", (4,), (4,), (4,))]:
    case("einsum " + spec, lambda *xs: torch.einsum(spec, *xs), *[draw(*s) for s in shapes], twice=spec == "ij,jk,kl->il")

# moves
x = draw(3, 4, 5)
for name, f in {
    "transpose": lambda x: x.permute(2, 0, 1), "reshape": lambda x: x.reshape(4, 15), "slice": lambda x: x[1:, ::2, 1:4], "flip": lambda x: torch.flip(x, [0, 2]),
    "roll": lambda x: torch.roll(x, 2, 1), "pad": lambda x: F.pad(x, (1, 2, 0, 0, 3, 1)), "tril": lambda x: torch.tril(x, 1), "triu": lambda x: torch.triu(x, -1),
    "take": lambda x: x[:, [3, 0, 3, 2]], "split": lambda x: torch.split(x, [1, 3], 1)[1], "concat": lambda x: torch.cat([x, 2 * x], 2),
    "stack": lambda x: torch.stack([x, x * x], 1), "expandDims": lambda x: x.unsqueeze(1), "broadcastTo": lambda x: x.unsqueeze(0).expand(2, 3, 4, 5),
    "scatterAdd": lambda x: torch.zeros(3, 6, 5).index_add(1, torch.tensor([5, 0, 5, 2]), x),
}.items():
    case(name, f, x)
case("diag", torch.diag, draw(4))
case("diag", torch.diag, draw(4, 5))

# linear algebra
for batch in ((), (2,)):
    case("solve", torch.linalg.solve, regular(*batch, 4, 4), draw(*batch, 4, 2), twice=True)
    case("inverse", torch.linalg.inv, regular(*batch, 3, 3), twice=True)
    case("logDet", lambda a: torch.linalg.slogdet(a)[1], regular(*batch, 4, 4), twice=True)
    case("cholesky", lambda a: torch.linalg.cholesky((a + a.mT) / 2), positive(*batch, 4, 4), twice=True)
    case("triangularSolve", lambda a, b: torch.linalg.solve_triangular(torch.tril(a), b, upper=False), regular(*batch, 4, 4), draw(*batch, 4, 2), twice=True)


def positive_qr(a):
    q, r = torch.linalg.qr(a)
    signs = torch.sign(torch.diagonal(r, dim1=-2, dim2=-1))
    return q * signs.unsqueeze(-2), r * signs.unsqueeze(-1)


for shape in ((4, 4), (6, 3), (2, 5, 3)):
    case("qr.q", lambda a: positive_qr(a)[0], draw(*shape), twice=True)
    case("qr.r", lambda a: positive_qr(a)[1], draw(*shape), twice=True)
case("qr.r", lambda a: positive_qr(a)[1], draw(3, 5))
case("lstsq", lambda a, b: torch.linalg.pinv(a) @ b, draw(6, 3), draw(6, 2), twice=True)
case("lstsq", lambda a, b: torch.linalg.pinv(a) @ b, draw(3, 6), draw(3, 2), twice=True)
spread = torch.diag(torch.arange(5.0) * 2)
case("eigh.values", lambda a: torch.linalg.eigvalsh((a + a.mT) / 2), draw(5, 5, low=-1, high=1) + spread, twice=True)
case("eigh.projector", lambda a: (lambda v: v[:, :2] @ v[:, :2].mT)(torch.linalg.eigh((a + a.mT) / 2)[1]), draw(5, 5, low=-1, high=1) + spread, twice=True)


# whole programs
def perceptron(x, w1, b1, w2, b2):
    return torch.tanh(torch.tanh(x @ w1 + b1) @ w2 + b2)


case("perceptron", perceptron, draw(6, 3), draw(3, 8), draw(8), draw(8, 2), draw(2), twice=True)
case("attention", lambda q, k, v: torch.softmax(q @ k.mT / 2, -1) @ v, draw(2, 5, 4), draw(2, 7, 4), draw(2, 7, 3), twice=True)
case("layer norm", lambda x, g, b: F.layer_norm(x, (6,), g, b, 1e-5), draw(4, 6), draw(6), draw(6), twice=True)


def gated(x, h, w, u):
    for t in range(x.shape[0]):
        z = torch.sigmoid(x[t] @ w + h @ u)
        h = (1 - z) * h + z * torch.tanh(x[t] @ w - h @ u)
    return h


case("gated recurrence", gated, draw(10, 3), draw(4), draw(3, 4), draw(4, 4), twice=True)


def normal_density(x, a):
    l = torch.linalg.cholesky(a @ a.mT + torch.eye(3))
    z = torch.linalg.solve_triangular(l, x.mT, upper=False)
    return -0.5 * (z * z).sum(0) - torch.log(torch.diagonal(l)).sum()


case("normal density", normal_density, draw(5, 3), draw(3, 3), twice=True)
case("gamma likelihood", lambda a, b: (a * torch.log(b) - LogGamma.apply(a) + (a - 1) * 0.3 - 1.35 * b), draw(4, low=0.5, high=4), draw(4, low=0.5, high=4), twice=True)
case("convolution", lambda x, w: F.conv1d(x[None, None], w[None, None])[0, 0], draw(9), draw(3), twice=True)
case("logistic regression", lambda w, x, y: F.binary_cross_entropy_with_logits(x @ w, (y > 0).double()), draw(3), draw(8, 3), draw(8), twice=True, fixed=(1, 2))
case("cross entropy", lambda x: F.cross_entropy(x, torch.tensor([2, 0, 1, 1])), 10 * draw(4, 3), twice=True)
case("rational", lambda x: (x**3 - 2 * x + 1) / (1 + x * x), draw(7), twice=True)
case("power iteration", lambda a, v: (lambda s: s / s.norm())(a @ (a @ (a @ v))), draw(4, 4), draw(4), twice=True)
torch_more.edges(case, draw, unary)
torch_more.programs(case, draw, LogGamma.apply)

here = Path(__file__).resolve().parent.parent
origin = f"torch_cases.py with PyTorch {torch.__version__}, CPU, float64, and mpmath for polygamma and where exact; seed 20260401"
(here / "torch.json").write_text(json.dumps({"origin": origin, "off": off, "cases": cases}) + "\n")
print(len(cases), "cases,", (here / "torch.json").stat().st_size, "bytes")
