"""The losses of classifiers, for two classes and for many, from probabilities and from logits."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from crossentropy import _validation as check
from crossentropy._reduction import Block, check_reduction, reduce, row_blocks, weigh
from crossentropy._softmax import label_terms, softmax_parts
from crossentropy._validation import Booleans, Floats, Integers

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "binary_focal_loss",
    "focal_loss",
    "smooth_labels",
    "softmax_cross_entropy",
    "softmax_cross_entropy_with_integer_labels",
]


@np.errstate(all="ignore")
def binary_cross_entropy(
    labels: ArrayLike,
    probs: ArrayLike,
    *,
    epsilon: float = 1e-9,
    weights: ArrayLike | None = None,
    reduction: str = "mean",
) -> Any:
    r"""Surprise of labels 0 and 1 under probabilities: :math:`-\log p` or :math:`-\log(1 - p)`.

    Examples
    --------
    >>> print(binary_cross_entropy([1, 0], [0.5, 0.5]))
    0.6931471805599453
    """
    check_reduction(reduction)
    clip = check.number("epsilon", epsilon, 0, 0.5, half_open=True)
    p = check.probabilities("probs", probs)
    y, w = binary_arguments(labels, p, weights, "probs")

    def losses(y: Booleans, p: Floats, w: Floats | None) -> Block:
        p = p.astype(np.float64)
        loss = np.where(y, -np.log(p), -np.log1p(-p))
        return _weighted(np.clip(loss, -np.log1p(-clip), -np.log(clip)) + 0, w)

    return _elementwise(losses, y, p, w, reduction)


@np.errstate(all="ignore")
def binary_cross_entropy_with_logits(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    positive_weight: float = 1.0,
    label_smoothing: float = 0.0,
    weights: ArrayLike | None = None,
    reduction: str = "mean",
) -> Any:
    r"""Surprise of labels 0 and 1 under the sigmoid of logits.

    Examples
    --------
    >>> print(binary_cross_entropy_with_logits([1, 0], [0.0, 0.0]))
    0.6931471805599453
    """
    check_reduction(reduction)
    z = check.numbers("logits", logits)
    y, w = binary_arguments(labels, z, weights)
    scale = check.number("positive_weight", positive_weight, 0, math.inf, half_open=True)
    smoothing = check.number("label_smoothing", label_smoothing, 0, 1)

    def losses(y: Booleans, z: Floats, w: Floats | None) -> Block:
        on, off = binary_targets(y, z, scale, smoothing)
        return _weighted(weigh(on, softplus(-z)) + weigh(off, softplus(z)), w)

    return _elementwise(losses, y, z, w, reduction)


@np.errstate(all="ignore")
def softmax_cross_entropy(
    targets: ArrayLike,
    logits: ArrayLike,
    *,
    axis: int = -1,
    label_smoothing: float = 0.0,
    weights: ArrayLike | None = None,
    reduction: str = "mean",
) -> Any:
    r"""Cross-entropy of target distributions and the softmax of logits.

    Examples
    --------
    >>> print(f"{softmax_cross_entropy([0, 1, 0], [0.0, 0.0, 0.0]):.6f}")
    1.098612
    """
    check_reduction(reduction)
    t, z, w = target_arguments(targets, logits, axis, weights)
    smoothing = check.number("label_smoothing", label_smoothing, 0, 1)

    def losses(t: Floats, z: Floats, w: Floats | None) -> Block:
        return _weighted(target_losses(smoothed(t, smoothing), z), w)

    try:
        blocks = (losses(*block) for block in row_blocks(rows(t), rows(z), flat(w)))
        return reduce(blocks, z.shape[:-1], np.result_type(t, z), reduction)
    except check.BlockError:
        check.explain_rows(z)


@np.errstate(all="ignore")
def softmax_cross_entropy_with_integer_labels(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    class_weights: ArrayLike | None = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Any:
    r"""Surprise of integer labels under the softmax of logits.

    Examples
    --------
    >>> logits = [[0, 0, 0], [0, 0, 0]]
    >>> print(f"{softmax_cross_entropy_with_integer_labels([0, 2], logits):.6f}")
    1.098612
    """
    check_reduction(reduction)
    y, z, options = label_arguments(labels, logits, class_weights, ignore_index, label_smoothing)

    def losses(y: Integers, z: Floats) -> Block:
        y, counted = options.counted(y)
        if options.smoothing:
            check.in_range(y, z.shape[1])
            loss = target_losses(options.targets(y, z), z)
        else:
            loss = weigh(options.weights[y], label_terms(y, z).nll)
        return weigh(counted, loss), counted * options.weights[y]

    try:
        blocks = (losses(*block) for block in row_blocks(flat(y), rows(z)))
        return reduce(blocks, y.shape, z.dtype, reduction)
    except check.BlockError:
        check.explain_labels(y, z, options.ignored)


@np.errstate(all="ignore")
def binary_focal_loss(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    gamma: float = 2.0,
    alpha: float | None = None,
    reduction: str = "mean",
) -> Any:
    r"""Cross-entropy of labels 0 and 1 that fades where the prediction is right.

    Examples
    --------
    >>> print(binary_focal_loss(1, 0.0) == 0.25 * np.log(2))
    True
    """
    check_reduction(reduction)
    z = check.numbers("logits", logits)
    y, _ = binary_arguments(labels, z, None)
    power = check.number("gamma", gamma, 0, math.inf, half_open=True)
    a = binary_alpha(alpha)

    def losses(y: Booleans, z: Floats, _: None) -> Block:
        wrong = np.where(y, -z, z)
        scale = np.where(y, *a).astype(z.dtype) * logistic(wrong) ** power
        return weigh(scale, softplus(wrong)), None

    return _elementwise(losses, y, z, None, reduction)


@np.errstate(all="ignore")
def focal_loss(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    gamma: float = 2.0,
    alpha: ArrayLike | None = None,
    reduction: str = "mean",
) -> Any:
    r"""Cross-entropy of integer labels that fades where the prediction is right.

    Examples
    --------
    >>> print(focal_loss(0, [0.0, 0.0]) == 0.25 * np.log(2))
    True
    """
    check_reduction(reduction)
    y, z, _ = label_arguments(labels, logits, None, None, 0.0)
    power = check.number("gamma", gamma, 0, math.inf, half_open=True)
    a = class_alpha(alpha, z)

    def losses(y: Integers, z: Floats) -> Block:
        terms = label_terms(y, z)
        return weigh(a[y] * terms.miss**power, terms.nll), None

    try:
        blocks = (losses(*block) for block in row_blocks(flat(y), rows(z)))
        return reduce(blocks, y.shape, z.dtype, reduction)
    except check.BlockError:
        check.explain_labels(y, z)


def smooth_labels(targets: ArrayLike, smoothing: float) -> Any:
    r"""Mix targets with the uniform distribution: :math:`(1 - \varepsilon) y + \varepsilon / K`.

    Examples
    --------
    >>> print(smooth_labels([0, 1], 0.5))
    [0.25 0.75]
    """
    t = check.distributions("targets", check.to_last_axis("targets", targets, -1))
    return smoothed(t, check.number("smoothing", smoothing, 0, 1)).copy()


def smoothed(t: Floats, amount: float) -> Floats:
    """`smooth_labels` for checked arguments."""
    return (1 - amount) * t + amount / t.shape[-1] if amount else t


def softplus(z: Floats) -> Floats:
    """log(1 + exp(z))."""
    result: Floats = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    return result


def logistic(z: Floats) -> Floats:
    """`sigmoid` for checked arguments."""
    decay = np.exp(-np.abs(z))
    result: Floats = np.where(z < 0, decay, np.ones_like(z)) / (1 + decay)
    return result


def target_losses(t: Floats, z: Floats) -> Floats:
    """Σ t_k (log Σ exp z - z_k) for each row of a block."""
    parts = softmax_parts(z)
    losses: Floats = weigh(t, -parts.shifted).sum(axis=-1)
    losses += t.sum(axis=-1) * np.log1p(parts.rest[:, 0])
    return losses


def binary_arguments(
    labels: ArrayLike, scores: Floats, weights: ArrayLike | None, name: str = "logits"
) -> tuple[Booleans, Floats | None]:
    """Labels and sample weights of the shape of `scores`."""
    y = check.binary_labels(labels)
    check.same_shape("labels", y, name, scores)
    if weights is None:
        return y, None
    w = check.not_negative("weights", weights)
    check.same_shape("weights", w, name, scores)
    return y, w


def binary_targets(y: Booleans, z: Floats, scale: float, smoothing: float) -> tuple[Floats, Floats]:
    """What the terms of label 1 and of label 0 weigh."""
    high, low = 1 - smoothing / 2, smoothing / 2
    on = np.where(y, scale * high, scale * low).astype(z.dtype)
    return on, np.where(y, low, high).astype(z.dtype)


def target_arguments(
    targets: ArrayLike, logits: ArrayLike, axis: int, weights: ArrayLike | None
) -> tuple[Floats, Floats, Floats | None]:
    """Targets, logits and sample weights, classes last."""
    z = check.class_logits(logits, axis)
    t = check.distributions("targets", check.to_last_axis("targets", targets, axis))
    check.same_shape("targets", t, "logits", z)
    w = None if weights is None else check.not_negative("weights", weights)
    if w is not None:
        check.one_per_row("weights", w, z)
    return t, z, w


class LabelOptions(NamedTuple):
    """How integer labels count."""

    weights: Floats
    ignored: int | None
    smoothing: float

    def counted(self, y: Integers) -> tuple[Integers, Booleans]:
        """Labels with 0 for the ignored, and which ones count."""
        if self.ignored is None:
            return y, np.ones(y.shape, np.bool_)
        counted = np.not_equal(y, self.ignored)
        return np.where(counted, y, 0), counted

    def targets(self, y: Integers, z: Floats) -> Floats:
        """The weighted, smoothed targets of a block."""
        t = np.full(z.shape, self.smoothing / z.shape[1], z.dtype)
        t[np.arange(len(y)), y] += 1 - self.smoothing
        t *= self.weights
        return t


def label_arguments(
    labels: ArrayLike,
    logits: ArrayLike,
    class_weights: ArrayLike | None,
    ignore_index: int | None,
    label_smoothing: float,
) -> tuple[Integers, Floats, LabelOptions]:
    """Labels, logits, and how the labels count."""
    y = check.integer_labels(labels)
    z = check.class_logits(logits)
    check.one_per_row("labels", y, z)
    if ignore_index is not None:
        ignore_index = check.integer("ignore_index", ignore_index, -math.inf)
    w = check.per_class("class_weights", 1.0 if class_weights is None else class_weights, z)
    smoothing = check.number("label_smoothing", label_smoothing, 0, 1)
    return y, z, LabelOptions(w, ignore_index, smoothing)


def binary_alpha(alpha: float | None) -> tuple[float, float]:
    """What label 1 and label 0 weigh."""
    if alpha is None:
        return 1.0, 1.0
    one = check.number("alpha", alpha, 0, 1)
    return one, 1 - one


def class_alpha(alpha: ArrayLike | None, z: Floats) -> Floats:
    """What each class weighs."""
    return check.per_class("alpha", 1.0 if alpha is None else alpha, z, scalar=True)


def rows(a: Floats) -> Floats:
    """An array (..., K) as (n, K)."""
    return a.reshape(-1, a.shape[-1])


def flat(a: Any) -> Any:
    """An array (...) as (n,)."""
    return None if a is None else a.reshape(-1)


def _weighted(losses: Floats, w: Floats | None) -> Block:
    return (losses, None) if w is None else (weigh(w, losses), w)


def _elementwise(kernel: Any, y: Booleans, scores: Floats, w: Any, reduction: str) -> Any:
    blocks = (kernel(*block) for block in row_blocks(flat(y), flat(scores), flat(w)))
    return reduce(blocks, scores.shape, scores.dtype, reduction)
