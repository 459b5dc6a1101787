"""The exercises of `book/training.md`."""

from __future__ import annotations

from typing import Any

import numpy as np

from crossentropy.exercises._draws import count, numbers
from crossentropy.exercises._graders import Function, case


def accuracy(labels: Any, logits: Any) -> tuple[Any, Any]:
    share = np.mean(logits.argmax(axis=-1) == labels)
    return share, np.sqrt(share * (1 - share) / len(labels))


def draw_logits(rng: np.random.Generator) -> tuple[Any, Any]:
    size, num_classes = count(rng, 2, 4), count(rng, 2, 3)
    logits = numbers(rng, size, num_classes)
    guesses = logits.argmax(axis=1)
    return np.where(rng.random(size) < 0.6, guesses, rng.integers(num_classes, size=size)), logits


B11 = Function(
    accuracy,
    [
        case([0, 2, 1, 1], [[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [-1.0, 5.0, 2.0], [0.0, 2.0, 1.0]]),
        case([1, 0], [[0.0, 1.0], [3.0, -2.0]]),
        case([1, 1, 0], [[-3.0, -4.0], [-2.0, -1.0], [-5.0, -2.0]]),
    ],
    hint={
        "the share": "In which rows is the largest logit at the place of the label?",
        "the standard error": "Take the root of a (1 - a) / N, with the share a and N rows.",
    },
    mistakes={
        "The share is right. The standard error is the root of that.": lambda y, z: (
            accuracy(y, z)[0],
            accuracy(y, z)[1] ** 2,
        ),
        "The share is right. The error shrinks with the number of rows.": (
            lambda y, z: (accuracy(y, z)[0], accuracy(y, z)[1] * np.sqrt(len(y))),
            lambda y, z: (accuracy(y, z)[0], accuracy(y, z)[1] ** 2 * len(y)),
        ),
        "The share is right. The number of rows belongs below the root.": lambda y, z: (
            accuracy(y, z)[0],
            accuracy(y, z)[1] / np.sqrt(len(y)),
        ),
        "The share is right. Divide by N, not by N - 1.": lambda y, z: (
            accuracy(y, z)[0],
            accuracy(y, z)[1] * np.sqrt(len(y) / (len(y) - 1)),
        ),
        "The share is right. Both a and 1 - a belong below the root.": (
            lambda y, z: (accuracy(y, z)[0], np.sqrt(accuracy(y, z)[0] / len(y))),
            lambda y, z: (accuracy(y, z)[0], np.sqrt((1 - accuracy(y, z)[0]) / len(y))),
        ),
        "That is the share of rows that are wrong.": lambda y, z: (
            1 - accuracy(y, z)[0],
            accuracy(y, z)[1],
        ),
        "That is the number of rows that are right. Divide it by N.": (
            lambda y, z: (accuracy(y, z)[0] * len(y), accuracy(y, z)[1])
        ),
        "Look for the largest logit within each row, not within each column.": lambda y, z: (
            accuracy(y[: z.shape[1]], z.T)
        ),
        "That is the place of the smallest logit.": lambda y, z: accuracy(y, -z),
        "Return the share first, and its standard error second.": lambda y, z: accuracy(y, z)[::-1],
    },
    draw=draw_logits,
)


def class_shares(labels: Any, num_classes: int) -> Any:
    return np.bincount(labels, minlength=num_classes) / len(labels)


def draw_labels(rng: np.random.Generator) -> tuple[Any, int]:
    num_classes = count(rng, 2, 4)
    more = rng.integers(num_classes, size=count(rng, 1, 5))
    return rng.permutation([*range(num_classes), *more]), num_classes


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
        "Take the natural logarithm.": (
            lambda y, k: np.log2(class_shares(y, k)),
            lambda y, k: np.log10(class_shares(y, k)),
        ),
        "Those are the logarithms of the odds. With a softmax, take those of the shares.": (
            lambda y, k: np.log(class_shares(y, k) / (1 - class_shares(y, k)))
        ),
        "Divide by the number of labels, not of classes.": lambda y, k: np.log(
            np.bincount(y, minlength=k) / k
        ),
        "You added to the shares. Every class occurs.": (
            lambda y, k: np.log(class_shares(y, k) + 1e-5),
            lambda y, k: np.log((np.bincount(y, minlength=k) + 1) / (len(y) + k)),
        ),
        "The softmax of these is the same, but they are shifted: take the logarithms alone.": (
            lambda y, k: np.log(class_shares(y, k)) - np.log(class_shares(y, k)).mean(),
            lambda y, k: np.log(class_shares(y, k)) - np.log(class_shares(y, k)).max(),
            lambda y, k: np.log(class_shares(y, k)) - np.log(class_shares(y, k))[0],
        ),
        "That is the loss. Return one logit for each class.": lambda y, k: (
            -np.sum(class_shares(y, k) * np.log(class_shares(y, k)))
        ),
        "Those are sorted by size. Class 0 comes first.": (
            lambda y, k: np.sort(np.log(class_shares(y, k))),
            lambda y, k: np.sort(np.log(class_shares(y, k)))[::-1],
        ),
        "Class 0 comes first, not last.": lambda y, k: np.log(class_shares(y, k))[::-1],
    },
    draw=draw_labels,
)


def unit_step(weights: Any, gradient: Any, step: float) -> Any:
    return weights - step * gradient / np.linalg.norm(gradient)


C8 = Function(
    unit_step,
    [
        case([1.0, 2.0], [3.0, 4.0], 0.5),
        case([0.0, 1.0, -1.0], [0.1, -0.2, 0.3], 2.0),
        case([0.0, 0.0], [3e-12, -4e-12], 0.3, hint="However short the gradient is."),
        case([0.0, 0.0], [3e-80, -4e-80], 0.3, hint="However short the gradient is."),
        case([0.0, 1.0], [30.0, -40.0], 0.3, hint="However long the gradient is."),
    ],
    hint="Divide the gradient by its length, and multiply by the step.",
    mistakes={
        "That is an ordinary step, longer where the gradient is longer.": lambda w, g, s: w - s * g,
        "The distance is right, but it goes uphill.": lambda w, g, s: w + s * g / np.linalg.norm(g),
        "That takes the same step in each weight, which changes the direction.": (
            lambda w, g, s: w - s * np.sign(g)
        ),
        "Divide by the length, the root of the sum of squares.": (
            lambda w, g, s: w - s * g / np.sum(g**2),
            lambda w, g, s: w - s * g / np.sum(np.abs(g)),
            lambda w, g, s: w - s * g / np.max(np.abs(g)),
            lambda w, g, s: w - s * g / np.abs(np.sum(g)),
            lambda w, g, s: w - s * g / np.sqrt(np.mean(g**2)),
        ),
        "The distance is always 1: multiply by the step.": lambda w, g, s: (
            w - g / np.linalg.norm(g)
        ),
        "That is the step. Return the weights that it leads to.": (
            lambda w, g, s: s * g / np.linalg.norm(g),
            lambda w, g, s: -s * g / np.linalg.norm(g),
        ),
        "Divide by the length of the gradient, not of the weights.": lambda w, g, s: (
            w - s * g / np.linalg.norm(w)
        ),
        "That is clipping: long gradients are cut, and short ones stay short.": (
            lambda w, g, s: w - s * g / max(np.linalg.norm(g), 1.0)
        ),
    },
    draw=lambda rng: (numbers(rng, 3), numbers(rng, 3), float(rng.choice([0.1, 0.3, 2.0]))),
)
