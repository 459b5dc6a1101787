"""The exercises of `book/language-models.md`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crossentropy.exercises._draws import count, numbers
from crossentropy.exercises._graders import Function, Number, Parts, case

LOSS, LENGTH = 2.8, 4.2  # nats per token, characters per token

A12 = Parts(
    {
        "the perplexity per token": Number(
            math.exp(LOSS),
            hint="The perplexity is the loss, exponentiated.",
            mistakes={
                "The loss is in nats: which base belongs to them?": (2**LOSS, 10**LOSS),
                "That is the perplexity per character.": math.exp(LOSS / LENGTH),
                "That spreads the perplexity over the characters. It is per token.": (
                    math.exp(LOSS) / LENGTH
                ),
                "That is the loss. Exponentiate it.": LOSS,
                "That is the loss in bits. The perplexity is an exponential.": LOSS / math.log(2),
                "That is the probability of a token. The perplexity is one over it.": math.exp(
                    -LOSS
                ),
            },
        ),
        "the bits per character": Number(
            LOSS / math.log(2) / LENGTH,
            hint="Turn the nats of a token into bits, and spread them over its characters.",
            mistakes={
                "Those are the bits per token. How many characters is that?": LOSS / math.log(2),
                "A token's bits pay for all of its characters.": LOSS / math.log(2) * LENGTH,
                "A nat is more than a bit: divide by ln 2.": LOSS * math.log(2) / LENGTH,
                "That is what you get from the logarithm of the loss. It is one already.": (
                    math.log2(LOSS) / LENGTH
                ),
                "That is the perplexity per character.": math.exp(LOSS / LENGTH),
            },
            unit="bits",
        ),
    }
)


B15 = Function(
    lambda probs: np.exp(-np.mean(np.log(probs))),
    [
        case([0.5, 0.125]),
        case([0.25, 0.25, 0.25, 0.25]),
        case([0.9, 0.01, 0.3, 0.6, 0.2]),
        case([1.0, 1.0], hint="Who is always sure and right hesitates between one token and none."),
        case([1e-12, 1.0], hint="Leave small probabilities as they are."),
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
        "The base of the power and the base of the logarithm differ.": (
            lambda q: 2 ** -np.mean(np.log(q)),
            lambda q: np.exp(-np.mean(np.log2(q))),
            lambda q: np.exp(-np.mean(np.log10(q))),
            lambda q: 10 ** -np.mean(np.log(q)),
        ),
        "That is the perplexity of the sum of the surprises, not of their mean.": (
            lambda q: 1 / np.prod(q),
            lambda q: np.exp(-np.sum(np.log(q))),
        ),
        "The tokens that came have happened: weigh them alike.": lambda q: np.exp(
            -np.sum(q * np.log(q))
        ),
        "That is the median, not the mean.": lambda q: np.exp(-np.median(np.log(q))),
    },
    draw=lambda rng: (rng.integers(1, 21, size=count(rng, 1, 6)) / 20,),
)


def global_mean(means: Any, counts: Any) -> Any:
    filled = counts > 0
    return np.sum(means[filled] * counts[filled]) / np.sum(counts)


def draw_shards(rng: np.random.Generator) -> tuple[Any, Any]:
    size = count(rng, 1, 5)
    counts = rng.choice([0, 1, 10, 30, 300], size=size)
    counts[0] = 20  # there is something to average
    return np.where(counts > 0, numbers(rng, size, low=0.5, high=6), math.nan), counts


B16 = Function(
    global_mean,
    [
        case([2.0, 5.0], [300, 100]),
        case([1.0, 2.0, 4.0], [10, 10, 10]),
        case([2.0, math.nan, 1.0], [30, 0, 10], hint="One shard is empty here: leave it out."),
        case([0.0, 3.0], [10, 30], hint="A shard with the loss 0 counts, too."),
    ],
    hint="What did each shard divide its sum by? Undo that, add up, and divide once.",
    mistakes={
        "That is the mean of means. How many tokens stand behind each?": (
            lambda m, n: np.mean(m),
            lambda m, n: np.nanmean(m),
        ),
        "That is a sum. Divide it by the number of all tokens.": (
            lambda m, n: np.sum(m * n),
            lambda m, n: np.nansum(m * n),
            lambda m, n: np.sum(m),
            lambda m, n: np.nansum(m),
        ),
        "Divide by the number of all tokens, not of the shards.": (
            lambda m, n: np.mean(m * n),
            lambda m, n: np.nanmean(m * n),
            lambda m, n: np.nansum(m * n) / len(n),
        ),
        "Multiply by the count of a shard, do not divide by it.": lambda m, n: (
            np.nansum(m[n > 0] / n[n > 0]) / np.sum(n)
        ),
        "One shard is empty, and 0 times nan is nan: leave it out.": lambda m, n: (
            np.sum(m * n) / np.sum(n)
        ),
        "Weigh the means themselves, not their exponentials.": lambda m, n: np.log(
            np.nansum(np.exp(m) * n) / np.sum(n)
        ),
    },
    draw=draw_shards,
)


def adaptive_bits(
    tokens: Any, alpha: float, *, peek: int = 0, ahead: int = 0, kinds: int = 256
) -> float:
    counts, bits = np.zeros(256), 0.0
    for i, token in enumerate(tokens):
        bits -= math.log2((counts[token] + peek + alpha) / (i + peek + ahead + kinds * alpha))
        counts[token] += 1
    return bits


def bits_with_all_counts(tokens: Any, alpha: float) -> float:
    counts = np.bincount(tokens, minlength=256)
    shares = (counts + alpha) / (len(tokens) + 256 * alpha)
    return float(-np.sum(np.log2(shares[tokens])))


def draw_tokens(rng: np.random.Generator) -> tuple[Any, float]:
    return rng.choice([0, 3, 128, 255], size=count(rng, 1, 7)), float(
        rng.choice([0.1, 0.5, 1.0, 2.0])
    )


C10 = Function(
    adaptive_bits,
    [
        case([7], 1.0),
        case([7, 7], 1.0),
        case([0, 255, 0, 3, 0], 0.5),
        case([0, 255, 0, 0, 255], 0.1),
    ],
    hint="For each byte: add its surprise, and only then count it.",
    mistakes={
        "That is in nats. Take the logarithm to base 2.": lambda tokens, alpha: (
            adaptive_bits(tokens, alpha) * math.log(2)
        ),
        "That is with the logarithm to base 10. Take that to base 2.": lambda tokens, alpha: (
            adaptive_bits(tokens, alpha) * math.log10(2)
        ),
        "That is the mean per byte. Return the sum.": lambda tokens, alpha: (
            adaptive_bits(tokens, alpha) / len(tokens)
        ),
        "The size is right. What about the sign?": lambda tokens, alpha: (
            -adaptive_bits(tokens, alpha)
        ),
        "Predict each byte before you count it: it must not help itself.": (
            lambda t, alpha: adaptive_bits(t, alpha, peek=1),
            lambda t, alpha: adaptive_bits(t, alpha, peek=1, ahead=-1),
        ),
        "The bytes so far are those before this one, in the denominator, too.": lambda t, alpha: (
            adaptive_bits(t, alpha, ahead=1)
        ),
        "That predicts without learning. Count each byte once it is coded.": lambda t, alpha: (
            8.0 * len(t)
        ),
        "That predicts from the counts of the whole text. The compressor has not seen it.": (
            bits_with_all_counts
        ),
        "Alpha is added for each of the 256 bytes: the denominator has it so often.": (
            lambda t, alpha: adaptive_bits(t, alpha, kinds=1),
            lambda t, alpha: adaptive_bits(t, alpha, kinds=0),
            lambda t, alpha: adaptive_bits(t, alpha, kinds=255),
            lambda t, alpha: adaptive_bits(t, alpha, kinds=len(set(t.tolist()))),
        ),
        "Add alpha, whatever it is, not 1.": lambda t, alpha: adaptive_bits(t, 1.0),
    },
    draw=draw_tokens,
)
