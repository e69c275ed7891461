# How does PyTorch run the tasks, and time itself, when it is told to?
#
# It speaks the language of ../serve.mjs. Everything is float64. Times are those of one or of two threads, whichever is
# less: on small matrices, or where others use the processor, two wait for each other longer than they work.
import base64
import json
import sys

import numpy
import torch

import chain
import layer
import mlp
import training_step
from timing import milliseconds_per_run

torch.set_default_dtype(torch.float64)


def product_ways(inputs, _):
    return {"product": lambda: [inputs["a"] @ inputs["b"]]}


tasks = {"chain": chain.ways, "mlp": mlp.ways, "product": product_ways, "layer": layer.ways}
tasks["training step"] = training_step.ways


def decode(tensor):
    data = numpy.frombuffer(base64.b64decode(tensor["data"]), dtype=numpy.float64).copy()
    return torch.from_numpy(data).reshape(tensor["shape"])


def encode(tensor):
    data = tensor.detach().contiguous().numpy().astype(numpy.float64)
    return base64.b64encode(data.tobytes()).decode()


def products_are_right():
    """Some builds of OpenBLAS compute wrong products on processors that they do not know."""
    for m, k, n in [(16, 8, 8), (64, 64, 64), (128, 784, 128), (320, 15, 5)]:
        a = torch.sin(torch.arange(m * k, dtype=torch.float64)).reshape(m, k)
        b = torch.cos(torch.arange(k * n, dtype=torch.float64)).reshape(k, n)
        expected = sum(a[:, l, None] * b[None, l] for l in range(k))
        if not ((a @ b - expected).abs().max() < 1e-11 and (b.T @ a.T - expected.T).abs().max() < 1e-11):
            return False
    return True


def library_of_products():
    with open("/proc/self/maps") as maps:
        text = maps.read()
    return next((name for name in ["openblas", "mkl", "blis"] if name in text), "reference BLAS")


def respond(message, ways):
    if "task" in message:
        make = tasks.get(message["task"])
        ways.clear()
        if make is not None:
            inputs = {name: decode(tensor) for name, tensor in message["inputs"].items()}
            ways.update(make(inputs, message.get("options", {})))
        return {"ways": list(ways)}
    if "run" in message:
        for _ in range(message.get("times", 1)):
            outputs = ways[message["run"]]()
        return {"outputs": [encode(output) for output in outputs]}
    return {"milliseconds": fewest_milliseconds(ways[message["time"]], message["seconds"])}


def fewest_milliseconds(run, seconds):
    times = []
    for threads in [1, 2]:
        torch.set_num_threads(threads)
        times.append(milliseconds_per_run(run, seconds / 2))
    return min(times)


def answer(message):
    print(json.dumps(message), flush=True)


def main():
    if not products_are_right():
        answer({"error": "matrix products are wrong"})
        return
    answer({
        "name": "PyTorch",
        "version": torch.__version__,
        "precision": "float64",
        "products": library_of_products(),
    })
    ways = {}
    for line in sys.stdin:
        try:
            answer(respond(json.loads(line), ways))
        except Exception as error:
            answer({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
