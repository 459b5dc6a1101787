"""Answers to the exercises of `book/questions.md`."""

import math

import numpy as np

RIGHT = {
    "A15": [-0.1 * math.log(0.1) - 0.9 * math.log(0.9), 0.325, 0.33],
    "B19": [lambda k: math.log(math.e + k - 1) - 1, lambda k: -np.log(np.e / (np.e + k - 1))],
}

WRONG = {
    "A15": [
        (math.log(2), "chance"),
        (0.469, "bits"),
        (2.303, "other nine"),
    ],
    "B19": [
        (math.log, "chance"),
        (lambda k: math.e / (math.e + k - 1), "surprisal"),
    ],
}
