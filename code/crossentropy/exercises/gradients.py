"""The exercises of `book/gradients.md`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crossentropy.activations import softmax
from crossentropy.exercises._draws import count, numbers
from crossentropy.exercises._graders import Function, Number, Parts, case

FORGOTTEN = softmax([2.0, 0.0, 0.0]).tolist()  # the logit taken for 2 instead of ln 2

A10 = Parts(
    {
        "the first entry": Number(
            1 / 2,
            hint="Compute the softmax first. What is exp(ln 2)?",
            mistakes={
                "A wrong class is pushed, too, by its probability.": 0.0,
                "The exponentials are not probabilities yet: divide by their sum.": 2.0,
                "That is the logit. Take the softmax first.": math.log(2),
                "The logit is ln 2, not 2.": FORGOTTEN[0],
                "Each exponential is divided by the sum of all three.": 2 / 3,
                "Take prediction minus target. The first class is wrong: which target has it?": -1
                / 2,
            },
        ),
        "the second entry": Number(
            -3 / 4,
            hint="This is the true class: subtract its target.",
            mistakes={
                "That is the probability. Subtract the target.": 1 / 4,
                "That is target minus prediction. The gradient is the other way round.": 3 / 4,
                "That is the slope in the probability, not in the logit.": -4.0,
                "The exponentials are not probabilities yet: divide by their sum.": 0.0,
                "The logit of the first class is ln 2, not 2.": FORGOTTEN[1] - 1,
            },
        ),
        "the third entry": Number(
            1 / 4,
            hint="What do the three entries of the gradient add up to?",
            mistakes={
                "A wrong class is pushed, too, by its probability.": 0.0,
                "Only the true class has its target subtracted.": -3 / 4,
                "The exponentials are not probabilities yet: divide by their sum.": 1.0,
            },
        ),
    }
)


def weight_gradient(weights: Any, inputs: Any, labels: Any) -> Any:
    errors = softmax(inputs @ weights) - np.eye(weights.shape[1])[labels]
    return inputs.T @ errors / len(labels)


def with_softmax(softmax_of: Any) -> Any:
    """Return the gradient with another function in the softmax's place."""
    return lambda w, x, y: x.T @ (softmax_of(x @ w) - np.eye(w.shape[1])[y]) / len(y)


def draw_batch(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    size, width, num_classes = count(rng, 2, 4), count(rng, 2, 3), count(rng, 2, 4)
    labels = rng.integers(num_classes, size=size)
    return numbers(rng, width, num_classes), numbers(rng, size, width), labels


B10 = Function(
    weight_gradient,
    [
        case([[0.5, -1.0, 0.0], [1.0, 0.2, -0.3]], [[1.0, 2.0], [3.0, -1.0]], [2, 0]),
        case([[0.0, 0.0], [0.0, 0.0]], [[1.0, 2.0], [3.0, -1.0], [0.5, 1.0]], [0, 1, 1]),
        case([[0.5, -1.0, 0.0], [1.0, 0.2, -0.3]], [[2.0, 1.0]], [1]),
    ],
    hint="Multiply the transposed inputs by prediction minus target, and divide by N.",
    mistakes={
        "That is the sum over the examples. The mean divides it by their number.": (
            lambda w, x, y: weight_gradient(w, x, y) * len(y)
        ),
        "The size is right. What about the sign? It is prediction minus target.": (
            lambda w, x, y: -weight_gradient(w, x, y)
        ),
        "Divide by the number of examples, not by that of classes, inputs or entries.": (
            lambda w, x, y: weight_gradient(w, x, y) * len(y) / w.shape[1],
            lambda w, x, y: weight_gradient(w, x, y) * len(y) / w.shape[0],
            lambda w, x, y: weight_gradient(w, x, y) / w.shape[1],
        ),
        "The first number of its shape is that of the inputs: your result is transposed.": (
            lambda w, x, y: weight_gradient(w, x, y).T
        ),
        "Subtract the one-hot targets from the predictions.": (
            lambda w, x, y: x.T @ softmax(x @ w) / len(y)
        ),
        "Take the softmax of the logits before you subtract.": with_softmax(lambda z: z),
        "Normalise within each row: the softmax goes along the last axis.": (
            with_softmax(lambda z: softmax(z, axis=0)),
            with_softmax(lambda z: softmax(z.ravel()).reshape(z.shape)),
        ),
        "Divide the exponentials by their sum.": with_softmax(np.exp),
        "Multiply by the inputs transposed: one row to an input.": lambda w, x, y: (
            x @ (softmax(x @ w) - np.eye(w.shape[1])[y]) / len(y)
        ),
        "That is the gradient in the logits. The inputs come on top.": lambda w, x, y: (
            (softmax(x @ w) - np.eye(w.shape[1])[y]) / len(y)
        ),
    },
    draw=draw_batch,
)


def slopes(logits: Any) -> Any:
    q = softmax(logits)
    return np.diag(q) - np.outer(q, q)


def curvatures(logits: Any) -> Any:
    return np.linalg.eigvalsh(slopes(logits))


C7 = Function(
    lambda logits: curvatures(logits)[-1],
    [
        case([2.0, 1.0, -1.0]),
        case([0.0, 0.0]),
        case([5.0, 0.0, 0.0]),
        case([0.0, 0.0, -30.0]),
        case([0.0, 1.0, 2.0], hint="NumPy may return the eigenvalues in any order."),
    ],
    hint="Build J from the softmax, and ask NumPy for the eigenvalues of a symmetric matrix.",
    mistakes={
        "That is the smallest eigenvalue.": (
            lambda z: curvatures(z)[0],
            lambda z: curvatures(z).min(),
        ),
        "NumPy returns the eigenvalues of a general matrix in no order.": (
            lambda z: np.linalg.eigvals(slopes(z))[0],
            lambda z: np.linalg.eigvals(slopes(z))[-1],
        ),
        "Return the largest of the eigenvalues only.": (
            curvatures,
            lambda z: np.linalg.eigvals(slopes(z)),
        ),
        "That is the sum of the eigenvalues.": lambda z: np.trace(slopes(z)),
        "That is the mean of the eigenvalues.": lambda z: np.trace(slopes(z)) / len(z),
        "That is the largest entry of J. An eigenvalue can be larger.": lambda z: slopes(z).max(),
        "That is a bound for the eigenvalues, not the largest of them.": (
            lambda z: np.abs(slopes(z)).sum(axis=0).max(),
            lambda z: np.linalg.norm(slopes(z)),
            lambda z: softmax(z).max(),
            lambda z: 0.5,
        ),
        "That is the limit of the step. The curvature is below the fraction bar.": lambda z: (
            2 / curvatures(z)[-1]
        ),
        "Take the softmax of the logits first.": lambda z: np.linalg.eigvalsh(
            np.diag(z) - np.outer(z, z)
        )[-1],
    },
    draw=lambda rng: (numbers(rng, count(rng, 2, 5)),),
)
