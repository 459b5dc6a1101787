"""Surprise and its averages: entropy, cross-entropy, KL divergence, perplexity.

All of it is computed in double precision and rounded once, to the dtype of the arguments.
"""

from __future__ import annotations

import math
from math import e

import numpy as np
from numpy.typing import ArrayLike

from crossentropy._arithmetic import quiet, rounded, weigh
from crossentropy._types import FloatOrFloats, Floats
from crossentropy._validation import arrays, options

__all__ = ["cross_entropy", "entropy", "kl_divergence", "perplexity", "surprisal"]


@quiet
def surprisal(p: ArrayLike, *, base: float = e) -> FloatOrFloats:
    r"""Surprise at an outcome of probability `p`.

    .. math:: -\log p

    Parameters
    ----------
    p : array_like, any shape
        Probabilities, each in [0, 1].
    base : float, default e
        Base of the logarithm, above 1: e measures in nats, 2 in bits.

    Returns
    -------
    ndarray or scalar, shape of `p`
        Surprise in nats, or the unit of `base`; infinite where `p` is 0.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1] or NaN, or `base` not above 1.
    TypeError
        If an argument is not made of real numbers.

    References
    ----------
    C. E. Shannon, "A Mathematical Theory of Communication", Bell System Technical Journal 27
    (1948).

    Examples
    --------
    Three heads in a row carry three bits:

    >>> print(surprisal(1 / 8, base=2))
    3.0
    """
    checked = arrays.probabilities("p", p)
    unit = options.logarithm_base("base", base)
    return rounded(_surprisal(checked, unit), checked.dtype)


@quiet
def entropy(p: ArrayLike, *, axis: int = -1, base: float = e) -> FloatOrFloats:
    r"""Average surprise at the outcomes of a distribution.

    .. math:: H(p) = -\sum_k p_k \log p_k

    with :math:`0 \log 0 = 0`. It is 0 for a certain outcome, exactly, and largest for the uniform
    distribution.

    Parameters
    ----------
    p : array_like, shape (..., num_classes)
        Distributions: in [0, 1], with sum 1.
    axis : int, default -1
        Where the classes are.
    base : float, default e
        Base of the logarithm, above 1: e measures in nats, 2 in bits.

    Returns
    -------
    ndarray or scalar, shape (...)
        Entropy in nats, or the unit of `base`.

    Raises
    ------
    ValueError
        If a row is no distribution, or an option is out of range.
    TypeError
        If an argument is not made of real numbers, or `axis` no integer.

    References
    ----------
    C. E. Shannon, "A Mathematical Theory of Communication", Bell System Technical Journal 27
    (1948).

    Examples
    --------
    >>> print(entropy([0.5, 0.25, 0.25], base=2))
    1.5
    """
    checked = arrays.distributions("p", p, axis)
    unit = options.logarithm_base("base", base)
    return rounded(weigh(checked, _surprisal(checked, unit)).sum(axis=-1), checked.dtype)


@quiet
def cross_entropy(
    p: ArrayLike, q: ArrayLike, *, axis: int = -1, base: float = e, epsilon: float = 1e-9
) -> FloatOrFloats:
    r"""Average surprise of one who expects `q` while `p` is true.

    .. math:: H(p, q) = -\sum_k p_k \log q_k = H(p) + \mathrm{KL}(p \,\|\, q)

    `q` is clipped into [`epsilon`, 1 - `epsilon`], which keeps the result finite and has a price: a
    perfect prediction of a certain outcome scores 1e-9 nats instead of 0, every probability below
    1e-9 scores 20.723 alike, and there the gradient is 0. With ``epsilon=0`` the result is exact:
    :math:`0 \log 0 = 0`, and infinity where `q` is 0 and `p` is not.

    Parameters
    ----------
    p : array_like, shape (..., num_classes)
        True distributions: in [0, 1], with sum 1.
    q : array_like, shape of `p`
        Predicted distributions.
    axis : int, default -1
        Where the classes are.
    base : float, default e
        Base of the logarithm, above 1: e measures in nats, 2 in bits.
    epsilon : float, default 1e-9
        How far from 0 and 1 to clip `q`, in [0, 0.5).

    Returns
    -------
    ndarray or scalar, shape (...)
        Cross-entropy in nats, or the unit of `base`.

    Raises
    ------
    ValueError
        If a row is no distribution, shapes differ, or an option is out of range.
    TypeError
        If an argument is not made of real numbers, or `axis` no integer.

    Examples
    --------
    The fruit is a banana, and was given a probability of one half:

    >>> print(cross_entropy([0, 1, 0], [0.2, 0.5, 0.3]))
    0.6931471805599453

    What clipping hides:

    >>> print(cross_entropy([1, 0], [0, 1]), cross_entropy([1, 0], [0, 1], epsilon=0))
    20.72326583694641 inf
    """
    truth, model = _pair(p, q, axis)
    unit = options.logarithm_base("base", base)
    clip = options.below("epsilon", epsilon, 0.5)
    clipped = np.clip(model.astype(np.float64), clip, 1 - clip)
    terms = weigh(truth, _surprisal(clipped, unit))
    return rounded(terms.sum(axis=-1), np.result_type(truth, model))


@quiet
def kl_divergence(p: ArrayLike, q: ArrayLike, *, axis: int = -1, base: float = e) -> FloatOrFloats:
    r"""Surprise that one who expects `q` suffers in excess of the entropy of the true `p`.

    .. math:: \mathrm{KL}(p \,\|\, q) = \sum_k p_k \log \frac{p_k}{q_k}
              = \sum_k \Bigl(p_k \log \frac{p_k}{q_k} - p_k + q_k\Bigr)

    The terms of the second sum are never negative and do not cancel, so the result is exactly 0
    for equal distributions and keeps its digits for nearly equal ones. Where the rows sum to 1 only
    nearly, as rounded numbers do, the two sums differ by as much, and the second is returned.

    Parameters
    ----------
    p : array_like, shape (..., num_classes)
        True distributions: in [0, 1], with sum 1.
    q : array_like, shape of `p`
        Predicted distributions.
    axis : int, default -1
        Where the classes are.
    base : float, default e
        Base of the logarithm, above 1: e measures in nats, 2 in bits.

    Returns
    -------
    ndarray or scalar, shape (...)
        Divergence in nats, or the unit of `base`; infinite where `q` is 0 and `p` is not.

    Raises
    ------
    ValueError
        If a row is no distribution, shapes differ, or `base` or `axis` is out of range.
    TypeError
        If an argument is not made of real numbers, or `axis` no integer.

    Examples
    --------
    Near equality the textbook's sum loses every digit:

    >>> p, q = np.array([0.5, 0.5]), np.array([0.5 + 1e-9, 0.5 - 1e-9])
    >>> print(f"{np.sum(p * np.log(p / q)):.3e}")
    1.090e-16
    >>> print(f"{kl_divergence(p, q):.3e}")
    2.000e-18
    """
    truth, model = _pair(p, q, axis)
    unit = options.logarithm_base("base", base)
    terms = _bregman(truth.astype(np.float64), model.astype(np.float64)) / math.log(unit)
    return rounded(terms.sum(axis=-1), np.result_type(truth, model))


@quiet
def perplexity(mean_loss: ArrayLike, *, base: float = e) -> FloatOrFloats:
    r"""Number of equally likely outcomes that are as surprising as a mean loss.

    .. math:: b^{\ell}

    Parameters
    ----------
    mean_loss : array_like, any shape
        Cross-entropy in the unit of `base`, at least 0: the mean over all tokens, not the mean of
        means.
    base : float, default e
        Base of the logarithm that the loss was taken with, above 1: e for nats, 2 for bits.

    Returns
    -------
    ndarray or scalar, shape of `mean_loss`
        Perplexity, at least 1.

    Raises
    ------
    ValueError
        If a loss is negative or NaN, or `base` not above 1.
    TypeError
        If an argument is not made of real numbers.

    Examples
    --------
    >>> print(perplexity(3.0, base=2))
    8.0
    """
    loss = arrays.mean_losses("mean_loss", mean_loss)
    unit = options.logarithm_base("base", base)
    double = loss.astype(np.float64)
    return rounded(np.exp(double) if unit == e else np.power(unit, double), loss.dtype)


def _pair(p: ArrayLike, q: ArrayLike, axis: int) -> tuple[Floats, Floats]:
    truth = arrays.distributions("p", p, axis)
    model = arrays.distributions("q", q, axis)
    arrays.same_shape("p", truth, "q", model, axis)
    return truth, model


def _surprisal(p: Floats, base: float) -> Floats:
    """-log p; bits and digits are whole numbers at powers of 2 and 10."""
    p = p.astype(np.float64, copy=False)
    if base in (2, 10):
        return np.abs(np.log2(p) if base == 2 else np.log10(p))
    return np.abs(np.log(p)) / math.log(base)


def _bregman(p: Floats, q: Floats) -> Floats:
    """p log(p/q) - p + q, as (p - q)²/(p + q) + 2p (artanh s - s) where s is small."""
    s = (p - q) / (p + q)
    odd_powers = 2 * np.arange(20) + 3
    tail = s**3 * np.polynomial.Polynomial(1 / odd_powers)(s * s)  # artanh s - s
    near = (p - q) * s + 2 * p * tail
    ratio = np.where(np.isfinite(p / q), np.log(p / q), np.log(p) - np.log(q))
    far = weigh(p, ratio) - (p - q)
    return np.where(p == q, 0, np.where(np.abs(s) < 1 / 3, near, far))
