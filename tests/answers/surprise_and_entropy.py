"""Answers to the exercises of `book/surprise-and-entropy.md`."""

import math

import numpy as np


def entropy_in_bits(p):
    return sum(-x * math.log2(x) for x in p if x > 0)


def questions(p):
    """Plan the questions by sorting anew for each of them."""
    if len(p) == 1:
        return 0
    first, second, *others = sorted(p)
    return first + second + questions([first + second, *others])


def chain_of_questions(p):
    """Ask for one outcome after another, the most likely first."""
    places = np.minimum(np.arange(1, len(p) + 1), len(p) - 1)
    return np.sum(np.sort(p)[::-1] * places)


RIGHT = {
    "A1": [(1, 0.469, 0), (1.0, 0.47, 0.0), np.array([1, 0.46900, 0])],
    "A4": [(3.700, 4.087, 7.788), [math.log2(13), math.log2(17), math.log2(221)]],
    "B3": [entropy_in_bits],
    "C1": [questions],
}

WRONG = {
    "A1": [
        ((1, 0.152, 0), "happen, too"),
        ((0.693, 0.325, 0), "nats"),
        ((1, 0.469, 1), "never comes"),
    ],
    "A4": [
        ((3.7, 3.7, 7.4), "gone"),
        ((3.7, 4.087, 15.125), "multiply"),
    ],
    "B3": [
        (lambda p: -np.sum(p * np.log(p)), "nats"),
        (lambda p: -np.sum(p * np.log2(p)), "leave it out"),
        (lambda p: np.sum(p * np.log2(p)), "sign"),
    ],
    "C1": [
        (entropy_in_bits, "whole"),
        (lambda p: np.sum(np.sort(p)[::-1] * np.arange(1, len(p) + 1)), "adds"),
        (chain_of_questions, "back among"),
    ],
}
