# How does one write an equilibrium layer and its adjoint by hand with PyTorch?
import torch


def ways(inputs, options):
    w, u, b, x = (inputs[name] for name in "wubx")
    tolerance, most = options["tolerance"], options["most"]

    def solve(z, step):
        for _ in range(most):
            image = step(z)
            residual = (image - z).abs_().max().item()
            z = image
            if residual <= tolerance:
                return z
        raise RuntimeError(f"{tolerance} was not reached in {most} steps")

    def both():
        with torch.no_grad():
            drive = torch.addmm(b, x, u)
            z = solve(torch.zeros_like(x), lambda z: torch.addmm(drive, z, w).tanh_())
            slope = 1 - z * z
            turned, ones = w.T, torch.ones_like(x)
            g = solve(ones, lambda a: torch.addmm(ones, a * slope, turned)).mul_(slope)
            return [z.T @ g, x.T @ g, g.sum(0)]

    return {"forward and backward": both}
