"""The exercises of `book/cross-entropy-and-kl.md`."""

from __future__ import annotations

import math

from crossentropy.exercises._graders import Function, Number, Numbers, case
from crossentropy.information import cross_entropy, kl_divergence

A2 = Numbers(
    {
        "KL(p‖q)": Number(
            float(kl_divergence([1 / 2, 1 / 2], [1 / 4, 3 / 4])),
            hint="Weigh each ln(p/q) by p: what happens decides, not what is believed.",
            mistakes={
                "Have the two changed places? The first averages over the fair coin.": float(
                    kl_divergence([1 / 4, 3 / 4], [1 / 2, 1 / 2])
                ),
                "That is the cross-entropy. Take away what nobody can avoid.": float(
                    cross_entropy([1 / 2, 1 / 2], [1 / 4, 3 / 4])
                ),
            },
            unit="nats",
        ),
        "KL(q‖p)": Number(
            float(kl_divergence([1 / 4, 3 / 4], [1 / 2, 1 / 2])),
            hint="Swap the two distributions everywhere, in the weights, too.",
            mistakes={
                "That is the first one again. The divergence is not symmetric.": float(
                    kl_divergence([1 / 2, 1 / 2], [1 / 4, 3 / 4])
                ),
            },
            unit="nats",
        ),
    }
)


A3 = Number(
    float(cross_entropy([0, 1, 0], [0.2, 0.5, 0.3])),
    hint="Only the true class counts: what did the model say about the banana?",
    mistakes={
        "That is the probability of the true class. The loss is its surprisal.": 0.5,
        "That is the logarithm to base 10. Take the natural one.": -math.log10(0.5),
        "You added all three surprisals. Weigh each one by p.": -math.log(0.2 * 0.5 * 0.3),
        "That is the mean of all three. Weigh each one by p.": -math.log(0.2 * 0.5 * 0.3) / 3,
    },
    unit="nats",
)


B4 = Function(
    kl_divergence,
    [
        case([0.5, 0.3, 0.2], [0.2, 0.2, 0.6]),
        case([0.0, 1.0], [0.5, 0.5], hint="A term with p = 0 is 0: leave it out."),
        case([0.0, 0.5, 0.5], [0.0, 0.25, 0.75], hint="Where p is 0, the term is 0."),
        case([0.5, 0.5], [1.0, 0.0], hint="What does the model say about what happens?"),
    ],
    hint="Weigh each ln(p/q) by p, and add up.",
    mistakes={
        "The size is right. What about the sign?": lambda p, q: -kl_divergence(p, q),
        "That is in bits. Take the natural logarithm.": lambda p, q: kl_divergence(p, q, base=2),
        "Have the arguments changed places?": lambda p, q: kl_divergence(q, p),
        "That is the cross-entropy. Divide p by q inside the logarithm.": lambda p, q: (
            cross_entropy(p, q)
        ),
    },
)


C2 = Numbers(
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
            },
            unit="bits",
        ),
    }
)
