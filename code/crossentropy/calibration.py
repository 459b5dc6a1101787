"""Are the probabilities honest? Reliability, its average gap, and the temperature that mends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossentropy import _doors as doors
from crossentropy._arithmetic import quiet, weigh
from crossentropy._softmax import softmax_parts
from crossentropy._types import Booleans, Floats
from crossentropy._validation import arrays, kinds, rows

__all__ = [
    "ReliabilityCurve",
    "expected_calibration_error",
    "fit_temperature",
    "reliability_curve",
]


class ReliabilityCurve(NamedTuple):
    """Confidence beside frequency, for each bin that is not empty.

    Attributes
    ----------
    confidence : ndarray, shape (num_bins,)
        Mean predicted probability of the examples in the bin.
    frequency : ndarray, shape (num_bins,)
        Fraction of them for which the prediction came true.
    counts : ndarray of int, shape (num_bins,)
        Number of them.

    Examples
    --------
    >>> confidence, frequency, counts = reliability_curve([0, 1], [0.5, 0.5])
    >>> print(confidence, frequency, counts)
    [0.5] [0.5] [2]
    """

    confidence: Floats
    frequency: Floats
    counts: NDArray[np.intp]


def reliability_curve(labels: ArrayLike, probs: ArrayLike, *, bins: int = 10) -> ReliabilityCurve:
    """How often predictions come true, by the confidence with which they were made.

    Parameters
    ----------
    labels : array_like, shape (...)
        What happened: 0 or 1, or the right classes.
    probs : array_like, shape (...) or (..., num_classes)
        Predicted probabilities of label 1, or distributions; of a distribution the likeliest class
        is taken for the prediction, and its probability for the confidence.
    bins : int, default 10
        Number of intervals of equal width that [0, 1] is cut into. A probability on a boundary
        belongs to the lower one.

    Returns
    -------
    ReliabilityCurve
        Named tuple of `confidence`, `frequency` and `counts`, without the empty bins.

    Raises
    ------
    ValueError
        If labels and probabilities don't fit together or are out of range, or there are none.
    TypeError
        If an argument is of a wrong kind.

    Examples
    --------
    >>> curve = reliability_curve([0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75], bins=2)
    >>> print(curve.confidence, curve.frequency, curve.counts)
    [0.25 0.75] [0.5 1. ] [2 2]
    """
    number = kinds.integer("bins", bins, 1)
    confidence, correct = _predictions(labels, probs)
    if not confidence.size:
        raise ValueError("labels: empty, expected at least one example")
    boundaries = np.linspace(0, 1, number + 1)[1:-1].astype(confidence.dtype)
    place = np.searchsorted(boundaries, confidence)
    counts = np.bincount(place)
    used = counts > 0
    sums = [np.bincount(place, values)[used] for values in (confidence, correct)]
    return ReliabilityCurve(sums[0] / counts[used], sums[1] / counts[used], counts[used])


def expected_calibration_error(labels: ArrayLike, probs: ArrayLike, *, bins: int = 10) -> float:
    r"""Mean gap between confidence and frequency.

    .. math:: \sum_b \frac{n_b}{n} \, |\mathrm{frequency}_b - \mathrm{confidence}_b|

    Parameters
    ----------
    labels : array_like, shape (...)
        What happened: 0 or 1, or the right classes.
    probs : array_like, shape (...) or (..., num_classes)
        Predicted probabilities of label 1, or distributions.
    bins : int, default 10
        Number of intervals of equal width, as in `reliability_curve`.

    Returns
    -------
    scalar
        The gap, in [0, 1].

    Raises
    ------
    ValueError
        If labels and probabilities don't fit together or are out of range, or there are none.
    TypeError
        If an argument is of a wrong kind.

    Examples
    --------
    >>> print(expected_calibration_error([0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75], bins=2))
    0.25
    """
    curve = reliability_curve(labels, probs, bins=bins)
    gaps = np.abs(curve.frequency - curve.confidence)
    mean: float = np.average(gaps, weights=curve.counts)
    return mean


@quiet
def fit_temperature(labels: ArrayLike, logits: ArrayLike) -> float:
    r"""Temperature that makes a classifier's confidence fit what happened.

    .. math:: \arg\min_{T > 0} \; \mathrm{mean} \, \ell(y, z / T)

    with the cross-entropy :math:`\ell` of integer labels. A temperature above 1 softens the
    predictions, one below 1 sharpens them; which class is the likeliest never changes. The loss is
    convex in 1/T, so the minimum is where its slope, mean confidence-weighted logit less mean
    logit of the label, crosses 0.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        The right classes, in 0..num_classes - 1, of examples that were not trained on.
    logits : array_like, shape (..., num_classes)
        Unnormalised log-probabilities.

    Returns
    -------
    float
        The temperature T.

    Raises
    ------
    ValueError
        If labels and logits don't fit together, there are none, or no temperature is best: the
        label's logit is always the largest, or on average no larger than the others.
    TypeError
        If labels are not integers, or logits not real numbers.

    Examples
    --------
    Three of four predictions at odds of e² came true. The odds should be 3, so T = 2 / log 3:

    >>> print(f"{fit_temperature([0, 0, 0, 1], [[2.0, 0.0]] * 4):.6f}")
    1.820478
    """
    y, z = doors.labels_and_logits(labels, logits)
    if not y.size:
        raise ValueError("labels: empty, expected at least one example")
    rows.check_labels("labels", y, z.shape[-1])
    with rows.explained(z):
        by_class = np.moveaxis(z, -1, 0)
        rows.maxima(by_class)
        scale = np.abs(z, where=np.isfinite(z), out=np.zeros(z.shape)).max()
        scaled = by_class / (scale or 1)
        at_label = np.take_along_axis(scaled, y[None].astype(np.intp), axis=0)
        if np.isneginf(at_label).any():
            raise ValueError("logits: -inf at a label, expected every label to be possible")
        gaps = scaled - at_label
        if gaps.max() <= 0:
            raise ValueError("labels: always the largest logit, expected a mistake to learn from")
        if not _slope(gaps, 0.0) < 0:
            raise ValueError("logits: no better than chance, expected larger ones at the labels")
        return float(scale / _root(lambda factor: _slope(gaps, factor)))


def _slope(gaps: Floats, factor: float) -> float:
    """Derivative of the mean loss by a factor on the logits, given less that of the label."""
    scaled = np.where(np.isinf(gaps), gaps, factor * gaps)
    return float(weigh(softmax_parts(scaled).probabilities(), gaps).sum(axis=0).mean())


def _root(slope: Callable[[float], float]) -> float:
    """Where an increasing function of a positive number crosses 0, to the last digit."""
    low, high = 0.0, 1.0
    while slope(high) < 0:
        low, high = high, 2 * high
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return high


def _predictions(labels: ArrayLike, probs: ArrayLike) -> tuple[Floats, Booleans]:
    """Confidence and success: of label 1 for probs (...), of the likeliest class for (..., K)."""
    p = arrays.probabilities("probs", probs)
    if p.ndim != np.ndim(kinds.numeric("labels", labels, "fiub")) + 1:
        y, _ = doors.labels_and_scores(labels, "probs", p).arrays
        return p.reshape(-1), y.reshape(-1)
    p = arrays.distributions("probs", probs)
    classes = arrays.integers("labels", labels)
    arrays.one_per_row("labels", classes, "probs", p)
    rows.check_labels("labels", classes, p.shape[-1])
    return p.max(axis=-1).reshape(-1), (p.argmax(axis=-1) == classes).reshape(-1)
