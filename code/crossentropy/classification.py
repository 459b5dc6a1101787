"""The losses of classifiers: for two classes and for many, from probabilities and from logits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from crossentropy import _doors as doors
from crossentropy._arithmetic import logistic, softplus, weigh
from crossentropy._batch import Losses
from crossentropy._blocks import TOGETHER
from crossentropy._softmax import label_parts, target_losses
from crossentropy._targets import smoothed
from crossentropy._types import Booleans, FloatOrFloats, Floats, Integers, Reduction
from crossentropy._validation import arrays, options, rows

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "binary_focal_loss",
    "focal_loss",
    "smooth_labels",
    "softmax_cross_entropy",
    "softmax_cross_entropy_with_integer_labels",
]


def binary_cross_entropy(
    labels: ArrayLike,
    probs: ArrayLike,
    *,
    epsilon: float = 1e-9,
    weights: ArrayLike | None = None,
    reduction: Reduction = "mean",
) -> FloatOrFloats:
    r"""Cross-entropy of labels and the probabilities of label 1.

    .. math:: \ell = -y \log p - (1 - y) \log(1 - p)

    Clipping `probs` into [`epsilon`, 1 - `epsilon`] keeps the loss finite, and has a price: a
    perfect prediction scores 1e-9 instead of 0, all that are worse than 1e-9 score 20.723 alike,
    and there the gradient is 0. With ``epsilon=0`` the loss is exact and may be infinite. Where
    logits are at hand, `binary_cross_entropy_with_logits` has none of these problems.

    Parameters
    ----------
    labels : array_like, any shape
        What happened, 0 or 1; or how probable label 1 is, in [0, 1].
    probs : array_like, shape of `labels`
        Predicted probabilities of label 1, each in [0, 1].
    epsilon : float, default 1e-9
        How far from 0 and 1 to clip, in [0, 0.5).
    weights : array_like, shape of `labels`, optional
        Weights of the examples, at least 0, or a mask.
    reduction : {"mean", "none", "sum"}
        What becomes of the losses; a mean is divided by the sum of the weights.

    Returns
    -------
    scalar, or ndarray with the shape of `labels` for "none"
        Loss in nats.

    Raises
    ------
    ValueError
        If a label or a probability is outside [0, 1], shapes differ, an option is out of range, or
        there is nothing to average.
    TypeError
        If an argument is not made of real numbers.

    Examples
    --------
    >>> print(f"{binary_cross_entropy([1, 0], [0.5, 0.5]):.6f}")
    0.693147
    >>> print(binary_cross_entropy([1, 0], [0.0, 0.0], epsilon=0, reduction="none"))
    [inf  0.]
    """
    options.reduction("reduction", reduction)
    batch, clip = doors.binary_cross_entropy(labels, probs, epsilon, weights)

    def losses(y: Booleans | Floats, p: Floats) -> Losses:
        p = p.astype(np.float64)
        least, most = -np.log1p(-clip), -np.log(clip)
        if y.dtype == bool:
            surprise = np.where(y, -np.log(p), -np.log1p(-p))
            return Losses(np.clip(surprise, least, most) + 0.0)
        y = y.astype(np.float64)
        on, off = np.clip([-np.log(p), -np.log1p(-p)], least, most)
        return Losses(weigh(y, on) + weigh(1 - y, off) + 0.0)

    return batch.reduced(losses, reduction)


def binary_cross_entropy_with_logits(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    positive_weight: ArrayLike = 1.0,
    label_smoothing: float = 0.0,
    weights: ArrayLike | None = None,
    reduction: Reduction = "mean",
) -> FloatOrFloats:
    r"""Cross-entropy of labels and the sigmoid of logits.

    .. math:: \ell = \max(z, 0) - z y + \log(1 + e^{-|z|})

    Nothing overflows and nothing is clipped: at infinite logits the loss is its
    exact limit, 0 or infinity.

    Parameters
    ----------
    labels : array_like, any shape
        What happened, 0 or 1; or how probable label 1 is, in [0, 1].
    logits : array_like, shape of `labels`
        Predicted log-odds of label 1.
    positive_weight : float or array_like with shape of the last axis, default 1.0
        Factor on the terms of label 1, at least 0: one number, or one for each column, where these
        are labels of their own. It does not change what a mean is divided by.
    label_smoothing : float, default 0.0
        Share of the uniform distribution mixed into the labels, in [0, 1).
    weights : array_like, shape of `labels`, optional
        Weights of the examples, at least 0, or a mask.
    reduction : {"mean", "none", "sum"}
        What becomes of the losses; a mean is divided by the sum of the weights.

    Returns
    -------
    scalar, or ndarray with the shape of `labels` for "none"
        Loss in nats.

    Raises
    ------
    ValueError
        If a label is outside [0, 1], a logit is NaN, shapes differ, an option is out of range, or
        there is nothing to average.
    TypeError
        If an argument is not made of real numbers.

    Examples
    --------
    A logit of 40 for the wrong label costs 40 nats; for the right one the loss is tiny, not 0,
    while the way through a probability rounds it away:

    >>> print(binary_cross_entropy_with_logits([0, 1], [40.0, 40.0], reduction="none"))
    [4.00000000e+01 4.24835426e-18]
    >>> print(-np.log(1 / (1 + np.exp(-40.0))))
    -0.0

    A label may be a probability, too; no prediction of it is free:

    >>> print(f"{binary_cross_entropy_with_logits(0.5, 0.0):.6f}")
    0.693147

    Two labels for each example, of which the second is rare:

    >>> labels, logits = [[1, 0], [0, 1]], [[0.0, 0.0], [0.0, 0.0]]
    >>> print(binary_cross_entropy_with_logits(
    ...     labels, logits, positive_weight=[1, 5], reduction="none"
    ... ).round(3))
    [[0.693 0.693]
     [0.693 3.466]]
    """
    options.reduction("reduction", reduction)
    batch, terms = doors.binary_cross_entropy_with_logits(
        labels, logits, positive_weight, label_smoothing, weights
    )

    def losses(y: Booleans | Floats, z: Floats, *of_column: Floats) -> Losses:
        on, off = terms.weights(y, z, *of_column)
        return Losses(weigh(on, softplus(-z)) + weigh(off, softplus(z)))

    return batch.reduced(losses, reduction)


def softmax_cross_entropy(
    targets: ArrayLike,
    logits: ArrayLike,
    *,
    axis: int = -1,
    class_weights: ArrayLike | None = None,
    label_smoothing: float = 0.0,
    weights: ArrayLike | None = None,
    reduction: Reduction = "mean",
) -> FloatOrFloats:
    r"""Cross-entropy of target distributions and the softmax of logits.

    .. math:: \ell = \sum_k y_k \Bigl(\log \sum_j e^{z_j} - z_k\Bigr)

    Parameters
    ----------
    targets : array_like, shape (..., num_classes)
        Distributions: in [0, 1], with sum 1; one-hot ones may be booleans.
    logits : array_like, shape of `targets`
        Unnormalised log-probabilities. A logit of -inf rules its class out: it costs nothing where
        the target is 0, and infinity elsewhere.
    axis : int, default -1
        Where the classes are.
    class_weights : array_like, shape (num_classes,), optional
        Weights of the classes, at least 0: factors on the terms of the sum, after the smoothing.
        As in PyTorch, they don't change what a mean is divided by, while with integer labels they
        do: give `weights` to divide by others.
    label_smoothing : float, default 0.0
        Share of the uniform distribution mixed into the targets, in [0, 1).
    weights : array_like, shape (...), optional
        Weights of the examples, at least 0, or a mask.
    reduction : {"mean", "none", "sum"}
        What becomes of the losses; a mean is divided by the sum of the weights.

    Returns
    -------
    scalar, or ndarray with shape (...) for "none"
        Loss in nats.

    Raises
    ------
    ValueError
        If a target is no distribution, a logit is NaN or +inf or a row of them -inf throughout,
        shapes differ, an option is out of range, or there is nothing to average.
    TypeError
        If an argument is not made of real numbers.

    Examples
    --------
    Three equal logits know nothing, which costs log 3:

    >>> print(f"{softmax_cross_entropy([0, 1, 0], [5.0, 5.0, 5.0]):.6f}")
    1.098612

    The second class counts double:

    >>> print(f"{softmax_cross_entropy([0.5, 0.5], [0.0, 0.0], class_weights=[1, 2]):.6f}")
    1.039721
    """
    options.reduction("reduction", reduction)
    batch, terms = doors.softmax_cross_entropy(
        targets, logits, axis, class_weights, label_smoothing, weights
    )

    def losses(t: Floats, z: Floats) -> Losses:
        return Losses(target_losses(terms.targets(t), z))

    return batch.reduced(losses, reduction)


def softmax_cross_entropy_with_integer_labels(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    axis: int = -1,
    class_weights: ArrayLike | None = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    weights: ArrayLike | None = None,
    reduction: Reduction = "mean",
) -> FloatOrFloats:
    r"""Cross-entropy of integer labels and the softmax of logits.

    .. math:: \ell = \log \sum_j e^{z_j} - z_y = \log\Bigl(1 + \sum_{j \ne y} e^{z_j - z_y}\Bigr)

    Equal to `softmax_cross_entropy` with one-hot targets, which it does not build. A mean takes
    little memory besides its arguments, and two threads where they are large.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        The right classes, in 0..num_classes - 1.
    logits : array_like, shape (..., num_classes)
        Unnormalised log-probabilities. A logit of -inf rules its class out.
    axis : int, default -1
        Where the classes are: 1 for images with classes first, (N, C, H, W).
    class_weights : array_like, shape (num_classes,), optional
        Weights of the classes, at least 0.
    ignore_index : int, optional
        Label of the rows that don't count, in the sum or the mean; their loss is 0 in "none".
        They may hold anything, NaN too.
    label_smoothing : float, default 0.0
        Share of the uniform distribution mixed into the one-hot targets, in [0, 1). Each class's
        share of the loss has the weight of that class.
    weights : array_like, shape of `labels`, optional
        Weights of the examples, at least 0, or a mask.
    reduction : {"mean", "none", "sum"}
        What becomes of the losses; a mean is divided by the sum over the rows that count of the
        example's weight times that of its label's class, each 1 where it is not given.

    Returns
    -------
    scalar, or ndarray with shape (...) for "none"
        Loss in nats.

    Raises
    ------
    ValueError
        If a label is no class, a logit is NaN or +inf or a row of them -inf throughout, shapes
        differ, an option is out of range, or there is nothing to average.
    TypeError
        If labels are not integers, or logits not real numbers.

    Examples
    --------
    >>> logits = [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]
    >>> loss = softmax_cross_entropy_with_integer_labels
    >>> print(f"{loss([0, 2], logits):.6f} {loss([0, -100], logits, ignore_index=-100):.6f}")
    1.239545 0.239545
    >>> print(f"{loss([0, 2], logits, weights=[3, 1]):.6f}")  # the first counts three times
    0.739545
    """
    options.reduction("reduction", reduction)
    batch, terms = doors.softmax_cross_entropy_with_integer_labels(
        labels, logits, axis, class_weights, ignore_index, label_smoothing, weights
    )

    def weighed(y: Integers, z: Floats) -> Losses:
        if terms.smoothing:
            return Losses(target_losses(terms.targets(y, z), z), terms.weights(y))
        return Losses(label_parts(y, z).nll()).weighted(terms.weights(y))

    def losses(y: Integers, z: Floats) -> Losses:
        found, kept = terms.kept(weighed, y, z)
        return found.weighted(kept)

    return batch.reduced(losses, reduction, 1 if terms.smoothing else TOGETHER)


def binary_focal_loss(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    gamma: float = 2.0,
    alpha: float | None = None,
    weights: ArrayLike | None = None,
    reduction: Reduction = "mean",
) -> FloatOrFloats:
    r"""Cross-entropy of labels 0 and 1 that fades where the prediction is right.

    .. math:: \ell = -\alpha_y (1 - p_y)^\gamma \log p_y

    with the probability :math:`p_y` of the label, that is the sigmoid of the logit for label 1
    and of its negative for label 0.

    Parameters
    ----------
    labels : array_like of 0 and 1, any shape
        What happened.
    logits : array_like, shape of `labels`
        Predicted log-odds of label 1.
    gamma : float, default 2.0
        How fast the loss fades, at least 0; 0 leaves the cross-entropy.
    alpha : float, optional
        Weight of label 1, in [0, 1]; label 0 has 1 - `alpha`. Without it, both have 1. It does
        not change what a mean is divided by.
    weights : array_like, shape of `labels`, optional
        Weights of the examples, at least 0, or a mask.
    reduction : {"mean", "none", "sum"}
        What becomes of the losses; a mean is divided by the sum of the weights.

    Returns
    -------
    scalar, or ndarray with the shape of `labels` for "none"
        Loss in nats.

    Raises
    ------
    ValueError
        If a label is not 0 or 1, a logit is NaN, shapes differ, an option is out of range, or
        there is nothing to average.
    TypeError
        If an argument is not made of real numbers.

    References
    ----------
    T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár, "Focal Loss for Dense Object Detection",
    ICCV 2017, arXiv:1708.02002.

    Examples
    --------
    At even odds, gamma = 2 leaves a quarter of the cross-entropy:

    >>> print(f"{binary_focal_loss(1, 0.0) / binary_cross_entropy_with_logits(1, 0.0):.2f}")
    0.25
    """
    options.reduction("reduction", reduction)
    batch, power, alphas = doors.binary_focal_loss(labels, logits, gamma, alpha, weights)

    def losses(y: Booleans, z: Floats) -> Losses:
        wrong = np.where(y, -z, z)
        scale = np.where(y, *alphas).astype(z.dtype) * logistic(wrong) ** power
        return Losses(weigh(scale, softplus(wrong)))

    return batch.reduced(losses, reduction)


def focal_loss(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    axis: int = -1,
    gamma: float = 2.0,
    alpha: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    reduction: Reduction = "mean",
) -> FloatOrFloats:
    r"""Cross-entropy of integer labels that fades where the prediction is right.

    .. math:: \ell = -\alpha_y (1 - p_y)^\gamma \log p_y

    with the softmax :math:`p` of the logits.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        The right classes, in 0..num_classes - 1.
    logits : array_like, shape (..., num_classes)
        Unnormalised log-probabilities.
    axis : int, default -1
        Where the classes are: 1 for images with classes first, (N, C, H, W).
    gamma : float, default 2.0
        How fast the loss fades, at least 0; 0 leaves the cross-entropy.
    alpha : float or array_like with shape (num_classes,), optional
        One weight, or one for each class, at least 0. It does not change what a mean is divided
        by.
    weights : array_like, shape of `labels`, optional
        Weights of the examples, at least 0, or a mask.
    reduction : {"mean", "none", "sum"}
        What becomes of the losses; a mean is divided by the sum of the weights.

    Returns
    -------
    scalar, or ndarray with shape (...) for "none"
        Loss in nats.

    Raises
    ------
    ValueError
        If a label is no class, a logit is NaN or +inf or a row of them -inf throughout, shapes
        differ, an option is out of range, or there is nothing to average.
    TypeError
        If labels are not integers, or another argument is not made of real numbers.

    References
    ----------
    T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár, "Focal Loss for Dense Object Detection",
    ICCV 2017, arXiv:1708.02002.

    Examples
    --------
    >>> losses = focal_loss([0, 1], [[3.0, 0.0], [3.0, 0.0]], reduction="none")
    >>> print(losses.round(4))  # the cross-entropies are 0.0486 and 3.0486
    [1.0000e-04 2.7663e+00]
    """
    options.reduction("reduction", reduction)
    batch, power, alphas = doors.focal_loss(labels, logits, axis, gamma, alpha, weights)

    def losses(y: Integers, z: Floats) -> Losses:
        rows.in_range(y, z.shape[1])
        parts = label_parts(y, z)
        _, miss = parts.hit_and_miss()
        return Losses(weigh(alphas[y] * miss**power, parts.nll()))

    return batch.reduced(losses, reduction, TOGETHER)


def smooth_labels(targets: ArrayLike, smoothing: float) -> Floats:
    r"""Mix target distributions with the uniform one.

    .. math:: (1 - \varepsilon) \, y + \varepsilon / K

    Parameters
    ----------
    targets : array_like, shape (..., num_classes)
        Distributions: in [0, 1], with sum 1; one-hot ones may be booleans.
    smoothing : float
        Share of the uniform distribution, in [0, 1).

    Returns
    -------
    ndarray, shape of `targets`
        The mixtures.

    Raises
    ------
    ValueError
        If a target is no distribution, or `smoothing` is out of range.
    TypeError
        If an argument is not made of real numbers.

    References
    ----------
    C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna, "Rethinking the Inception Architecture
    for Computer Vision", CVPR 2016, arXiv:1512.00567.

    Examples
    --------
    >>> print(smooth_labels([0, 1], 0.5))
    [0.25 0.75]
    """
    t = arrays.distributions("targets", targets)
    return np.array(smoothed(t, options.below("smoothing", smoothing, 1)))
