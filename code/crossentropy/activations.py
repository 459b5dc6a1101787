"""From logits to probabilities and their logarithms, without overflow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from crossentropy import _doors as doors
from crossentropy._arithmetic import logistic, quiet, rounded, softplus
from crossentropy._softmax import SoftmaxParts, classes_first, softmax_parts
from crossentropy._types import FloatOrFloats, Floats
from crossentropy._validation import arrays, kinds

__all__ = ["log_sigmoid", "log_softmax", "logsumexp", "sigmoid", "softmax"]


@quiet
def sigmoid(logits: ArrayLike) -> FloatOrFloats:
    r"""Probability of label 1.

    .. math:: \sigma(z) = \frac{1}{1 + e^{-z}}

    Parameters
    ----------
    logits : array_like, any shape
        Log-odds of label 1; infinite ones are certain.

    Returns
    -------
    ndarray or scalar, shape of `logits`
        Probabilities.

    Raises
    ------
    ValueError
        If a logit is NaN.
    TypeError
        If `logits` is not made of real numbers.

    Examples
    --------
    >>> print(sigmoid([-1000.0, 0.0, 1000.0]))
    [0.  0.5 1. ]
    """
    z = arrays.numbers("logits", logits)
    return rounded(logistic(z), z.dtype)


@quiet
def log_sigmoid(logits: ArrayLike) -> FloatOrFloats:
    r"""Logarithm of the probability of label 1.

    .. math:: \log \sigma(z) = -\log(1 + e^{-z})

    Parameters
    ----------
    logits : array_like, any shape
        Log-odds of label 1; infinite ones are certain.

    Returns
    -------
    ndarray or scalar, shape of `logits`
        Logarithms of probabilities, in nats, at most 0.

    Raises
    ------
    ValueError
        If a logit is NaN.
    TypeError
        If `logits` is not made of real numbers.

    Examples
    --------
    Where the sigmoid rounds to 0 or 1, its logarithm still counts:

    >>> print(log_sigmoid([-1000.0, 40.0]))
    [-1.00000000e+03 -4.24835426e-18]
    """
    z = arrays.numbers("logits", logits)
    return rounded(0.0 - softplus(-z), z.dtype)


def logsumexp(logits: ArrayLike, *, axis: int = -1, keepdims: bool = False) -> FloatOrFloats:
    r"""Logarithm of the sum of exponentials, the normaliser of a softmax.

    .. math:: \log \sum_k e^{z_k} = m + \log \sum_k e^{z_k - m}, \qquad m = \max_k z_k

    Parameters
    ----------
    logits : array_like, shape (..., num_classes)
        Unnormalised log-probabilities.
    axis : int, default -1
        Where the classes are.
    keepdims : bool, default False
        Whether the axis stays, with length 1.

    Returns
    -------
    ndarray or scalar, shape (...)
        Logarithm of the sum, in nats.

    Raises
    ------
    ValueError
        If a logit is NaN or +inf, or a row of them -inf throughout, or the axis does not exist.
    TypeError
        If `logits` is not made of real numbers, or `axis` no integer.

    References
    ----------
    P. Blanchard, D. J. Higham, N. J. Higham, "Accurately computing the log-sum-exp and softmax
    functions", IMA Journal of Numerical Analysis 41(4) (2021) 2311-2330,
    doi:10.1093/imanum/draa038.

    Examples
    --------
    The definition overflows, the shift by the maximum does not:

    >>> with np.errstate(over="ignore"):
    ...     print(np.log(np.sum(np.exp([1000.0, 1000.0]))))
    inf
    >>> print(f"{logsumexp([1000.0, 1000.0]):.6f}")
    1000.693147
    """
    kinds.boolean("keepdims", keepdims)
    batch = doors.softmax(logits, axis)

    def fill(out: Floats, z: Floats) -> None:
        parts = softmax_parts(classes_first(z))
        out[...] = parts.maximum + np.log1p(parts.rest)

    result = batch.filled(fill, batch.arrays[0].shape[:-1])
    return np.expand_dims(result, axis) if keepdims else result[()]


def softmax(logits: ArrayLike, *, axis: int = -1) -> Floats:
    r"""Probability of each class.

    .. math:: p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}

    Parameters
    ----------
    logits : array_like, shape (..., num_classes)
        Unnormalised log-probabilities.
    axis : int, default -1
        Where the classes are.

    Returns
    -------
    ndarray, shape of `logits`
        Probabilities, with sum 1 along `axis`.

    Raises
    ------
    ValueError
        If a logit is NaN or +inf, or a row of them -inf throughout, or the axis does not exist.
    TypeError
        If `logits` is not made of real numbers, or `axis` no integer.

    References
    ----------
    P. Blanchard, D. J. Higham, N. J. Higham, "Accurately computing the log-sum-exp and softmax
    functions", IMA Journal of Numerical Analysis 41(4) (2021) 2311-2330,
    doi:10.1093/imanum/draa038.

    Examples
    --------
    The definition overflows, the shift by the maximum does not:

    >>> z = np.array([1000.0, 1000.0])
    >>> with np.errstate(all="ignore"):
    ...     print(np.exp(z) / np.exp(z).sum())
    [nan nan]
    >>> print(softmax(z))
    [0.5 0.5]
    """
    return _of_classes(logits, axis, lambda _, parts: parts.probabilities())


def log_softmax(logits: ArrayLike, *, axis: int = -1) -> Floats:
    r"""Logarithm of the probability of each class.

    .. math:: \log p_k = z_k - \log \sum_j e^{z_j}

    Parameters
    ----------
    logits : array_like, shape (..., num_classes)
        Unnormalised log-probabilities.
    axis : int, default -1
        Where the classes are.

    Returns
    -------
    ndarray, shape of `logits`
        Logarithms of probabilities, in nats, at most 0.

    Raises
    ------
    ValueError
        If a logit is NaN or +inf, or a row of them -inf throughout, or the axis does not exist.
    TypeError
        If `logits` is not made of real numbers, or `axis` no integer.

    References
    ----------
    P. Blanchard, D. J. Higham, N. J. Higham, "Accurately computing the log-sum-exp and softmax
    functions", IMA Journal of Numerical Analysis 41(4) (2021) 2311-2330,
    doi:10.1093/imanum/draa038.

    Examples
    --------
    The logarithm of a softmax is -inf where the probability rounds to 0, and 0 where it rounds
    to 1; this function keeps both ends:

    >>> z = np.array([0.0, -1000.0, -40.0])
    >>> with np.errstate(divide="ignore"):
    ...     print(np.log(softmax(z)))
    [  0. -inf -40.]
    >>> print(log_softmax(z))
    [-4.24835426e-18 -1.00000000e+03 -4.00000000e+01]
    """
    return _of_classes(logits, axis, lambda z, parts: (z - parts.maximum) - np.log1p(parts.rest))


def _of_classes(
    logits: ArrayLike, axis: int, formula: Callable[[Floats, SoftmaxParts], Floats]
) -> Floats:
    """A formula of logits (K, n) and the parts of their softmax, its classes where they were."""
    batch = doors.softmax(logits, axis)

    def fill(out: Floats, z: Floats) -> None:
        z = classes_first(z)
        out[...] = formula(z, softmax_parts(z)).T

    return np.moveaxis(batch.filled(fill, batch.arrays[0].shape), -1, axis)
