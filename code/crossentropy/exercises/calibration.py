"""The exercises of `book/calibration.md`."""

from __future__ import annotations

from typing import Any

import numpy as np

from crossentropy.activations import softmax
from crossentropy.calibration import expected_calibration_error, reliability_curve
from crossentropy.exercises._graders import Function, Number, Numbers, case

A13 = Numbers(
    {
        "the honest announcement": Number(
            0.8 * (1 - 0.8) + (1 - 0.8) * 0.8,
            hint="Two things can happen: weigh the price of each with its probability.",
            mistakes={
                "That is the price if it rains. It may stay dry.": 0.2,
                "The two prices do not come equally often.": 0.5,
            },
        ),
        "the announcement 1": Number(
            1 - 0.8,
            hint="Rain costs nothing now. How often does it stay dry, and what does that cost?",
            mistakes={
                "That is the price if it rains. It may stay dry.": 0.0,
                "That is the price if it stays dry. How often does it?": 1.0,
            },
        ),
    }
)


def unweighted_calibration_error(right: Any, confidence: Any) -> float:
    curve = reliability_curve(right, confidence, bins=10)
    return float(np.mean(np.abs(curve.frequency - curve.confidence)))


B17 = Function(
    lambda right, confidence: expected_calibration_error(right, confidence, bins=10),
    [
        case([1, 1, 1, 0, 1], [0.93, 0.97, 0.91, 0.62, 0.66]),
        case([1, 0], [0.35, 0.75], hint="Gaps of opposite sign, in two bins, must not cancel."),
        case([1, 0, 1, 0], [0.72, 0.74, 0.76, 0.78], hint="These four share a bin."),
        case([1, 1, 0], [1.0, 1.0, 0.05], hint="A confidence of 1 belongs to the last bin."),
    ],
    hint="In each bin take the size of frequency minus confidence, weighed with its examples.",
    mistakes={
        "Weigh each bin with the number of its examples.": unweighted_calibration_error,
        "Those are gaps of single examples. Average within a bin first.": (
            lambda right, confidence: np.abs(right - confidence).mean()
        ),
        "That is the gap of all examples together. Split them into bins.": (
            lambda right, confidence: abs(right.mean() - confidence.mean())
        ),
    },
)


def imbalance(labels: Any, logits: Any, temperature: float) -> float:
    expected = np.sum(softmax(logits / temperature) * logits, axis=1)
    return float(np.mean(logits[np.arange(len(labels)), labels] - expected))


C11 = Function(
    imbalance,
    [
        case([0, 1, 0], [[2.5, 1.5], [1.5, 0.5], [3.5, 1.5]], 2.0),
        case([2, 0], [[1.0, 0.0, -2.0], [4.0, 1.0, 0.0]], 1.0),
        case([0], [[1000.0, 0.0]], 1.0, hint="Large logits overflow in a naive softmax."),
    ],
    hint="For each row, take the label's logit, and the mean of all its logits under q.",
    mistakes={
        "The distribution q comes from the logits divided by T.": lambda labels, logits, t: (
            imbalance(labels, logits, 1.0)
        ),
        "Compare the logits themselves, without dividing them by T.": (
            lambda labels, logits, t: imbalance(labels, logits / t, 1.0)
        ),
        "The size is right. Take the label's logit minus the expected one.": (
            lambda labels, logits, t: -imbalance(labels, logits, t)
        ),
        "Take the mean over the rows, not the sum.": lambda labels, logits, t: (
            len(labels) * imbalance(labels, logits, t)
        ),
    },
)
