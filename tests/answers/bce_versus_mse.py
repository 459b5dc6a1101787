"""Answers to the exercises of `book/bce-versus-mse.md`."""

import math

import numpy as np


def steps_to_half(slope, *, start=-5.0, half=0.5):
    z, steps = start, 0
    while 1 / (1 + math.exp(-z)) < half:
        z, steps = z - slope(z), steps + 1
    return steps


RIGHT = {
    "B2": [
        lambda p: (-np.log(p), (1 - p) ** 2),
        lambda p: [-np.log(p), (1 - p) ** 2],
        lambda p: np.array([-np.log(p), (1 - p) ** 2]),
        lambda p: (-np.log(p), (p - 1) ** 2),
    ],
    "A8": [math.log(1 / 2), -0.693],
    "B7": [steps_to_half],
    "C5": [(5.993, 82.946), (6 - math.exp(-5), 82.94646128)],
}

WRONG = {
    "B2": [
        (lambda p: ((1 - p) ** 2, -np.log(p)), "first"),
        (lambda p: (np.log(p), (1 - p) ** 2), "sign"),
        (lambda p: -np.log(p), "of 2"),
        (lambda p: (-math.log(p[0]), 0.5625), "as result 1"),
    ],
    "A8": [
        (math.log(2), "one half"),
        (1 / 3, "probability"),
    ],
    "B7": [
        (lambda slope: steps_to_half(slope) + 1, "too many"),
        (lambda slope: steps_to_half(slope, half=0.5000001), "at least one half"),
        (lambda slope: steps_to_half(lambda z: -slope(z)), "run away"),
    ],
    "C5": [
        ((5, 82.946), "less than 1"),
        ((6, 85), "whole steps"),
        ((5.993, 165.893), "factor 2"),
    ],
}
