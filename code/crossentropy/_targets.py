"""What the truth is, smoothed and weighed, when it meets a prediction."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np

from crossentropy._types import Booleans, Floats, Integers
from crossentropy._validation import rows

T = TypeVar("T")


def smoothed(t: Floats, amount: float) -> Floats:
    """`smooth_labels` for checked arguments."""
    return (1 - amount) * t + amount / t.shape[-1] if amount else t


class TargetTerms(NamedTuple):
    """How target distributions count."""

    class_weights: Floats | None
    smoothing: float

    def targets(self, t: Floats) -> Floats:
        """The smoothed targets of a block, times the class weights."""
        t = smoothed(t, self.smoothing)
        return t if self.class_weights is None else t * self.class_weights


class BinaryTerms(NamedTuple):
    """How labels from 0 to 1 count."""

    positive_weight: float
    smoothing: float

    def weights(
        self, y: Booleans | Floats, z: Floats, of_column: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """What the terms of label 1 and of label 0 weigh."""
        scale = self.positive_weight if of_column is None else of_column
        high, low = 1 - self.smoothing / 2, self.smoothing / 2
        if y.dtype != bool:
            rest = 1 - self.smoothing
            return scale * (rest * y + low), rest * (1 - y) + low
        on = np.where(y, scale * high, scale * low).astype(z.dtype)
        return on, np.where(y, low, high).astype(z.dtype)


class LabelTerms(NamedTuple):
    """How integer labels count."""

    class_weights: Floats | None
    ignored: int | None
    smoothing: float

    def kept(
        self, formula: Callable[[Integers, Floats], T], y: Integers, z: Floats
    ) -> tuple[T, Booleans | None]:
        """What a formula makes of a block, and which rows of it are not ignored (None: all)."""
        kept = None
        if self.ignored is not None:
            kept = y != self.ignored
            y = np.where(kept, y, 0)
        rows.in_range(y, z.shape[1])
        try:
            return formula(y, z), kept
        except rows.BlockError:
            if kept is None:
                raise
            return formula(y, np.where(kept[:, None], z, 0)), kept  # the ignored may be to blame

    def weights(self, y: Integers) -> Floats | None:
        """The weights of the labels of a block."""
        return None if self.class_weights is None else self.class_weights[y]

    def targets(self, y: Integers, z: Floats) -> Floats:
        """The smoothed one-hot targets of a block, times the class weights."""
        t = np.full(z.shape, self.smoothing / z.shape[1], z.dtype)
        t[np.arange(len(y)), y] += 1 - self.smoothing
        return t if self.class_weights is None else t * self.class_weights
