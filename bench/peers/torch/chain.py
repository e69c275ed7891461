# How does one write a chain of tanh(y w + b) with PyTorch?
import torch


def ways(inputs, options):
    x, w, b = (inputs[name] for name in "xwb")
    taped = [x.clone().requires_grad_(), w.clone().requires_grad_(), b.clone().requires_grad_()]

    def chain(y, w, b):
        for _ in range(options["length"]):
            y = torch.tanh(torch.addmm(b, y, w))
        return y

    def forward():
        with torch.no_grad():
            return [chain(x, w, b)]

    def both():
        return torch.autograd.grad(chain(*taped).sum(), taped)

    return {"forward, eager": forward, "both, eager": both}
