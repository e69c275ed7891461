# Which further cases are there: tails, signs of zero, empty axes, and longer programs?
#
# Used by torch_cases.py. Where `exact` is given, the stored numbers are mpmath's.
import torch
import torch.nn.functional as F
from mpmath import exp, log, sqrt

tail = {
    "tanh": [(4, 6), (18, 25), (-300, -290)], "sigmoid": [(20, 36), (40, 60), (500, 700)], "silu": [(-40, -20), (-700, -600), (30, 90)],
    "gelu": [(-8, -5), (-30, -12), (5, 9), (1e-200, 1e-190)], "softplus": [(20, 40), (-700, -600), (100, 1e5)], "elu": [(-40, -20), (-1e-9, -1e-12)],
    "erf": [(4, 5.5), (-1e-200, 1e-200), (1e-9, 1e-8)], "erfc": [(10, 20), (24, 26), (-6, -4)], "lgamma": [(1e-9, 1e-8), (1e5, 1e6), (0.999, 1.001), (1.9, 2.1), (1e100, 1e101)],
    "digamma": [(1e-6, 1e-5), (1.45, 1.47), (1e8, 1e9), (-4.4, -4.1)], "polygamma1": [(1e-4, 1e-3), (1e4, 1e5), (-3.7, -3.3)], "polygamma2": [(30, 300), (-2.4, -2.2)],
    "asin": [(0.999999, 0.9999999), (1e-12, 1e-11)], "acos": [(-0.9999999, -0.999999), (-1e-12, 1e-12)], "acosh": [(1.0000001, 1.000001), (1e100, 1e101)],
    "asinh": [(-1e-9, 1e-9), (1e160, 1e165), (-40, -30)], "atanh": [(0.9999999, 0.999999999), (-1e-9, 1e-9)], "atan": [(1e149, 1e153), (-1e-9, 1e-9)],
    "tan": [(1.5700, 1.5707), (1e5, 1.0001e5)], "sin": [(3.14159, 3.1416), (1e15, 2e15), (-1e-300, 1e-300)], "cos": [(1.5707, 1.5708), (1e22, 2e22)],
    "expm1": [(30, 40), (-60, -40), (1e-300, 1e-299)], "log1p": [(-0.99999999, -0.9999999), (1e20, 1e30)], "log": [(0.999999, 1.000001), (1e-306, 1e-300)],
    "exp": [(-744, -710), (709, 709.7), (-1e-15, 1e-15)], "sqrt": [(1e-320, 1e-310), (1e300, 1e308)], "sinh": [(-1e-9, 1e-9), (-710, -700)],
    "cosh": [(-710, -700), (-1e-9, 1e-9)], "square": [(1e-170, 1e-160)],
}
signed = {
    "neg": torch.neg, "sqrt": torch.sqrt, "expm1": torch.expm1, "log1p": torch.log1p, "sin": torch.sin, "tan": torch.tan, "asin": torch.asin,
    "atan": torch.atan, "sinh": torch.sinh, "tanh": torch.tanh, "asinh": torch.asinh, "atanh": torch.atanh, "erf": torch.erf, "silu": F.silu,
    "floor": torch.floor, "ceil": torch.ceil, "round": torch.round,
}


def interpolate(x, xs, ys):
    i = torch.clamp(torch.searchsorted(xs.detach(), x.detach(), right=True) - 1, 0, len(xs) - 2)
    at = torch.minimum(torch.maximum(x, xs[0]), xs[-1])
    return ys[i] + (at - xs[i]) * (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])


def spread(f):
    """f of a list of numbers, as one of a list that gives a list."""
    return lambda x: [f(x)]


def log_sum(x):
    return log(sum(exp(v) for v in x))


def softmax(x):
    total = sum(exp(v) for v in x)
    return [exp(v) / total for v in x]


def variance(x):
    return sum((v - sum(x) / len(x)) ** 2 for v in x) / len(x)


def rows_product(x):
    return [x[0] * x[1] * x[2] * x[3], x[4] * x[5] * x[6] * x[7]]


def edges(case, draw, unary):
    for name, ranges in tail.items():
        for low, high in ranges:
            case(name, unary[name][0], draw(5, low=low, high=high), exact=name)
    for name, f in signed.items():
        case("signed zero " + name, lambda x: torch.atan2(f(x), torch.tensor(-1.0)), torch.tensor([-0.0] if name == "sqrt" else [-0.0, 0.0]), fixed=(0,))
    for name in ("sign", "floor", "ceil", "round"):
        case(name, getattr(torch, name), torch.tensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49999999999999994, 4503599627370497.5, -1e300]))
    case("isFinite", lambda x: torch.isfinite(x).double(), draw(3))
    for name, f in {"greater": torch.gt, "greaterEqual": torch.ge, "less": torch.lt, "lessEqual": torch.le, "equal": torch.eq}.items():
        case(name, lambda x, y: f(x, y).double(), torch.tensor([[1.0], [2.0], [-0.0]]), torch.tensor([0.0, 1.0, 2.0]))
    quadrants = torch.tensor([1.0, 1, -1, -1, 1e-3, 1e3, -1e-200, 3e200]), torch.tensor([2.0, -2, 2, -2, -1e3, 1e-3, -1, 1e200])
    for i in range(len(quadrants[0])):
        case("atan2 at", torch.atan2, *[x[i : i + 1] for x in quadrants], exact="atan2")
    for x, y in [((1.0, 3.0), (30.0, 50.0)), ((1e-3, 1e-2), (-9.5, 9.5)), ((0.999999, 1.000001), (1e6, 2e6)), ((1e100, 1e101), (1.5, 2.5)), ((1e-300, 1e-290), (0.2, 0.9))]:
        case("pow at", torch.pow, draw(5, low=x[0], high=x[1]), draw(5, low=y[0], high=y[1]), exact="pow", twice=x[0] == 1)
    case("div at", torch.div, draw(5, low=1e-300, high=1e-299), draw(5, low=1e-200, high=1e-199), exact="div")
    case("div at", torch.div, draw(5, low=1e200, high=1e201), draw(5, low=-1e290, high=-1e289), exact="div")
    for p in (3, 2, 0.5, -2, -1.5, 1, 0):
        low = -3 if p in (3, 2, 1, -2, 0) else 0.2
        case(f"power {p}", lambda x: x**p, draw(6, low=low, high=3), twice=True)
    case("power 2", lambda x: x**2, torch.tensor([0.0, -0.0, 1.0]), twice=True)
    case("pow of negative", lambda x, n: x**n, torch.tensor([-2.0, -0.5, -3.0, 0.0]), torch.tensor([3.0, -2.0, 4.0, 2.0]), fixed=(1,), twice=True)
    case("clip between", lambda x, low, high: torch.minimum(torch.maximum(x, low), high), draw(4, 5), draw(5, low=-1, high=-0.5), draw(4, 1, low=0.5, high=1), twice=True)
    case("stopGradient", lambda x: x * (x * x).detach(), draw(2, 3), twice=True)
    case("leakyRelu of slope", lambda x, a: torch.where(x > 0, x, a * x), draw(5), draw(1), twice=True)
    case("elu of alpha", lambda x, a: torch.where(x > 0, x, a * torch.expm1(x)), draw(5), draw(1), twice=True)

    # reductions of awkward numbers, of empty axes, of one entry
    case("norm", lambda x: x.norm(), draw(6) * 1e200, exact=spread(lambda x: sqrt(sum(v * v for v in x))))
    case("norm", lambda x: x.norm(), draw(6) * 1e-200, exact=spread(lambda x: sqrt(sum(v * v for v in x))))
    case("norm", lambda x: x.norm(), torch.tensor([1e-9, 1.0, 1e9]), exact=spread(lambda x: sqrt(sum(v * v for v in x))), twice=True)
    for scale, offset in ((1, 1000), (1, -1e5), (30, 0), (5, 700)):
        x = draw(6) * scale + offset
        case("logSumExp", lambda x: torch.logsumexp(x, 0), x, exact=spread(log_sum), twice=True)
        case("softmax -1", lambda x: torch.softmax(x, 0), x, exact=softmax, twice=True)
        case("logSoftmax -1", lambda x: torch.log_softmax(x, 0), x, exact=lambda x: [v - log_sum(x) for v in x], twice=True)
    for offset in (1e6, -1e9, 1e12):
        case("variance", lambda x: torch.var(x, 0, unbiased=False), draw(6) + offset, exact=spread(variance), twice=True)
    case("mean", lambda x: x.mean(), draw(7) * 1e306)
    case("prod", lambda x: torch.prod(x, 1), draw(2, 4) * torch.tensor([1e-100, 1e100, 1e-75, 1e70]), exact=rows_product, twice=True)
    for name, f, result in (("sum 0", lambda x: x.sum(0), 0), ("prod 0", lambda x: x.prod(0), 1), ("norm 0", lambda x: torch.linalg.vector_norm(x, 2, 0), 0)):
        case("empty " + name, f, draw(0, 3))
    for name in ("sum", "mean", "variance", "prod", "max", "min", "norm", "logSumExp"):
        f = {"variance": lambda x: x - x, "norm": torch.abs}.get(name, lambda x: x + 0)
        case("scalar " + name, f, draw(low=0.5, high=2))
        case("single " + name, lambda x: f(x)[:, 0], draw(3, 1, low=0.5, high=2))
    for shape, axis in (((0, 3), 0), ((0, 3), 1), ((3, 1), 1), ((3, 1), 0)):
        case(f"softmax {axis}", lambda x: torch.softmax(x, axis), draw(*shape))
        case(f"cumsum along {axis}", lambda x: torch.cumsum(x, axis), draw(*shape), twice=True)
    case("cumsum along -3", lambda x: torch.cumsum(x, -3), draw(4, 2, 3))
    case("argmax", lambda x: torch.argmax(x, 1).double(), draw(3, 5, 2))
    case("argmin", lambda x: torch.argmin(x, -1, keepdim=True).double(), draw(3, 5, 2))

    # moves and products
    case("dot", torch.dot, draw(5), draw(5), twice=True)
    case("dot", lambda a, b: torch.tensordot(a, b, ([2], [1])), draw(2, 3, 4), draw(5, 4, 2), twice=True)
    case("dot", torch.mul, draw(), draw(2, 2), twice=True)
    case("squeeze", torch.squeeze, draw(1, 3, 1, 2))
    case("squeeze 2", lambda x: torch.squeeze(x, 2), draw(1, 3, 1, 2))
    case("transpose all", lambda x: x.permute(2, 1, 0), draw(2, 3, 4))
    case("slice backwards", lambda x: torch.flip(x, [0, 1])[:, 1::2], draw(4, 7), twice=True)
    case("take a grid", lambda x: x[:, torch.tensor([[0, 2], [1, 1], [2, 0]])] ** 2, draw(2, 3, 2), twice=True)
    case("take one", lambda x: x[..., -1], draw(2, 3))
    case("take none", lambda x: x[torch.zeros(0, dtype=torch.long)], draw(3, 2))
    case("take by tensor", lambda x: x[torch.tensor([2, -1, 0])], draw(3, 2))
    case("scatterAdd to", lambda x, u: x.index_add(1, torch.tensor([2, 0, 2]), u) ** 2, draw(2, 4), draw(2, 3), twice=True)
    case("concat three", lambda a, b, c: torch.cat([a, b, c], -1) ** 2, draw(2, 3), draw(2, 0), draw(2, 1), twice=True)
    case("stack last", lambda a, b: torch.stack([a, b], -1) ** 2, draw(2, 3), draw(2, 3), twice=True)
    case("split equally", lambda x: torch.split(x, 2, -1)[2], draw(3, 6))
    case("flip all", lambda x: torch.flip(x, [0, 1]), draw(3, 4))
    case("roll back", lambda x: torch.roll(x, -9, 0), draw(4, 2))
    case("oneHot", lambda x: x * F.one_hot(torch.tensor([[2, 0], [1, 1]]), 3), draw(3))
    case("interp", interpolate, torch.tensor([[-1.0, 0.25, 0.7], [1.9, 2.2, 9.0]]), torch.tensor([-0.5, 0.5, 2.0, 3.5]), draw(4), twice=True)
    case("arange", lambda: torch.arange(1.0, 3.0, 0.25))
    case("linspace", lambda: torch.linspace(-1, 2.5, 13))
    case("eye", lambda: torch.eye(3))
    case("full", lambda: torch.full((2, 3), -0.1))
    case("zeros", lambda: torch.zeros(2, 0))
    case("ones", lambda: torch.ones(2, 1))
    for spec, *shapes in [("a,b,c->cab", (2,), (3,), (4,)), ("ij,ij->", (3, 4), (3, 4)), ("ijk->j", (2, 3, 4)), ("...i->...", (2, 3, 4)), ("iij->ji", (3, 3, 2)), ("ij,kj->", (2, 3), (1, 3)), ("ab,bc->ac", (2, 0), (0, 3))]:
        case("einsum " + spec, lambda *xs: torch.einsum(spec, *xs), *[draw(*s) for s in shapes], twice=True)
    for a, b in [((1, 1), (1, 1)), ((1,), (4, 1, 3)), ((0, 2, 3), (3, 2)), ((3, 1, 4, 2), (2, 2, 1)), ((2, 3, 4), (4,)), ((5, 33), (33, 6))]:
        case("matmul", torch.matmul, draw(*a), draw(*b), twice=a[0] < 4)
    case("triangularSolve upper", lambda a, b: torch.linalg.solve_triangular(torch.triu(a), b, upper=True), draw(4, 4) + 4 * torch.eye(4), draw(3, 4, 2), twice=True)
    case("triangularSolve transposed", lambda a, b: torch.linalg.solve_triangular(torch.tril(a).mT, b, upper=True), draw(4, 4) + 4 * torch.eye(4), draw(4, 2), twice=True)
    case("solve", torch.linalg.solve, draw(5, 5) + 4 * torch.eye(5), draw(5), twice=True)
    case("solve", lambda a, b: torch.linalg.solve(a.expand(3, 2, 2), b), draw(2, 2) + 4 * torch.eye(2), draw(3, 2, 1), twice=True)
    case("solve", torch.linalg.solve, draw(1, 1) + 3, draw(1, 2), twice=True)
    case("logDet", lambda a: torch.linalg.slogdet(a)[1], 1e60 * (draw(7, 7) + 4 * torch.eye(7)))
    case("eigh.squares", lambda a: torch.linalg.eigh((a + a.mT) / 2)[1] ** 2, draw(2, 3, 3, low=-0.5, high=0.5) + 3 * torch.diag(torch.arange(3.0)), twice=True)
    case("eigh.rebuilt", lambda a: (lambda w, v: (v * torch.exp(w)) @ v.mT)(*torch.linalg.eigh((a + a.mT) / 2)), draw(4, 4, low=-0.5, high=0.5) + torch.diag(torch.arange(4.0)), twice=True)


def programs(case, draw, lgamma):
    case("squared error", lambda x, y, a, b, c, d: ((F.gelu(x @ a + b) @ c + d - y) ** 2).mean(), draw(5, 3), draw(5, 2), draw(3, 4), draw(4), draw(4, 2), draw(2), twice=True, fixed=(0, 1))

    def heads(x, wq, wk, wv, wo):
        q, k, v = (torch.einsum("td,dhe->hte", x, w) for w in (wq, wk, wv))
        scores = torch.einsum("hte,hse->hts", q, k) / 3**0.5 + torch.triu(torch.full((5, 5), -1e9), 1)
        return torch.einsum("hts,hse,hed->td", torch.softmax(scores, -1), v, wo)

    case("causal heads", heads, draw(5, 4), *[draw(4, 2, 3, low=-1, high=1) for _ in range(3)], draw(2, 3, 4), twice=True)
    case("batch norm", lambda x, g, b: F.batch_norm(x, None, None, g, b, True, 0.1, 1e-5), draw(6, 3) + 50, draw(3), draw(3), twice=True)
    case("mixture", lambda x, w, m, s: torch.logsumexp(torch.log_softmax(w, 0) - 0.5 * ((x[:, None] - m) / torch.exp(s)) ** 2 - s, 1), draw(6) * 10, draw(3), draw(3), draw(3), twice=True)
    student = lambda x, n, s: lgamma((n + 1) / 2) - lgamma(n / 2) - 0.5 * torch.log(torch.pi * n * s * s) - (n + 1) / 2 * torch.log1p((x / s) ** 2 / n)
    case("student", student, draw(5) * 4, draw(1, low=1, high=9), draw(1, low=0.5, high=2), twice=True)
    case("beta", lambda x, a, b: lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * torch.log(x) + (b - 1) * torch.log1p(-x), draw(5, low=0.01, high=0.99), draw(5, low=0.2, high=40), draw(1, low=0.2, high=40), twice=True)

    def gaussian_process(x, y, scale, noise):
        k = torch.exp(-0.5 * ((x[:, None] - x) / torch.exp(scale)) ** 2) + torch.exp(noise) * torch.eye(6)
        return -0.5 * y @ torch.linalg.solve(k, y) - 0.5 * torch.linalg.slogdet(k)[1]

    case("gaussian process", gaussian_process, draw(6) * 2, draw(6), draw(), draw(low=-2, high=-1), twice=True)

    def kalman(ys, a, q):
        m, p, total = torch.zeros(2), torch.eye(2), 0
        for y in ys:
            m, p = a @ m, a @ p @ a.T + q @ q.T
            s = p + 0.3 * torch.eye(2)
            e = y - m
            k = torch.linalg.solve(s, p).T
            total = total - 0.5 * (e @ torch.linalg.solve(s, e) + torch.linalg.slogdet(s)[1])
            m, p = m + k @ e, p - k @ p
        return total

    case("kalman", kalman, draw(6, 2), draw(2, 2, low=-0.7, high=0.7), draw(2, 2), twice=True)

    def oscillator(u, mu):
        f = lambda u: torch.stack([u[1], mu * (1 - u[0] ** 2) * u[1] - u[0]])
        for _ in range(20):
            k1 = f(u)
            k2 = f(u + 0.05 * k1)
            k3 = f(u + 0.05 * k2)
            u = u + 0.1 / 6 * (k1 + 2 * k2 + 2 * k3 + f(u + 0.1 * k3))
        return u

    case("oscillator", oscillator, draw(2), draw(low=0.5, high=1.5), twice=True)

    def transport(c):
        f, g = torch.zeros(4), torch.zeros(5)
        for _ in range(12):
            f = -torch.logsumexp(g - c, 1)
            g = -torch.logsumexp(f[:, None] - c, 0)
        return torch.exp(f[:, None] + g - c)

    case("transport", transport, draw(4, 5), twice=True)

    def long_short(x, w, u, b):
        h, c = torch.zeros(3), torch.zeros(3)
        for row in x:
            i, o, r, n = torch.split(row @ w + h @ u + b, 3)
            c = torch.sigmoid(r) * c + torch.sigmoid(i) * torch.tanh(n)
            h = torch.sigmoid(o) * torch.tanh(c)
        return h

    case("long short", long_short, draw(10, 2), draw(2, 12), draw(3, 12), draw(12), twice=True)
    case("image", lambda x, w: F.max_pool2d(F.conv2d(x[None, None], w[:, None]), 2)[0], draw(7, 7), draw(2, 2, 2))
    valley = lambda x: (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()
    wave = lambda x: torch.softmax(torch.sin(x) * x[0], 0)
    functional = torch.autograd.functional
    case("hessian", lambda x: functional.hessian(valley, x, create_graph=True), draw(4), twice=True)
    case("jacobian", lambda x: functional.jacobian(wave, x, create_graph=True), draw(4), twice=True)
    for name in ("jvp", "linearize"):
        case(name, lambda x, v: functional.jvp(wave, x, v, create_graph=True)[1], draw(4), draw(4), twice=True)
    case("hvp", lambda x, v: functional.hvp(valley, x, v, create_graph=True)[1], draw(4), draw(4), twice=True)
    for name in ("vjp", "grad", "valueAndGrad", "checkpoint", "jit"):
        case(name, lambda x: functional.jacobian(lambda x: (wave(x) * torch.cos(x)).sum(), x, create_graph=True), draw(4), twice=True)
