"""Does a row of logits have a softmax, and a label a class?

Blocks notice while they are in the cache, but not where they are in the whole. `explained` then
looks at all of it, once, and says which row it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import numpy as np

from crossentropy._types import Floats, Integers
from crossentropy._validation.messages import first_row, refuse


class BlockError(Exception):
    """A block holds a row without a softmax or a label without a class."""


def maxima(logits: Floats) -> Floats:
    """The largest of the logits (K, ...) of each row, finite where the row has a softmax."""
    largest: Floats = logits.max(axis=0)
    if not np.isfinite(largest).all():
        raise BlockError
    return largest


def in_range(labels: Integers, num_classes: int) -> None:
    """Refuse labels that are not the number of a class."""
    if labels.min() < 0 or labels.max() >= num_classes:
        raise BlockError


@contextmanager
def explained(
    logits: Floats, labels: Integers | None = None, ignored: int | None = None, axis: int = -1
) -> Iterator[None]:
    """Turn the error of a block into one that names argument, place and expectation."""
    try:
        yield
    except BlockError:
        if labels is not None:
            check_labels("labels", labels, logits.shape[-1], ignored)
            if ignored is not None:
                logits = np.where((labels == ignored)[..., None], 0, logits)
        refuse_logits("logits", logits, axis)


def check_labels(name: str, labels: Integers, num_classes: int, ignored: int | None = None) -> None:
    """Name the first label that is not the number of a class."""
    wrong = (labels < 0) | (labels >= num_classes)
    if ignored is not None:
        wrong &= labels != ignored
    if wrong.any():
        refuse(name, labels, wrong, f"a class in 0..{num_classes - 1}")


def refuse_logits(name: str, logits: Floats, axis: int = -1) -> NoReturn:
    """Name the first logit that is NaN or +inf, or the first row of only -inf."""
    original = np.moveaxis(logits, -1, axis)
    if np.isnan(logits).any():
        refuse(name, original, np.isnan(original), "a number")
    if np.isposinf(logits).any():
        refuse(name, original, np.isposinf(original), "below infinity")
    row, _ = first_row(logits[..., 0], np.asarray(np.isneginf(logits).all(axis=-1)))
    raise ValueError(f"{name}: {row}is -inf throughout, expected at least one finite logit")
