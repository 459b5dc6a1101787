"""Means over more data than fits into memory."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from crossentropy import _validation as check
from crossentropy._reduction import PARTS, weigh
from crossentropy.classification import softmax_cross_entropy_with_integer_labels

__all__ = ["RunningMean", "mean_loss"]


class RunningMean:
    """Weighted mean of numbers that arrive in blocks, whatever the blocks.

    Examples
    --------
    >>> running = RunningMean()
    >>> for losses in [1.0, 2.0, 3.0], [10.0]:
    ...     running.update(losses)
    >>> print(running.value)
    4.0
    """

    def __init__(self) -> None:
        self._total = (0.0, 0.0)
        self._weight = (0.0, 0.0)

    @np.errstate(all="ignore")
    def update(self, losses: ArrayLike, weights: ArrayLike | None = None) -> None:
        """Take in a block of losses."""
        values = check.numbers("losses", losses)
        if weights is None:
            self._add(values.sum(dtype=np.float64), values.size)
            return
        w = check.not_negative("weights", weights)
        check.same_shape("weights", w, "losses", values)
        self._add(weigh(w.astype(np.float64), values).sum(), w.sum(dtype=np.float64))

    def merge(self, other: RunningMean) -> None:
        """Take in all that another running mean has seen."""
        for total, weight in zip(other._total, other._weight, strict=True):
            self._add(total, weight)

    @property
    def weight(self) -> float:
        """Sum of the weights so far; the number of losses if all weigh 1."""
        return sum(self._weight)

    @property
    def value(self) -> float:
        """The mean so far."""
        if self.weight == 0:
            raise ValueError("losses: none of positive weight so far, expected at least one")
        return sum(self._total) / self.weight

    def _add(self, total: float, weight: float) -> None:
        self._total = _two_sum(self._total, float(total))
        self._weight = _two_sum(self._weight, float(weight))


def mean_loss(
    blocks: Iterable[tuple[Any, ...]],
    *,
    loss: Callable[..., Any] = softmax_cross_entropy_with_integer_labels,
    map: Callable[..., Iterable[Any]] = builtins.map,
    **options: Any,
) -> float:
    """Mean loss over blocks of examples, equal to the mean over all of them at once.

    Examples
    --------
    >>> blocks = [([0, 1], [[2.0, 0.0], [0.0, 2.0]]), ([1], [[2.0, 0.0]])]
    >>> print(f"{mean_loss(blocks):.6f}")
    0.793595
    """
    part = partial(_block_parts, loss=loss, options=options)
    if hasattr(blocks, "map") and hasattr(blocks, "compute"):  # a Dask bag
        parts = blocks.map(part).compute()
    else:
        parts = map(part, blocks)
    running = RunningMean()
    for total, weight in parts:
        running._add(total, weight)
    return running.value


def _block_parts(
    block: tuple[Any, ...], *, loss: Callable[..., Any], options: dict[str, Any]
) -> tuple[float, float]:
    labels, logits, *weights = block
    if weights:
        options = {**options, "weights": weights[0]}
    parts: tuple[float, float] = loss(labels, logits, **options, reduction=PARTS)
    return parts


def _two_sum(pair: tuple[float, float], term: float) -> tuple[float, float]:
    """Add a term to a sum that carries its rounding error along (Knuth)."""
    total = pair[0] + term
    virtual = total - pair[0]
    error = (pair[0] - (total - virtual)) + (term - virtual)
    return total, pair[1] + error if np.isfinite(total) else 0.0
