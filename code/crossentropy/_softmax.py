"""What softmax, its logarithm, its losses and their gradients have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crossentropy._arithmetic import exp_difference, log1p, row_sums, weigh, within
from crossentropy._blocks import row_blocks
from crossentropy._types import Floats, Integers
from crossentropy._validation import rows


class SoftmaxParts(NamedTuple):
    """A softmax in pieces that keep the small digits of its logarithm."""

    maximum: Floats
    exponentials: Floats  # exp(z - maximum)
    rest: Floats  # their sum, less the 1 of the maximum

    def probabilities(self) -> Floats:
        """The softmax."""
        result: Floats = self.exponentials / (1 + self.rest)
        return result


class LabelParts(NamedTuple):
    """The softmax of rows, apart at the label: p = hit / (hit + rest)."""

    hit: Floats
    rest: Floats
    gap: Floats | None = None  # shift less the label's logit; None without a shift

    def fit(self) -> bool:
        """Whether no exponential is near the limits of its dtype."""
        limits = np.finfo(self.hit.dtype)
        high = float(limits.max) ** 0.4
        low = float(limits.tiny) ** 0.8
        return within(self.hit, 1 / high, high) and within(self.rest, low, high)

    def nll(self) -> Floats:
        """-log p, accurate for p near 0 and near 1."""
        if self.gap is None:
            return log1p(self.rest / self.hit)
        result: Floats = self.gap + np.log1p(self.rest + (self.hit - 1))
        return result

    def hit_and_miss(self) -> tuple[Floats, Floats]:
        """The probability of the label, and of the others."""
        total = self.hit + self.rest
        return self.hit / total, self.rest / total


class LabelBlock(NamedTuple):
    """The softmax of a block of rows before it is divided by its sum."""

    parts: LabelParts
    others: Floats  # exp(z - shift), 0 at the label
    at: NDArray[np.intp]  # the places of the labels in the flat block

    def gradient(self, scale: Floats | int, out: Floats) -> None:
        """scale * (softmax - one-hot); p - 1 at the label is a sum, so no digits cancel."""
        hit, rest, _ = self.parts
        self.others.reshape(-1)[self.at] = -rest
        np.multiply(self.others, (scale / (hit + rest))[:, None], out=out)


def classes_first(block: Floats) -> Floats:
    """A block (n, K) as (K, n), its memory in the order that makes the loops long."""
    if len(block) < block.shape[1]:
        return np.ascontiguousarray(block).T
    return np.ascontiguousarray(block.T)


def softmax_parts(z: Floats) -> SoftmaxParts:
    """Take the softmax of logits (K, ...) apart."""
    maximum = rows.maxima(z)
    exponentials = exp_difference(z, maximum)
    largest = exponentials == 1
    rest = np.where(largest, 0, exponentials).sum(axis=0)
    rest += largest.sum(axis=0) - 1
    return SoftmaxParts(maximum, exponentials, rest)


def label_parts(y: Integers, z: Floats) -> LabelParts:
    """Take the softmax of many rows (n, K) apart, one block in the cache at a time."""
    parts = _joined(_unshifted, y, z)
    return parts if parts.fit() else _joined(_shifted, y, z)


def label_block(y: Integers, z: Floats, out: Floats) -> LabelBlock:
    """Take the softmax of one block (n, K) apart; `out` may be written to."""
    block = _unshifted(y, z, out)
    return block if block.parts.fit() else _shifted(y, z)


def target_losses(t: Floats, z: Floats) -> Floats:
    """Σ t_k (log Σ exp(z) - z_k) for each row of a block."""
    t, z = classes_first(t), classes_first(z)
    parts = softmax_parts(z)
    losses: Floats = weigh(t, parts.maximum - z).sum(axis=0)
    losses += t.sum(axis=0) * np.log1p(parts.rest)
    return losses


def target_gradient(t: Floats, z: Floats) -> Floats:
    """(Σ t) softmax - t for each row of a block, where p is near 1 without cancelling."""
    t, z = classes_first(t), classes_first(z)
    parts = softmax_parts(z)
    total = t.sum(axis=0)
    p = parts.probabilities()
    miss = parts.rest / (1 + parts.rest)  # of the likeliest class, as p > 0.5 is
    gradient: Floats = np.where(p > 0.5, (total - t) - total * miss, total * p - t).T
    return gradient


def _joined(split: Callable[[Integers, Floats], LabelBlock], y: Integers, z: Floats) -> LabelParts:
    """What `split` makes of each block of rows, without the exponentials."""
    hit, rest, gap = zip(*(split(*block).parts for block in row_blocks(1, y, z)), strict=True)
    shift = None if gap[0] is None else np.concatenate(gap)
    return LabelParts(np.concatenate(hit), np.concatenate(rest), shift)


def _unshifted(y: Integers, z: Floats, out: Floats | None = None) -> LabelBlock:
    # order "C", since a flat view of the block is written to
    return _split(y, np.exp(z, out=out, order="C"))


def _shifted(y: Integers, z: Floats) -> LabelBlock:
    turned = classes_first(z)
    maximum = rows.maxima(turned)
    exponentials = np.ascontiguousarray(exp_difference(turned, maximum).T)
    return _split(y, exponentials, maximum - z[np.arange(len(z)), y])


def _split(y: Integers, exponentials: Floats, gap: Floats | None = None) -> LabelBlock:
    flat = exponentials.reshape(-1)
    at = np.arange(0, flat.size, exponentials.shape[1])
    at += y.astype(np.intp, copy=False)
    hit = flat.take(at)
    flat[at] = 0
    return LabelBlock(LabelParts(hit, row_sums(exponentials), gap), exponentials, at)
