"""Draw arguments for a reader's function: short numbers, which read well in a message."""

from __future__ import annotations

from typing import Any

import numpy as np


def count(rng: np.random.Generator, low: int, high: int) -> int:
    """Return a number from low to high, both included."""
    return int(rng.integers(low, high + 1))


def distribution(rng: np.random.Generator, size: int, *, least: int = 0) -> Any:
    """Return probabilities in steps of 0.05, of which none is below so many steps."""
    shares = rng.dirichlet(np.full(size, 0.5))
    return (least + rng.multinomial(20 - least * size, shares)) / 20


def numbers(rng: np.random.Generator, *shape: int, low: float = -3, high: float = 3) -> Any:
    """Return numbers between low and high to one decimal, no two of them alike if there is room."""
    steps = np.arange(round(10 * low), round(10 * high) + 1) / 10
    size = int(np.prod(shape))
    return rng.choice(steps, size=shape, replace=size > steps.size)
