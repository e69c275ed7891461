# Which fractional equations are asked for?
#
# The discrete equation on the given nodes is the definition: its gradients are exact, whatever the differential equation says.
from references import case

uniform = [j / 8 for j in range(9)]
graded = [(j / 8) ** 2 for j in range(9)]
uneven = [0.0, 0.0625, 0.25, 0.375, 0.75, 0.875, 1.0]


def caputo(body, u0="u0", order="order", duration="duration", nodes="nodes"):
    return ["caputo", "t", "u", body, u0, order, duration, nodes]


def cases():
    def problem(id, body, trap=None, nodes=uniform, hvp=False, whole=False, **inputs):
        tree = caputo(body)
        if not whole:
            tree = ["sum", ["mul", "weights", tree]]
            size = len(inputs["u0"])
            inputs["weights"] = [[(1 + (3 * j + k) % 5) / 4 - 0.5 for k in range(size)] for j in range(len(nodes))]
        wrt = [x for x in inputs if x != "weights"]
        return case(id, tree, trap, wrt=wrt, hvp=hvp, nodes=nodes, **inputs)

    decay = ["neg", ["mul", "l", "u"]]
    yield problem("fractional/decay", decay, whole=True, l=1.3, u0=[1.0], order=0.5, duration=2.0)
    yield problem("fractional/order 1", decay, "the trapezoidal rule; the derivative in the order is not 0", l=1.3, u0=[1.0], order=1.0, duration=2.0)
    yield problem("fractional/logistic", ["mul", ["mul", "l", "u"], ["sub", 1, "u"]], l=2.0, u0=[0.1], order=0.9, duration=3.0)
    yield problem("fractional/graded nodes", decay, "steps that grow", nodes=graded, l=0.8, u0=[1.5], order=0.3, duration=1.5)
    yield problem("fractional/forced", ["sub", ["mul", "l", ["cos", "t"]], "u"], "the duration moves the forcing, too", l=1.5, u0=[0.2], order=0.7, duration=2.5)
    yield problem("fractional/wave", ["neg", ["mul", "l", "u"]], "an order between 1 and 2, from rest", l=2.0, u0=[1.0], order=1.6, duration=2.0)
    yield problem("fractional/tanh network", ["tanh", ["add", ["matmul", "u", "w"], "b"]], w=[[0.4, -1.2], [0.9, 0.3]], b=[0.1, -0.2], u0=[0.5, -0.3], order=0.6, duration=1.5)
    prey = ["mul", "u", ["add", "g", ["matmul", "u", "m"]]]
    yield problem("fractional/Lotka and Volterra", prey, g=[0.8, -0.6], m=[[0.0, 0.5], [-0.7, 0.0]], u0=[1.2, 0.7], order=0.8, duration=2.0)
    yield problem("fractional/uneven nodes", decay, "nodes without a rule", nodes=uneven, l=1.1, u0=[1.0], order=0.4, duration=1.0)
    yield problem("fractional/stiff", decay, "plain iteration overflows before it converges", l=50.0, u0=[1.0], order=0.8, duration=2.0)
    yield problem("fractional/two orders", ["matmul", ["sin", "u"], "w"], "one order for each state", w=[[-0.5, 0.8], [-0.9, -0.2]], u0=[0.7, -0.4], order=[0.5, 0.9], duration=1.5)
    yield problem("fractional/second order", decay, "the second derivative, in the order too", hvp=True, nodes=[0.0, 0.25, 0.5, 0.75, 1.0], l=1.3, u0=[1.0], order=0.5, duration=2.0)
    yield problem("fractional/32 steps", ["sub", "b", ["mul", "l", "u"]], nodes=[j / 32 for j in range(33)], l=0.7, b=0.4, u0=[1.0], order=0.75, duration=4.0)
