"""The exercises of `book/variations.md`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from crossentropy.exercises._draws import count, numbers
from crossentropy.exercises._graders import Function, Number, case
from crossentropy.gradients import binary_focal_loss_grad

A11 = Number(
    math.log((1 - 0.1 + 0.1 / 10) / (0.1 / 10)),
    hint="What does each class get from the smoothed label? Take the logarithm of the ratio.",
    mistakes={
        "The labelled class gets its share of epsilon back, too.": math.log(0.9 / 0.01),
        "The other classes share what was taken: how much for each?": (
            math.log(0.9 / 0.1),
            math.log(0.91 / 0.1),
        ),
        "You compared with all the others together. Take one of them.": math.log(0.91 / 0.09),
        "Epsilon is spread over all ten classes, the labelled one included.": math.log(81),
        "That is the ratio of the probabilities.": (1 - 0.1 + 0.1 / 10) / (0.1 / 10),
        "That is the difference of the probabilities.": 0.9,
        "That is the logit of one probability against the rest. Compare two classes.": (
            math.log(0.01 / 0.99)
        ),
        "Take the natural logarithm, not the one to base 2.": math.log2(91),
        "Take the natural logarithm, not the one to base 10.": math.log10(91),
    },
)


def weighted_mean(losses: Any, labels: Any, class_weights: Any, ignore_index: int) -> Any:
    counted = labels != ignore_index
    weights = class_weights[labels[counted]]
    return np.sum(weights * losses[counted]) / np.sum(weights)


def divided_by(divisor: Callable[[Any, Any, Any], Any]) -> Callable[..., Any]:
    """Return the weighted sum, divided by what comes of labels, their weights, and all weights."""

    def mean(losses: Any, labels: Any, class_weights: Any, ignore_index: int) -> Any:
        counted = labels != ignore_index
        weights = class_weights[labels[counted]]
        return np.sum(weights * losses[counted]) / divisor(labels, weights, class_weights)

    return mean


def draw_losses(rng: np.random.Generator) -> tuple[Any, Any, Any, int]:
    size, num_classes = count(rng, 2, 5), count(rng, 2, 3)
    ignore_index = int(rng.choice([-100, -1, num_classes - 1]))
    labels = rng.integers(num_classes, size=size)
    labels[rng.random(size) < 0.3] = ignore_index
    labels[0] = 0  # there is something to average
    weights = numbers(rng, num_classes, low=0.5, high=5)
    return numbers(rng, size, low=0.1, high=9), labels, weights, ignore_index


B13 = Function(
    weighted_mean,
    [
        case([2.0, 9.0, 4.0], [1, 2, 0], [1.0, 3.0, 2.0], 2),
        case([2.0, 1.0, 4.0], [0, 1, 0], [1.0, 1.0], -100),
        case([2.0, 9.0, 4.0], [1, -1, 0], [1.0, 3.0], -1, hint="-1 is a valid index in NumPy."),
        case([2.0, 9.0, 4.0], [1, -100, 0], [1.0, 3.0], -100, hint="No class is called -100."),
        case(
            [2.0, 9.0], [1, 0], [0.1, 0.3], -100, hint="The weights need not add up to 1 or more."
        ),
    ],
    hint="Add up weight times loss, and the weights, both over the examples that count.",
    mistakes={
        "Divide by the weights, not by the number of examples.": divided_by(
            lambda labels, weights, all_weights: len(weights)
        ),
        "The ignored example still counts where you divide.": divided_by(
            lambda labels, weights, all_weights: len(labels)
        ),
        "Divide by the weights of the labels, not of all classes.": divided_by(
            lambda labels, weights, all_weights: np.sum(all_weights)
        ),
        "That is the sum. Divide it by the weights of the examples that count.": divided_by(
            lambda labels, weights, all_weights: 1
        ),
        "The weights of the classes do not show.": lambda x, y, w, ignored: np.mean(
            x[y != ignored]
        ),
        "That is the mean over the examples that are ignored, too.": (
            lambda x, y, w, ignored: np.mean(x),
            lambda x, y, w, ignored: np.sum(w[y] * x) / np.sum(w[y]),
        ),
        "Return one number, not one loss to an example.": (
            lambda x, y, w, ignored: w[y[y != ignored]] * x[y != ignored]
        ),
        "-1 is a valid index in NumPy: the ignored example counts as the last class.": (
            lambda x, y, w, ignored: (
                np.sum((w[y] * x)[y != ignored]) / np.sum(w[y]) if ignored != -100 else math.nan
            )
        ),
        "Weigh with the class of the label, not with the place of the example.": (
            lambda x, y, w, ignored: np.average(x[y != ignored], weights=w[: np.sum(y != ignored)])
        ),
    },
    draw=draw_losses,
)


def undo(p_hat: Any, w: float) -> Any:
    return p_hat / (p_hat + w * (1 - p_hat))


def odds(p: Any) -> Any:
    return p / (1 - p)


B14 = Function(
    undo,
    [
        case([0.5, 0.2], 9.0),
        case([0.3, 0.8], 1.0, hint="The weight 1 changes nothing."),
        case([0.1, 0.5, 0.9], 4.0),
        case([0.1, 0.5, 0.9], 0.25, hint="A weight may be below 1, too."),
        case([0.0, 1.0], 4.0, hint="Certainty stays certainty: divide without making a 0/0."),
        case([1e-9, 1 - 1e-9], 4.0, hint="Keep small and large predictions as they are."),
    ],
    hint="Divide the odds by w, then turn odds into a probability.",
    mistakes={
        "You applied the weight once more instead of undoing it.": (
            lambda p_hat, w: undo(p_hat, 1 / w),
            lambda p_hat, w: w * odds(p_hat) / (1 + w * odds(p_hat)),
        ),
        "It is the odds that the weight multiplies.": (
            lambda p_hat, w: p_hat / w,
            lambda p_hat, w: np.minimum(w * p_hat, 1),
            lambda p_hat, w: w * p_hat,
        ),
        "Those are the odds. Which probability has them?": lambda p_hat, w: odds(p_hat) / w,
        "That is the probability of label 0.": lambda p_hat, w: 1 - undo(p_hat, w),
        "Divide the odds by w, not the logit.": lambda p_hat, w: (
            1 / (1 + ((1 - p_hat) / p_hat) ** (1 / w))
        ),
        "A prediction of 1 has infinite odds, and makes nan of them: multiply the fraction out.": (
            lambda p_hat, w: odds(p_hat) / w / (1 + odds(p_hat) / w),
            lambda p_hat, w: odds(p_hat) / (w + odds(p_hat)),
        ),
    },
    draw=lambda rng: (
        rng.choice(np.arange(101), size=count(rng, 1, 3)) / 100,
        float(rng.choice([0.2, 0.5, 2.0, 3.0, 9.0, 50.0])),
    ),
)


def focal_truth(p_hat: float, gamma: float) -> float:
    z = math.log(p_hat / (1 - p_hat))
    slope_1, slope_0 = (binary_focal_loss_grad(label, z, gamma=gamma) for label in (1, 0))
    return float(slope_0 / (slope_0 - slope_1))


def truth_from(slope: Callable[[float, float], float]) -> Callable[[float, float], float]:
    """Return the truth behind a prediction, from the slope of the loss in the label's share."""

    def truth(p_hat: float, gamma: float) -> float:
        slope_1, slope_0 = slope(p_hat, gamma), slope(1 - p_hat, gamma)
        return slope_0 / (slope_1 + slope_0)

    return truth


C9 = Function(
    focal_truth,
    [
        case(0.7, 2.0),
        case(0.2, 1.0),
        case(0.7, 0.0, hint="With gamma 0 the loss is cross-entropy."),
        case(0.5, 2.0, hint="By symmetry, one half stays one half."),
        case(0.9, 0.5),
    ],
    hint="Set the derivative of the expected loss to 0, and solve for the true probability.",
    mistakes={
        "You have the probability of label 0.": lambda p_hat, gamma: 1 - focal_truth(p_hat, gamma),
        "Differentiate the factor in front of the logarithm, too.": truth_from(
            lambda a, gamma: (1 - a) ** gamma / a
        ),
        "Differentiate the logarithm, too.": truth_from(
            lambda a, gamma: gamma * (1 - a) ** (gamma - 1) * math.log(a)
        ),
        "The inner derivative of 1 - a is -1: the two parts of the slope have the same sign.": (
            truth_from(
                lambda a, gamma: (
                    -gamma * (1 - a) ** (gamma - 1) * math.log(a) - (1 - a) ** gamma / a
                )
            )
        ),
        "The power rule lowers the exponent by 1.": truth_from(
            lambda a, gamma: gamma * (1 - a) ** gamma * math.log(a) - (1 - a) ** gamma / a
        ),
        "The power rule has the factor gamma.": truth_from(
            lambda a, gamma: (1 - a) ** (gamma - 1) * math.log(a) - (1 - a) ** gamma / a
        ),
        "You compared the losses. It is their slopes that balance.": truth_from(
            lambda a, gamma: (1 - a) ** gamma * math.log(a)
        ),
        "That is the prediction itself, which is right for gamma 0 only.": lambda p_hat, gamma: (
            p_hat
        ),
    },
    draw=lambda rng: (
        float(rng.integers(1, 20) / 20),
        float(rng.choice([0.0, 0.5, 1.0, 2.0, 3.0, 5.0])),
    ),
)
