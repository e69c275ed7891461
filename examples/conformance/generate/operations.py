# Which operations are asked for, at which points, and what goes wrong there?
import numpy as np

from references import case

near = 2.0**-53

# name: ordinary points; awkward points; what goes wrong at the awkward ones
UNARY = {
    "neg": ([-2.5, 0.3, 1e10], None, None),
    "abs": ([-2.5, 0.3, 1e10], [-1e-300, 1e-300, -1e300], "signs of the smallest and the largest"),
    "square": ([-2.5, 0.3, 7.0], [1e-150, -1e150, 0.0], "near underflow and overflow"),
    "sqrt": ([0.3, 2.0, 49.5], [1e-300, 1e-12, 1e300], "steep near 0: 1/(2 sqrt(x)) and no other form"),
    "exp": ([-1.7, 0.3, 2.5], [700.0, -700.0, 1e-10, -1e-300], "near overflow and underflow"),
    "expm1": ([-1.7, 0.3, 2.5], [1e-10, -1e-10, 1e-300, -40.0, 700.0], "exp(x) - 1 cancels near 0"),
    "log": ([0.3, 2.0, 49.5], [1e-300, 1 + 1e-10, 1 - near, 1e300], "near 0, and its own zero at 1"),
    "log1p": ([-0.7, 0.3, 2.5], [1e-10, -1e-10, 1e-300, near - 1, 1e300], "log(1 + x) loses x; the pole at -1"),
    "sin": ([-1.7, 0.3, 2.5], [3.141592653589793, 355.0, 1e5, 1e-10], "near its zeros"),
    "cos": ([-1.7, 0.3, 2.5], [1.5707963267948966, 11.0, 1e5, 1e-10], "near its zeros"),
    "tan": ([-1.2, 0.3, 2.5], [1.5707963267948966, 3.141592653589793, 1e-10], "near a pole and a zero"),
    "asin": ([-0.7, 0.1, 0.9], [1 - 2 * near, -1 + 1e-10, 1e-10], "1 - x^2 cancels near 1"),
    "acos": ([-0.7, 0.1, 0.9], [1 - 2 * near, -1 + 1e-10, 1e-10], "1 - x^2 cancels near 1"),
    "atan": ([-1.7, 0.3, 2.5], [1e10, -1e100, 1e-10], "x^2 far out"),
    "sinh": ([-1.7, 0.3, 2.5], [1e-10, 700.0, -700.0], "(exp(x) - exp(-x))/2 cancels near 0"),
    "cosh": ([-1.7, 0.3, 2.5], [1e-10, 700.0, -700.0], "near overflow"),
    "tanh": ([-1.7, 0.3, 2.5], [1e-10, 20.0, -350.0], "1 - tanh(x)^2 is 0 in the tails, where the slope is 4 exp(-2|x|)"),
    "asinh": ([-1.7, 0.3, 2.5], [1e-10, -1e10, 1e200], "log(x + sqrt(x^2 + 1)) cancels for x < 0, and x^2 overflows"),
    "acosh": ([1.3, 2.5, 40.0], [1 + 2.0**-40, 1e200], "x^2 - 1 cancels near 1 and overflows far out"),
    "atanh": ([-0.7, 0.1, 0.9], [1e-10, 1 - 2.0**-50, -1 + 2.0**-50], "1 - x^2 cancels near 1"),
    "sigmoid": ([-1.7, 0.3, 2.5], [-700.0, 700.0, 40.0, -40.0], "s (1 - s) is 0 in the upper tail, where the slope is exp(-x)"),
    "relu": ([-1.7, 0.3, 2.5], [-1e-300, 1e-300, 1e300], "beside the kink"),
    "elu": ([-1.7, 0.3, 2.5], [-1e-10, 1e-10, -40.0, 700.0], "exp(x) - 1 cancels near 0; the side that is not chosen overflows"),
    "gelu": ([-1.7, 0.3, 2.5], [-10.0, -30.0, 30.0, 1e-10], "1 + erf(x/sqrt(2)) cancels in the lower tail"),
    "silu": ([-1.7, 0.3, 2.5], [-700.0, 700.0, 40.0, 1e-10], "the tails of the sigmoid"),
    "softplus": ([-1.7, 0.3, 2.5], [-700.0, 700.0, 40.0, -40.0], "log(1 + exp(x)) is 0 below and infinite above"),
    "erf": ([-1.7, 0.3, 0.8], [1e-10, 5.0, -6.0, 20.0], "1 - erf(x) has no digits; the slope has"),
    "erfc": ([-1.7, 0.3, 0.8], [-5.0, 5.0, 25.0], "1 - erf(x) cancels"),
    "lgamma": ([0.3, 2.5, 10.0], [1e-10, 1 + 2.0**-30, 2 - 2.0**-30, 1e10, -2.5], "its zeros at 1 and 2; the pole at 0"),
    "digamma": ([0.3, 2.5, 10.0], [1e-10, 1.4616321449683622, 1e10, -0.5], "its zero, and the pole at 0"),
}

PAIRS = [
    ("add", "ordinary", [1.5, -0.3], [0.25, 4.0], None),
    ("sub", "cancellation", [1 + 2.0**-40, 1e10], [1.0, 1e10 + 2.0**-10], "nothing is lost where neighbours are subtracted"),
    ("mul", "extreme", [1e200, 1e-200, 0.0], [1e-200, 1e-100, 3.0], "products near the ends of the range, and a factor 0"),
    ("div", "ordinary", [1.5, -0.3], [0.25, 4.0], None),
    ("div", "extreme", [1e-200, 3e100, 0.0], [1e-150, 7e150, 2.0], "1/y^2 overflows where x/y^2 does not"),
    ("pow", "ordinary", [0.5, 2.0, 10.0], [3.0, -1.5, 0.25], None),
    ("pow", "edges", [1e-200, 1 + 1e-10, 1e150], [1.5, 1e10, -2.0], "near 0, and log(x) near 1"),
    ("atan2", "quadrants", [0.5, 0.5, -0.5, -0.5], [2.0, -2.0, -2.0, 2.0], "four quadrants"),
    ("atan2", "extreme", [1e-10, -1e-10, 1e200], [-1.0, -1.0, 2e200], "beside the cut; x^2 + y^2 overflows"),
    ("maximum", "no ties", [1.5, -0.3, 1 + 2.0**-52], [0.25, 4.0, 1.0], "neighbours are not ties"),
    ("minimum", "no ties", [1.5, -0.3, 1 + 2.0**-52], [0.25, 4.0, 1.0], "neighbours are not ties"),
]

A = [[0.5, -1.25, 2.0], [1.75, 0.3, -0.7]]
B = [[0.9, 0.1], [-0.4, 1.6], [0.7, -2.2]]
S = [[2.0, 0.5, -0.3], [0.4, 1.5, 0.2], [-0.1, 0.7, 1.8]]
V = [0.3, -1.2, 0.8]
ROW = [0.3, -1.2, 2.0, 0.8]
HILBERT = [[1 / (i + j + 1) for j in range(4)] for i in range(4)]
BATCH = np.round(np.sin(np.arange(12) + 1), 3).reshape(2, 2, 3).tolist()
large = [((k * 617) % 1999 - 999) / 512 for k in range(1000)]


def cases():
    for name, (ordinary, awkward, trap) in UNARY.items():
        yield case(f"{name}/ordinary", [name, "x"], x=ordinary, pointwise=True)
        if awkward:
            # Along a direction of 1e-300 differences of differences of exp do not settle.
            yield case(f"{name}/awkward", [name, "x"], trap, x=awkward, pointwise=True, hvp=name != "exp")
    yield case("polygamma/1", ["polygamma", 1, "x"], x=[0.3, 2.5, 1e-5], pointwise=True)
    yield case("polygamma/2", ["polygamma", 2, "x"], x=[0.3, 2.5, -1.5], pointwise=True)
    for name, which, x, y, trap in PAIRS:
        yield case(f"{name}/{which}", [name, "x", "y"], trap, x=x, y=y, pointwise=True)
    yield case("pow/integer exponents", ["add", ["pow", "x", 3], ["pow", "x", 2]], "log of a base that is not positive", x=[-1.5, 0.0, 2.0], pointwise=True)
    yield case("pow/negative base", ["pow", "x", -2], "log of a base that is not positive", x=[-1.5, -1e-50, 2.0], pointwise=True)

    summed = "a gradient of the shape of its own argument: summed over the axes along which it was repeated"
    yield case("broadcast/row", ["add", "x", "y"], summed, x=V, y=A)
    yield case("broadcast/column times row", ["mul", "x", "y"], summed, x=[[1.5], [-0.5]], y=V)
    yield case("broadcast/scalar", ["div", "x", "y"], summed, x=1.7, y=V)
    yield case("broadcast/outer power", ["pow", "x", "y"], summed, x=[[0.5], [2.5]], y=[[1.5, -1.0, 2.0]])
    yield case("broadcast/leading axis", ["sub", "x", "y"], summed, x=[BATCH[0]], y=BATCH)
    yield case("broadcast/kept axis", ["maximum", "x", "y"], summed, x=[[0.1], [-0.2]], y=A)
    yield case("broadcast/arctangent", ["atan2", "x", "y"], summed, x=[[1.5], [-0.5]], y=V)
    yield case("broadcast/minus its mean", ["sub", "x", ["mean", "x", {"axes": [-1], "keepDims": True}]], x=A)

    yield case("sum/all", ["sum", ["square", "x"]], x=A)
    yield case("sum/axis", ["sum", ["square", "x"], {"axes": [0]}], x=A)
    yield case("sum/cancellation", ["sum", "x"], "1 is lost beside 1e16 if it is added first", x=[1e8, 1.0, -1e8, 0.25])
    yield case("mean/axis", ["mean", ["sin", "x"], {"axes": [1], "keepDims": True}], x=A)
    yield case("variance/ordinary", ["variance", "x", {"axes": [1]}], x=A)
    yield case("variance/offset", ["variance", "x"], "mean(x^2) - mean(x)^2 cancels", x=[1e8, 1e8 + 1, 1e8 - 2, 1e8 + 0.5])
    yield case("prod/ordinary", ["prod", "x", {"axes": [1]}], x=A)
    yield case("prod/one zero", ["prod", "x"], "prod(x)/x divides by 0", x=[1.5, 0.0, -2.0, 0.7])
    yield case("prod/two zeros", ["prod", "x"], "the gradient is 0 and the Hessian is not", x=[1.5, 0.0, -2.0, 0.0])
    yield case("prod/extreme", ["prod", "x"], "partial products overflow", x=[1e200, 1e-200, 1e150, 1e-140])
    yield case("max/no ties", ["max", ["square", "x"], {"axes": [1]}], x=A)
    yield case("min/no ties", ["min", ["square", "x"], {"axes": [0]}], x=A)
    yield case("logSumExp/ordinary", ["logSumExp", "x", {"axes": [1]}], x=A)
    yield case("logSumExp/700", ["logSumExp", "x"], "exp overflows", x=[700.0, 699.0, -700.0], digits=1000)
    yield case("logSumExp/-700", ["logSumExp", "x"], "exp underflows, and the log of 0 follows", x=[-700.0, -701.5, -720.0])
    yield case("norm/ordinary", ["norm", "x", {"axes": [1]}], x=A)
    yield case("norm/large", ["norm", "x"], "squares overflow", x=[3e200, -4e200, 1e200])
    yield case("norm/small", ["norm", "x"], "squares underflow", x=[3e-200, -4e-200, 1e-200])
    yield case("softmax/ordinary", ["softmax", "x"], x=A)
    yield case("softmax/columns", ["softmax", "x", {"axis": 0}], x=A)
    yield case("softmax/700", ["softmax", "x"], "exp overflows", x=[700.0, 699.0, 698.5])
    yield case("softmax/apart", ["softmax", "x"], "entries near underflow", x=[-350.0, 0.0, 300.0], digits=1600, hvp=False)
    yield case("logSoftmax/ordinary", ["logSoftmax", "x"], x=A)
    yield case("logSoftmax/apart", ["logSoftmax", "x"], "the log of a softmax that is 0", x=[700.0, -700.0, 0.0], digits=2000, hvp=False)
    yield case("cumsum/rows", ["cumsum", ["square", "x"], {"axis": 1}], "the gradient sums from the other end", x=A)

    yield case("matmul/matrices", ["matmul", "a", "b"], a=A, b=B)
    yield case("matmul/matrix and vector", ["matmul", "a", "x"], a=A, x=V)
    yield case("matmul/vector and matrix", ["matmul", "x", "b"], x=V, b=B)
    yield case("matmul/vectors", ["matmul", "x", "y"], x=V, y=[0.7, 0.2, -1.9])
    yield case("matmul/batch", ["matmul", "a", "b"], "one matrix for all members: its gradient is summed", a=BATCH, b=B)
    yield case("matmul/square", ["sum", ["tanh", ["matmul", "a", "b"]]], "a transposed gradient has the right shape", a=S, b=[[0.2, -0.5, 0.1], [0.9, 0.3, -0.4], [0.6, -0.8, 0.7]])
    yield case("transpose/product", ["mul", ["transpose", "a"], "b"], a=A, b=B)
    yield case("transpose/axes", ["mul", ["transpose", "a", {"axes": [2, 0, 1]}], "c"], a=BATCH, c=np.array(BATCH).transpose(2, 0, 1).tolist())
    yield case("reshape/product", ["matmul", ["reshape", "a", {"shape": [3, 2]}], "a"], "one argument in two places", a=A)
    yield case("concat/rows", ["norm", ["concat", "a", ["square", "a"], {"axis": 1}], {"axes": [1]}], a=A)
    yield case("take/repeated", ["mul", ["take", "x", {"indices": [3, 0, 3, 1], "axis": 0}], "y"], "an index that occurs twice is added twice", x=ROW, y=[1.5, -0.3, 0.7, 2.2])

    yield case("solve/ordinary", ["solve", "s", "x"], s=S, x=V)
    yield case("solve/Hilbert", ["solve", "s", "x"], "condition 1.5e4", s=HILBERT, x=ROW)
    yield case("inverse/ordinary", ["inverse", "s"], s=S)
    yield case("logDet/ordinary", ["logDet", "s"], s=S)
    yield case("logDet/Hilbert", ["logDet", "s"], "condition 1.5e4", s=HILBERT)

    yield case("composite/gaussian", ["mul", "x", ["exp", ["neg", ["square", "x"]]]], x=[-0.6, 0.1, 0.8], pointwise=True)
    yield case("composite/network", ["sum", ["mul", "c", ["tanh", ["add", ["matmul", "w", "x"], "b"]]]], w=S, x=V, b=[0.1, -0.2, 0.4], c=[1.5, -0.5, 0.75])
    yield case("composite/cross entropy", ["neg", ["sum", ["mul", "y", ["logSoftmax", ["matmul", "x", "w"]]]]], wrt=["x", "w"], x=[A[0], A[1]], w=S, y=[[0.0, 1.0, 0.0], [0.5, 0.25, 0.25]])
    yield case("composite/small", ["mul", 2.0**-23, ["sin", "x"]], "outputs of 1e-7: an absolute tolerance sees nothing", x=[0.3, 1.1, 2.6], pointwise=True)
    yield case("composite/small loss", ["mul", 2.0**-23, ["sum", ["square", ["sub", ["matmul", "a", "x"], "y"]]]], "a loss of 1e-7", wrt=["a", "x"], a=A, x=V, y=[0.1, 2.0])
    yield case("composite/tail", ["sigmoid", "x"], "a slope of 4e-18", x=-40.0)
    yield case("composite/thousand", ["sum", ["sin", "x"]], "1000 entries", x=large, separable=["sin", "x"], hvp=False)
