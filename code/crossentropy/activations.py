"""From logits to probabilities and their logarithms, without overflow."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from crossentropy import _validation as check
from crossentropy._softmax import SoftmaxParts, softmax_parts

__all__ = ["log_sigmoid", "log_softmax", "logsumexp", "sigmoid", "softmax"]


@np.errstate(all="ignore")
def sigmoid(logits: ArrayLike) -> Any:
    r"""Probability of label 1: :math:`\sigma(z) = 1 / (1 + e^{-z})`.

    Examples
    --------
    >>> print(sigmoid([-1000.0, 0.0, 1000.0]))
    [0.  0.5 1. ]
    """
    z = check.numbers("logits", logits)
    decay = np.exp(-np.abs(z))
    return (np.where(z < 0, decay, np.ones_like(z)) / (1 + decay))[()]


@np.errstate(all="ignore")
def log_sigmoid(logits: ArrayLike) -> Any:
    r"""Logarithm of the probability of label 1: :math:`\log \sigma(z)`.

    Examples
    --------
    >>> print(log_sigmoid([-1000.0, 1000.0]))
    [-1000.     0.]
    """
    z = check.numbers("logits", logits)
    return (np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z))))[()]


@np.errstate(all="ignore")
def logsumexp(logits: ArrayLike, *, axis: int = -1, keepdims: bool = False) -> Any:
    r"""Logarithm of the sum of exponentials: :math:`\log \sum_k e^{z_k}`.

    Examples
    --------
    >>> print(f"{logsumexp([1000.0, 1000.0]):.6f}")
    1000.693147
    """
    parts = _parts(logits, axis)
    result = parts.maximum + np.log1p(parts.rest)
    return np.moveaxis(result, -1, axis) if keepdims else result[..., 0][()]


@np.errstate(all="ignore")
def softmax(logits: ArrayLike, *, axis: int = -1) -> Any:
    r"""Probabilities of the classes: :math:`e^{z_k} / \sum_j e^{z_j}`.

    Examples
    --------
    >>> print(softmax([1000.0, 1000.0]))
    [0.5 0.5]
    """
    parts = _parts(logits, axis)
    return np.moveaxis(parts.probabilities(), -1, axis)


@np.errstate(all="ignore")
def log_softmax(logits: ArrayLike, *, axis: int = -1) -> Any:
    r"""Logarithms of the probabilities: :math:`z_k - \log \sum_j e^{z_j}`.

    Examples
    --------
    >>> print(log_softmax([0.0, -1000.0]))
    [    0. -1000.]
    """
    parts = _parts(logits, axis)
    return np.moveaxis(parts.shifted - np.log1p(parts.rest), -1, axis)


def _parts(logits: ArrayLike, axis: int) -> SoftmaxParts:
    z = check.class_logits(logits, axis)
    try:
        return softmax_parts(z)
    except check.BlockError:
        check.explain_rows(z)
