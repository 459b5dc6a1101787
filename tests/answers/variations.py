"""Answers to the exercises of `book/variations.md`."""

import math

import numpy as np


def weighted_mean(losses, labels, class_weights, ignore_index):
    pairs = [
        (class_weights[k], x) for k, x in zip(labels, losses, strict=True) if k != ignore_index
    ]
    return sum(w * x for w, x in pairs) / sum(w for w, _ in pairs)


def odds(p):
    return p / (1 - p)


def focal_truth(p_hat, gamma):
    def slope(a):
        return gamma * (1 - a) ** (gamma - 1) * math.log(a) - (1 - a) ** gamma / a

    return slope(1 - p_hat) / (slope(p_hat) + slope(1 - p_hat))


RIGHT = {
    "A11": [math.log(91), 4.511, 4.51],
    "B13": [weighted_mean],
    "B14": [lambda q, w: q / (q + w - w * q)],
    "C9": [focal_truth],
}

WRONG = {
    "A11": [
        (math.log(90), "share of epsilon"),
        (math.log(9), "how much for each"),
        (91, "ratio"),
    ],
    "B13": [
        (lambda x, y, w, i: np.mean((w[y] * x)[y != i]), "number of examples"),
        (lambda x, y, w, i: np.sum((w[y] * x)[y != i]) / len(y), "where you"),
        (lambda x, y, w, i: np.average(x, weights=w[y] * (y != i)), "index -100"),
    ],
    "B14": [
        (lambda q, w: q / w, "odds"),
        (lambda q, w: w * q / (w * q + 1 - q), "undoing"),
        (lambda q, w: odds(q) / w / (1 + odds(q) / w), "infinite odds"),
    ],
    "C9": [
        (lambda q, g: 1 - focal_truth(q, g), "label 0"),
        (lambda q, g: q ** (g + 1) / (q ** (g + 1) + (1 - q) ** (g + 1)), "factor"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A11": ["log((1 - 0.1 + 0.1/10)/(0.1/10))"],
}
