"""Answers to the exercises of `book/questions.md`."""

import math

import numpy as np

RIGHT = {
    "A15": [
        (-0.1 * math.log(0.1) - 0.9 * math.log(0.9), -0.02491702660855),
        (0.325, -0.025),
        (0.33, -0.0249),
        (0.1 * 2.303 + 0.9 * 0.105, 0.3248 - 0.35),
    ],
    "B19": [
        (lambda k: math.log(math.e + k - 1) - 1, 0.9983),
        (lambda k: -np.log(np.e / (np.e + k - 1)), 0.998),
    ],
}

WRONG = {
    "A15": [
        (math.log(2), "chance"),
        (0.469, "bits"),
        (2.303, "other nine"),
        (0.0948, "good mail adds"),
        (0.35, "colleague's"),
        ((0.325, 0.025), "smaller one"),
        ((0.325, 0.343), "one half"),
        ((0.325, -0.02), "close"),
        ((0.325, False), "of type bool"),
    ],
    "B19": [
        (math.log, "chance"),
        (lambda k: math.e / (math.e + k - 1), "surprisal"),
        (lambda k: math.log(math.e + k) - 1, "K - 1 zeros"),
        ((lambda k: math.log(math.e + k - 1) - 1, 1.0), "limit"),
        ((lambda k: math.log(math.e + k - 1) - 1, 5.909), "How far below chance"),
        ((lambda k: math.log(math.e + k - 1) - 1, 0.9973), "K - 1 zeros"),
        ((lambda k: math.log(math.e + k - 1) - 1, 0.84), "ten classes"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A15": ["-0.1*log(0.1) - 0.9*log(0.9)", "-0.1*log(0.1) - 0.9*log(0.9) - 0.35"],
    "B19": ["log(1000) - (log(exp(1) + (1000 - 1)*exp(0)) - 1)"],
}
