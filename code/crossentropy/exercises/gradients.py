"""The exercises of `book/gradients.md`."""

from __future__ import annotations

from typing import Any

import numpy as np

from crossentropy.activations import softmax
from crossentropy.exercises._graders import Function, Number, Numbers, case

A10 = Numbers(
    {
        "the first entry": Number(
            1 / 2,
            hint="Compute the softmax first. What is exp(ln 2)?",
            mistakes={
                "A wrong class is pushed, too, by its probability.": 0.0,
            },
        ),
        "the second entry": Number(
            -3 / 4,
            hint="This is the true class: subtract its target.",
            mistakes={
                "That is the probability. Subtract the target.": 1 / 4,
                "That is the slope in the probability, not in the logit.": -4.0,
            },
        ),
        "the third entry": Number(
            1 / 4,
            hint="What do the three entries of the gradient add up to?",
            mistakes={
                "A wrong class is pushed, too, by its probability.": 0.0,
            },
        ),
    }
)


def weight_gradient(weights: Any, inputs: Any, labels: Any) -> Any:
    errors = softmax(inputs @ weights) - np.eye(weights.shape[1])[labels]
    return inputs.T @ errors / len(labels)


B10 = Function(
    weight_gradient,
    [
        case([[0.5, -1.0, 0.0], [1.0, 0.2, -0.3]], [[1.0, 2.0], [3.0, -1.0]], [2, 0]),
        case([[0.0, 0.0], [0.0, 0.0]], [[1.0, 2.0], [3.0, -1.0], [0.5, 1.0]], [0, 1, 1]),
    ],
    hint="Multiply the transposed inputs by prediction minus target, and divide by N.",
    mistakes={
        "That is the sum over the examples. The mean divides it by their number.": (
            lambda w, x, y: weight_gradient(w, x, y) * len(y)
        ),
        "The size is right. What about the sign? It is prediction minus target.": (
            lambda w, x, y: -weight_gradient(w, x, y)
        ),
        "Subtract the one-hot targets from the predictions.": (
            lambda w, x, y: x.T @ softmax(x @ w) / len(y)
        ),
        "Take the softmax of the logits before you subtract.": (
            lambda w, x, y: x.T @ (x @ w - np.eye(w.shape[1])[y]) / len(y)
        ),
    },
)


def curvatures(logits: Any) -> Any:
    q = softmax(logits)
    return np.linalg.eigvalsh(np.diag(q) - np.outer(q, q))


C7 = Function(
    lambda logits: curvatures(logits)[-1],
    [case([0.0, 0.0]), case([2.0, 1.0, -1.0]), case([5.0, 0.0, 0.0]), case([0.0, 0.0, -30.0])],
    hint="Build J from the softmax, and ask NumPy for the eigenvalues of a symmetric matrix.",
    mistakes={
        "That is the smallest eigenvalue.": lambda z: curvatures(z)[0],
        "Return the largest of the eigenvalues only.": curvatures,
        "That is the sum of the eigenvalues.": lambda z: curvatures(z).sum(),
        "That is the largest entry of J. An eigenvalue can be larger.": lambda z: np.max(
            softmax(z) * (1 - softmax(z))
        ),
    },
)
