"""Speed and memory of softmax cross-entropy, beside its peers, in one process and one run.

Every round runs all routes once, in turn, so that whatever else the machine does hits all of them;
the best round counts. All start from the same float32 logits and integer labels, except that
scikit-learn and the seed's formula are given probabilities, and the seed's also one-hot targets,
for free.
"""

import argparse
import os
import platform
import time
import tracemalloc
from pathlib import Path
from unittest import mock

import jax
import matplotlib.pyplot as plt
import numpy as np
import optax
import scipy.special
import sklearn.metrics

import crossentropy as ce
from crossentropy import _blocks

SHAPES = [(1_000_000, 10), (10_000, 1_000), (100_000, 2), (2_000, 50_000)]
OURS = "crossentropy"
OUT = Path("_build/bench")


def scipy_loss(labels, logits):
    return -scipy.special.log_softmax(logits, axis=1)[np.arange(len(labels)), labels].mean()


def scipy_gradient(labels, logits):
    gradient = scipy.special.softmax(logits, axis=1)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient


def in_one_thread(labels, logits):
    with mock.patch.object(_blocks, "PARALLEL_ELEMENTS", np.inf):
        return ce.softmax_cross_entropy_with_integer_labels(labels, logits)


def seed_loss(p, q, epsilon=1e-9):
    return -np.sum(p * np.log(np.clip(q, epsilon, 1.0 - epsilon))) / len(p)


def optax_loss(logits, labels):
    return optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()


def optax_gradient(logits, labels):
    loss = optax.softmax_cross_entropy_with_integer_labels
    return jax.grad(lambda z: loss(z, labels).sum())(logits)


def loss_routes(labels, logits):
    """Name of the route -> a call without arguments."""
    probs = scipy.special.softmax(logits, axis=1)
    one_hot = np.zeros_like(logits)
    one_hot[np.arange(len(labels)), labels] = 1
    classes = np.arange(logits.shape[1])
    return {
        OURS: lambda: ce.softmax_cross_entropy_with_integer_labels(labels, logits),
        "  in one thread": lambda: in_one_thread(labels, logits),
        "SciPy": lambda: scipy_loss(labels, logits),
        "scikit-learn": lambda: sklearn.metrics.log_loss(labels, probs, labels=classes),
        "seed's formula": lambda: seed_loss(one_hot, probs),
        "optax, jitted": Jitted(optax_loss, logits, labels),
    }


def gradient_routes(labels, logits):
    gradient = ce.softmax_cross_entropy_with_integer_labels_grad
    return {
        OURS: lambda: gradient(labels, logits),
        "SciPy": lambda: scipy_gradient(labels, logits),
        "optax, jitted": Jitted(optax_gradient, logits, labels),
    }


class Jitted:
    """A compiled JAX function and its arguments, already on the device."""

    def __init__(self, function, *arguments):
        self.arguments = [jax.device_put(a) for a in arguments]
        self.compiled = jax.jit(function).lower(*self.arguments).compile()

    def __call__(self):
        return self.compiled(*self.arguments).block_until_ready()

    def peak(self):
        """What XLA says that it needs: its own allocations are not Python's."""
        needed = self.compiled.memory_analysis()
        return needed.temp_size_in_bytes + needed.output_size_in_bytes


def peak_memory(route):
    """Bytes allocated at most during a call, besides its arguments."""
    if isinstance(route, Jitted):
        return route.peak()
    tracemalloc.start()
    try:
        route()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def measure(routes, rounds):
    """Seconds and bytes for each route."""
    best = dict.fromkeys(routes, np.inf)
    for _ in range(rounds):
        for name, route in routes.items():
            start = time.perf_counter()
            route()
            best[name] = min(best[name], time.perf_counter() - start)
    return {name: (best[name], peak_memory(route)) for name, route in routes.items()}


def same(routes):
    """Refuse to compare different results, but for those that clip probabilities."""
    expected = routes["SciPy"]()
    for name in routes.keys() - {"scikit-learn", "seed's formula"}:
        np.testing.assert_allclose(routes[name](), expected, rtol=1e-3, atol=1e-6, err_msg=name)


def report(what, shape, size, measured):
    own, _ = measured[OURS]
    print(f"\n{what}, (N, classes) = ({shape[0]:,}, {shape[1]:,}), logits {size / 2**20:.1f} MiB")
    print(f"  {'':16}{'ms':>10}{'times ours':>12}{'extra MiB':>12}{'% of logits':>13}")
    for name, (seconds, peak) in measured.items():
        ratio, part = seconds / own, 100 * peak / size
        print(f"  {name:16}{1e3 * seconds:10.2f}{ratio:12.2f}{peak / 2**20:12.2f}{part:13.1f}")


def draw(results, path):
    """Time of every route in units of ours, and its memory in units of the logits."""
    routes = list(results[0][2])
    fig, axes = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained", sharey=True)
    height = 0.8 / len(routes)
    for number, name in enumerate(routes):
        y = np.arange(len(results)) + number * height
        own = [measured[OURS][0] for _, _, measured in results]
        seconds = [measured[name][0] for _, _, measured in results]
        parts = [100 * measured[name][1] / size for _, size, measured in results]
        color = "darkred" if name == OURS else f"{0.2 + 0.13 * number:.2f}"
        axes[0].barh(y, np.divide(seconds, own), height, label=name, color=color)
        axes[1].barh(y, parts, height, color=color)
    labels = [f"{n:,} x {k:,}" for (n, k), _, _ in results]
    axes[0].set_yticks(np.arange(len(results)) + 0.4 - height / 2, labels)
    axes[0].invert_yaxis()
    axes[0].set(xlabel="time, in units of ours", ylabel="examples x classes", xscale="log")
    axes[1].set(xlabel="extra memory, % of the logits", xscale="symlog")
    fig.legend(loc="outside upper center", ncols=len(routes), fontsize="small", frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path)
    plt.close(fig)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--scale", type=float, default=3.0, help="standard deviation of the logits")
    options = parser.parse_args()
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}, "
        f"scikit-learn {sklearn.__version__}, JAX {jax.__version__}, {os.cpu_count()} cores"
    )
    for what, routes_of in (("mean loss", loss_routes), ("gradient", gradient_routes)):
        results = []
        for shape in SHAPES:
            rng = np.random.default_rng(15)
            logits = rng.standard_normal(shape, np.float32) * np.float32(options.scale)
            labels = rng.integers(0, shape[1], shape[0])
            routes = routes_of(labels, logits)
            same(routes)
            results.append((shape, logits.nbytes, measure(routes, options.rounds)))
            report(what, shape, logits.nbytes, results[-1][2])
        draw(results, OUT / f"{what.replace(' ', '-')}.png")
    print(f"\nDrawn: {OUT}/mean-loss.png and {OUT}/gradient.png")


if __name__ == "__main__":
    main()
