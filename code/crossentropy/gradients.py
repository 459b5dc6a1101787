"""Gradients: how the loss of each example changes with its logits."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from crossentropy import _doors as doors
from crossentropy._arithmetic import logistic, softplus, weigh
from crossentropy._softmax import label_block, target_gradient
from crossentropy._types import Booleans, FloatOrFloats, Floats, Integers
from crossentropy._validation import rows

__all__ = [
    "binary_cross_entropy_with_logits_grad",
    "binary_focal_loss_grad",
    "focal_loss_grad",
    "softmax_cross_entropy_grad",
    "softmax_cross_entropy_with_integer_labels_grad",
    "squared_error_of_sigmoid_grad",
]


def binary_cross_entropy_with_logits_grad(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    positive_weight: ArrayLike = 1.0,
    label_smoothing: float = 0.0,
    weights: ArrayLike | None = None,
) -> FloatOrFloats:
    r"""Gradient of `binary_cross_entropy_with_logits` for each example.

    .. math:: \frac{\partial \ell}{\partial z} = \sigma(z) - y

    The error of the prediction: a confidently wrong one keeps a slope near 1.

    Parameters
    ----------
    labels : array_like, any shape
        What happened, 0 or 1; or how probable label 1 is, in [0, 1].
    logits : array_like, shape of `labels`
        Predicted log-odds of label 1.
    positive_weight : float or array_like with shape of the last axis, default 1.0
        Factor on the terms of label 1, at least 0: one number, or one for each column.
    label_smoothing : float, default 0.0
        Share of the uniform distribution mixed into the labels, in [0, 1).
    weights : array_like, shape of `labels`, optional
        Weights of the examples, at least 0, or a mask.

    Returns
    -------
    ndarray or scalar, shape of `logits`
        Slope of each example's loss, in nats per unit of the logit.

    Raises
    ------
    ValueError
        If the arguments are none that `binary_cross_entropy_with_logits` takes.
    TypeError
        If an argument is not made of real numbers.

    Examples
    --------
    >>> print(binary_cross_entropy_with_logits_grad([1, 0], [0.0, 0.0]))
    [-0.5  0.5]
    """
    batch, terms = doors.binary_cross_entropy_with_logits(
        labels, logits, positive_weight, label_smoothing, weights
    )

    def slopes(y: Booleans | Floats, z: Floats, *of_column: Floats) -> Floats:
        on, off = terms.weights(y, z, *of_column)
        return off * logistic(z) - on * logistic(-z)

    return batch.elementwise(slopes)


def softmax_cross_entropy_grad(
    targets: ArrayLike,
    logits: ArrayLike,
    *,
    axis: int = -1,
    class_weights: ArrayLike | None = None,
    label_smoothing: float = 0.0,
    weights: ArrayLike | None = None,
) -> Floats:
    r"""Gradient of `softmax_cross_entropy` for each example.

    .. math:: \frac{\partial \ell}{\partial z_k} = \mathrm{softmax}(z)_k - y_k

    Parameters
    ----------
    targets : array_like, shape (..., num_classes)
        Distributions: in [0, 1], with sum 1; one-hot ones may be booleans.
    logits : array_like, shape of `targets`
        Unnormalised log-probabilities.
    axis : int, default -1
        Where the classes are.
    class_weights : array_like, shape (num_classes,), optional
        Weights of the classes, at least 0: factors on the terms of the sum, after the smoothing.
    label_smoothing : float, default 0.0
        Share of the uniform distribution mixed into the targets, in [0, 1).
    weights : array_like, shape (...), optional
        Weights of the examples, at least 0, or a mask.

    Returns
    -------
    ndarray, shape of `logits`
        Slopes of each example's loss, in nats per unit of the logits; they sum to 0.

    Raises
    ------
    ValueError
        If the arguments are none that `softmax_cross_entropy` takes.
    TypeError
        If an argument is not made of real numbers.

    Examples
    --------
    >>> print(softmax_cross_entropy_grad([0, 1], [0.0, 0.0]))
    [ 0.5 -0.5]
    """
    batch, terms = doors.softmax_cross_entropy(
        targets, logits, axis, class_weights, label_smoothing, weights
    )

    def fill(out: Floats, t: Floats, z: Floats) -> None:
        out[...] = target_gradient(terms.targets(t), z)

    return np.moveaxis(batch.filled(fill, batch.arrays[-1].shape), -1, axis)


def softmax_cross_entropy_with_integer_labels_grad(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    axis: int = -1,
    class_weights: ArrayLike | None = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    weights: ArrayLike | None = None,
) -> Floats:
    r"""Gradient of `softmax_cross_entropy_with_integer_labels` for each example.

    .. math:: \frac{\partial \ell}{\partial z_k} = \mathrm{softmax}(z)_k - [k = y]

    Parameters
    ----------
    labels : array_like of int, shape (...)
        The right classes, in 0..num_classes - 1.
    logits : array_like, shape (..., num_classes)
        Unnormalised log-probabilities.
    axis : int, default -1
        Where the classes are.
    class_weights : array_like, shape (num_classes,), optional
        Weights of the classes, at least 0.
    ignore_index : int, optional
        Label of the rows that don't count; their gradient is 0. They may hold
        anything, NaN too.
    label_smoothing : float, default 0.0
        Share of the uniform distribution mixed into the one-hot targets, in [0, 1).
    weights : array_like, shape of `labels`, optional
        Weights of the examples, at least 0, or a mask.

    Returns
    -------
    ndarray, shape of `logits`
        Slopes of each example's loss, in nats per unit of the logits; they sum to 0.

    Raises
    ------
    ValueError
        If the arguments are none that `softmax_cross_entropy_with_integer_labels` takes.
    TypeError
        If labels are not integers, or logits not real numbers.

    Examples
    --------
    >>> print(softmax_cross_entropy_with_integer_labels_grad(1, [0.0, 0.0]))
    [ 0.5 -0.5]
    """
    batch, terms = doors.softmax_cross_entropy_with_integer_labels(
        labels, logits, axis, class_weights, ignore_index, label_smoothing, weights
    )

    def weighed(out: Floats, y: Integers, z: Floats) -> None:
        if terms.smoothing:
            out[...] = target_gradient(terms.targets(y, z), z)
        else:
            weights = terms.weights(y)
            label_block(y, z, out).gradient(1 if weights is None else weights, out)

    def fill(out: Floats, y: Integers, z: Floats) -> None:
        _, kept = terms.kept(partial(weighed, out), y, z)
        if kept is not None:
            out *= kept[:, None]

    return np.moveaxis(batch.filled(fill, batch.arrays[-1].shape), -1, axis)


def binary_focal_loss_grad(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    gamma: float = 2.0,
    alpha: float | None = None,
    weights: ArrayLike | None = None,
) -> FloatOrFloats:
    r"""Gradient of `binary_focal_loss` for each example.

    .. math:: \frac{\partial \ell}{\partial z} = \mp \alpha_y (1 - p_y)^{\gamma}
              \bigl(1 - p_y - \gamma p_y \log p_y\bigr)

    with - for label 1 and + for label 0.

    Parameters
    ----------
    labels : array_like of 0 and 1, any shape
        What happened.
    logits : array_like, shape of `labels`
        Predicted log-odds of label 1.
    gamma : float, default 2.0
        How fast the loss fades, at least 0.
    alpha : float, optional
        Weight of label 1, in [0, 1]; label 0 has 1 - `alpha`. Without it, both have 1.
    weights : array_like, shape of `labels`, optional
        Weights of the examples, at least 0, or a mask.

    Returns
    -------
    ndarray or scalar, shape of `logits`
        Slope of each example's loss, in nats per unit of the logit.

    Raises
    ------
    ValueError
        If the arguments are none that `binary_focal_loss` takes.
    TypeError
        If an argument is not made of real numbers.

    Examples
    --------
    >>> print(binary_focal_loss_grad(1, 0.0, gamma=0.0))
    -0.5
    """
    batch, power, alphas = doors.binary_focal_loss(labels, logits, gamma, alpha, weights)

    def slopes(y: Booleans, z: Floats) -> Floats:
        wrong = np.where(y, -z, z)
        miss = logistic(wrong)
        slope = _focal_slope(softplus(wrong), logistic(-wrong), miss, power) * miss
        return np.where(y, -alphas[0], alphas[1]) * slope

    return batch.elementwise(slopes)


def focal_loss_grad(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    axis: int = -1,
    gamma: float = 2.0,
    alpha: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Floats:
    r"""Gradient of `focal_loss` for each example.

    .. math:: \frac{\partial \ell}{\partial z_k} = \alpha_y (1 - p_y)^{\gamma - 1}
              \bigl(1 - p_y - \gamma p_y \log p_y\bigr) \bigl(p_k - [k = y]\bigr)

    Parameters
    ----------
    labels : array_like of int, shape (...)
        The right classes, in 0..num_classes - 1.
    logits : array_like, shape (..., num_classes)
        Unnormalised log-probabilities.
    axis : int, default -1
        Where the classes are.
    gamma : float, default 2.0
        How fast the loss fades, at least 0.
    alpha : float or array_like with shape (num_classes,), optional
        One weight, or one for each class, at least 0.
    weights : array_like, shape of `labels`, optional
        Weights of the examples, at least 0, or a mask.

    Returns
    -------
    ndarray, shape of `logits`
        Slopes of each example's loss, in nats per unit of the logits; they sum to 0.

    Raises
    ------
    ValueError
        If the arguments are none that `focal_loss` takes.
    TypeError
        If labels are not integers, or another argument is not made of real numbers.

    Examples
    --------
    >>> print(focal_loss_grad(1, [0.0, 0.0], gamma=0.0))
    [ 0.5 -0.5]
    """
    batch, power, alphas = doors.focal_loss(labels, logits, axis, gamma, alpha, weights)

    def fill(out: Floats, y: Integers, z: Floats) -> None:
        rows.in_range(y, z.shape[1])
        block = label_block(y, z, out)
        slope = _focal_slope(block.parts.nll(), *block.parts.hit_and_miss(), power)
        block.gradient(alphas[y] * slope, out)

    return np.moveaxis(batch.filled(fill, batch.arrays[-1].shape), -1, axis)


def squared_error_of_sigmoid_grad(labels: ArrayLike, logits: ArrayLike) -> FloatOrFloats:
    r"""Gradient of the squared error of a sigmoid with respect to its logit.

    .. math:: \frac{\partial}{\partial z} (p - y)^2 = 2 (p - y) \, p \, (1 - p),
              \qquad p = \sigma(z)

    The factor p (1 - p) makes it fade where the prediction is confident, right or wrong.

    Parameters
    ----------
    labels : array_like of 0 and 1, any shape
        What happened.
    logits : array_like, shape of `labels`
        Predicted log-odds of label 1.

    Returns
    -------
    ndarray or scalar, shape of `logits`
        Slope of each example's squared error, per unit of the logit.

    Raises
    ------
    ValueError
        If a label is not 0 or 1, a logit is NaN, or shapes differ.
    TypeError
        If an argument is not made of real numbers.

    References
    ----------
    P. Golik, P. Doetsch, H. Ney, "Cross-Entropy vs. Squared Error Training: a Theoretical and
    Experimental Comparison", Interspeech 2013, 1756-1760, doi:10.21437/Interspeech.2013-436.

    Examples
    --------
    A logit of -10 for label 1 is as wrong as can be; the cross-entropy's slope says so:

    >>> print(f"{squared_error_of_sigmoid_grad(1, -10.0):.5f}")
    -0.00009
    >>> print(f"{binary_cross_entropy_with_logits_grad(1, -10.0):.5f}")
    -0.99995
    """
    batch = doors.squared_error_of_sigmoid(labels, logits)

    def slopes(y: Booleans, z: Floats) -> Floats:
        miss = logistic(np.where(y, -z, z))
        return np.where(y, -2, 2) * miss * logistic(z) * logistic(-z)

    return batch.elementwise(slopes)


def _focal_slope(nll: Floats, hit: Floats, miss: Floats, power: float) -> Floats:
    """How steep the focal loss is, in units of softmax - one-hot."""
    ratio = np.where(miss > 0, nll / miss, np.ones_like(miss))
    slope: Floats = miss**power * (1 + power * weigh(hit, ratio))
    return slope
