# How long does one run take?
import math
import time

# Samples shorter than this, in milliseconds, are told apart badly.
SHORTEST = 20


def timed(run, times):
    begin = time.perf_counter()
    for _ in range(times):
        run()
    return 1000 * (time.perf_counter() - begin)


def milliseconds_per_run(run, seconds):
    """The median of at least three samples of many runs each; one run alone if that takes longer than its share."""
    begin = time.perf_counter()
    elapsed = timed(run, 1)
    if elapsed > 1000 * seconds:
        return elapsed
    times = 1
    while elapsed < SHORTEST:
        times = max(times + 1, math.ceil(1.2 * times * SHORTEST / max(elapsed, 0.1)))
        elapsed = timed(run, times)
    samples = [elapsed / times]
    while len(samples) < 3 or time.perf_counter() - begin < seconds:
        samples.append(timed(run, times) / times)
    return sorted(samples)[len(samples) // 2]
