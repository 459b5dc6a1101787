"""The exercises of `book/language-models.md`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crossentropy.exercises._graders import Function, Number, Numbers, case

A12 = Numbers(
    {
        "the perplexity per token": Number(
            math.exp(2.8),
            hint="The perplexity is the loss, exponentiated.",
            mistakes={
                "The loss is in nats: which base belongs to them?": 2**2.8,
                "That is the perplexity per character.": math.exp(2.8 / 4.2),
                "Have the two answers changed places?": 2.8 / math.log(2) / 4.2,
            },
        ),
        "the bits per character": Number(
            2.8 / math.log(2) / 4.2,
            hint="Turn the nats of a token into bits, and spread them over its characters.",
            mistakes={
                "Those are the bits per token. How many characters is that?": 2.8 / math.log(2),
                "A token's bits pay for all of its characters.": 2.8 / math.log(2) * 4.2,
            },
            unit="bits",
        ),
    }
)


B15 = Function(
    lambda probs: np.exp(-np.mean(np.log(probs))),
    [
        case([0.25, 0.25, 0.25, 0.25]),
        case([0.5, 0.125]),
        case([0.9, 0.01, 0.3, 0.6, 0.2]),
    ],
    hint="Average the surprises first and exponentiate the average.",
    mistakes={
        "That is the arithmetic mean of 1/q. Average before you exponentiate.": lambda q: np.mean(
            1 / q
        ),
        "The mean goes over the surprises, not over the probabilities.": lambda q: 1 / np.mean(q),
        "That is the loss. Exponentiate it.": lambda q: -np.mean(np.log(q)),
        "That is the loss in bits. Exponentiate it, with base 2.": lambda q: -np.mean(np.log2(q)),
        "That is below 1: what about the sign in the exponent?": lambda q: np.exp(
            np.mean(np.log(q))
        ),
        "The base of the power and the base of the logarithm differ.": lambda q: (
            2 ** -np.mean(np.log(q))
        ),
        "That is the perplexity of the sum of the surprises, not of their mean.": lambda q: (
            1 / np.prod(q)
        ),
    },
)


def global_mean(means: Any, counts: Any) -> Any:
    filled = counts > 0
    return np.sum(means[filled] * counts[filled]) / np.sum(counts)


B16 = Function(
    global_mean,
    [
        case([2.0, 5.0], [300, 100]),
        case([1.0, 2.0, 4.0], [10, 10, 10]),
        case([2.0, math.nan, 1.0], [30, 0, 10], hint="One shard is empty here: leave it out."),
    ],
    hint="What did each shard divide its sum by? Undo that, add up, and divide once.",
    mistakes={
        "That is the mean of means. How many tokens stand behind each?": lambda m, n: np.mean(m),
        "That is a sum. Divide it by the number of all tokens.": lambda m, n: np.sum(m * n),
        "Divide by the number of all tokens, not of the shards.": lambda m, n: np.mean(m * n),
    },
)


def adaptive_bits(tokens: Any, alpha: float, peek: int = 0) -> float:
    counts, bits = np.zeros(256), 0.0
    for i, token in enumerate(tokens):
        bits -= math.log2((counts[token] + peek + alpha) / (i + peek + 256 * alpha))
        counts[token] += 1
    return bits


C10 = Function(
    adaptive_bits,
    [
        case([7], 1.0),
        case([7, 7], 1.0),
        case([0, 255, 0, 3, 0], 0.5),
    ],
    hint="For each byte: add its surprise, and only then count it.",
    mistakes={
        "That is in nats. Take the logarithm to base 2.": lambda tokens, alpha: (
            adaptive_bits(tokens, alpha) * math.log(2)
        ),
        "That is the mean per byte. Return the sum.": lambda tokens, alpha: (
            adaptive_bits(tokens, alpha) / len(tokens)
        ),
        "The size is right. What about the sign?": lambda tokens, alpha: (
            -adaptive_bits(tokens, alpha)
        ),
        "Predict each byte before you count it: it must not help itself.": lambda t, alpha: (
            adaptive_bits(t, alpha, peek=1)
        ),
        "That predicts without learning. Count each byte once it is coded.": lambda t, alpha: (
            8.0 * len(t)
        ),
    },
)
