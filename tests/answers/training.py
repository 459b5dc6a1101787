"""Answers to the exercises of `book/training.md`."""

import math

import numpy as np


def accuracy(labels, logits):
    share = sum(np.argmax(row) == label for row, label in zip(logits, labels, strict=True))
    share = share / len(labels)
    return share, (share * (1 - share) / len(labels)) ** 0.5


def starting_bias(labels, num_classes):
    return [math.log(np.mean(labels == k)) for k in range(num_classes)]


def unit_step(weights, gradient, step):
    return weights - gradient * (step / math.sqrt(sum(g * g for g in gradient)))


RIGHT = {
    "B11": [accuracy],
    "B12": [starting_bias],
    "C8": [unit_step],
}

WRONG = {
    "B11": [
        (lambda y, z: accuracy(y, z)[0], "of 2"),
        (lambda y, z: (accuracy(y, z)[0], np.std(np.argmax(z, axis=1) == y)), "The share is right"),
        (
            lambda y, z: (accuracy(y, z)[0], 1 / len(y) ** 0.5),
            "as the standard error. Take the root",
        ),
        (lambda y, z: (accuracy(y, z)[0], accuracy(y, z)[1] ** 2), "root"),
        (lambda y, z: (1 - accuracy(y, z)[0], accuracy(y, z)[1]), "are wrong"),
    ],
    "B12": [
        (lambda y, k: np.bincount(y, minlength=k) / len(y), "shares"),
        (lambda y, k: np.log(np.bincount(y, minlength=k)), "counts"),
    ],
    "C8": [
        (lambda w, g, s: w - s * g, "ordinary"),
        (lambda w, g, s: w + s * g / math.dist(g, 0 * g), "uphill"),
        (lambda w, g, s: w - s * g / (math.dist(g, 0 * g) + 1e-8), "However short"),
    ],
}

FORMULAS = {}
