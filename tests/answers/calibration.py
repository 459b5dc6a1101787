"""Answers to the exercises of `book/calibration.md`."""

import numpy as np


def calibration_error(right, confidence):
    total = 0.0
    for low in np.arange(10) / 10:
        inside = (confidence > low) & (confidence <= low + 0.1)
        if low == 0:
            inside |= confidence == 0
        total += abs(sum(right[inside]) - sum(confidence[inside]))
    return total / len(right)


def with_bins(right, confidence, numbers):
    """Take the bins of these numbers, each without its upper end."""
    inside = [np.floor(confidence * 10) == number for number in numbers]
    return sum(abs(np.sum((right - confidence)[chosen])) for chosen in inside) / len(right)


def imbalance(labels, logits, temperature):
    differences = []
    for label, row in zip(labels, logits, strict=True):
        q = np.exp((row - row.max()) / temperature)
        differences.append(row[label] - q @ row / q.sum())
    return np.mean(differences)


RIGHT = {
    "A13": [(0.32, 0.2), [0.32, 0.2]],
    "B17": [calibration_error],
    "C11": [imbalance],
}

WRONG = {
    "A13": [
        ((0.2, 0.2), "stay dry"),
        ((0.5, 0.2), "equally often"),
        ((0.5004, 0.2), "log score"),
        ((0.722, 0.2), "log score in bits"),
        ((0.32, 0.0), "announcement 1"),
    ],
    "B17": [
        (lambda r, c: abs(np.mean(r) - np.mean(c)), "Split them"),
        (lambda r, c: np.abs(r - c).mean(), "within a bin"),
        (lambda r, c: calibration_error(r[c < 1], c[c < 1]), "last bin"),
        (lambda r, c: with_bins(r, c, np.arange(10)), "1 belongs to the last bin"),
        (lambda r, c: with_bins(r, c, np.arange(11)), "a bin of its own"),
        (lambda r, c: with_bins(r, c, np.arange(1, 10)), "A bin is left out"),
        (lambda r, c: with_bins(r, c, np.arange(9)), "A bin is left out"),
        (lambda r, c: with_bins(r, np.ceil(c * 10) / 10 - 0.1, np.arange(10)), "frequency minus"),
        (lambda r, c: np.mean([abs(np.mean((r - c)[c * 10 // 1 == b])) for b in range(10)]), "nan"),
    ],
    "C11": [
        (lambda y, z, t: -imbalance(y, z, t), "minus the expected"),
        (lambda y, z, t: imbalance(y, z, 1.0), "divided by T"),
        (lambda y, z, t: imbalance(y, z / t, 1.0), "themselves"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A13": ["0.8*(1 - 0.8) + (1 - 0.8)*0.8", "0.8*(1 - 1) + (1 - 0.8)*1"],
}
