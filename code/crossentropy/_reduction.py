"""From the losses of the examples to one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from crossentropy._arithmetic import weigh
from crossentropy._blocks import over_blocks
from crossentropy._types import Floats
from crossentropy._validation.options import PARTS

# The losses of a block, times their weights, and the weights (None: one each).
Losses: TypeAlias = tuple[Floats, Floats | None]


def weighted(losses: Floats, weights: Floats | None) -> Losses:
    """Losses in the form that `reduce` takes."""
    return (losses if weights is None else weigh(weights, losses)), weights


def reduce(
    kernel: Callable[..., Losses],
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    reduction: Any,
    truth: str,
    *arrays: NDArray[Any] | None,
    together: int = 1,
) -> Any:
    """Join or add up the losses that `kernel` finds in blocks of `arrays`; a mean is weighted."""
    ndim = len(shape)
    with np.errstate(all="ignore"):
        if reduction == "none":
            blocks = over_blocks(lambda *block: kernel(*block)[0], ndim, *arrays, together=together)
            joined = np.concatenate([np.empty(0, dtype), *blocks])
            return joined.astype(dtype, copy=False).reshape(shape)[()]
        parts = over_blocks(
            lambda *block: _parts(*kernel(*block)), ndim, *arrays, together=together
        )
        total, weight = np.array([(0.0, 0.0), *parts]).sum(axis=0)
        if not np.isfinite(weight):
            raise ValueError(f"{truth}: the weights add up to {weight}, expected a finite sum")
        if reduction is PARTS:
            return float(total), float(weight)
        if reduction == "sum":
            return dtype.type(total)
        if weight == 0:
            raise ValueError(
                f"{truth}: nothing to average, expected an example whose weights are above 0"
            )
        return dtype.type(total / weight)


def _parts(losses: Floats, weights: Floats | None) -> tuple[float, float]:
    weight = losses.size if weights is None else weights.sum(dtype=np.float64)
    return float(losses.sum(dtype=np.float64)), float(weight)
