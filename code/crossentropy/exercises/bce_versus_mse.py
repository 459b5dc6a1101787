"""The exercises of `book/bce-versus-mse.md`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from crossentropy.activations import sigmoid
from crossentropy.exercises._graders import Function, Number, Numbers, case


def two_losses(p_hat: Any) -> tuple[Any, Any]:
    return -np.log(p_hat), (1 - p_hat) ** 2


B2 = Function(
    two_losses,
    [
        case([0.25]),
        case([0.01, 0.25, 0.99], hint="Return one loss for each prediction, both as arrays."),
    ],
    hint="The label is 1: what is left of each loss? Return cross-entropy first.",
    mistakes={
        "Return cross-entropy first and the squared error second.": lambda p: two_losses(p)[::-1],
        "Cross-entropy is positive: mind the sign.": lambda p: (np.log(p), (1 - p) ** 2),
        "That is in bits. Take the natural logarithm.": lambda p: (-np.log2(p), (1 - p) ** 2),
        "The label is 1, so it is the probability of 1 that counts.": lambda p: two_losses(1 - p),
    },
)


A8 = Number(
    math.log(1 / 2),
    hint="Solve sigmoid(z) = 1/3 for z.",
    mistakes={
        "That is the probability. Which logit has it?": 1 / 3,
        "That is the size of the slope there. At which logit is it?": 8 / 27,
        "That is the slope there. At which logit is it?": -8 / 27,
        "That is the logarithm of the probability, not of the odds.": math.log(1 / 3),
        "The probability is below one half. Which sign has its logit?": -math.log(1 / 2),
        "Take the natural logarithm, not the one to base 2.": -1.0,
    },
)


def steps_to_half(slope: Callable[[float], float]) -> int:
    z, steps = -5.0, 0
    while sigmoid(z) < 0.5:
        z, steps = z - slope(z), steps + 1
    return steps


def cross_entropy_slope(z: float) -> float:
    """Return the slope of cross-entropy in the logit of a label 1."""
    if z < -100:
        raise ValueError("z has run away to below -100, does each step go against the slope?")
    return float(sigmoid(z)) - 1


def squared_error_slope(z: float) -> float:
    """Return the slope of the squared error in the logit of a label 1."""
    p_hat = float(sigmoid(z))
    return -2 * (1 - p_hat) ** 2 * p_hat


def slope_of_minus_one(z: float) -> float:
    """Return a slope that takes z from -5 to exactly 0 in steps of 1."""
    return -1.0


B7 = Function(
    steps_to_half,
    [
        case(cross_entropy_slope),
        case(squared_error_slope),
        case(slope_of_minus_one, hint="Stop as soon as the probability is at least one half."),
    ],
    hint="Start at z = -5, and count the steps while sigmoid(z) is below one half.",
    mistakes={
        "That is one step too many: when do you count?": lambda s: steps_to_half(s) + 1,
        "That is one step short: when do you count?": lambda s: steps_to_half(s) - 1,
    },
)


def flow_time_of_cross_entropy() -> float:
    return 5 + 1 - math.exp(-5)


def flow_time_of_squared_error() -> float:
    return (math.exp(5) - 1 + 15 + 3 * (1 - math.exp(-5)) + (1 - math.exp(-10)) / 2) / 2


C5 = Numbers(
    {
        "the time with cross-entropy": Number(
            flow_time_of_cross_entropy(),
            hint="One over the size of the slope is 1 + exp(z). Integrate it from -5 to 0.",
            mistakes={
                "The force is a little less than 1, so it takes a little more.": 5.0,
                "That is the number of whole steps. What does it become in the limit?": 6.0,
            },
        ),
        "the time with the squared error": Number(
            flow_time_of_squared_error(),
            hint="Multiply out (1 + exp(z))² (1 + exp(-z)) / 2, and integrate each power.",
            mistakes={
                "The derivative of a square has a factor 2.": 2 * flow_time_of_squared_error(),
                "That is the number of whole steps. What does it become in the limit?": 85.0,
            },
        ),
    }
)
