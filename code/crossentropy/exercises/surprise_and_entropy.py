"""The exercises of `book/surprise-and-entropy.md`."""

from __future__ import annotations

import heapq
import math
from typing import Any

import numpy as np

from crossentropy.exercises._draws import count, distribution
from crossentropy.exercises._graders import Function, Number, Parts, case
from crossentropy.information import entropy

A1 = Parts(
    {
        "the fair coin": Number(
            float(entropy([1 / 2, 1 / 2], base=2)),
            hint="Both outcomes have the same surprise, so that is the average, too.",
            mistakes={
                "That is what one side adds. The other adds as much.": 0.5,
                "That is the sum of both surprises. Weigh each by its probability.": 2.0,
                "There are two outcomes, each of which surprises a little.": 0.0,
            },
            unit="bits",
        ),
        "the bent coin": Number(
            float(entropy([9 / 10, 1 / 10], base=2)),
            hint="Weigh the surprise of heads by 9/10 and that of tails by 1/10.",
            mistakes={
                "That is the surprise of heads. Tails happen, too.": math.log2(10 / 9),
                "That is the surprise of tails. They are rare: weigh it.": math.log2(10),
                "That is what heads add. Tails add something, too.": 0.9 * math.log2(10 / 9),
                "That is what tails add. Heads add something, too.": 0.1 * math.log2(10),
                "Have the weights changed places? Each surprise has its own.": (
                    0.1 * math.log2(10 / 9) + 0.9 * math.log2(10)
                ),
                "Weigh each surprise by its own probability.": (
                    math.log2(100 / 9) / 2,
                    math.log2(100 / 9),
                ),
            },
            unit="bits",
        ),
        "the two-headed coin": Number(
            float(entropy([1, 0], base=2)),
            hint="What never comes does not count. How surprising is what always comes?",
        ),
    }
)


A4 = Parts(
    {
        "the first ace": Number(
            math.log2(52 / 4),
            hint="Four of the 52 cards are aces.",
            mistakes={
                "That is the surprise of one particular card.": math.log2(52),
                "That is the probability. How many bits are that?": 4 / 52,
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
                "That is the surprise of one particular card.": (math.log2(51), math.log2(52)),
                "That is the probability. How many bits are that?": 3 / 51,
            },
            unit="bits",
        ),
        "both together": Number(
            math.log2(52 * 51 / 12),
            hint="Probabilities multiply. What do surprises do?",
            mistakes={
                "Surprises do not multiply.": math.log2(13) * math.log2(17),
                "The second ace comes from a deck that the first has left.": 2 * math.log2(13),
                "That is the mean of the two. How surprising are both?": math.log2(221) / 2,
                "That is the probability. How many bits are that?": 1 / 221,
            },
            unit="bits",
            terms=2,
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
        case([1e-12, 1 - 1e-12], hint="This is rare, but happens. Leave out zeros only."),
        case([1e-30, 1.0], hint="This is rare, but happens. Leave out zeros only."),
    ],
    hint="Weigh each surprise, the negative logarithm to base 2, by its probability. Add up.",
    mistakes={
        "The size is right. What about the sign?": lambda p: -entropy_in_bits(p),
        "That is in nats. Take the logarithm to base 2.": entropy,
        "Return the sum, not its terms.": lambda p: -p * np.log2(np.where(p > 0, p, 1)),
        "Weigh each surprise by its own probability.": (
            lambda p: -np.mean(np.log2(p)),
            lambda p: -np.sum(np.log2(p)),
            lambda p: -np.mean(np.log2(p[p > 0])),
            lambda p: -np.sum(np.log2(p[p > 0])),
        ),
        "That is the mean over the outcomes. The formula has a sum.": (
            lambda p: entropy_in_bits(p) / len(p),
            lambda p: -np.mean(p * np.log2(p)),
            lambda p: -np.mean(p[p > 0] * np.log2(p[p > 0])),
        ),
    },
    draw=lambda rng: (distribution(rng, count(rng, 2, 5)),),
    atol=0,
)


def fewest_questions(p: Any) -> float:
    heap, questions = [float(x) for x in p], 0.0
    heapq.heapify(heap)
    while len(heap) > 1:
        merged = heapq.heappop(heap) + heapq.heappop(heap)
        questions += merged
        heapq.heappush(heap, merged)
    return questions


def questions_in_a_chain(p: Any) -> Any:
    """Ask for one outcome after another, the most likely first."""
    places = np.minimum(np.arange(1, len(p) + 1), len(p) - 1)
    return np.sum(np.sort(p)[::-1] * places)


def questions_without_sorting(p: Any) -> float:
    """Merge the first two, and put what is merged at the end."""
    rest, questions = [float(x) for x in p], 0.0
    while len(rest) > 1:
        rest = [*rest[2:], rest[0] + rest[1]]
        questions += rest[-1]
    return questions


EXAMPLE = [0.4, 0.3, 0.2, 0.1]

C1 = Parts(
    {
        "your function": Function(
            fewest_questions,
            [
                case(EXAMPLE),
                case([0.5, 0.5]),
                case([0.25, 0.25, 0.25, 0.25], hint="Put what you merged back among the others."),
                case([0.2, 0.2, 0.2, 0.2, 0.2], hint="Always merge the two least likely ones."),
                case(
                    [0.35, 0.17, 0.17, 0.16, 0.15],
                    hint="Splitting from the top costs more. Merge the two least likely ones.",
                ),
                case([1.0], hint="With a single outcome there is nothing to ask."),
            ],
            hint="Each merging adds the probability of what it merges.",
            mistakes={
                "That is the entropy. Questions come in whole numbers.": entropy_in_bits,
                "Count a question with the probability that it is asked.": lambda p: len(p) - 1.0,
                "Asking for one outcome after another takes more. Put what you merged back "
                "among the others.": (
                    questions_in_a_chain,
                    lambda p: np.sum(np.sort(p)[::-1] * np.arange(1, len(p) + 1)),
                ),
                "Always merge the two least likely ones.": (
                    questions_without_sorting,
                    lambda p: questions_without_sorting(np.sort(p)),
                ),
                "That gives each outcome its surprise, rounded up. Fewer questions do.": lambda p: (
                    np.sum(p * np.ceil(-np.log2(p)))
                ),
                "That asks as many questions for each outcome. Ask fewer for the likely ones.": (
                    lambda p: np.ceil(np.log2(len(p)))
                ),
            },
            draw=lambda rng: (distribution(rng, count(rng, 1, 6), least=1),),
        ),
        "what it returns above the entropy": Number(
            fewest_questions(EXAMPLE) - float(entropy_in_bits(EXAMPLE)),
            hint="Take the entropy, in bits, from the number of questions.",
            mistakes={
                "That is the number of questions. How far above the entropy is it?": (
                    fewest_questions(EXAMPLE)
                ),
                "That is the entropy. How far above it is the number of questions?": float(
                    entropy_in_bits(EXAMPLE)
                ),
                "A question is worth a bit: take the entropy in bits.": (
                    fewest_questions(EXAMPLE) - float(entropy(EXAMPLE))
                ),
                "That is the ratio. Take the difference.": (
                    fewest_questions(EXAMPLE) / float(entropy_in_bits(EXAMPLE))
                ),
                "That is relative. Take the difference.": (
                    fewest_questions(EXAMPLE) / float(entropy_in_bits(EXAMPLE)) - 1
                ),
            },
        ),
    }
)
