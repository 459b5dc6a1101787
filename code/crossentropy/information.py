"""Surprise and its averages: entropy, cross-entropy, KL divergence, perplexity."""

from __future__ import annotations

import math
from math import e
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from crossentropy import _validation as check
from crossentropy._reduction import weigh
from crossentropy._validation import Floats

__all__ = ["cross_entropy", "entropy", "kl_divergence", "perplexity", "surprisal"]


@np.errstate(all="ignore")
def surprisal(p: ArrayLike, *, base: float = e) -> Any:
    r"""How surprising an outcome of probability `p` is: :math:`-\log p`.

    Parameters
    ----------
    p : array_like, any shape
        Probabilities, each in [0, 1].
    base : float, default e
        Base of the logarithm, above 1: e measures in nats, 2 in bits.

    Returns
    -------
    ndarray or scalar, shape of `p`
        Surprise in nats (or units of `base`); infinite where `p` is 0.

    Raises
    ------
    ValueError
        If `p` leaves [0, 1] or is NaN, or `base` is not above 1.
    TypeError
        If an argument is not made of real numbers.

    Examples
    --------
    Three fair coin flips in a row carry three bits:

    >>> print(surprisal(1 / 8, base=2))
    3.0
    """
    checked = check.probabilities("p", p)
    return _negative_log(checked, check.logarithm_base(base)).astype(checked.dtype)[()]


@np.errstate(all="ignore")
def entropy(p: ArrayLike, *, axis: int = -1, base: float = e) -> Any:
    r"""Average surprise of a distribution: :math:`H(p) = -\sum_k p_k \log p_k`.

    Examples
    --------
    >>> print(entropy([0.5, 0.25, 0.25], base=2))
    1.5
    """
    checked = check.distributions("p", check.to_last_axis("p", p, axis))
    terms = weigh(checked, _negative_log(checked, check.logarithm_base(base)))
    return _sum(terms, checked.dtype)


@np.errstate(all="ignore")
def cross_entropy(
    p: ArrayLike, q: ArrayLike, *, axis: int = -1, base: float = e, epsilon: float = 1e-9
) -> Any:
    r"""Average surprise under the model `q` when the truth is `p`: :math:`-\sum_k p_k \log q_k`.

    Examples
    --------
    >>> print(cross_entropy([0, 1, 0], [0.2, 0.5, 0.3]))
    0.6931471805599453
    """
    truth, model = _pair(p, q, axis)
    clip = check.number("epsilon", epsilon, 0, 0.5, half_open=True)
    clipped = np.clip(model.astype(np.float64), clip, 1 - clip)
    terms = weigh(truth, _negative_log(clipped, check.logarithm_base(base)))
    return _sum(terms, np.result_type(truth, model))


@np.errstate(all="ignore")
def kl_divergence(p: ArrayLike, q: ArrayLike, *, axis: int = -1, base: float = e) -> Any:
    r"""Extra surprise paid for the wrong model: :math:`\sum_k p_k \log(p_k / q_k)`.

    Examples
    --------
    >>> print(kl_divergence([0.5, 0.5], [0.5, 0.5]))
    0.0
    """
    truth, model = _pair(p, q, axis)
    unit = math.log(check.logarithm_base(base))
    terms = _bregman(truth.astype(np.float64), model.astype(np.float64))
    return (terms.sum(axis=-1) / unit).astype(np.result_type(truth, model))[()]


@np.errstate(all="ignore")
def perplexity(mean_loss: ArrayLike, *, base: float = e) -> Any:
    """Number of equally likely choices that are as surprising: base to the power of `mean_loss`.

    Examples
    --------
    >>> print(perplexity(3.0, base=2))
    8.0
    """
    loss = check.numbers("mean_loss", mean_loss)
    if check.smallest(loss) < 0:
        check.refuse("mean_loss", loss, loss < 0, "at least 0")
    unit = check.logarithm_base(base)
    return (np.exp(loss) if unit == e else np.power(unit, loss)).astype(loss.dtype)[()]


def _pair(p: ArrayLike, q: ArrayLike, axis: int) -> tuple[Floats, Floats]:
    truth = check.distributions("p", check.to_last_axis("p", p, axis))
    model = check.distributions("q", check.to_last_axis("q", q, axis))
    check.same_shape("p", truth, "q", model)
    return truth, model


def _negative_log(p: Floats, base: float) -> Floats:
    """-log p in double precision; logarithms to base 2 and 10 are exact at powers of 2 and 10."""
    p = p.astype(np.float64, copy=False)
    if base in (2, 10):
        return np.abs(np.log2(p) if base == 2 else np.log10(p))
    return np.abs(np.log(p)) / math.log(base)


def _sum(terms: Floats, dtype: Any) -> Any:
    return terms.sum(axis=-1).astype(dtype)[()]


def _bregman(p: Floats, q: Floats) -> Floats:
    """p log(p/q) - p + q; no term is negative, and none cancels where p ≈ q."""
    near = (p - q) / (p + q)
    squared = near * near
    tail = near * squared * np.polynomial.Polynomial(1 / (2 * np.arange(20) + 3))(squared)
    close = (p - q) * near + 2 * p * tail
    ratio = np.where(np.isfinite(p / q), np.log(p / q), np.log(p) - np.log(q))
    far = weigh(p, ratio) - (p - q)
    return np.where(p == q, 0, np.where(squared < 1 / 9, close, far))
