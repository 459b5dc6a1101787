"""What the package's sizes of blocks cost: the mean loss beside that with other sizes.

Every round runs all routes once, in turn, so that whatever else the machine does hits all of them;
the best round counts. Sizes that are not about threads are measured in one thread, by the time of
the processor.
"""

import argparse
import time
import tracemalloc
from contextlib import ExitStack
from functools import partial
from unittest import mock

import numpy as np

import crossentropy as ce
from crossentropy import _arithmetic, _blocks, classification

# Name, module, values beside the package's own, shapes of the logits.
SIZES = [
    (
        "BLOCK_ELEMENTS",
        _blocks,
        [17_500, 35_000, 70_000, 280_000, 560_000, 2_240_000],
        [(300_000, 10), (10_000, 1_000), (400, 50_000)],
    ),
    ("BLOCK_ROWS", _blocks, [7_000, 14_000, 56_000, 112_000], [(1_000_000, 2), (300_000, 10)]),
    ("TOGETHER", classification, [1, 2, 4, 16, 32], [(10_000, 1_000), (400, 50_000)]),
    ("LONG_ROW", _arithmetic, [256, 1024, 2048], [(10_000, 256), (5_000, 512), (2_500, 1_024)]),
    ("PARALLEL_ELEMENTS", _blocks, [0, np.inf], [(1 << n, 10) for n in range(15, 21)]),
    ("WAITING", _blocks, [1, 2, 6, 12], [(1_000_000, 10), (10_000, 1_000)]),
]
ABOUT_THREADS = {"PARALLEL_ELEMENTS", "WAITING"}

SUMS = {
    "pairwise": lambda block: block.sum(axis=1),
    "einsum": lambda block: np.einsum("ij->i", block),
    "BLAS": lambda block: block @ np.ones(block.shape[1], block.dtype),
}
BLOCKS = [(64, 10), (1_024, 10), (14_000, 10), (28_000, 2), (1_400, 100), (273, 512), (140, 1_000)]


def sized(values, call):
    """A call while constants of the package have other values."""
    with ExitStack() as patches:
        for (module, name), value in values.items():
            patches.enter_context(mock.patch.object(module, name, value))
        return call()


def best(routes, rounds, clock):
    """Milliseconds of the best round of each route."""
    least = dict.fromkeys(routes, np.inf)
    for _ in range(rounds):
        for name, route in routes.items():
            start = clock()
            route()
            least[name] = min(least[name], 1e3 * (clock() - start))
    return least.values()


def peak(route):
    """MiB allocated at most during a call."""
    tracemalloc.start()
    route()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


def line(label, numbers, form):
    print(f"{label:>22}" + "".join(f"{number:12{form}}" for number in numbers))


def loss_by_size(name, module, others, shapes, rounds):
    own = getattr(module, name)
    values = sorted({own, *others})
    print(f"\n{name}\n{'':22}" + "".join(f"{'*' * (v == own)}{v:,}".rjust(12) for v in values))
    one = {} if name in ABOUT_THREADS else {(_blocks, "PARALLEL_ELEMENTS"): np.inf}
    clock = time.perf_counter if name in ABOUT_THREADS else time.process_time
    for shape in shapes:
        rng = np.random.default_rng(15)
        logits = 3 * rng.standard_normal(shape, np.float32)
        labels = rng.integers(0, shape[1], shape[0])
        loss = partial(ce.softmax_cross_entropy_with_integer_labels, labels, logits)
        routes = {v: partial(sized, {**one, (module, name): v}, loss) for v in values}
        line(f"({shape[0]:,}, {shape[1]:,})  ms", best(routes, rounds, clock), ".2f")
        line("MiB", map(peak, routes.values()), ".2f")


def sums_of_rows(rounds):
    print("\nSums of rows\n" + " " * 22 + "".join(way.rjust(12) for way in SUMS))
    for shape in BLOCKS:
        block = np.random.default_rng(15).random(shape, np.float32)
        routes = {name: partial(way, block) for name, way in SUMS.items()}
        milliseconds = best(routes, 20 * rounds, time.perf_counter)
        line(f"({shape[0]:,}, {shape[1]:,})  ms", milliseconds, ".4f")
        exact = block.sum(axis=1, dtype=np.float64)
        errors = [np.abs(route() / exact - 1).max() for route in routes.values()]
        line("worst error, eps", errors / np.finfo(np.float32).eps, ".2f")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    print("Mean loss of integer labels, float32, by sizes of blocks; * marks the package's own.")
    for size in SIZES:
        loss_by_size(*size, rounds)
    sums_of_rows(rounds)


if __name__ == "__main__":
    main()
