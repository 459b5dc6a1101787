"""The exercises of `book/calibration.md`."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from crossentropy.activations import softmax
from crossentropy.exercises._draws import count, numbers
from crossentropy.exercises._graders import Function, Number, Parts, case
from crossentropy.information import entropy

A13 = Parts(
    {
        "the honest announcement": Number(
            0.8 * (1 - 0.8) + (1 - 0.8) * 0.8,
            hint="Two things can happen: weigh the price of each with its probability.",
            mistakes={
                "That is the price if it rains. It may stay dry.": 0.2,
                "That is the price if it stays dry. It may rain.": 0.8,
                "The two prices do not come equally often.": (0.5, 1.0),
                "That is what one of the two adds. The other adds something, too.": 0.16,
                "Rain costs little if you announced it: have the two prices changed places?": 0.68,
                "That is the log score. You are charged the absolute error.": float(
                    entropy([0.8, 0.2])
                ),
                "That is the log score in bits. You are charged the absolute error.": float(
                    entropy([0.8, 0.2], base=2)
                ),
                "Honesty is not free here. What do you pay if it stays dry?": 0.0,
            },
        ),
        "the announcement 1": Number(
            1 - 0.8,
            hint="Rain costs nothing now. How often does it stay dry, and what does that cost?",
            mistakes={
                "That is the price if it rains. It may stay dry.": 0.0,
                "That is the price if it stays dry. How often does it?": 1.0,
                "That is how often it rains, and then you pay nothing.": 0.8,
                "The price is the distance to 1 or to 0, not to 0.8.": (0.04, 0.16),
                "That is the log score. You are charged the absolute error.": math.inf,
            },
        ),
    }
)


def binned(
    right: Any, confidence: Any, gap: Callable[[Any, Any], Any], combine: Callable[[Any, Any], Any]
) -> Any:
    """Return what comes of the gaps in the bins that are not empty, and their sizes."""
    bins = np.minimum((confidence * 10).astype(int), 9)
    inside = [bins == number for number in range(10) if np.any(bins == number)]
    gaps = np.array([gap(right[chosen], confidence[chosen]) for chosen in inside])
    return combine(gaps, np.array([chosen.sum() for chosen in inside]))


def signed_gap(right: Any, confidence: Any) -> Any:
    return right.mean() - confidence.mean()


def absolute_gap(right: Any, confidence: Any) -> Any:
    return abs(signed_gap(right, confidence))


def gap_to_the_middle(right: Any, confidence: Any) -> Any:
    return abs(right.mean() - min(math.floor(10 * confidence[0]), 9) / 10 - 0.05)


def weighted(gaps: Any, sizes: Any) -> Any:
    return np.sum(gaps * sizes) / np.sum(sizes)


def calibration_error(right: Any, confidence: Any) -> Any:
    return binned(right, confidence, absolute_gap, weighted)


def with_bins(edges: Any, *, closed: str = "left", lost: bool = False) -> Callable[..., Any]:
    """Return the calibration error with other bins; what belongs to none is lost."""

    def error(right: Any, confidence: Any) -> Any:
        total = 0.0
        for low, high in pairwise(edges):
            below, above = confidence < high, confidence >= low
            if closed == "right":
                below, above = confidence <= high, confidence > low
            inside = below & above
            if closed == "left" and not lost and high == edges[-1]:
                inside |= confidence == high
            total += abs(np.sum(right[inside] - confidence[inside]))
        return total / len(right)

    return error


TENTHS = np.arange(11) / 10


def error_with_empty_bins(right: Any, confidence: Any) -> Any:
    bins = np.minimum((confidence * 10).astype(int), 9)
    sizes = np.array([np.sum(bins == number) for number in range(10)])
    gaps = [abs(np.sum((right - confidence)[bins == number])) for number in range(10)]
    return np.sum(gaps / sizes * sizes) / len(right)


def draw_confidences(rng: np.random.Generator) -> tuple[Any, Any]:
    """Keep away from the inner edges, and meet the outer ones now and then."""
    size = count(rng, 1, 7)
    tenths = rng.choice([0, 2, 6, 7, 9], size=size)
    confidence = (10 * tenths + rng.integers(1, 10, size=size)) / 100
    confidence[rng.random(size) < 0.15] = 1.0
    confidence[rng.random(size) < 0.05] = 0.0
    return rng.integers(2, size=size), confidence


B17 = Function(
    calibration_error,
    [
        case([1, 1, 1, 0, 1], [0.93, 0.97, 0.91, 0.62, 0.66]),
        case([1, 0], [0.35, 0.75], hint="Gaps of opposite sign, in two bins, must not cancel."),
        case([1, 0, 1, 0], [0.72, 0.74, 0.76, 0.78], hint="These four share a bin."),
        case([0, 1], [0.05, 0.97]),
        case([1, 0, 1, 0], [0.15, 0.25, 0.45, 0.55], hint="Are there ten bins, each 0.1 wide?"),
        case([0, 1, 0, 1], [0.09, 0.11, 0.89, 0.91], hint="Are there ten bins, each 0.1 wide?"),
        case([1, 0, 1], [1.0, 1.0, 0.05], hint="A confidence of 1 belongs to the last bin."),
        case([0, 1], [1.0, 0.95], hint="A confidence of 1 belongs to the last bin."),
        case([1, 0, 0], [0.0, 0.08, 0.92], hint="A confidence of 0 belongs to the first bin."),
    ],
    hint="In each bin take the size of frequency minus confidence, weighed with its examples.",
    mistakes={
        "Weigh each bin with the number of its examples.": (
            lambda r, c: binned(r, c, absolute_gap, lambda gaps, sizes: np.mean(gaps)),
            lambda r, c: binned(r, c, absolute_gap, lambda gaps, sizes: np.sum(gaps) / 10),
            lambda r, c: binned(r, c, absolute_gap, lambda gaps, sizes: np.sum(gaps)),
        ),
        "Divide by the number of examples.": (
            lambda r, c: binned(r, c, absolute_gap, lambda gaps, sizes: np.sum(gaps * sizes)),
            lambda r, c: binned(r, c, absolute_gap, lambda gaps, sizes: np.sum(gaps * sizes) / 10),
        ),
        "That is the largest of the gaps. Average them.": lambda r, c: binned(
            r, c, absolute_gap, lambda gaps, sizes: np.max(gaps)
        ),
        "Take the size of each gap, not its square.": (
            lambda r, c: binned(r, c, absolute_gap, lambda gaps, sizes: weighted(gaps**2, sizes)),
            lambda r, c: binned(
                r, c, absolute_gap, lambda gaps, sizes: np.sqrt(weighted(gaps**2, sizes))
            ),
        ),
        "Take the size of the gap in each bin, or gaps of opposite sign cancel.": (
            lambda r, c: binned(r, c, signed_gap, weighted),
            lambda r, c: -binned(r, c, signed_gap, weighted),
        ),
        "Those are gaps of single examples. Average within a bin first.": (
            lambda r, c: np.abs(r - c).mean()
        ),
        "That is the gap of all examples together. Split them into bins.": (
            lambda r, c: abs(r.mean() - c.mean())
        ),
        "Compare with the mean confidence in the bin, not with its middle.": lambda r, c: binned(
            r, c, gap_to_the_middle, weighted
        ),
        "A confidence of 1 belongs to the last bin. Here it is in none.": (
            with_bins(TENTHS, lost=True),
            lambda r, c: with_bins(TENTHS)(r[c < 1], c[c < 1]),
        ),
        "A confidence of 1 belongs to the last bin. Here it has a bin of its own.": with_bins(
            np.arange(12) / 10
        ),
        "A confidence of 0 belongs to the first bin. Here it is in none.": with_bins(
            TENTHS, closed="right"
        ),
        "The bins begin at 0: do not round to the nearest tenth.": with_bins(
            np.array([-0.05, *np.arange(0.05, 1, 0.1), 1.05])
        ),
        "A bin is left out: they go from 0 to 1.": (
            with_bins(TENTHS[1:]),
            with_bins(TENTHS[:-1], lost=True),
        ),
        "How many bins are there?": tuple(
            with_bins(np.arange(bins + 1) / bins) for bins in (5, 9, 11, 15, 20)
        ),
        "An empty bin has no mean, and nan spreads: leave it out.": error_with_empty_bins,
    },
    draw=draw_confidences,
)


def imbalance(labels: Any, logits: Any, temperature: float) -> float:
    expected = np.sum(softmax(logits / temperature) * logits, axis=1)
    return float(np.mean(logits[np.arange(len(labels)), labels] - expected))


def imbalance_with(expectation: Callable[[Any, float], Any]) -> Callable[..., Any]:
    """Return the imbalance with another expected logit, found for each row."""
    return lambda labels, logits, t: np.mean(
        logits[np.arange(len(labels)), labels] - expectation(logits, t)
    )


def draw_labelled(rng: np.random.Generator) -> tuple[Any, Any, float]:
    size, num_classes = count(rng, 1, 4), count(rng, 2, 3)
    logits = numbers(rng, size, num_classes, low=-4, high=4)
    return rng.integers(num_classes, size=size), logits, float(rng.choice([0.5, 1.0, 2.0, 3.0]))


C11 = Function(
    imbalance,
    [
        case([0, 1, 0], [[2.5, 1.5], [1.5, 0.5], [3.5, 1.5]], 2.0),
        case([2, 0], [[1.0, 0.0, -2.0], [4.0, 1.0, 0.0]], 1.0),
        case([0], [[1000.0, 0.0]], 1.0, hint="Large logits overflow in a naive softmax."),
        case([1], [[1000.0, -1000.0]], 0.5, hint="Large logits overflow in a naive softmax."),
        case(
            [1, 1],
            [[-2000.0, 0.0], [-3000.0, -3001.0]],
            1.0,
            hint="Shift each row by its own largest logit before the exponential.",
        ),
    ],
    hint="For each row, take the label's logit, and the mean of all its logits under q.",
    mistakes={
        "The distribution q comes from the logits divided by T.": (
            lambda labels, logits, t: imbalance(labels, logits, 1.0),
            lambda labels, logits, t: imbalance(labels, logits, 1 / t),
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
        "Each row has its own expected logit: sum over the classes.": (
            lambda labels, logits, t: imbalance(labels, logits, t) / logits.shape[1],
            imbalance_with(lambda z, t: np.sum(softmax(z / t) * z)),
            imbalance_with(lambda z, t: np.sum(softmax(z / t, axis=0) * z, axis=1)),
        ),
        "Weigh the logits by q: the model does not expect all classes alike.": imbalance_with(
            lambda z, t: z.mean(axis=1)
        ),
        "The largest logit is not what the model expects. Weigh all of them by q.": (
            imbalance_with(lambda z, t: z.max(axis=1))
        ),
        "Take the logit of the label, not the largest.": lambda labels, logits, t: imbalance(
            logits.argmax(axis=1), logits, t
        ),
        "Take the logit of the label, not its probability.": lambda labels, logits, t: np.mean(
            softmax(logits / t)[np.arange(len(labels)), labels]
            - np.sum(softmax(logits / t) * logits, axis=1)
        ),
    },
    draw=draw_labelled,
)
