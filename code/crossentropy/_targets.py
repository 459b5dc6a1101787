"""What the truth is, smoothed and weighed, when it meets a prediction."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crossentropy._types import Booleans, Floats, Integers
from crossentropy._validation import rows


def smoothed(t: Floats, amount: float) -> Floats:
    """`smooth_labels` for checked arguments."""
    return (1 - amount) * t + amount / t.shape[-1] if amount else t


class BinaryTerms(NamedTuple):
    """How labels 0 and 1 count."""

    positive_weight: float
    smoothing: float

    def weights(self, y: Booleans, z: Floats) -> tuple[Floats, Floats]:
        """What the terms of label 1 and of label 0 weigh."""
        scale, high, low = self.positive_weight, 1 - self.smoothing / 2, self.smoothing / 2
        on = np.where(y, scale * high, scale * low).astype(z.dtype)
        return on, np.where(y, low, high).astype(z.dtype)


class LabelTerms(NamedTuple):
    """How integer labels count."""

    class_weights: Floats | None
    ignored: int | None
    smoothing: float

    def kept(self, y: Integers, z: Floats) -> tuple[Integers, Floats | None]:
        """The labels of a block, with 0 for the ignored, and 1 for those that are kept."""
        kept = None
        if self.ignored is not None:
            kept = np.not_equal(y, self.ignored).astype(z.dtype)
            y = np.where(kept, y, 0)
        rows.in_range(y, z.shape[1])
        return y, kept

    def weights(self, y: Integers) -> Floats | None:
        """The weights of the labels of a block."""
        return None if self.class_weights is None else self.class_weights[y]

    def targets(self, y: Integers, z: Floats) -> Floats:
        """The smoothed one-hot targets of a block, times the class weights."""
        t = np.full(z.shape, self.smoothing / z.shape[1], z.dtype)
        t[np.arange(len(y)), y] += 1 - self.smoothing
        return t if self.class_weights is None else t * self.class_weights
