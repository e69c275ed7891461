# How long does one training step of the seed's experiment take with PyTorch?
#
# z_n = u0 + sum over j of A_nj f(z_j) with f a network with ReLU; the loss is the mean squared error of z to a target. Picard's
# iteration, forward and for the adjoint. The network is called once for all nodes together, or, as the seed does it, once
# for every pair of nodes.
#
#   python3 training_step.py [vectorised | pairs] [steps in time = 20] [seconds = 3]
import json
import math
import sys

import torch

from timing import milliseconds_per_run


def rectangle_weights(steps, order, duration):
    """A_nj = h^order / gamma(order + 1) * ((n - j)^order - (n - j - 1)^order) for j < n."""
    scale = (duration / steps) ** order / math.gamma(order + 1)
    return torch.tensor([
        [scale * ((n - j) ** order - (n - j - 1) ** order) if j < n else 0.0 for j in range(steps + 1)]
        for n in range(steps + 1)
    ])


def iterate(step, z, tolerance, most):
    for _ in range(most):
        image = step(z)
        residual = (image - z).abs().max().item()
        z = image
        if residual <= tolerance:
            return z
    raise RuntimeError(f"{tolerance} was not reached in {most} steps")


def ways(inputs, options):
    """Inputs: weights [n, n], start [batch, d], target [n, batch, d], and the network's p0, p1, ... as [in, out] and [out]."""
    weights, start, target = inputs["weights"], inputs["start"], inputs["target"]
    params = [inputs[f"p{i}"].clone().requires_grad_() for i in range(len(inputs) - 3)]
    tolerance, most = options["tolerance"], options.get("most", 1000)
    nodes = len(weights)

    def network(y):
        for i in range(0, len(params), 2):
            y = torch.addmm(params[i + 1], y, params[i])
            if i + 2 < len(params):
                y = torch.relu(y)
        return y

    def vectorised(z):
        f = network(z.reshape(-1, z.shape[-1]))
        return start + (weights @ f.reshape(nodes, -1)).reshape(z.shape)

    entries = weights.tolist()

    def pairs(z):
        rows = [start]
        for n in range(1, nodes):
            row = start
            for j in range(n + 1):
                if entries[n][j] != 0:
                    row = row + entries[n][j] * network(z[j])
            rows.append(row)
        return torch.stack(rows)

    def step_of(image):
        def step():
            with torch.no_grad():
                z = iterate(image, start.expand(target.shape), tolerance, most)
            z = z.detach().requires_grad_()
            taped = image(z)
            difference = taped.detach() - target
            g = 2 / difference.numel() * difference
            adjoint = iterate(
                lambda a: g + torch.autograd.grad(taped, z, a, retain_graph=True)[0], g, tolerance, most
            )
            gradient = torch.autograd.grad(taped, params, adjoint)
            return [(difference * difference).mean(), *gradient]

        return step

    return {"vectorised": step_of(vectorised), "pairs": step_of(pairs)}


def example(steps, batch=16, d=5, order=0.9, duration=20.0):
    """The seed's experiment: a network d-3d-3d-d learns trajectories of another."""
    generator = torch.Generator().manual_seed(0)

    def draw(*shape):
        return torch.randn(*shape, generator=generator)

    def params():
        sizes = [d, 3 * d, 3 * d, d]
        return [
            (2 * torch.rand(*shape, generator=generator) - 1) / math.sqrt(inner)
            for inner, outer in zip(sizes, sizes[1:])
            for shape in [(inner, outer), (outer,)]
        ]

    weights, start = rectangle_weights(steps, order, duration), 3 * draw(batch, d)
    target = start + 0.1 * draw(steps + 1, batch, d)
    inputs = {"weights": weights, "start": start, "target": target}
    return {**inputs, **{f"p{i}": p for i, p in enumerate(params())}}


if __name__ == "__main__":
    torch.set_num_threads(2)
    torch.set_default_dtype(torch.float64)
    way, steps, seconds = (sys.argv[1:] + ["vectorised", "20", "3"][len(sys.argv) - 1 :])[:3]
    both = ways(example(int(steps)), {"tolerance": 1e-8})
    expected, found = both["vectorised"](), both[way]()
    off = max(float((p - q).abs().max()) for p, q in zip(expected, found))
    assert off < 1e-6, f"the two ways differ by {off}"
    milliseconds = milliseconds_per_run(both[way], float(seconds))
    print(json.dumps({"way": way, "steps": int(steps), "milliseconds": milliseconds, "loss": float(found[0])}))
