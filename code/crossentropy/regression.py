"""Squared errors, for comparison: of numbers, and of probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from crossentropy import _validation as check
from crossentropy._reduction import Block, check_reduction, reduce, row_blocks
from crossentropy._validation import Floats

__all__ = ["brier_score", "squared_error"]


@np.errstate(all="ignore")
def squared_error(targets: ArrayLike, predictions: ArrayLike, *, reduction: str = "mean") -> Any:
    r"""Squared distance: :math:`(y - \hat y)^2`.

    Examples
    --------
    >>> print(squared_error([1.0, 1.0], [0.5, 1.0]))
    0.125
    """
    check_reduction(reduction)
    y = check.finite("targets", targets)
    prediction = check.finite("predictions", predictions)
    check.same_shape("targets", y, "predictions", prediction)

    def losses(y: Floats, prediction: Floats) -> Block:
        return np.square(y - prediction), None

    blocks = (losses(*block) for block in row_blocks(y.reshape(-1), prediction.reshape(-1)))
    return reduce(blocks, y.shape, np.result_type(y, prediction), reduction)


@np.errstate(all="ignore")
def brier_score(targets: ArrayLike, probs: ArrayLike) -> Any:
    r"""Squared distance of distributions, averaged: mean of :math:`\sum_k (y_k - p_k)^2`.

    Examples
    --------
    >>> print(brier_score([1, 0], [0.5, 0.5]))
    0.5
    """
    y = check.distributions("targets", targets)
    p = check.distributions("probs", probs)
    check.same_shape("targets", y, "probs", p)

    def losses(y: Floats, p: Floats) -> Block:
        return np.square(y - p).sum(axis=-1), None

    rows = (a.reshape(-1, y.shape[-1]) for a in (y, p))
    blocks = (losses(*block) for block in row_blocks(*rows))
    return reduce(blocks, y.shape[:-1], np.result_type(y, p), "mean")
