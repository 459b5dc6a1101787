"""What the losses of two classes and their gradients have in common."""

from __future__ import annotations

import numpy as np

from crossentropy._types import Booleans, Floats
from crossentropy._validation import options


def binary_targets(y: Booleans, z: Floats, scale: float, smoothing: float) -> tuple[Floats, Floats]:
    """What the terms of label 1 and of label 0 weigh."""
    high, low = 1 - smoothing / 2, smoothing / 2
    on = np.where(y, scale * high, scale * low).astype(z.dtype)
    return on, np.where(y, low, high).astype(z.dtype)


def binary_alpha(alpha: float | None) -> tuple[float, float]:
    """What label 1 and label 0 weigh."""
    if alpha is None:
        return 1.0, 1.0
    one = options.fraction("alpha", alpha)
    return one, 1 - one
