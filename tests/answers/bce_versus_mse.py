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
    "B7": [(steps_to_half, 6, 85)],
    "C5": [(5.993, 82.946), (6 - math.exp(-5), 82.94646128)],
}

WRONG = {
    "B2": [
        (lambda p: ((1 - p) ** 2, -np.log(p)), "first"),
        (lambda p: (np.log(p), (1 - p) ** 2), "sign"),
        (lambda p: -np.log(p), "of 2"),
        (lambda p: (-math.log(p[0]), 0.5625), "as the cross-entropy"),
        (lambda p: (-np.log(p), 1 - p), "Square it"),
        (lambda p: (-np.log(p), p**2), "probability of 1"),
        (lambda p: (-np.log(p).mean(), ((1 - p) ** 2).mean()), "not their mean"),
    ],
    "A8": [
        (math.log(2), "one half"),
        (1 / 3, "probability"),
    ],
    "B7": [
        (lambda slope: steps_to_half(slope) + 1, "too many"),
        (lambda slope: steps_to_half(slope, half=0.5000001), "at least one half"),
        (lambda slope: steps_to_half(slope, half=0.4999), "below one half"),
        (lambda slope: steps_to_half(lambda z: -slope(z)), "against the slope? Start"),
        (lambda slope: steps_to_half(lambda z: 0.1 * slope(z)), "step size"),
        (lambda slope: steps_to_half(slope, start=-4.0), "Start at z = -5"),
        ((steps_to_half, 85, 6), "changed places"),
        ((steps_to_half, 6, 84), "not yet?"),
        ((steps_to_half, 5, 85), "not yet?"),
    ],
    "C5": [
        ((5, 82.946), "less than 1"),
        ((6, 85), "whole steps"),
        ((5.993, 165.893), "factor 2"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A8": ["log((1/3)/(1 - 1/3))"],
    "C5": ["5 + (1 - exp(-5))", "((exp(5) - 1) + 3*5 + 3*(1 - exp(-5)) + (1 - exp(-2*5))/2)/2"],
}
