"""Answers to the exercises of `book/logits.md`."""

import math

import numpy as np


def stable_log_softmax(z, *, shift=None):
    z = z - (z.max(axis=1, keepdims=True) if shift is None else shift)
    return z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))


def log_of_shifted_softmax(z):
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return np.log(exponentials / exponentials.sum(axis=1, keepdims=True))


def log_sigmoid_with_log(z):
    return np.minimum(z, 0) - np.log(1 + np.exp(-np.abs(z)))


RIGHT = {
    "A9": [1000 + math.log(3), 1001.099, 1001.1],
    "B8": [stable_log_softmax],
    "B9": [lambda z: -np.logaddexp(0, -z)],
    "C6": [6, 6.0],
}

WRONG = {
    "A9": [
        (1000, "three terms"),
        (3000, "sum of the logarithms"),
        (1.0986, "shift"),
    ],
    "B8": [
        (lambda z: np.log(np.exp(z) / np.exp(z).sum()), "last axis"),
        (lambda z: z - np.log(np.exp(z).sum(-1, keepdims=True)), "Subtract"),
        (log_of_shifted_softmax, "it may be 0"),
        (lambda z: stable_log_softmax(z, shift=z.max()), "its own"),
        (lambda z: stable_log_softmax(z, shift=z[:, :1]), "wherever it stands"),
        (lambda z: stable_log_softmax(z, shift=z.mean(1, keepdims=True)), "none is above 0"),
    ],
    "B9": [
        (lambda z: np.log(1 / (1 + np.exp(-z))), "exp(1000) overflows"),
        (lambda z: z - np.log1p(np.exp(z)), "overflows"),
        (log_sigmoid_with_log, "avoids that sum"),
        (lambda z: -np.logaddexp(0, z), "label 0"),
    ],
    "C6": [
        (8 * math.log(2), "whole"),
        (5.545, "whole"),
        (5.55, "whole"),
        (5.5, "whole"),
        (4.852, "half a spacing on"),
        (7, "one logit before"),
        (8, "powers of e"),
        (5, "at most half"),
        (17, "float32"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A9": ["1000 + log(exp(1000-1000) + exp(1000-1000) + exp(1000-1000))"],
    "C6": ["ceil(8*log(2))"],
}
