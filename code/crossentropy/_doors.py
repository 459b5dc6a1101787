"""Arguments that come together: each checked, then held against the others."""

from __future__ import annotations

from numpy.typing import ArrayLike

from crossentropy._types import Booleans, Floats, Integers
from crossentropy._validation import arrays
from crossentropy._validation.kinds import as_array


def labels_and_scores(
    labels: ArrayLike, name: str, scores: Floats, weights: ArrayLike | None = None
) -> tuple[Booleans, Floats | None]:
    """Labels 0 and 1 and sample weights for each of the scores."""
    y = arrays.zeros_and_ones("labels", labels)
    arrays.same_shape("labels", y, name, scores)
    if weights is None:
        return y, None
    w = arrays.weights("weights", weights)
    arrays.same_shape("weights", w, name, scores)
    return y, w


def targets_and_logits(
    targets: ArrayLike, logits: ArrayLike, axis: int, weights: ArrayLike | None
) -> tuple[Floats, Floats, Floats | None]:
    """Targets and logits, classes last, and sample weights."""
    z = arrays.class_logits("logits", logits, axis)
    given = as_array("targets", targets)
    t = arrays.distributions("targets", given, axis)
    arrays.same_shape("targets", t, "logits", z, axis)
    if given.dtype.kind != "f":
        t = t.astype(z.dtype, copy=False)  # 0 and 1 are exact in each
    if weights is None:
        return t, z, None
    w = arrays.weights("weights", weights)
    arrays.one_per_row("weights", w, "logits", z, axis)
    return t, z, w


def labels_and_logits(labels: ArrayLike, logits: ArrayLike) -> tuple[Integers, Floats]:
    """An integer label for each row of logits."""
    y = arrays.integers("labels", labels)
    z = arrays.class_logits("logits", logits)
    arrays.one_per_row("labels", y, "logits", z)
    return y, z
