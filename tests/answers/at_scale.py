"""Answers to the exercises of `book/at-scale.md`."""

import numpy as np


def merged(first, second):
    weights = [first[1], second[1]]
    return (np.average([first[0], second[0]], weights=weights) if any(weights) else 0), sum(weights)


def spread(first, second):
    n = first[0] + second[0]
    mean = np.average([first[1], second[1]], weights=[first[0], second[0]])
    return n, mean, sum(s + k * (m - mean) ** 2 for k, m, s in (first, second))


def spread_by_squares(first, second):
    n, mean, _ = spread(first, second)
    squares = sum(np.float32(s + k * m**2) for k, m, s in (first, second))
    return n, mean, squares - np.float32(n * mean**2) if mean > 100 else spread(first, second)[2]


def spread_by_squares_in_float64(first, second):
    n, mean, _ = spread(first, second)
    return n, mean, sum(s + k * m**2 for k, m, s in (first, second)) - n * mean**2


RIGHT = {
    "A14": [21250, 21250.0],
    "B18": [merged],
    "C12": [spread],
}

WRONG = {
    "A14": [
        (42500, "copy"),
        (31250, "80 %"),
    ],
    "B18": [
        (lambda a, b: ((a[0] + b[0]) / 2, a[1] + b[1]), "Weigh"),
        (lambda a, b: ((a[0] * a[1] + b[0] * b[1]) / (a[1] + b[1]), a[1] + b[1]), "empty"),
        (lambda a, b: (merged(a, b)[0] * min(a[1] + b[1], 1), a[1] + b[1]), "may be below 1"),
        (lambda a, b: merged(a, b) if a[1] + b[1] > 1e-9 else (0, a[1] + b[1]), "however small"),
        (lambda a, b: (a[0] * a[1] + b[0] * b[1]) / (a[1] + b[1]), "of 2"),
    ],
    "C12": [
        (lambda a, b: (*spread(a, b)[:2], a[2] + b[2]), "shifted"),
        (lambda a, b: (*spread(a, b)[:2], spread(a, b)[2] / sum(spread(a, b)[:1])), "sums"),
        (spread_by_squares, "large beside"),
        (spread_by_squares_in_float64, "large beside"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A14": ["(0.8*400e6 - 150e6)/(2*1000*4)"],
}
