"""Squared errors, for comparison: of numbers, and of probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from crossentropy import _doors as doors
from crossentropy._batch import Losses
from crossentropy._types import FloatOrFloats, Reduction
from crossentropy._validation import options

__all__ = ["brier_score", "squared_error"]


def squared_error(
    targets: ArrayLike, predictions: ArrayLike, *, reduction: Reduction = "mean"
) -> FloatOrFloats:
    r"""Squared distance of numbers.

    .. math:: \ell = (y - \hat y)^2

    Parameters
    ----------
    targets : array_like, any shape
        What happened: finite numbers.
    predictions : array_like, shape of `targets`
        What was predicted: finite numbers.
    reduction : {"mean", "none", "sum"}
        What becomes of the losses.

    Returns
    -------
    scalar, or ndarray with the shape of `targets` for "none"
        Loss, in the square of the unit of `targets`.

    Raises
    ------
    ValueError
        If a number is not finite, shapes differ, or there is nothing to average.
    TypeError
        If an argument is not made of real numbers.

    Examples
    --------
    >>> print(squared_error([1.0, 1.0], [0.5, 1.0]))
    0.125
    """
    options.reduction("reduction", reduction)
    batch = doors.squared_error(targets, predictions)
    return batch.reduced(lambda y, prediction: Losses(np.square(y - prediction)), reduction)


def brier_score(targets: ArrayLike, probs: ArrayLike) -> FloatOrFloats:
    r"""Mean squared distance of predicted distributions from what happened.

    .. math:: \mathrm{mean} \sum_k (y_k - p_k)^2

    It sums over the classes, so a certain wrong answer scores 2, for two classes as for many.

    Parameters
    ----------
    targets : array_like, shape (..., num_classes)
        Distributions, one-hot where the class is known.
    probs : array_like, shape of `targets`
        Predicted distributions.

    Returns
    -------
    scalar
        Mean score, from 0 (right and certain) to 2 (wrong and certain).

    Raises
    ------
    ValueError
        If a row is no distribution, shapes differ, or there is nothing to average.
    TypeError
        If an argument is not made of real numbers.

    References
    ----------
    T. Gneiting, A. E. Raftery, "Strictly Proper Scoring Rules, Prediction, and Estimation",
    Journal of the American Statistical Association 102 (2007) 359-378,
    doi:10.1198/016214506000001437.

    Examples
    --------
    >>> print(brier_score([[1, 0], [1, 0]], [[1.0, 0.0], [0.5, 0.5]]))
    0.25
    """
    batch = doors.brier_score(targets, probs)
    return batch.reduced(lambda y, p: Losses(np.square(y - p).sum(axis=-1)), "mean")
