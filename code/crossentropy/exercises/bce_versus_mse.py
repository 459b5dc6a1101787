"""The exercises of `book/bce-versus-mse.md`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from crossentropy.activations import sigmoid
from crossentropy.exercises._draws import count, numbers
from crossentropy.exercises._graders import Function, Number, Parts, case


def two_losses(p_hat: Any) -> tuple[Any, Any]:
    return -np.log(p_hat), (1 - p_hat) ** 2


B2 = Function(
    two_losses,
    [
        case([0.25]),
        case([0.01, 0.25, 0.99], hint="Return one loss for each prediction, both as arrays."),
    ],
    hint={
        "the cross-entropy": "The label is 1: what is left of the binary cross-entropy?",
        "the squared error": "The label is 1: how far is the prediction from it, squared?",
    },
    mistakes={
        "Return cross-entropy first and the squared error second.": lambda p: two_losses(p)[::-1],
        "Cross-entropy is positive: mind the sign.": lambda p: (np.log(p), (1 - p) ** 2),
        "That is in bits. Take the natural logarithm.": lambda p: (-np.log2(p), (1 - p) ** 2),
        "That is with the logarithm to base 10. Take the natural one.": lambda p: (
            -np.log10(p),
            (1 - p) ** 2,
        ),
        "The label is 1, so it is the probability of 1 that counts.": (
            lambda p: two_losses(1 - p),
            lambda p: (-np.log(1 - p), (1 - p) ** 2),
            lambda p: (-np.log(p), p**2),
        ),
        "That is the error. Square it.": (
            lambda p: (-np.log(p), 1 - p),
            lambda p: (-np.log(p), np.abs(p - 1)),
        ),
        "That is half of the squared error.": lambda p: (-np.log(p), (1 - p) ** 2 / 2),
        "Weigh the surprise by the label, not by the prediction.": (
            lambda p: (-p * np.log(p), (1 - p) ** 2),
            lambda p: (-p * np.log(p) - (1 - p) * np.log(1 - p), (1 - p) ** 2),
        ),
        "Return one loss for each prediction, not their mean.": lambda p: (
            np.mean(-np.log(p)),
            np.mean((1 - p) ** 2),
        ),
    },
    draw=lambda rng: (np.round((numbers(rng, count(rng, 1, 4)) + 3.2) / 6.4, 2),),
)


A8 = Number(
    math.log(1 / 2),
    hint="Solve sigmoid(z) = 1/3 for z.",
    mistakes={
        "That is the probability. Which logit has it?": 1 / 3,
        "That is the size of the slope there. At which logit is it?": 8 / 27,
        "That is the slope there. At which logit is it?": -8 / 27,
        "That is the logarithm of the probability, not of the odds.": (
            math.log(1 / 3),
            -math.log(1 / 3),
        ),
        "Those are the odds. Which logit has them?": 1 / 2,
        "The probability is below one half. Which sign has its logit?": -math.log(1 / 2),
        "Take the natural logarithm, not the one to base 2.": -1.0,
        "Take the natural logarithm, not the one to base 10.": math.log10(1 / 2),
        "That is the logarithm of what is left for label 0, not of the odds.": math.log(2 / 3),
    },
)


def steps_to_half(slope: Callable[[float], float]) -> int:
    z, steps = -5.0, 0
    while sigmoid(z) < 0.5:
        z, steps = z - slope(z), steps + 1
    return steps


def _on_the_way(z: float) -> float:
    """Return z, or say that no honest step leads there: a wrong sign would never come to an end."""
    if z < -5.5:
        raise ValueError(f"z = {z:.3g} is below the start: does each step go against the slope?")
    return z


def slope_of_cross_entropy(z: float) -> float:
    return float(sigmoid(_on_the_way(z))) - 1


def slope_of_squared_error(z: float) -> float:
    p_hat = float(sigmoid(_on_the_way(z)))
    return -2 * (1 - p_hat) ** 2 * p_hat


def slope_of_minus_one(z: float) -> float:
    """Take z from -5 to exactly 0 in steps of 1."""
    return -1.0 + 0 * _on_the_way(z)


def slope_of_almost_minus_one(z: float) -> float:
    """Take z from -5 to just below 0 in five steps."""
    return -0.99999 + 0 * _on_the_way(z)


def slope_of_minus_a_quarter(z: float) -> float:
    return -0.25 + 0 * _on_the_way(z)


def slope_of_minus_two(z: float) -> float:
    return -2.0 + 0 * _on_the_way(z)


def slope_that_grows(z: float) -> float:
    return -0.125 * (_on_the_way(z) + 7)


def count_from(start: float = -5.0, half: float = 0.5, step: float = 1.0) -> Callable[[Any], int]:
    """Return the counting function with another start, end or step size."""

    def count(slope: Callable[[float], float]) -> int:
        z, steps = start, 0
        while sigmoid(z) < half:
            z, steps = z - step * slope(z), steps + 1
        return steps

    return count


def steps_while_at_most_half(slope: Callable[[float], float]) -> int:
    z, steps = -5.0, 0
    while sigmoid(z) <= 0.5:
        z, steps = z - slope(z), steps + 1
    return steps


B7 = Parts(
    {
        "your function": Function(
            steps_to_half,
            [
                case(slope_of_cross_entropy),
                case(slope_of_squared_error),
                case(
                    slope_of_minus_one, hint="Stop as soon as the probability is at least one half."
                ),
                case(
                    slope_of_almost_minus_one, hint="Go on while the probability is below one half."
                ),
                case(slope_of_minus_a_quarter),
                case(slope_of_minus_two),
                case(slope_that_grows),
            ],
            hint="Start at z = -5, and count the steps while sigmoid(z) is below one half.",
            mistakes={
                "That is one step too many: when do you count?": lambda s: steps_to_half(s) + 1,
                "That is one step short: when do you count?": lambda s: steps_to_half(s) - 1,
                "Stop as soon as the probability is at least one half.": steps_while_at_most_half,
                "Start at z = -5.": tuple(count_from(start) for start in (-4.5, -4.0, -3.0, -1.0)),
                "The step size is 1.": tuple(count_from(step=step) for step in (0.01, 0.1, 0.5)),
            },
        ),
        "the steps with cross-entropy": Number(
            steps_to_half(slope_of_cross_entropy),
            hint="Give your function the slope in z of cross-entropy, for a label 1.",
            mistakes={
                "Have the two changed places?": float(steps_to_half(slope_of_squared_error)),
                "Is the probability at least one half there, or not yet?": float(
                    steps_to_half(slope_of_cross_entropy) - 1
                ),
            },
        ),
        "the steps with the squared error": Number(
            steps_to_half(slope_of_squared_error),
            hint="Give your function the slope in z of the squared error, for a label 1.",
            mistakes={
                "The derivative of a square has a factor 2.": float(
                    count_from(step=0.5)(slope_of_squared_error)
                ),
                "Is the probability at least one half there, or not yet?": float(
                    steps_to_half(slope_of_squared_error) - 1
                ),
            },
        ),
    }
)


REST = 1 - math.exp(-5)  # the integral of exp(z) from -5 to 0
TIMES = (5 + REST, (math.exp(5) - 1 + 15 + 3 * REST + (1 - math.exp(-10)) / 2) / 2)

C5 = Parts(
    {
        "the time with cross-entropy": Number(
            TIMES[0],
            hint="One over the size of the slope is 1 + exp(z). Integrate it from -5 to 0.",
            mistakes={
                "The force is a little less than 1, so it takes a little more.": 5.0,
                "That is the number of whole steps. What does it become in the limit?": 6.0,
                "That is only what exceeds 5.": REST,
                "The lower end of the integral counts with the other sign.": (
                    5 + 1 + math.exp(-5),
                    5 - REST,
                ),
            },
        ),
        "the time with the squared error": Number(
            TIMES[1],
            hint="Multiply out (1 + exp(z))² (1 + exp(-z)) / 2, and integrate each power.",
            mistakes={
                "The derivative of a square has a factor 2.": 2 * TIMES[1],
                "The slope has the factor 2 only once.": TIMES[1] / 2,
                "The factor 2 is in the slope, so it divides the time.": 4 * TIMES[1],
                "That is the number of whole steps. What does it become in the limit?": 85.0,
                "That is its largest term alone.": (math.exp(5) / 2, (math.exp(5) - 1) / 2),
                "The integral of exp(2z) is exp(2z)/2.": TIMES[1] + (1 - math.exp(-10)) / 4,
                "The middle terms come three times each: multiply out once more.": (
                    TIMES[1] - REST,
                    TIMES[1] - REST / 2,
                    TIMES[1] - 5,
                    TIMES[1] - 2.5,
                ),
            },
        ),
    }
)
