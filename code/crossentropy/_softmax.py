"""What softmax, its logarithm, its losses and their gradients have in common."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crossentropy._validation import Floats, Integers, in_range, row_maxima


class SoftmaxParts(NamedTuple):
    """Σ exp(z - max) less the maximum's own term, so that log1p keeps the small digits."""

    maximum: Floats
    shifted: Floats
    exponentials: Floats  # 0 at the maximum
    rest: Floats
    largest: NDArray[np.intp]

    def probabilities(self) -> Floats:
        """The softmax."""
        np.put_along_axis(self.exponentials, self.largest, 1, axis=-1)
        result: Floats = self.exponentials / (1 + self.rest)
        return result


class LabelTerms(NamedTuple):
    """What the label's class means to each row of a block."""

    nll: Floats  # -log p
    hit: Floats  # p
    miss: Floats  # 1 - p
    others: Floats  # the softmax, 0 at the label
    at: NDArray[np.intp]


def softmax_parts(z: Floats) -> SoftmaxParts:
    """Take a softmax over the last axis apart."""
    maximum = row_maxima(z)
    largest = z.argmax(axis=-1, keepdims=True)
    exponentials = exp_difference(z, maximum)
    np.put_along_axis(exponentials, largest, 0, axis=-1)
    rest = exponentials.sum(axis=-1, keepdims=True)
    return SoftmaxParts(maximum, z - maximum, exponentials, rest, largest)


def label_terms(labels: Integers, z: Floats) -> LabelTerms:
    """Take the softmax of a block (n, K) apart at the labels."""
    in_range(labels, z.shape[1])
    maximum = row_maxima(z)
    at = labels[:, None].astype(np.intp)
    gap = (maximum - np.take_along_axis(z, at, axis=1))[:, 0]
    others = exp_difference(z, maximum)
    hit = np.take_along_axis(others, at, axis=1)[:, 0]
    np.put_along_axis(others, at, 0, axis=1)
    miss = others.sum(axis=1)
    total = hit + miss
    nll = gap + np.log1p(miss + (hit - 1))
    return LabelTerms(nll, hit / total, miss / total, others / total[:, None], at)


def exp_difference(a: Floats, b: Floats) -> Floats:
    """exp(a - b), corrected for the rounding of a - b (Knuth's two-sum); b is finite."""
    difference = a - b
    virtual = a - difference
    lost = (a - (difference + virtual)) + (virtual - b)
    result = np.exp(difference)
    corrected: Floats = result + np.where(result > 0, result * lost, 0)
    return corrected
