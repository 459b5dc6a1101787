"""The exercises of `book/variations.md`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crossentropy.exercises._graders import Function, Number, case
from crossentropy.gradients import binary_focal_loss_grad

A11 = Number(
    math.log((1 - 0.1 + 0.1 / 10) / (0.1 / 10)),
    hint="What does each class get from the smoothed label? Take the logarithm of the ratio.",
    mistakes={
        "The labelled class gets its share of epsilon back, too.": math.log(0.9 / 0.01),
        "The other classes share what was taken: how much for each?": math.log(0.9 / 0.1),
        "You compared with all the others together. Take one of them.": math.log(0.91 / 0.09),
        "That is the ratio of the probabilities.": (1 - 0.1 + 0.1 / 10) / (0.1 / 10),
    },
    unit="nats",
)


def weighted_mean(losses: Any, labels: Any, class_weights: Any, ignore_index: int) -> float:
    counted = labels != ignore_index
    return float(np.average(losses[counted], weights=class_weights[labels[counted]]))


B13 = Function(
    weighted_mean,
    [
        case([2.0, 9.0, 4.0], [1, 2, 0], [1.0, 3.0, 2.0], 2),
        case([2.0, 1.0, 4.0], [0, 1, 0], [1.0, 1.0], -100),
        case([2.0, 9.0, 4.0], [1, -1, 0], [1.0, 3.0], -1, hint="-1 is a valid index in NumPy."),
        case([2.0, 9.0, 4.0], [1, -100, 0], [1.0, 3.0], -100, hint="No class is called -100."),
    ],
    hint="Add up weight times loss, and the weights, both over the examples that count.",
    mistakes={
        "Divide by the weights, not by the number of examples.": lambda x, y, w, ignored: np.mean(
            w[y[y != ignored]] * x[y != ignored]
        ),
        "The ignored example still counts where you divide.": lambda x, y, w, ignored: (
            np.sum(w[y[y != ignored]] * x[y != ignored]) / len(y)
        ),
        "The weights of the classes do not show.": lambda x, y, w, ignored: np.mean(
            x[y != ignored]
        ),
        "Divide by the weights of the labels, not of all classes.": lambda x, y, w, ignored: (
            np.sum(w[y[y != ignored]] * x[y != ignored]) / np.sum(w)
        ),
    },
)


B14 = Function(
    lambda p_hat, w: p_hat / (p_hat + w * (1 - p_hat)),
    [
        case(0.5, 9.0),
        case(0.3, 1.0, hint="The weight 1 changes nothing."),
        case([0.1, 0.5, 0.9], 4.0, hint="Take an array of predictions."),
        case([0.0, 1.0], 4.0, hint="Certainty stays certainty: divide without making a 0/0."),
    ],
    hint="Divide the odds by w, then turn odds into a probability.",
    mistakes={
        "You applied the weight once more instead of undoing it.": lambda p_hat, w: (
            w * p_hat / (w * p_hat + 1 - p_hat)
        ),
        "It is the odds that the weight multiplies.": lambda p_hat, w: p_hat / w,
        "Those are the odds. Which probability has them?": lambda p_hat, w: p_hat / (1 - p_hat) / w,
    },
)


def focal_truth(p_hat: float, gamma: float) -> float:
    z = math.log(p_hat / (1 - p_hat))
    slope_1, slope_0 = (binary_focal_loss_grad(label, z, gamma=gamma) for label in (1, 0))
    return float(slope_0 / (slope_0 - slope_1))


C9 = Function(
    focal_truth,
    [
        case(0.7, 2.0),
        case(0.2, 1.0),
        case(0.7, 0.0, hint="With gamma 0 the loss is cross-entropy."),
    ],
    hint="Set the derivative of the expected loss to 0, and solve for the true probability.",
    mistakes={
        "You have the probability of label 0.": lambda p_hat, gamma: 1 - focal_truth(p_hat, gamma),
        "Differentiate the factor in front of the logarithm, too.": lambda p_hat, gamma: (
            p_hat ** (gamma + 1) / (p_hat ** (gamma + 1) + (1 - p_hat) ** (gamma + 1))
        ),
    },
)
