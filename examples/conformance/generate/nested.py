# Which derivatives of derivatives are asked for?
from references import case

W = [[0.7, -0.4], [0.2, 1.1], [-0.9, 0.5]]
C = [1.5, -0.5, 0.75]
X = [0.6, -0.8]
S = [[2.0, 0.5], [0.5, 1.5]]
confusion = "perturbation confusion: the inner variable must not be taken for the outer one"


def cases():
    net = ["sum", ["mul", "c", ["tanh", ["matmul", "w", "x"]]]]
    yield case("grad of grad/quartic", ["grad", "x", ["pow", "x", 4], "x"], x=1.7)
    yield case("grad of grad/sine", ["grad", "y", ["grad", "x", ["sin", "x"], "y"], "x"], x=0.6)
    yield case("grad of grad of grad/tanh", ["grad", "a", ["grad", "b", ["grad", "c", ["tanh", "c"], "b"], "a"], "x"], hvp=False, x=0.4)
    yield case("grad of grad/exponential of sine", ["grad", "a", ["grad", "b", ["exp", ["sin", "b"]], "a"], "x"], x=0.9)
    yield case("grad of grad/lgamma", ["grad", "a", ["grad", "b", ["lgamma", "b"], "a"], "x"], "polygamma of every order", hvp=False, x=1.3)
    yield case("grad of grad/mixed power", ["grad", "x", ["grad", "y", ["pow", "x", "y"], "y"], "x"], x=1.4, y=2.3)
    yield case("hvp/Rosenbrock", ["jvp", "x", ["grad", "x", ["sum", ["add", ["square", ["sub", 1, ["take", "x", {"indices": [0], "axis": 0}]]], ["mul", 100, ["square", ["sub", ["take", "x", {"indices": [1], "axis": 0}], ["square", ["take", "x", {"indices": [0], "axis": 0}]]]]]]], "x"], "x", "v"], x=[-1.2, 1.0], v=[0.5, -0.25])
    yield case("hvp/network", ["jvp", "w", ["grad", "w", net, "w"], "w", "v"], "forward over reverse", hvp=False, w=W, v=[[0.5, 1.0], [-0.25, 0.75], [1.5, -1.0]], x=X, c=C)
    yield case("hvp/reverse over reverse", ["grad", "w", ["sum", ["mul", "v", ["grad", "w", net, "w"]]], "w"], "reverse over reverse", hvp=False, w=W, v=[[0.5, 1.0], [-0.25, 0.75], [1.5, -1.0]], x=X, c=C)
    yield case("hvp/reverse over forward", ["grad", "w", ["jvp", "w", net, "w", "v"], "w"], "reverse over forward", hvp=False, w=W, v=[[0.5, 1.0], [-0.25, 0.75], [1.5, -1.0]], x=X, c=C)
    yield case("hvp/logSumExp", ["jvp", "x", ["grad", "x", ["logSumExp", "x"], "x"], "x", "v"], x=[15.0, -15.0, 0.0], v=[1.0, 0.5, -0.25])
    yield case("hvp/norm", ["jvp", "x", ["grad", "x", ["norm", "x"], "x"], "x", "v"], x=[3.0, -4.0, 1.0], v=[1.0, 0.5, -0.25])
    yield case("hvp/logDet", ["jvp", "s", ["grad", "s", ["logDet", "s"], "s"], "s", "v"], hvp=False, s=S, v=[[1.0, 0.5], [-0.25, 0.75]])
    yield case("hvp/solve", ["jvp", "s", ["grad", "s", ["sum", ["solve", "s", "x"]], "s"], "s", "v"], hvp=False, s=S, x=X, v=[[1.0, 0.5], [-0.25, 0.75]])
    yield case("hvp/product with a zero", ["jvp", "x", ["grad", "x", ["prod", "x"], "x"], "x", "v"], "prod(x)/x divides by 0", x=[0.0, -2.0, 0.7], v=[1.0, 0.5, -0.25])
    yield case("jvp of jvp/cubic", ["jvp", "x", ["jvp", "y", ["pow", "y", 3], "x", "u"], "x", "v"], "two levels of tangents", x=[1.3, -0.7], u=[1.0, 0.5], v=[0.25, -2.0])
    yield case("jvp of grad/softmax", ["jvp", "x", ["grad", "x", ["sum", ["mul", "c", ["softmax", "x"]]], "x"], "x", "v"], x=[0.3, -1.2, 2.0], v=[1.0, 0.5, -0.25], c=C)
    yield case("grad through jvp/polynomial", ["grad", "y", ["jvp", "x", ["mul", ["square", "x"], ["exp", "y"]], "x", "y"], "y"], "the direction depends on what is differentiated", x=1.2, y=0.3)
    yield case("confusion/addition", ["grad", "x", ["mul", "x", ["grad", "y", ["add", "x", "y"], 1]], "x"], confusion, x=1.5)
    yield case("confusion/product", ["grad", "x", ["mul", "x", ["grad", "y", ["mul", "x", ["square", "y"]], "x"]], "x"], confusion, x=1.5)
    yield case("confusion/forward in forward", ["jvp", "x", ["mul", "x", ["jvp", "y", ["mul", "x", ["sin", "y"]], 2, 1]], "x", 1], confusion, x=1.5)
    yield case("confusion/forward in reverse", ["grad", "x", ["mul", "x", ["jvp", "y", ["mul", "x", ["sin", "y"]], "x", "x"]], "x"], confusion, x=0.7)
    yield case("confusion/one name twice", ["grad", "x", ["mul", "x", ["grad", "x", ["pow", "x", 3], ["mul", "x", 2]]], "x"], "an inner variable of the same name", x=0.7)
    yield case("closed over/inner gradient", ["grad", "z", ["sum", ["mul", "a", ["sin", ["mul", "a", "z"]]]], "z"], "the gradient reaches a, which the inner function closes over", a=[0.8, -1.3], z=[0.4, 0.9])
    yield case("closed over/one step of descent", ["let", "u", ["sub", "w", ["mul", "r", ["grad", "w", ["sum", ["square", ["sub", ["mul", "w", "x"], "y"]]], "w"]]], ["sum", ["square", ["sub", ["mul", "u", "x"], "y"]]]], "through the step, and in its rate", w=[0.5, -0.2], r=0.125, x=[1.1, 0.6], y=[0.9, 0.4])
    yield case("closed over/gradient penalty", ["sum", ["square", ["grad", "x", net, "x"]]], "the penalty's gradient in the weights", wrt=["w", "c"], w=W, x=X, c=C)
    yield case("closed over/Newton step", ["sub", "x", ["div", ["grad", "y", ["sub", ["exp", "y"], ["mul", "a", "y"]], "x"], ["grad", "z", ["grad", "y", ["sub", ["exp", "y"], ["mul", "a", "y"]], "z"], "x"]]], hvp=False, x=0.4, a=2.0)
    yield case("closed over/residual of an equation", ["sum", ["square", ["add", ["jvp", "t", ["matmul", ["tanh", ["add", ["mul", "t", "w"], "b"]], "c"], "t", 1], ["matmul", ["tanh", ["add", ["mul", "t", "w"], "b"]], "c"]]]], "u' + u of a network u(t): the loss has a derivative inside", wrt=["w", "b", "c"], t=0.7, w=[0.9, -0.3, 1.4], b=[0.1, 0.5, -0.2], c=C)
