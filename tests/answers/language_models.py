"""Answers to the exercises of `book/language-models.md`."""

import math

import numpy as np


def adaptive_bits(tokens, alpha, *, peek=0):
    seen, bits = [], 0.0
    for token in tokens:
        bits -= math.log2((seen.count(token) + peek + alpha) / (len(seen) + peek + 256 * alpha))
        seen.append(token)
    return bits


RIGHT = {
    "A12": [(16.445, 0.962), [16.44, 0.96]],
    "B15": [lambda q: np.prod(q) ** (-1 / len(q)), lambda q: 2 ** np.mean(-np.log2(q))],
    "B16": [lambda m, n: np.nansum(m * n) / n.sum()],
    "C10": [adaptive_bits],
}

WRONG = {
    "A12": [
        ((16.445, 4.04), "per token"),
        ((6.964, 0.962), "base"),
        ((0.962, 16.445), "changed places"),
        ((2.8, 0.962), "Exponentiate"),
        ((16.445, 0.667), "in nats"),
        ((16.445, 0.462), "divide by ln 2"),
        ((16.445, 1.948), "perplexity per character"),
    ],
    "B15": [
        (lambda q: np.mean(1 / q), "arithmetic"),
        (lambda q: 1 / np.mean(q), "surprises"),
    ],
    "B16": [
        (lambda m, n: np.mean(m), "means"),
        (lambda m, n: m @ n / n.sum(), "empty"),
    ],
    "C10": [
        (lambda t, a: adaptive_bits(t, a, peek=1), "help itself"),
        (lambda t, a: len(t) * 8.0, "without learning"),
        (lambda t, a: adaptive_bits(t, a) / len(t), "sum"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A12": ["exp(2.8)", "2.8/log(2)/4.2"],
}
