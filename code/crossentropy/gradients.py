"""Gradients: how each example's loss changes with its logits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossentropy import _validation as check
from crossentropy._reduction import row_blocks, weigh
from crossentropy._softmax import label_terms, softmax_parts
from crossentropy._validation import Floats, Integers
from crossentropy.classification import (
    binary_alpha,
    binary_arguments,
    binary_targets,
    class_alpha,
    flat,
    label_arguments,
    logistic,
    rows,
    smoothed,
    softplus,
    target_arguments,
)

__all__ = [
    "binary_cross_entropy_with_logits_grad",
    "binary_focal_loss_grad",
    "focal_loss_grad",
    "softmax_cross_entropy_grad",
    "softmax_cross_entropy_with_integer_labels_grad",
    "squared_error_of_sigmoid_grad",
]


@np.errstate(all="ignore")
def binary_cross_entropy_with_logits_grad(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    positive_weight: float = 1.0,
    label_smoothing: float = 0.0,
    weights: ArrayLike | None = None,
) -> Any:
    r"""Gradient of `binary_cross_entropy_with_logits`: :math:`\sigma(z) - y`.

    Examples
    --------
    >>> print(binary_cross_entropy_with_logits_grad([1, 0], [0.0, 0.0]))
    [-0.5  0.5]
    """
    z = check.numbers("logits", logits)
    y, w = binary_arguments(labels, z, weights)
    scale = check.number("positive_weight", positive_weight, 0, math.inf, half_open=True)
    smoothing = check.number("label_smoothing", label_smoothing, 0, 1)
    on, off = binary_targets(y, z, scale, smoothing)
    gradient = off * logistic(z) - on * logistic(-z)
    return (gradient if w is None else w * gradient).astype(z.dtype)[()]


@np.errstate(all="ignore")
def softmax_cross_entropy_grad(
    targets: ArrayLike,
    logits: ArrayLike,
    *,
    axis: int = -1,
    label_smoothing: float = 0.0,
    weights: ArrayLike | None = None,
) -> Any:
    r"""Gradient of `softmax_cross_entropy`: :math:`\mathrm{softmax}(z) - y`.

    Examples
    --------
    >>> print(softmax_cross_entropy_grad([0, 1], [0.0, 0.0]))
    [ 0.5 -0.5]
    """
    t, z, w = target_arguments(targets, logits, axis, weights)
    smoothing = check.number("label_smoothing", label_smoothing, 0, 1)
    gradient = np.empty(z.shape, np.result_type(t, z))
    blocks = row_blocks(rows(gradient), rows(t), rows(z), flat(w))
    try:
        for out, t_block, z_block, w_block in blocks:
            out[...] = _target_gradient(smoothed(t_block, smoothing), z_block)
            if w_block is not None:
                out *= w_block[:, None]
    except check.BlockError:
        check.explain_rows(z)
    return np.moveaxis(gradient, -1, axis)


@np.errstate(all="ignore")
def softmax_cross_entropy_with_integer_labels_grad(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    class_weights: ArrayLike | None = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
) -> Any:
    r"""Gradient of `softmax_cross_entropy_with_integer_labels`.

    Examples
    --------
    >>> print(softmax_cross_entropy_with_integer_labels_grad(1, [0.0, 0.0]))
    [ 0.5 -0.5]
    """
    y, z, options = label_arguments(labels, logits, class_weights, ignore_index, label_smoothing)
    gradient = np.empty(z.shape, z.dtype)
    try:
        for out, y_block, z_block in row_blocks(rows(gradient), flat(y), rows(z)):
            known, counted = options.counted(y_block)
            if options.smoothing:
                check.in_range(known, z.shape[-1])
                out[...] = _target_gradient(options.targets(known, z_block), z_block)
            else:
                out[...] = _label_gradient(known, z_block, options.weights[known])
            out *= counted[:, None]
    except check.BlockError:
        check.explain_labels(y, z, options.ignored)
    return gradient


@np.errstate(all="ignore")
def binary_focal_loss_grad(
    labels: ArrayLike, logits: ArrayLike, *, gamma: float = 2.0, alpha: float | None = None
) -> Any:
    r"""Gradient of `binary_focal_loss`.

    Examples
    --------
    >>> print(binary_focal_loss_grad(1, 0.0, gamma=0.0))
    -0.5
    """
    z = check.numbers("logits", logits)
    y, _ = binary_arguments(labels, z, None)
    power = check.number("gamma", gamma, 0, math.inf, half_open=True)
    wrong = np.where(y, -z, z)
    miss = logistic(wrong)
    slope = _focal_slope(softplus(wrong), logistic(-wrong), miss, power) * miss
    return (np.where(y, *binary_alpha(alpha)) * np.where(y, -slope, slope)).astype(z.dtype)[()]


@np.errstate(all="ignore")
def focal_loss_grad(
    labels: ArrayLike, logits: ArrayLike, *, gamma: float = 2.0, alpha: ArrayLike | None = None
) -> Any:
    r"""Gradient of `focal_loss`.

    Examples
    --------
    >>> print(focal_loss_grad(1, [0.0, 0.0], gamma=0.0))
    [ 0.5 -0.5]
    """
    y, z, _ = label_arguments(labels, logits, None, None, 0.0)
    power = check.number("gamma", gamma, 0, math.inf, half_open=True)
    a = class_alpha(alpha, z)
    gradient = np.empty(z.shape, z.dtype)
    try:
        for out, y_block, z_block in row_blocks(rows(gradient), flat(y), rows(z)):
            terms = label_terms(y_block, z_block)
            slope = a[y_block] * _focal_slope(terms.nll, terms.hit, terms.miss, power)
            out[...] = _label_gradient(y_block, z_block, slope)
    except check.BlockError:
        check.explain_labels(y, z)
    return gradient


@np.errstate(all="ignore")
def squared_error_of_sigmoid_grad(labels: ArrayLike, logits: ArrayLike) -> Any:
    r"""Gradient of the squared error of a sigmoid: :math:`2 (p - y) p (1 - p)`.

    Examples
    --------
    >>> print(squared_error_of_sigmoid_grad(1, 0.0))
    -0.25
    """
    z = check.numbers("logits", logits)
    y, _ = binary_arguments(labels, z, None)
    miss = logistic(np.where(y, -z, z))
    return (np.where(y, -2, 2).astype(z.dtype) * miss * logistic(z) * logistic(-z))[()]


def _label_gradient(y: Integers, z: Floats, scale: NDArray[Any]) -> Floats:
    """scale * (softmax - one-hot); 1 - p at the label is a sum, so it keeps its small digits."""
    terms = label_terms(y, z)
    np.put_along_axis(terms.others, terms.at, -terms.miss[:, None], axis=1)
    gradient: Floats = terms.others * scale[:, None]
    return gradient


def _target_gradient(t: Floats, z: Floats) -> Floats:
    """(Σ t) softmax - t; the same care for the largest logit, whose p may be close to 1."""
    parts = softmax_parts(z)
    total = t.sum(axis=-1, keepdims=True)
    own = np.take_along_axis(t, parts.largest, axis=-1)
    miss = parts.rest / (1 + parts.rest)
    gradient: Floats = total * parts.exponentials / (1 + parts.rest) - t
    np.put_along_axis(gradient, parts.largest, (total - own) - total * miss, axis=-1)
    return gradient


def _focal_slope(nll: Floats, hit: Floats, miss: Floats, power: float) -> Floats:
    """How steep the focal loss is, in units of softmax - one-hot."""
    ratio = np.where(miss > 0, nll / miss, np.ones_like(miss))
    slope: Floats = miss**power * (1 + power * weigh(hit, ratio))
    return slope
