"""The exercises of `book/cross-entropy-and-kl.md`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crossentropy.exercises._draws import distribution
from crossentropy.exercises._graders import Function, Number, Parts, case
from crossentropy.information import cross_entropy, entropy, kl_divergence

FAIR, BENT = [1 / 2, 1 / 2], [1 / 4, 3 / 4]
FORWARD, BACKWARD = float(kl_divergence(FAIR, BENT)), float(kl_divergence(BENT, FAIR))

A2 = Parts(
    {
        "KL(p‖q)": Number(
            FORWARD,
            hint="Weigh each ln(p/q) by p: what happens decides, not what is believed.",
            mistakes={
                "Have the two changed places? The first averages over the fair coin.": BACKWARD,
                "The weights are those of what happens, p.": -BACKWARD,
                "That is the cross-entropy. Take away what nobody can avoid.": float(
                    cross_entropy(FAIR, BENT)
                ),
                "That is the entropy of the fair coin. What does believing q add to it?": math.log(
                    2
                ),
                "Weigh each ln(p/q) by p, here one half.": 2 * FORWARD,
                "One of the two terms is negative, and stays so.": (math.log(2) + math.log(1.5))
                / 2,
            },
            unit="nats",
        ),
        "KL(q‖p)": Number(
            BACKWARD,
            hint="Swap the two distributions everywhere, in the weights, too.",
            mistakes={
                "That is the first one again. The divergence is not symmetric.": FORWARD,
                "Swap them in the logarithm, too.": -BACKWARD,
                "Swap them in the weights, too.": -FORWARD,
                "That is the cross-entropy. Take away what nobody can avoid.": math.log(2),
                "That is the entropy of q. How much more does believing p cost?": float(
                    entropy(BENT)
                ),
                "One of the two terms is negative, and stays so.": (
                    math.log(2) / 4 + 3 * math.log(1.5) / 4
                ),
            },
            unit="nats",
        ),
    }
)


A3 = Parts(
    {
        "the loss": Number(
            float(cross_entropy([0, 1, 0], [0.2, 0.5, 0.3])),
            hint="Only the true class counts: what did the model say about the banana?",
            mistakes={
                "That is the probability of the true class. The loss is its surprisal.": 0.5,
                "You added all three surprisals. Weigh each one by p.": -math.log(0.2 * 0.5 * 0.3),
                "That is the mean of all three. Weigh each one by p.": -math.log(0.2 * 0.5 * 0.3)
                / 3,
                "That is the surprisal of another fruit. Which one is in the picture?": (
                    -math.log(0.2),
                    -math.log(0.3),
                ),
                "That is the entropy of q. It is p that weighs the surprisals.": float(
                    entropy([0.2, 0.5, 0.3])
                ),
                "That is the squared error. Cross-entropy takes logarithms.": (0.38, 0.25),
            },
            unit="nats",
        ),
        "the change": Number(
            0.0,
            hint="How much of what the model says about the banana has moved?",
            mistakes={
                "That is the loss after the move. How much has it changed?": math.log(2),
                "That has moved from one wrong fruit to another. Does the loss look there?": 0.3,
            },
        ),
    }
)


def naive_divergence(p: Any, q: Any) -> Any:
    return np.sum(p * np.log(p / q))


B4 = Function(
    kl_divergence,
    [
        case([0.5, 0.3, 0.2], [0.2, 0.2, 0.6]),
        case([0.0, 1.0], [0.5, 0.5], hint="A term with p = 0 is 0: leave it out."),
        case([0.0, 0.5, 0.5], [0.0, 0.25, 0.75], hint="Where p is 0, the term is 0."),
        case([0.5, 0.5], [1.0, 0.0], hint="What does the model say about what happens?"),
        case(
            [0.5, 0.25, 0.25], [0.0, 0.5, 0.5], hint="What does the model say about what happens?"
        ),
        case([0.0, 1.0], [0.0, 1.0], hint="A model that is sure and right loses nothing."),
        case([1e-9, 1 - 1e-9], [1e-12, 1 - 1e-12], hint="Leave small probabilities as they are."),
    ],
    hint="Weigh each ln(p/q) by p, and add up.",
    mistakes={
        "The size is right. What about the sign?": (
            lambda p, q: -kl_divergence(p, q),
            lambda p, q: -naive_divergence(p, q),
        ),
        "That is in bits. Take the natural logarithm.": (
            lambda p, q: kl_divergence(p, q, base=2),
            lambda p, q: naive_divergence(p, q) / np.log(2),
        ),
        "Have the arguments changed places?": (
            lambda p, q: kl_divergence(q, p),
            lambda p, q: naive_divergence(q, p),
        ),
        "That is the cross-entropy. Divide p by q inside the logarithm.": (
            lambda p, q: cross_entropy(p, q),
            lambda p, q: cross_entropy(p, q, epsilon=0),
            lambda p, q: -np.sum(p * np.log(q)),
        ),
        "The weights are those of what happens, p.": lambda p, q: -kl_divergence(q, p),
        "That is the mean over the outcomes. The formula has a sum.": lambda p, q: (
            kl_divergence(p, q) / len(p)
        ),
    },
    draw=lambda rng: (distribution(rng, 3), distribution(rng, 3)),
)


C2 = Parts(
    {
        "the premium": Number(
            -math.log2(0.9 + 0.1 / 26),
            hint="How large can q/r be for one letter? Which q is the worst?",
            mistakes={
                "That is a bound, but not the smallest. Even where q is largest, "
                "the uniform table adds a little.": -math.log2(0.9),
            },
            unit="bits",
        ),
        "the cover": Number(
            math.log2(26 / 0.1),
            hint="How small can r be for one letter, if q gives it nothing?",
            mistakes={
                "That is the price of the uniform table itself, not of r.": math.log2(26),
                "That is the price of the weight. The letter comes on top.": math.log2(10),
                "It is 0.1 that the uniform table has in r.": math.log2(26 / 0.9),
                "That is what the cover costs above the premium. Give it in all.": (
                    math.log2(26 / 0.1) + math.log2(0.9 + 0.1 / 26)
                ),
            },
            unit="bits",
        ),
    }
)
