"""The exercises of `book/surprise-and-entropy.md`."""

from __future__ import annotations

import heapq
import math
from typing import Any

import numpy as np

from crossentropy.exercises._graders import Function, Number, Numbers, case
from crossentropy.information import entropy

A1 = Numbers(
    {
        "the fair coin": Number(
            float(entropy([1 / 2, 1 / 2], base=2)),
            hint="Both outcomes have the same surprise, so that is the average, too.",
            unit="bits",
        ),
        "the bent coin": Number(
            float(entropy([9 / 10, 1 / 10], base=2)),
            hint="Weigh the surprise of heads by 9/10 and that of tails by 1/10.",
            mistakes={
                "That is the surprise of heads. Tails happen, too.": math.log2(10 / 9),
                "That is the surprise of tails. They are rare: weigh it.": math.log2(10),
                "Weigh each surprise by its own probability.": math.log2(100 / 9) / 2,
            },
            unit="bits",
        ),
        "the two-headed coin": Number(
            float(entropy([1, 0], base=2)),
            hint="What never comes does not count. How surprising is what always comes?",
        ),
    }
)


A4 = Numbers(
    {
        "the first ace": Number(
            math.log2(52 / 4),
            hint="Four of the 52 cards are aces.",
            mistakes={
                "That is the surprise of one particular card.": math.log2(52),
            },
            unit="bits",
        ),
        "the second ace": Number(
            math.log2(51 / 3),
            hint="How many cards are left, and how many aces among them?",
            mistakes={
                "The first ace is gone. What is left in the deck?": math.log2(52 / 4),
                "An ace is gone, too.": math.log2(51 / 4),
                "A card is gone, too.": math.log2(52 / 3),
            },
            unit="bits",
        ),
        "both together": Number(
            math.log2(52 * 51 / 12),
            hint="Probabilities multiply. What do surprises do?",
            mistakes={
                "Surprises do not multiply.": math.log2(13) * math.log2(17),
            },
            unit="bits",
        ),
    }
)


def entropy_in_bits(p: Any) -> Any:
    return entropy(p, base=2)


B3 = Function(
    entropy_in_bits,
    [
        case([0.5, 0.25, 0.25]),
        case([0.7, 0.2, 0.1]),
        case([0.5, 0.0, 0.5], hint="An outcome of probability 0 adds nothing: leave it out."),
        case([0.0, 1.0, 0.0], hint="Leave the zeros out, without adding to the others."),
    ],
    hint="Weigh each surprise, the negative logarithm to base 2, by its probability. Add up.",
    mistakes={
        "The size is right. What about the sign?": lambda p: -entropy_in_bits(p),
        "That is in nats. Take the logarithm to base 2.": entropy,
        "Return the sum, not its terms.": lambda p: -p * np.log2(np.where(p > 0, p, 1)),
        "Weigh each surprise by its own probability.": lambda p: -np.mean(np.log2(p)),
        "That is the mean over the outcomes. The formula has a sum.": lambda p: (
            entropy_in_bits(p) / len(p)
        ),
    },
)


def fewest_questions(p: Any) -> float:
    heap, questions = [float(x) for x in p], 0.0
    heapq.heapify(heap)
    while len(heap) > 1:
        merged = heapq.heappop(heap) + heapq.heappop(heap)
        questions += merged
        heapq.heappush(heap, merged)
    return questions


C1 = Function(
    fewest_questions,
    [
        case([0.4, 0.3, 0.2, 0.1]),
        case([0.5, 0.5]),
        case([0.25, 0.25, 0.25, 0.25], hint="Put what you merged back among the others."),
        case([0.2, 0.2, 0.2, 0.2, 0.2], hint="Always merge the two least likely ones."),
        case([1.0], hint="With a single outcome there is nothing to ask."),
    ],
    hint="Each merging adds the probability of what it merges.",
    mistakes={
        "That is the entropy. Questions come in whole numbers.": entropy_in_bits,
        "Count a question with the probability that it is asked.": lambda p: len(p) - 1.0,
    },
)
