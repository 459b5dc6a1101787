"""Are the probabilities honest? Reliability, its average gap, and the temperature that mends it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossentropy import _validation as check
from crossentropy._reduction import weigh
from crossentropy._validation import Booleans, Floats, Integers
from crossentropy.activations import softmax

__all__ = [
    "ReliabilityCurve",
    "expected_calibration_error",
    "fit_temperature",
    "reliability_curve",
]


class ReliabilityCurve(NamedTuple):
    """Confidence against frequency, one entry for each bin that is not empty.

    Attributes
    ----------
    confidence : ndarray, shape (num_bins,)
        Mean predicted probability of the examples in the bin.
    frequency : ndarray, shape (num_bins,)
        Fraction of these examples for which the prediction came true.
    counts : ndarray of int, shape (num_bins,)
        Number of these examples.
    """

    confidence: Floats
    frequency: Floats
    counts: NDArray[np.intp]


def reliability_curve(labels: ArrayLike, probs: ArrayLike, *, bins: int = 10) -> ReliabilityCurve:
    """How often predictions of each confidence come true.

    Examples
    --------
    >>> curve = reliability_curve([0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75], bins=2)
    >>> print(curve.confidence, curve.frequency, curve.counts)
    [0.25 0.75] [0.5 1. ] [2 2]
    """
    number = check.integer("bins", bins, 1)
    confidence, correct = _predictions(labels, probs)
    if not confidence.size:
        raise ValueError("labels: empty, expected at least one example")
    inner_edges = np.linspace(0, 1, number + 1)[1:-1]
    place = np.searchsorted(inner_edges, confidence)
    counts = np.bincount(place)
    used = counts > 0
    confidence, frequency = (
        np.bincount(place, values)[used] / counts[used] for values in (confidence, correct)
    )
    return ReliabilityCurve(confidence, frequency, counts[used])


def expected_calibration_error(labels: ArrayLike, probs: ArrayLike, *, bins: int = 10) -> Any:
    """Mean gap between confidence and frequency, over the bins of `reliability_curve`.

    Examples
    --------
    >>> print(expected_calibration_error([0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75], bins=2))
    0.25
    """
    curve = reliability_curve(labels, probs, bins=bins)
    return np.average(np.abs(curve.confidence - curve.frequency), weights=curve.counts)


@np.errstate(all="ignore")
def fit_temperature(labels: ArrayLike, logits: ArrayLike) -> float:
    """Temperature T > 0 that minimises the mean cross-entropy of `logits / T`.

    Examples
    --------
    >>> print(round(fit_temperature([0, 0, 0, 1], [[2.0, 0.0]] * 4), 6))
    1.820478
    """
    y = check.integer_labels(labels)
    z = check.class_logits(logits)
    check.one_per_row("labels", y, z)
    if not y.size:
        raise ValueError("labels: empty, expected at least one example")
    try:
        check.in_range(y, z.shape[-1])
        check.row_maxima(z)
    except check.BlockError:
        check.explain_labels(y, z)
    gaps = (z - np.take_along_axis(z, y[..., None].astype(np.intp), axis=-1)).astype(np.float64)
    return 1 / _positive_root(lambda scale: _slope(gaps, scale))


def _slope(gaps: Floats, scale: float) -> float:
    """Derivative of the mean loss with respect to the factor on the logits."""
    return float(weigh(softmax(scale * gaps), gaps).sum(axis=-1).mean())


def _positive_root(slope: Any) -> float:
    """Where an increasing function crosses 0, by bisection."""
    if not slope(0.0) < 0:
        raise ValueError(
            "logits: no better than chance at these labels, expected a loss that falls as they grow"
        )
    low, high = 0.0, 1.0
    while slope(high) < 0:
        low, high = high, 2 * high
        if high > 1e9:
            raise ValueError(
                "labels: always the largest logit, expected a mistake (the best temperature is 0)"
            )
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return high


def _predictions(labels: ArrayLike, probs: ArrayLike) -> tuple[Floats, Booleans]:
    """Confidence and success: of label 1 for probs (...), of the likeliest class for (..., K)."""
    y = check.as_array("labels", labels)
    p = check.probabilities("probs", probs)
    if p.shape[:-1] != y.shape or p.ndim == 0:
        binary = check.binary_labels(labels)
        check.same_shape("labels", binary, "probs", p)
        return p.reshape(-1), binary.reshape(-1)
    classes: Integers = check.integer_labels(labels)
    p = check.distributions("probs", p)
    return p.max(axis=-1).reshape(-1), (p.argmax(axis=-1) == classes).reshape(-1)
