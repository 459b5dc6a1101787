"""Is an option, one number or word, what it may be?"""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np

from crossentropy._types import Reduction
from crossentropy._validation.kinds import scalar

REDUCTIONS: tuple[str, ...] = get_args(Reduction)
PARTS: Any = object()  # the reduction of mean_loss: the sum of the losses, that of their weights


def fraction(name: str, value: Any) -> float:
    """A number in [0, 1]."""
    number = scalar(name, value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name}: {number:g}, expected a number in [0, 1]")
    return number


def below(name: str, value: Any, limit: float) -> float:
    """A number in [0, limit)."""
    number = scalar(name, value)
    if not 0 <= number < limit:
        raise ValueError(f"{name}: {number:g}, expected a number in [0, {limit:g})")
    return number


def finite_in(name: str, value: Any, dtype: np.dtype[Any]) -> float:
    """A number of at least 0 that is finite in a dtype."""
    number = scalar(name, value)
    limit = float(np.finfo(dtype).max)
    if not 0 <= number <= limit:
        raise ValueError(f"{name}: {number:g}, expected a number in [0, {limit:.4g}]")
    return number


def logarithm_base(name: str, value: Any) -> float:
    """The base of a logarithm that grows: a finite number above 1."""
    number = scalar(name, value)
    if not 1 < number < math.inf:
        raise ValueError(f"{name}: {number:g}, expected a finite number above 1")
    return number


def reduction(name: str, value: Any) -> None:
    """One of the reductions."""
    if value is PARTS:
        return
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected a string, got {type(value).__name__}")
    if value not in REDUCTIONS:
        expected = ", ".join(map(repr, REDUCTIONS))
        raise ValueError(f"{name}: {value!r}, expected one of {expected}")
