# How does one write a training step of a multilayer perceptron with PyTorch?
import torch
from torch.nn.functional import cross_entropy


def ways(inputs, options):
    x, labels = inputs["x"], inputs["labels"].argmax(1)
    initial = [inputs[f"p{i}"] for i in range(len(inputs) - 2)]
    state = {"t": options["period"]}

    def begin():
        state["t"] = 0
        state["params"] = [p.clone().requires_grad_() for p in initial]
        state["optimiser"] = torch.optim.Adam(
            state["params"],
            lr=options["rate"],
            betas=(options["beta1"], options["beta2"]),
            eps=options["epsilon"],
            foreach=True,
        )

    def step():
        if state["t"] == options["period"]:
            begin()
        state["t"] += 1
        params = state["params"]
        y = x
        for i in range(0, len(params), 2):
            y = torch.addmm(params[i + 1], y, params[i])
            if i + 2 < len(params):
                y = torch.relu(y)
        loss = cross_entropy(y, labels)
        state["optimiser"].zero_grad(set_to_none=True)
        loss.backward()
        state["optimiser"].step()
        return [loss.detach(), *params]

    return {"step": step}
