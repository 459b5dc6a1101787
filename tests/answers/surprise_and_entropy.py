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


def questions_from_the_top(p):
    """Split the outcomes, most likely first, where the two sides are most alike."""
    if len(p) == 1:
        return 0
    p = np.sort(p)[::-1]
    cut = min(range(1, len(p)), key=lambda place: abs(sum(p[:place]) - sum(p[place:])))
    return sum(p) + questions_from_the_top(p[:cut]) + questions_from_the_top(p[cut:])


RIGHT = {
    "A1": [(1, 0.469, 0), (1.0, 0.47, 0.0), np.array([1, 0.46900, 0])],
    "A4": [
        (3.700, 4.087, 7.788),
        (3.700, 4.087, 7.787),
        (3.7, 4.09, 7.79),
        [math.log2(13), math.log2(17), math.log2(221)],
    ],
    "B3": [entropy_in_bits],
    "C1": [(questions, 0.054), (questions, 0.0536)],
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
        ((3.7, 4.087, 7.401), "deck that the first has left"),
        ((4.087, 3.7, 7.788), "changed places"),
        ((3.7, 4.087, 7.78), "close"),
        ((2.565, 2.833, 5.398), "nats"),
        ((3.7, 4.115, 7.815), "A card is gone"),
    ],
    "B3": [
        (lambda p: -np.sum(p * np.log(p)), "nats"),
        (lambda p: -np.sum(p * np.log2(p)), "leave it out"),
        (lambda p: np.sum(p * np.log2(p)), "sign"),
        (lambda p: -np.sum(p * np.log2(p + 1e-12)), "without adding"),
        (lambda p: -np.sum(p * np.log2(np.clip(p, 1e-12, 1))), "is rare, but happens"),
        (lambda p: -np.sum(p[p > 0.01] * np.log2(p[p > 0.01])), "is rare, but happens"),
    ],
    "C1": [
        (entropy_in_bits, "whole"),
        (lambda p: np.sum(np.sort(p)[::-1] * np.arange(1, len(p) + 1)), "back among"),
        (chain_of_questions, "back among"),
        (questions_from_the_top, "Splitting from the top"),
        ((questions, 1.9), "How far above"),
        ((questions, 0.62), "in bits"),
        ((questions, 0.05), "close"),
        ((questions, -0.054), "sign"),
        ((0.054, questions), "asks for a function"),
    ],
}

# How the numbers come about, written out.
FORMULAS = {
    "A1": [
        "-(1/2)*log2(1/2) - (1/2)*log2(1/2)",
        "-(9/10)*log2(9/10) - (1/10)*log2(1/10)",
        "-1*log2(1)",
    ],
    "A4": ["log2(52/4)", "log2(51/3)", "log2(52/4) + log2(51/3)"],
    "C1": ["(0.3 + 0.6 + 1) + 0.4*log2(0.4) + 0.3*log2(0.3) + 0.2*log2(0.2) + 0.1*log2(0.1)"],
}
