"""Answers to the exercises of `book/likelihood.md`."""

import math

import numpy as np


def constant(labels, num_classes):
    shares = [list(labels).count(k) / len(labels) for k in range(num_classes)]
    return shares, sum(-f * math.log(f) for f in shares if f > 0)


def grouped(labels, groups):
    pairs = list(zip(groups, labels, strict=True))
    shares = [pairs.count((g, y)) / list(groups).count(g) for g, y in pairs]
    return -np.mean(np.log(shares))


RIGHT = {
    "A5": [(0.7, 0.611), (0.7, 0.61), [7 / 10, 0.6109]],
    "A6": [(0.098, -0.022), (0.09804, -0.02196), (0.0980, -0.0220)],
    "B5": [constant],
    "C3": [grouped],
}

WRONG = {
    "A5": [
        ((0.5, 0.693), "fair coin"),
        ((0.7, 0.357), "Tails came"),
        ((0.7, 0.881), "bits"),
    ],
    "A6": [
        (0.693, "one half"),
        (0.02, "Which loss"),
        (0.0202, "surprise of a good transaction"),
        (0.0198, "what the good ones add"),
        (0.0984, "good ones, too"),
        (0.0782, "what the frauds add"),
        (0.1, "close"),
        (0.1414, "bits"),
        ((0.098, 0.022), "smaller one"),
        ((0.098, -0.02), "close"),
        ((0.098, 0.573), "not with one half"),
    ],
    "B5": [
        (lambda y, k: (np.bincount(y) / len(y), constant(y, k)[1]), "missing"),
        (lambda y, k: (constant(y, k)[0], math.log(k)), "uniform"),
        (lambda y, k: constant(y, k)[1], "of 2"),
    ],
    "C3": [
        (lambda y, g: constant(y, 3)[1], "without a look"),
        (lambda y, g: np.mean([constant(y[g == i], 3)[1] for i in set(g)]), "size"),
        (lambda y, g: grouped(y, g) / math.log(2), "bits"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A5": ["7/10", "-(7/10)*log(7/10) - (3/10)*log(3/10)"],
    "A6": [
        "-(1/50)*log(1/50) - (1 - 1/50)*log(1 - 1/50)",
        "-(1/50)*log(1/50) - (1 - 1/50)*log(1 - 1/50) - 0.12",
    ],
}
