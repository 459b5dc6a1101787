"""The doors: what a loss takes, checked in one place for the loss and for its gradient.

A door bears the name of its loss and returns a `Batch`, and the options in the form in which the
formulas use them. What lies behind it trusts both. A new option of a loss enters here.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from crossentropy._batch import Batch
from crossentropy._targets import BinaryTerms, LabelTerms, TargetTerms
from crossentropy._types import Booleans, Floats, Integers
from crossentropy._validation import arrays, kinds, options, rows

# -- two classes ---------------------------------------------------------------------------------


def binary_cross_entropy(
    labels: ArrayLike, probs: ArrayLike, epsilon: float, weights: ArrayLike | None
) -> tuple[Batch, float]:
    clip = options.below("epsilon", epsilon, 0.5)
    p = arrays.probabilities("probs", probs)
    return _scored(arrays.shares("labels", labels), "probs", p, weights, labels), clip


def binary_cross_entropy_with_logits(
    labels: ArrayLike,
    logits: ArrayLike,
    positive_weight: ArrayLike,
    label_smoothing: float,
    weights: ArrayLike | None,
) -> tuple[Batch, BinaryTerms]:
    z = arrays.numbers("logits", logits)
    y = arrays.shares("labels", labels)
    batch = _scored(y, "logits", z, weights, labels, positive_weight)
    smoothing = options.below("label_smoothing", label_smoothing, 1)
    if not kinds.as_array("positive_weight", positive_weight).ndim:
        factor = options.finite_in("positive_weight", positive_weight, batch.dtype)
        return batch, BinaryTerms(factor, smoothing)
    factors = arrays.class_weights("positive_weight", positive_weight, z, batch.dtype, "column")
    each = np.broadcast_to(factors, z.shape)
    return batch._replace(arrays=(*batch.arrays, each)), BinaryTerms(1.0, smoothing)


def binary_focal_loss(
    labels: ArrayLike,
    logits: ArrayLike,
    gamma: float,
    alpha: float | None,
    weights: ArrayLike | None,
) -> tuple[Batch, float, tuple[float, float]]:
    z = arrays.numbers("logits", logits)
    batch = labels_and_scores(labels, "logits", z, weights)
    power = options.finite_in("gamma", gamma, z.dtype)
    if alpha is None:
        return batch, power, (1.0, 1.0)
    one = options.fraction("alpha", alpha)
    return batch, power, (one, 1 - one)


def squared_error_of_sigmoid(labels: ArrayLike, logits: ArrayLike) -> Batch:
    return labels_and_scores(labels, "logits", arrays.numbers("logits", logits))


def labels_and_scores(
    labels: ArrayLike, name: str, scores: Floats, weights: ArrayLike | None = None
) -> Batch:
    """Labels 0 and 1, and sample weights, for each of the scores."""
    return _scored(arrays.zeros_and_ones("labels", labels), name, scores, weights)


def _scored(
    y: Booleans | Floats,
    name: str,
    scores: Floats,
    weights: ArrayLike | None,
    *others: ArrayLike,
) -> Batch:
    arrays.same_shape("labels", y, name, scores)
    w = None
    if weights is not None:
        w = arrays.weights("weights", weights)
        arrays.same_shape("weights", w, name, scores)
    dtype = kinds.widest(scores.dtype, weights, *others)
    return Batch("labels", (y, scores), scores.ndim, dtype, w)


# -- many classes --------------------------------------------------------------------------------


def softmax(logits: ArrayLike, axis: int) -> Batch:
    z = arrays.class_logits("logits", logits, axis)
    explained = partial(rows.explained, z, axis=axis)
    return Batch("logits", (z,), z.ndim - 1, z.dtype, explained=explained)


def softmax_cross_entropy(
    targets: ArrayLike,
    logits: ArrayLike,
    axis: int,
    class_weights: ArrayLike | None,
    label_smoothing: float,
    weights: ArrayLike | None,
) -> tuple[Batch, TargetTerms]:
    z = arrays.class_logits("logits", logits, axis)
    given = kinds.as_array("targets", targets)
    t = arrays.distributions("targets", given, axis)
    arrays.same_shape("targets", t, "logits", z, axis)
    if not kinds.is_float(given.dtype):
        t = t.astype(z.dtype, copy=False)  # 0 and 1 are exact in each
    w = _row_weights(weights, z, axis)
    dtype = kinds.widest(np.result_type(t, z), class_weights, weights)
    terms = TargetTerms(
        _class_weights(class_weights, z, dtype),
        options.below("label_smoothing", label_smoothing, 1),
    )
    explained = partial(rows.explained, z, axis=axis)
    return Batch("targets", (t, z), z.ndim - 1, dtype, w, explained), terms


def softmax_cross_entropy_with_integer_labels(
    labels: ArrayLike,
    logits: ArrayLike,
    axis: int,
    class_weights: ArrayLike | None,
    ignore_index: int | None,
    label_smoothing: float,
    weights: ArrayLike | None,
) -> tuple[Batch, LabelTerms]:
    y, z = labels_and_logits(labels, logits, axis)
    dtype = kinds.widest(z.dtype, class_weights, weights)
    terms = LabelTerms(
        _class_weights(class_weights, z, dtype),
        None if ignore_index is None else kinds.integer("ignore_index", ignore_index),
        options.below("label_smoothing", label_smoothing, 1),
    )
    return _labelled(y, z, axis, dtype, weights, terms.ignored), terms


def focal_loss(
    labels: ArrayLike,
    logits: ArrayLike,
    axis: int,
    gamma: float,
    alpha: ArrayLike | None,
    weights: ArrayLike | None,
) -> tuple[Batch, float, Floats]:
    y, z = labels_and_logits(labels, logits, axis)
    dtype = kinds.widest(z.dtype, alpha, weights)
    power = options.finite_in("gamma", gamma, dtype)
    alphas = arrays.class_weights("alpha", 1.0 if alpha is None else alpha, z, dtype)
    return _labelled(y, z, axis, dtype, weights), power, alphas


def labels_and_logits(
    labels: ArrayLike, logits: ArrayLike, axis: int = -1
) -> tuple[Integers, Floats]:
    """An integer label for each row of logits."""
    y = arrays.integers("labels", labels)
    z = arrays.class_logits("logits", logits, axis)
    arrays.one_per_row("labels", y, "logits", z, axis)
    return y, z


def _labelled(
    y: Integers,
    z: Floats,
    axis: int,
    dtype: np.dtype[Any],
    weights: ArrayLike | None,
    ignored: int | None = None,
) -> Batch:
    w = _row_weights(weights, z, axis)
    explained = partial(rows.explained, z, y, ignored, axis)
    batch = Batch("labels", (y, z), y.ndim, dtype, w, explained)
    if ignored is None:
        return batch
    kept = f"a label other than ignore_index={ignored} whose weights are above 0"
    return batch._replace(counting=kept)


def _class_weights(
    class_weights: ArrayLike | None, z: Floats, dtype: np.dtype[Any]
) -> Floats | None:
    if class_weights is None:
        return None
    return arrays.class_weights("class_weights", class_weights, z, dtype)


def _row_weights(weights: ArrayLike | None, z: Floats, axis: int) -> Floats | Booleans | None:
    if weights is None:
        return None
    w = arrays.weights("weights", weights)
    arrays.one_per_row("weights", w, "logits", z, axis)
    return w


# -- squared errors ------------------------------------------------------------------------------


def squared_error(targets: ArrayLike, predictions: ArrayLike) -> Batch:
    y = arrays.finite("targets", targets)
    prediction = arrays.finite("predictions", predictions)
    arrays.same_shape("targets", y, "predictions", prediction)
    return Batch("targets", (y, prediction), y.ndim, np.result_type(y, prediction))


def brier_score(targets: ArrayLike, probs: ArrayLike) -> Batch:
    y = arrays.distributions("targets", targets)
    p = arrays.distributions("probs", probs)
    arrays.same_shape("targets", y, "probs", p)
    return Batch("targets", (y, p), y.ndim - 1, np.result_type(y, p))
