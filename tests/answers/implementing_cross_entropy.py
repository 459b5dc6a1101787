"""Answers to the exercises of `book/implementing-cross-entropy.md`."""

import math

import numpy as np


def clipped(p, q):
    return -np.sum(p * np.log(np.clip(q, 1e-9, 1 - 1e-9)))


def label_loss(labels, probs):
    return sum(clipped(np.eye(len(q))[y], q) for y, q in zip(labels, probs, strict=True)) / len(
        labels
    )


RIGHT = {
    "B1": [clipped],
    "A7": [math.log(10), 2.303],
    "B6": [label_loss],
    "C4": [2073, 2073.0],
}

WRONG = {
    "B1": [
        (lambda p, q: -np.sum(p * np.log2(q)), "bits"),
        (lambda p, q: np.sum(p * np.log(q)), "sign"),
        (lambda p, q: -np.mean(p * np.log(q)), "mean"),
        (lambda p, q: clipped(q, p), "places"),
        (lambda p, q: -p * np.log(q), "instead of one number"),
        (lambda p, q: -np.log(q[np.argmax(p)]), "one-hot"),
        (lambda p, q: -np.sum(p * np.log(q)), "Clip q"),
        (lambda p, q: -np.sum(p * np.log(np.maximum(q, 1e-9))), "upper end"),
        (lambda p, q: -np.sum(p * np.log(np.clip(q, 1e-15, 1))), "at another number"),
        (lambda p, q: -np.sum(p * np.log(np.clip(q, 3e-9, 1))), "begins and ends"),
        (lambda p, q: -np.sum(p * np.log(q + 1e-9)), "not a clip"),
        (
            lambda p, q: -np.sum(p * np.log((c := np.clip(q, 1e-9, 1 - 1e-9)) / c.sum())),
            "leave it so",
        ),
    ],
    "A7": [
        (math.log2(10), "bits"),
        (1.0, "base 10"),
    ],
    "B6": [
        (lambda y, q: len(y) * label_loss(y, q), "sum"),
        (lambda y, q: -np.mean(np.eye(q.shape[1])[y] * np.log(np.clip(q, 1e-9, 1))), "entries"),
        (lambda y, q: -np.log(q[np.arange(len(y)), y]).mean(), "Clip the"),
        (lambda y, q: -np.mean(np.log(np.maximum(q, 1e-9)[np.arange(len(y)), y])), "upper end"),
        (lambda y, q: -np.log(q[:, y]).mean(), "columns"),
        (lambda y, q: -np.log(q.max(axis=1)).mean(), "largest"),
    ],
    "C4": [
        (2072, "still above"),
        (2072.33, "whole number"),
        (2072.3, "whole number"),
        (2074, "before that"),
        (2990, "bits"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A7": ["-10*(1/10)*log(1/10)"],
    "C4": ["ceil(-log(1e-9)/0.01)"],
}
