"""Answers to the exercises of `book/gradients.md`."""

import numpy as np


def weight_gradient(weights, inputs, labels):
    gradient = np.zeros_like(weights)
    for x, label in zip(inputs, labels, strict=True):
        q = np.exp(x @ weights) / np.exp(x @ weights).sum()
        q[label] -= 1
        gradient += np.outer(x, q) / len(labels)
    return gradient


def sharpness(z):
    q = np.exp(z) / np.exp(z).sum()
    return np.linalg.norm(np.diag(q) - np.outer(q, q), ord=2)


RIGHT = {
    "A10": [(0.5, -0.75, 0.25), [0.5, -0.75, 0.25], np.array([0.5, -0.75, 0.25])],
    "B10": [weight_gradient],
    "C7": [sharpness],
}

WRONG = {
    "A10": [
        ((0, -0.75, 0), "pushed, too"),
        ((0.5, 0.25, 0.25), "Subtract the target"),
        ((0.5, -4, 0.25), "in the probability"),
    ],
    "B10": [
        (lambda w, x, y: len(y) * weight_gradient(w, x, y), "mean divides"),
        (lambda w, x, y: -weight_gradient(w, x, y), "sign"),
        (lambda w, x, y: weight_gradient(w, x, y).T, "shape"),
    ],
    "C7": [
        (lambda z: 0.5, "bound"),
        (
            lambda z: np.linalg.eigvals(np.diag(q := np.exp(z) / np.exp(z).sum()) - np.outer(q, q))[
                0
            ],
            "no order",
        ),
        (lambda z: 0.0, "smallest"),
        (lambda z: np.max(q := np.exp(z) / np.exp(z).sum()) * (1 - np.max(q)), "entry"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A10": [
        "exp(log(2))/(exp(log(2)) + exp(0) + exp(0)) - 0",
        "exp(0)/(exp(log(2)) + exp(0) + exp(0)) - 1",
        "exp(0)/(exp(log(2)) + exp(0) + exp(0)) - 0",
    ],
}
