"""Means over more data than fits into memory."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from crossentropy._arithmetic import quiet, two_sum
from crossentropy._batch import Losses
from crossentropy._validation import arrays
from crossentropy._validation.options import PARTS
from crossentropy.classification import softmax_cross_entropy_with_integer_labels

__all__ = ["RunningMean", "mean_loss"]


class RunningMean:
    """Weighted mean of losses that arrive in blocks, whatever the blocks.

    It keeps the sum of the losses and the sum of their weights, each with its rounding error, so
    that the order of the blocks hardly ever shows, not even in the last digit. Means of parts of
    the data, from different processes or machines, are merged into the mean of all of it.

    Examples
    --------
    >>> first, second = RunningMean(), RunningMean()
    >>> first.update([1.0, 2.0, 3.0])
    >>> second.update([10.0])
    >>> first.merge(second)
    >>> print(first.value)  # the mean of the means 2 and 10 would be 6
    4.0
    """

    def __init__(self) -> None:
        self._total = (0.0, 0.0)
        self._weight = (0.0, 0.0)

    @quiet
    def update(self, losses: ArrayLike, weights: ArrayLike | None = None) -> None:
        """Take in a block of losses.

        Parameters
        ----------
        losses : array_like, any shape
            Losses, one for each example.
        weights : array_like, shape of `losses`, optional
            Weights of the examples, at least 0; 1 each if not given.

        Raises
        ------
        ValueError
            If a loss is NaN or -inf, a weight negative or not finite, or shapes differ.
        TypeError
            If an argument is not made of real numbers.

        Examples
        --------
        >>> running = RunningMean()
        >>> running.update([1.0, 4.0], weights=[2.0, 1.0])
        >>> print(running.value)
        2.0
        """
        values = arrays.losses("losses", losses)
        if weights is None:
            self._add(*Losses(values).sums())
            return
        w = arrays.weights("weights", weights).astype(np.float64)
        arrays.same_shape("weights", w, "losses", values)
        self._add(*Losses(values).weighted(w).sums())

    def merge(self, other: RunningMean) -> None:
        """Take in all that another running mean has seen.

        Parameters
        ----------
        other : RunningMean
            Mean of other data; it stays as it is.

        Examples
        --------
        >>> one, other = RunningMean(), RunningMean()
        >>> one.update(1.0)
        >>> other.update([2.0, 3.0])
        >>> one.merge(other)
        >>> print(one.value, one.weight)
        2.0 3.0
        """
        if not isinstance(other, RunningMean):
            raise TypeError(f"other: expected a RunningMean, got {type(other).__name__}")
        for total, weight in zip(other._total, other._weight, strict=True):
            self._add(total, weight)

    @property
    def weight(self) -> float:
        """Sum of the weights so far.

        Returns
        -------
        float
            The number of losses, if all weigh 1.

        Examples
        --------
        >>> print(RunningMean().weight)
        0.0
        """
        return sum(self._weight)

    @property
    def value(self) -> float:
        """Mean of the losses so far.

        Returns
        -------
        float
            The weighted mean, in double precision.

        Raises
        ------
        ValueError
            If there is nothing to average.

        Examples
        --------
        >>> running = RunningMean()
        >>> running.update([1.0, 2.0])
        >>> print(running.value)
        1.5
        """
        if self.weight == 0:
            raise ValueError("losses: none of positive weight so far, expected at least one")
        return sum(self._total) / self.weight

    def _add(self, total: float, weight: float) -> None:
        self._total = _added(self._total, total)
        self._weight = _added(self._weight, weight)


def mean_loss(
    blocks: Iterable[tuple[Any, ...]],
    *,
    loss: Callable[..., Any] = softmax_cross_entropy_with_integer_labels,
    map: Callable[..., Iterable[Any]] = builtins.map,
    **options: Any,
) -> float:
    """Mean loss over blocks of examples: that of all examples at once, not a mean of means.

    Every loss's own rule for its mean holds across the blocks, so class weights and ignored labels
    count as they do in one call.

    Parameters
    ----------
    blocks : iterable of tuples, or Dask bag of tuples
        Blocks (labels, logits) or (labels, logits, weights), or whatever else `loss` takes first.
        An iterable is read one block at a time; a Dask bag is computed where its data are, and
        only two numbers for each block come back.
    loss : callable, default softmax_cross_entropy_with_integer_labels
        One of this package's losses that have a `reduction`.
    map : callable, default map
        Applies a function to the blocks: the built-in `map`, or that of an executor to use several
        threads or processes.
    **options
        Options of `loss`.

    Returns
    -------
    float
        Mean loss in nats, in double precision.

    Raises
    ------
    ValueError
        If a block holds what `loss` refuses, or there is nothing to average.
    TypeError
        If an argument is of a wrong kind.

    Examples
    --------
    >>> blocks = [([0, 1], [[2.0, 0.0], [0.0, 2.0]]), ([1], [[2.0, 0.0]])]
    >>> print(f"{mean_loss(blocks):.6f}")
    0.793595
    """
    if "reduction" in options:
        raise TypeError("reduction: always the mean here, expected other options")
    if not hasattr(blocks, "__iter__"):
        raise TypeError(f"blocks: expected an iterable of tuples, got {type(blocks).__name__}")
    part = partial(_sum_and_weight, loss=loss, options=options)
    if hasattr(blocks, "map") and hasattr(blocks, "compute"):
        parts = blocks.map(part).compute()
    else:
        parts = map(part, blocks)
    running = RunningMean()
    for total, weight in parts:
        running._add(total, weight)
    return running.value


def _sum_and_weight(
    block: tuple[Any, ...], *, loss: Callable[..., Any], options: dict[str, Any]
) -> tuple[float, float]:
    if len(block) not in (2, 3):
        raise ValueError(f"blocks: one has {len(block)} entries, expected 2, or 3 with weights")
    labels, logits, *weights = block
    if weights:
        if "weights" in options:
            raise TypeError("weights: given in a block and as an option, expected one of them")
        options = {**options, "weights": weights[0]}
    total, weight = loss(labels, logits, **options, reduction=PARTS)
    return float(total), float(weight)


def _added(pair: tuple[float, float], term: float) -> tuple[float, float]:
    """Add a term to a sum that carries its rounding error along."""
    total, excess = two_sum(pair[0], term)
    return total, pair[1] - excess if np.isfinite(total) else 0.0
