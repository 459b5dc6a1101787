"""The exercises of `book/training.md`."""

from __future__ import annotations

from typing import Any

import numpy as np

from crossentropy.exercises._graders import Function, case


def accuracy(labels: Any, logits: Any) -> tuple[Any, Any]:
    share = np.mean(logits.argmax(axis=-1) == labels)
    return share, np.sqrt(share * (1 - share) / len(labels))


B11 = Function(
    accuracy,
    [
        case([0, 2, 1, 1], [[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [-1.0, 5.0, 2.0], [0.0, 2, 1]]),
        case([1, 0], [[0.0, 1.0], [3.0, -2.0]], hint="Here every row is right."),
    ],
    hint="In which rows is the largest logit at the place of the label?",
    mistakes={
        "The share is right. Take the root of a (1 - a) / N.": lambda y, z: (
            accuracy(y, z)[0],
            accuracy(y, z)[1] ** 2,
        ),
        "The share is right. The error shrinks with the number of rows.": lambda y, z: (
            accuracy(y, z)[0],
            accuracy(y, z)[1] * np.sqrt(len(y)),
        ),
        "That is the share of rows that are wrong.": lambda y, z: (
            1 - accuracy(y, z)[0],
            accuracy(y, z)[1],
        ),
    },
)


def class_shares(labels: Any, num_classes: int) -> Any:
    return np.bincount(labels, minlength=num_classes) / len(labels)


B12 = Function(
    lambda labels, num_classes: np.log(class_shares(labels, num_classes)),
    [
        case([0, 1, 1, 1], 2),
        case([2, 0, 1, 2, 2, 0, 2, 2], 3),
    ],
    hint="Count each class, divide by the number of labels, and take the logarithm.",
    mistakes={
        "Those are the shares. A logit is a logarithm.": class_shares,
        "Those are the logarithms of the counts: divide them by N first.": lambda y, k: np.log(
            np.bincount(y, minlength=k)
        ),
        "The size is right. What about the sign?": lambda y, k: -np.log(class_shares(y, k)),
    },
)


C8 = Function(
    lambda weights, gradient, step: weights - step * gradient / np.linalg.norm(gradient),
    [
        case([1.0, 2.0], [3.0, 4.0], 0.5),
        case([0.0, 1.0, -1.0], [0.1, -0.2, 0.3], 2.0),
        case([0.0, 0.0], [3e-12, -4e-12], 0.3, hint="However short the gradient is."),
    ],
    hint="Divide the gradient by its length, and multiply by the step.",
    mistakes={
        "That is an ordinary step, longer where the gradient is longer.": lambda w, g, s: w - s * g,
        "The distance is right, but it goes uphill.": lambda w, g, s: w + s * g / np.linalg.norm(g),
        "That takes the same step in each weight, which changes the direction.": (
            lambda w, g, s: w - s * np.sign(g)
        ),
        "Divide by the length, the root of the sum of squares.": lambda w, g, s: (
            w - s * g / np.sum(g**2)
        ),
    },
)
