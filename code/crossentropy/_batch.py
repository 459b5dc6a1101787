"""A batch of examples, worked off block by block: losses are reduced, gradients filled in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from crossentropy._arithmetic import quiet, rounded, weigh
from crossentropy._blocks import over_blocks
from crossentropy._types import Booleans, FloatOrFloats, Floats, Reduction
from crossentropy._validation.options import PARTS

T = TypeVar("T")


class Losses(NamedTuple):
    """Losses of a block, and what each counts in the divisor of a mean (None: 1)."""

    values: Floats
    counts: Floats | Booleans | None = None

    def weighted(self, weights: Floats | Booleans | None) -> Losses:
        """The same, each times its weight, in the sum and in the divisor."""
        if weights is None:
            return self
        counts = weights if self.counts is None else self.counts * weights
        return Losses(weigh(weights, self.values), counts)

    def sums(self) -> tuple[float, float]:
        """Their sum, and the divisor."""
        count = self.values.size if self.counts is None else self.counts.sum(dtype=np.float64)
        return float(self.values.sum(dtype=np.float64)), float(count)


class Batch(NamedTuple):
    """Checked arrays that have their first `ndim` dimensions in common, those of the examples."""

    name: str  # the argument that is to blame where there is nothing to average
    arrays: tuple[NDArray[Any], ...]  # the truth first, the prediction last
    ndim: int
    dtype: np.dtype[Any]  # of what comes out
    weights: Floats | Booleans | None = None
    explained: Callable[[], AbstractContextManager[None]] = nullcontext
    counting: str = "an example whose weights are above 0"

    @quiet
    def reduced(
        self, losses: Callable[..., Losses], reduction: Reduction, together: int = 1
    ) -> FloatOrFloats:
        """Join, add up or average what `losses` finds in each block."""
        if reduction == "none":
            return self._joined(losses, together)
        total, count = self._sums(losses, together)
        if not math.isfinite(count):
            raise ValueError(f"{self.name}: the weights add up to {count}, expected a finite sum")
        if reduction is PARTS:
            return np.array([total, count])
        if reduction == "mean":
            if count == 0:
                raise ValueError(f"{self.name}: nothing to average, expected {self.counting}")
            total /= count
        return rounded(np.float64(total), self.dtype)

    def filled(self, fill: Callable[..., None], shape: tuple[int, ...]) -> Floats:
        """An array in which `fill` writes block by block, times the weights."""
        out = np.empty(shape, self.dtype)

        def weighted(w: Floats | Booleans | None, out: Floats, *block: Any) -> None:
            fill(out, *block)
            if w is not None:
                out *= w[:, None]

        for _ in self._over_blocks(weighted, out):
            pass
        return out

    @quiet
    def elementwise(self, formula: Callable[..., Floats]) -> FloatOrFloats:
        """A formula of the whole arrays, times the weights."""
        values = formula(*self._precise(self.arrays))
        return rounded(values if self.weights is None else weigh(self.weights, values), self.dtype)

    def _joined(self, losses: Callable[..., Losses], together: int) -> FloatOrFloats:
        values = self._over_blocks(
            lambda w, *block: losses(*block).weighted(w).values, together=together
        )
        joined = np.concatenate([np.empty(0, self.dtype), *values])
        return rounded(joined.reshape(self.arrays[0].shape[: self.ndim]), self.dtype)

    def _sums(self, losses: Callable[..., Losses], together: int) -> tuple[float, float]:
        total = count = 0.0
        for more, counted in self._over_blocks(
            lambda w, *block: losses(*block).weighted(w).sums(), together=together
        ):
            total, count = total + more, count + counted
        return total, count

    def _over_blocks(
        self, kernel: Callable[..., T], *more: NDArray[Any], together: int = 1
    ) -> Iterator[T]:
        """What `kernel` makes of the weights, and the rest, of each block."""
        arrays = (*more, *self.arrays)
        if self.weights is not None:
            arrays = (self.weights, *arrays)

        def precisely(*block: Any) -> T:
            w, rest = (None, block) if self.weights is None else (block[0], block[1:])
            return kernel(w, *self._precise(rest))

        with self.explained():
            yield from over_blocks(precisely, self.ndim, *arrays, together=together)

    def _precise(self, block: tuple[NDArray[Any], ...]) -> Iterator[NDArray[Any]]:
        """The arrays of a block, those of floats in the dtype of the result."""
        for array in block:
            yield array.astype(self.dtype, copy=False) if array.dtype.kind == "f" else array
