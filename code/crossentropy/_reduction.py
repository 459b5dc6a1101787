"""From the losses of the examples to one number, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from crossentropy._validation import Floats

BLOCK_BYTES = 1 << 18
REDUCTIONS = ("none", "mean", "sum")
PARTS: Any = object()  # the reduction of mean_loss: the sum of the losses and of their weights

# The losses of a block, weighted, and the weights (None: one each).
Block: TypeAlias = tuple[Floats, Floats | None]


def check_reduction(reduction: Any) -> None:
    """Refuse an unknown reduction."""
    if reduction is PARTS:
        return
    if not isinstance(reduction, str):
        raise TypeError(f"reduction: expected a string, got {type(reduction).__name__}")
    if reduction not in REDUCTIONS:
        expected = ", ".join(map(repr, REDUCTIONS))
        raise ValueError(f"reduction: {reduction!r}, expected one of {expected}")


def weigh(weights: Any, values: Any) -> Any:
    """weights * values, where a weight of 0 silences even an infinite value."""
    return np.where(np.equal(weights, 0), 0, weights * values)


def row_blocks(*arrays: NDArray[Any] | None) -> Iterator[tuple[Any, ...]]:
    """Cut arrays (n, ...) of equal length into blocks of rows that fit the cache."""
    present = [array for array in arrays if array is not None]
    widest = max(array.itemsize * array[:1].size for array in present) or 1
    rows = max(1, BLOCK_BYTES // widest)
    for start in range(0, len(present[0]), rows):
        yield tuple(None if a is None else a[start : start + rows] for a in arrays)


def reduce(blocks: Iterable[Block], shape: tuple[int, ...], dtype: Any, reduction: str) -> Any:
    """Join or add up the losses of the blocks; "mean" divides by their weight."""
    scalar = np.dtype(dtype).type
    if reduction == "none":
        joined = np.concatenate([np.empty(0, dtype), *(losses for losses, _ in blocks)])
        return joined.astype(dtype, copy=False).reshape(shape)[()]
    total, weight = np.array([(0, 0), *map(_parts, blocks)], np.float64).sum(axis=0)
    if reduction is PARTS:
        return float(total), float(weight)
    if reduction == "sum":
        return scalar(total)
    if weight == 0:
        raise ValueError("labels: no example of positive weight, expected at least one for a mean")
    return scalar(total / weight)


def _parts(block: Block) -> tuple[float, float]:
    losses, weights = block
    weight = losses.size if weights is None else weights.sum(dtype=np.float64)
    return losses.sum(dtype=np.float64), weight
