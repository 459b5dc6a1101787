"""Answers to the exercises of `book/cross-entropy-and-kl.md`."""

import math

import numpy as np


def divergence(p, q):
    with np.errstate(divide="ignore"):
        return sum(a * np.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


RIGHT = {
    "A2": [
        (math.log(4 / 3) / 2, 0.75 * math.log(1.5) - 0.25 * math.log(2)),
        [0.144, 0.131],
        (0.14, 0.13),
        np.array([0.144, 0.131]),
    ],
    "A3": [-math.log(0.5), 0.69, 0.6931],
    "B4": [divergence],
    "C2": [(-math.log2(0.9 + 0.1 / 26), math.log2(260)), (0.146, 8.022), (0.146, 8.02)],
}

WRONG = {
    "A2": [
        ((0.208, 1), "bits"),
        ([0.131, 0.144], "places"),
        ((0.144, 0.144), "symmetric"),
        (0.144, "in this order"),
    ],
    "A3": [
        (1.0, "bits"),
        (0.5, "probability"),
        (-0.693, "sign"),
    ],
    "B4": [
        (lambda p, q: np.sum(p * np.log(p / q)), "leave it out"),
        (lambda p, q: divergence(q, p), "places"),
        (lambda p, q: divergence(p, np.maximum(q, 1e-9)), "model say"),
        (lambda p, q: -divergence(p, q), "sign"),
    ],
    "C2": [
        ((-math.log2(0.9), 8.022), "smallest"),
        ((0.146, math.log2(26)), "itself"),
        ((0.101, 8.02), "nats"),
    ],
}
