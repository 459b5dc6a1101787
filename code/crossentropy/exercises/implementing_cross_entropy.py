"""The exercises of `book/implementing-cross-entropy.md`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crossentropy.exercises._draws import count, distribution
from crossentropy.exercises._graders import Function, Number, case
from crossentropy.information import cross_entropy


def clipped(p: Any, q: Any, low: float = 1e-9, high: float = 1 - 1e-9) -> Any:
    return -np.sum(p * np.log(np.clip(q, low, high)))


OTHER_CLIPS = [10.0**-k for k in (5, 6, 7, 8, 10, 12, 15, 16)]

B1 = Function(
    cross_entropy,
    [
        case([0.0, 1.0, 0.0], [0.2, 0.5, 0.3]),
        case([0.1, 0.8, 0.1], [0.25, 0.5, 0.25], hint="The truth is not one-hot here."),
        case(
            [0.0, 1.0],
            [1.0, 0.0],
            hint=lambda result: (
                "Look again at where the clip begins and ends."
                if result is not None and np.all(np.isfinite(result))
                else "The model says 0 here. Clip q before the logarithm."
            ),
        ),
        case([0.0, 1.0], [0.0, 1.0], hint="Clip q at its upper end, too."),
        case([1.0, 0.0, 0.0], [1.0, 0.0, 0.0], hint="Clip each q, and leave it so."),
        case([0.5, 0.5], [1 - 1e-8, 1e-8], hint="Change q below the clip and above it, only."),
    ],
    hint="Multiply each p by the logarithm of its q, add up, and mind the sign.",
    mistakes={
        "The size is right. What about the sign?": (
            lambda p, q: -cross_entropy(p, q),
            lambda p, q: np.sum(p * np.log(q)),
        ),
        "That is in bits. Take the natural logarithm.": (
            lambda p, q: cross_entropy(p, q, base=2),
            lambda p, q: -np.sum(p * np.log2(q)),
        ),
        "That is with the logarithm to base 10. Take the natural one.": (
            lambda p, q: cross_entropy(p, q, base=10),
            lambda p, q: -np.sum(p * np.log10(q)),
        ),
        "That is the mean over the classes. The formula has a sum.": (
            lambda p, q: cross_entropy(p, q) / len(p),
            lambda p, q: -np.mean(p * np.log(q)),
        ),
        "Have the arguments changed places? The logarithm is taken of q.": (
            lambda p, q: cross_entropy(q, p),
            lambda p, q: -np.sum(q * np.log(p)),
        ),
        "It is q that needs the clip.": lambda p, q: (
            -np.sum(np.clip(p, 1e-9, 1 - 1e-9) * np.log(q))
        ),
        "Return the sum, not its terms.": (
            lambda p, q: -p * np.log(np.clip(q, 1e-9, 1 - 1e-9)),
            lambda p, q: -p * np.log(q),
        ),
        "Weigh each surprisal by its p.": lambda p, q: -np.sum(np.log(np.clip(q, 1e-9, 1 - 1e-9))),
        "The model says 0 here. Clip q before the logarithm.": lambda p, q: -np.sum(p * np.log(q)),
        "You do clip, but at another number than the exercise asks for.": (
            *(lambda p, q, e=e: clipped(p, q, e, 1 - e) for e in OTHER_CLIPS),
            *(lambda p, q, e=e: clipped(p, q, e, 1.0) for e in OTHER_CLIPS),
        ),
        "You add a little to q. That is not a clip: it changes every q.": tuple(
            lambda p, q, e=e: -np.sum(p * np.log(q + e)) for e in (1e-9, *OTHER_CLIPS[:6])
        ),
    },
    draw=lambda rng: (distribution(rng, 4), distribution(rng, 4)),
)


A7 = Number(
    math.log(10),
    hint="Put q = 1/K into the formula and take the constant out of the sum.",
    mistakes={
        "What do the probabilities of the truth add up to?": math.log(10) / 10,
        "Weigh each surprisal by the probability of the truth.": 10 * math.log(10),
        "That is the surprisal of what the model gives to the others.": -math.log(9 / 10),
        "That is the probability. The loss is its surprisal.": 1 / 10,
    },
    unit="nats",
)


def label_loss(labels: Any, probs: Any, low: float = 1e-9, high: float = 1 - 1e-9) -> Any:
    q = np.clip(probs, low, high)
    return -np.mean(np.log(q[np.arange(len(labels)), labels]))


def draw_labels(rng: np.random.Generator) -> tuple[Any, Any]:
    size, num_classes = count(rng, 1, 3), count(rng, 2, 4)
    probs = [distribution(rng, num_classes) for _ in range(size)]
    return rng.integers(num_classes, size=size), np.array(probs)


B6 = Function(
    label_loss,
    [
        case([2, 0], [[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]]),
        case([1, 0, 1], [[0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.8, 0.1, 0.1]]),
        case(
            [0, 1],
            [[0.0, 1.0], [0.6, 0.4]],
            hint=lambda result: (
                "Look again at where the clip begins and ends."
                if result is not None and np.all(np.isfinite(result))
                else "The model says 0 here. Clip the probabilities before the logarithm."
            ),
        ),
        case([0], [[1.0, 0.0]], hint="Clip at the upper end, too."),
        case([0], [[1.0, 0.0, 0.0]], hint="Clip each probability, and leave it so."),
        case(
            [1, 0], [[1 - 1e-8, 1e-8], [1 - 1e-8, 1e-8]], hint="Change nothing but what is clipped."
        ),
    ],
    hint="Take from each row the probability of its own label.",
    mistakes={
        "The size is right. What about the sign?": lambda y, q: -label_loss(y, q),
        "That is in bits. Take the natural logarithm.": lambda y, q: label_loss(y, q) / np.log(2),
        "That is the sum. Divide by the number of examples.": lambda y, q: (
            label_loss(y, q) * len(y)
        ),
        "Return the mean, not one loss to an example.": lambda y, q: (
            -np.log(np.clip(q, 1e-9, 1 - 1e-9)[np.arange(len(y)), y])
        ),
        "Divide by the number of examples, not of entries.": lambda y, q: (
            label_loss(y, q) / q.shape[1]
        ),
        "Divide by the number of examples, not of classes.": lambda y, q: (
            label_loss(y, q) * len(y) / q.shape[1]
        ),
        "You took the largest probability of each row. Take that of the label.": lambda y, q: (
            label_loss(q.argmax(axis=1), q)
        ),
        "That is the mean over whole columns. Take one entry of each row.": (
            lambda y, q: -np.mean(np.log(np.clip(q, 1e-9, 1 - 1e-9))[:, y]),
            lambda y, q: -np.mean(np.log(q[:, y])),
        ),
        "Take the logarithms first, and average them.": lambda y, q: (
            -np.log(np.mean(np.clip(q, 1e-9, 1 - 1e-9)[np.arange(len(y)), y]))
        ),
        "The model says 0 here. Clip the probabilities before the logarithm.": lambda y, q: (
            label_loss(y, q, 0.0, 1.0)
        ),
        "You do clip, but at another number than the exercise asks for.": (
            *(lambda y, q, e=e: label_loss(y, q, e, 1 - e) for e in OTHER_CLIPS),
            *(lambda y, q, e=e: label_loss(y, q, e, 1.0) for e in OTHER_CLIPS),
        ),
        "You add a little to the probabilities. That is not a clip: it changes all.": tuple(
            lambda y, q, e=e: label_loss(y, q + e, 0.0, 2.0) for e in (1e-9, *OTHER_CLIPS[:6])
        ),
    },
    draw=draw_labels,
)


CLIPPED = -math.log(1e-9)  # what a prediction of 0 for the true class costs, in nats

C4 = Number(
    math.ceil(CLIPPED / 0.01),
    hint="How much does the one wrong example cost with the clip? Spread it over N examples.",
    mistakes={
        "Is the mean below 0.01 there, or still above it?": math.floor(CLIPPED / 0.01),
        "Nearly: a batch holds a whole number of examples.": CLIPPED / 0.01,
        "The mean is below 0.01 there, and before that, too?": math.ceil(CLIPPED / 0.01) + 1,
        "You counted the wrong example in bits.": (
            math.ceil(CLIPPED / math.log(2) / 0.01),
            CLIPPED / math.log(2) / 0.01,
        ),
        "You counted the wrong example with the logarithm to base 10.": (900, 901),
        "The clip is at another place.": tuple(
            math.ceil(-math.log(epsilon) / 0.01) for epsilon in OTHER_CLIPS
        ),
        "That is what the wrong example costs. How many examples make it small?": CLIPPED,
    },
)
