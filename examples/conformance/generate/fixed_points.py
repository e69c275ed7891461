# Which fixed points are asked for?
from references import case

W = [[0.5, -0.3, 0.2], [0.1, 0.4, -0.6], [-0.2, 0.7, 0.3]]
STRONG = [[1.4, -0.3, 0.2], [0.1, 1.7, -0.6], [-0.2, 0.5, 1.5]]
SLOW = [[0.95, 0.1, 0.0], [-0.05, 0.9, 0.05], [0.0, 0.02, 0.97]]
b = [0.3, -0.5, 0.8]
zero = [0.0, 0.0, 0.0]
layer = ["tanh", ["add", ["matmul", "w", "z"], "b"]]
repels = "the fixed point repels plain iteration; its derivative is as good as any"


def fixed(body, start="start"):
    return ["fixedPoint", "z", body, start]


def cases():
    def problem(id, tree, *trap, **inputs):
        return case(id, tree, *trap, wrt=[x for x in inputs if x not in ("start", "hvp")], **inputs)

    yield problem("fixed/cosine", fixed(["cos", ["mul", "a", "z"]]), a=1.1, start=0.7)
    yield problem("fixed/square root", fixed(["div", ["add", "z", ["div", "a", "z"]], 2]), "the slope of the iteration is 0 at the root", a=2.5, start=1.5)
    yield problem("fixed/Kepler", fixed(["add", "m", ["mul", "e", ["sin", "z"]]]), m=0.8, e=0.6, start=1.3)
    yield problem("fixed/Lambert", fixed(["mul", "a", ["exp", ["neg", "z"]]]), a=1.8, start=0.8)
    yield problem("fixed/logistic, repelling", fixed(["mul", ["mul", "a", "z"], ["sub", 1, "z"]]), repels, a=3.5, start=0.7)
    yield problem("fixed/linear", fixed(["add", ["matmul", "w", "z"], "b"]), w=W, b=b, start=zero, hvp=False)
    yield problem("fixed/linear, repelling", fixed(["add", ["mul", -3, "z"], ["matmul", "w", ["sub", "z", "b"]]]), repels, w=W, b=b, start=[0.1, 0.1, 0.1], hvp=False)
    yield problem("fixed/tanh network", fixed(layer), w=W, b=b, start=zero, hvp=False)
    yield problem("fixed/tanh network, second order", ["sum", ["square", fixed(layer)]], "the second derivative at a fixed point", w=[[0.5, -0.3], [0.1, 0.4]], b=[0.3, -0.5], start=[0.0, 0.0])
    yield problem("fixed/slow", fixed(["add", ["matmul", "w", "z"], "b"]), "plain iteration needs hundreds of steps", w=SLOW, b=b, start=zero, hvp=False)
    yield problem("fixed/tanh network, repelling", fixed(layer), repels, w=STRONG, b=[0.05, -0.03, 0.02], start=[-0.1, 0.0, -0.05], hvp=False)
    yield problem("fixed/descent", fixed(["sub", "z", ["mul", 0.25, ["grad", "y", ["add", ["sum", ["square", ["sub", ["matmul", "a", "y"], "b"]]], ["mul", "l", ["sum", ["square", "y"]]]], "z"]]]), "a derivative inside the equation", a=[[0.8, -0.4], [0.3, 0.9]], b=[0.5, -1.0], l=0.25, start=[0.0, 0.0], hvp=False)
    yield problem("fixed/within a fixed point", fixed(["mul", "a", ["cos", ["add", "z", ["fixedPoint", "y", ["mul", 0.5, ["sin", ["add", "y", "z"]]], "z"]]]]), "one equation inside the other", a=0.4, start=0.3)
