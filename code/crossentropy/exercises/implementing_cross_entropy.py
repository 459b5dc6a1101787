"""The exercises of `book/implementing-cross-entropy.md`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crossentropy.exercises._graders import Function, Number, case
from crossentropy.information import cross_entropy

B1 = Function(
    cross_entropy,
    [
        case([0, 1, 0], [0.2, 0.5, 0.3]),
        case([0.1, 0.8, 0.1], [0.25, 0.5, 0.25], hint="The truth is not one-hot here."),
        case([0, 1], [1.0, 0.0], hint="The model says 0 here. Clip q before the logarithm."),
        case([0, 1], [0.0, 1.0], hint="Clip q at its upper end, too."),
    ],
    hint="Multiply each p by the logarithm of its q, add up, and mind the sign.",
    mistakes={
        "The size is right. What about the sign?": lambda p, q: -cross_entropy(p, q),
        "That is in bits. Take the natural logarithm.": lambda p, q: cross_entropy(p, q, base=2),
        "That is the mean over the classes. The formula has a sum.": lambda p, q: (
            cross_entropy(p, q) / len(p)
        ),
        "Have the arguments changed places? The logarithm is taken of q.": lambda p, q: (
            cross_entropy(q, p)
        ),
        "Return the sum, not its terms.": lambda p, q: -p * np.log(np.clip(q, 1e-9, 1 - 1e-9)),
    },
)


A7 = Number(
    math.log(10),
    hint="Put q = 1/K into the formula and take the constant out of the sum.",
    mistakes={
        "That is the logarithm to base 10. Take the natural one.": 1.0,
        "What do the probabilities of the truth add up to?": math.log(10) / 10,
        "Weigh each surprisal by the probability of the truth.": 10 * math.log(10),
    },
    unit="nats",
)


def label_loss(labels: Any, probs: Any) -> Any:
    q = np.clip(probs, 1e-9, 1 - 1e-9)
    return -np.mean(np.log(q[np.arange(len(labels)), labels]))


B6 = Function(
    label_loss,
    [
        case([2, 0], [[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]]),
        case([1, 0, 1], [[0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.8, 0.1, 0.1]]),
        case(
            [0, 1], [[0.0, 1.0], [0.6, 0.4]], hint="The model says 0 here. Clip the probabilities."
        ),
        case([0], [[1.0, 0.0]], hint="Clip at the upper end, too."),
    ],
    hint="Take from each row the probability of its own label.",
    mistakes={
        "The size is right. What about the sign?": lambda y, q: -label_loss(y, q),
        "That is in bits. Take the natural logarithm.": lambda y, q: label_loss(y, q) / np.log(2),
        "That is the sum. Divide by the number of examples.": lambda y, q: (
            label_loss(y, q) * len(y)
        ),
        "Divide by the number of examples, not of entries.": lambda y, q: (
            label_loss(y, q) / q.shape[1]
        ),
        "You took the largest probability of each row. Take that of the label.": lambda y, q: (
            label_loss(q.argmax(axis=1), q)
        ),
        "That is the mean over whole columns. Take one entry of each row.": lambda y, q: (
            -np.mean(np.log(np.clip(q, 1e-9, 1 - 1e-9))[:, y])
        ),
    },
)


CLIPPED = -math.log(1e-9)  # what a prediction of 0 for the true class costs, in nats

C4 = Number(
    math.ceil(CLIPPED / 0.01),
    hint="How much does the one wrong example cost with the clip? Spread it over N examples.",
    mistakes={
        "Is the mean below 0.01 there, or still above it?": math.floor(CLIPPED / 0.01),
        "Nearly: a batch holds a whole number of examples.": (
            CLIPPED / 0.01,
            2072.327,
            2072.33,
            2072.3,
        ),
        "The mean is below 0.01 there, and before that, too?": math.ceil(CLIPPED / 0.01) + 1,
        "You counted the wrong example in bits.": math.ceil(CLIPPED / math.log(2) / 0.01),
    },
    tolerance=0,
)
