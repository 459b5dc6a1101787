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
    "A3": [(-math.log(0.5), 0), (0.69, 0.0), [0.6931, 0], np.array([0.693, 0])],
    "B4": [divergence],
    "C2": [(-math.log2(0.9 + 0.1 / 26), math.log2(260)), (0.146, 8.022), (0.146, 8.02)],
}

WRONG = {
    "A2": [
        ((0.208, 1), "bits"),
        ([0.131, 0.144], "places"),
        ((0.144, 0.144), "symmetric"),
        (0.131, "in this order"),
        ((0.14, 0.837), "Look again"),
        ((0.288, 0.131), "Weigh each"),
        ((0.837, 0.693), "cross-entropy"),
    ],
    "A3": [
        (1.0, "bits"),
        (0.5, "probability"),
        (-0.693, "sign"),
        (math.inf, "Look again at the loss"),
        ((0.693, 0.693), "How much has it changed"),
        ((0.693, 0.3), "from one wrong fruit"),
        ((0.301, 0), "base 10"),
        ((1.03, 0), "entropy of q"),
        ((0, 0.693), "changed places"),
    ],
    "B4": [
        (lambda p, q: np.sum(p * np.log(p / q)), "leave it out"),
        (lambda p, q: divergence(q, p), "places"),
        (lambda p, q: divergence(p, np.maximum(q, 1e-9)), "model say"),
        (lambda p, q: -divergence(p, q), "sign"),
    ],
    "C2": [
        ((-math.log2(0.9), 8.022), "smallest"),
        ((0.15, 8.022), "rounds to the same. Give three decimals"),
        ((0.152, 8.022), "smallest"),
        ((0.146, 3.32), "price of the weight"),
        ((0.146, 7.876), "in all"),
        ((8.022, 0.146), "changed places"),
        ((0.146, math.log2(26)), "itself"),
        ((0.101, 8.02), "nats"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A2": [
        "(1/2)*log((1/2)/(1/4)) + (1/2)*log((1/2)/(3/4))",
        "(1/4)*log((1/4)/(1/2)) + (3/4)*log((3/4)/(1/2))",
    ],
    "A3": ["-0*log(0.2) - 1*log(0.5) - 0*log(0.3)", "-1*log(0.5) + 1*log(0.5)"],
    "C2": ["-log2(0.9 + 0.1/26)", "-log2(0.9*0 + 0.1/26)"],
}
