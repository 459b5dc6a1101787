"""The exercises of `book/likelihood.md`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crossentropy.exercises._draws import count
from crossentropy.exercises._graders import Function, Number, Parts, case
from crossentropy.information import entropy

TEN_FLIPS = float(entropy([7 / 10, 3 / 10]))

A5 = Parts(
    {
        "the probability of heads": Number(
            7 / 10,
            hint="Which constant makes the divergence from the observed shares vanish?",
            mistakes={
                "That is the fair coin. What did the ten flips show?": 0.5,
                "That is the share of tails.": 0.3,
                "Then tails would be impossible, and three flips showed tails.": 1.0,
                "Give it as a probability, between 0 and 1.": (70.0, 7.0),
            },
        ),
        "the loss": Number(
            TEN_FLIPS,
            hint="Average the surprise of the ten flips under the best constant.",
            mistakes={
                "That is the surprise of heads alone. Tails came, too.": -math.log(0.7),
                "That is the surprise of tails alone. Heads came, too.": -math.log(0.3),
                "That is what heads add. Tails add something, too.": -0.7 * math.log(0.7),
                "That is what tails add. Heads add something, too.": -0.3 * math.log(0.3),
                "Weigh each surprise by its own share.": (
                    -math.log(0.21) / 2,
                    -math.log(0.21),
                    -0.3 * math.log(0.7) - 0.7 * math.log(0.3),
                ),
                "That is the sum over ten flips.": 10 * TEN_FLIPS,
                "That is the loss of the fair coin.": math.log(2),
                "The order of the flips is known: leave out the number of orders.": (
                    10 * TEN_FLIPS - math.log(math.comb(10, 7)),
                    TEN_FLIPS - math.log(math.comb(10, 7)) / 10,
                ),
            },
            unit="nats",
        ),
    }
)


FRAUDS = float(entropy([1 / 50, 49 / 50]))

A6 = Parts(
    {
        "the loss of the best constant": Number(
            FRAUDS,
            hint="The best constant is the share of frauds. Average its surprise over both kinds.",
            mistakes={
                "That is the loss of a model that says one half. Say the share instead.": math.log(
                    2
                ),
                "That is the surprise of a fraud. Most transactions are none.": -math.log(1 / 50),
                "That is the surprise of a good transaction. One in fifty is none.": -math.log(
                    49 / 50
                ),
                "That is what the frauds add. The others add a little, too.": -math.log(1 / 50)
                / 50,
                "That is what the good ones add. The frauds add more.": -49
                / 50
                * math.log(49 / 50),
                "Weigh the surprise of the good ones, too.": -math.log(1 / 50) / 50
                - math.log(49 / 50),
                "Weigh the two surprises by how often each occurs.": (
                    -math.log(1 / 50) - math.log(49 / 50),
                    (-math.log(1 / 50) - math.log(49 / 50)) / 2,
                ),
                "Have the weights changed places? Frauds are the rare ones.": (
                    -49 / 50 * math.log(1 / 50) - math.log(49 / 50) / 50
                ),
                "That is the best constant. Which loss does it have?": 1 / 50,
                "That is your colleague's. What does a constant reach?": 0.12,
            },
            unit="nats",
            decimals=4,
        ),
        "how far the detector lies below it": Number(
            FRAUDS - 0.12,
            hint="Take your colleague's loss from that of the best constant.",
            mistakes={
                "Which of the two losses is the smaller one?": 0.12 - FRAUDS,
                "Compare with the best constant, not with one half.": math.log(2) - 0.12,
                "That is relative. Take the difference.": (1 - 0.12 / FRAUDS, 1 - FRAUDS / 0.12),
            },
            decimals=4,
        ),
    }
)


def best_constant(labels: Any, num_classes: int) -> tuple[Any, Any]:
    frequencies = np.bincount(labels, minlength=num_classes) / len(labels)
    return frequencies, entropy(frequencies)


def draw_labels(rng: np.random.Generator) -> tuple[Any, int]:
    num_classes = count(rng, 2, 4)
    return rng.integers(num_classes, size=count(rng, 3, 8)), num_classes


B5 = Function(
    best_constant,
    [
        case([0, 1, 0, 0], 2),
        case([2, 0, 1, 0, 2, 2], 3),
        case([0, 1, 1, 0, 1], 3),
        case([2, 2, 0, 2], 3),
        case([1, 1, 1], 2),
    ],
    hint={
        "the frequencies": "Count each class, one that is missing, too, and divide by the number "
        "of labels.",
        "the loss": "Take the entropy of the frequencies. A class that is missing adds nothing.",
    },
    mistakes={
        "Divide the counts by the number of labels.": lambda labels, num_classes: (
            np.bincount(labels, minlength=num_classes),
            best_constant(labels, num_classes)[1],
        ),
        "A class that is missing has the frequency 0: make room for it.": (
            lambda labels, num_classes: (
                np.bincount(labels) / len(labels),
                best_constant(labels, num_classes)[1],
            ),
            lambda labels, num_classes: (
                np.unique(labels, return_counts=True)[1] / len(labels),
                best_constant(labels, num_classes)[1],
            ),
        ),
        "The frequencies are right. That loss is in bits: take the natural logarithm.": (
            lambda labels, num_classes: (
                best_constant(labels, num_classes)[0],
                best_constant(labels, num_classes)[1] / math.log(2),
            )
        ),
        "The frequencies are right. What about the sign of the loss?": (
            lambda labels, num_classes: (
                best_constant(labels, num_classes)[0],
                -best_constant(labels, num_classes)[1],
            )
        ),
        "The frequencies are right, and 0 times the logarithm of 0 is nan: leave it out.": (
            lambda labels, num_classes: (
                (f := best_constant(labels, num_classes)[0]),
                -np.sum(f * np.log(f)),
            )
        ),
        "That loss is the uniform guess's. Use the frequencies.": lambda labels, num_classes: (
            best_constant(labels, num_classes)[0],
            math.log(num_classes),
        ),
        "That loss is a sum over the labels. Take their mean.": lambda labels, num_classes: (
            best_constant(labels, num_classes)[0],
            best_constant(labels, num_classes)[1] * len(labels),
        ),
        "Return the frequencies first, and the loss second.": lambda labels, num_classes: (
            best_constant(labels, num_classes)[::-1]
        ),
    },
    draw=draw_labels,
)


def counts_of(labels: Any, groups: Any) -> Any:
    """Return how often each label occurs, one group to a row."""
    table = np.zeros((max(groups) + 1, max(labels) + 1))
    np.add.at(table, (groups, labels), 1)
    return table


def loss_with_groups(labels: Any, groups: Any) -> float:
    table = counts_of(labels, groups)
    table = table[table.any(axis=1)]
    sizes = table.sum(axis=1, keepdims=True)
    return float(entropy(table / sizes) @ sizes[:, 0] / len(labels))


def losses_by_group(labels: Any, groups: Any) -> Any:
    return np.array(
        [loss_with_groups(labels[groups == g], groups[groups == g]) for g in set(groups)]
    )


def loss_alone(labels: Any) -> Any:
    return best_constant(labels, int(max(labels)) + 1)[1]


def loss_of_pairs(labels: Any, groups: Any) -> Any:
    return entropy(counts_of(labels, groups).ravel() / len(labels))


def loss_with_zeros(labels: Any, groups: Any) -> Any:
    """Take 0 times the logarithm of 0 for what it is in NumPy."""
    table = counts_of(labels, groups)
    table = table[table.any(axis=1)]
    return -np.sum(table * np.log(table / table.sum(axis=1, keepdims=True))) / len(labels)


def loss_with_empty_groups(labels: Any, groups: Any) -> Any:
    table = counts_of(labels, groups)
    return np.sum(table * -np.log(np.maximum(table, 1) / table.sum(axis=1, keepdims=True))) / len(
        labels
    )


C3 = Function(
    loss_with_groups,
    [
        case([0, 1, 0, 1, 2, 0], [0, 0, 1, 1, 1, 1]),
        case([0, 1, 1, 0], [0, 0, 0, 3]),
        case([2, 2, 0, 0], [5, 5, 7, 7], hint="In each group all labels are equal."),
    ],
    hint="Within a group, the loss is the entropy of the group's own frequencies.",
    mistakes={
        "That is the loss without a look at the groups.": lambda y, g: loss_alone(y),
        "Large groups count for more: weigh each by its size.": (
            lambda y, g: np.mean(losses_by_group(y, g)),
            lambda y, g: np.sum(losses_by_group(y, g)),
        ),
        "That is in bits. Take the natural logarithm.": lambda y, g: (
            loss_with_groups(y, g) / math.log(2)
        ),
        "The size is right. What about the sign?": lambda y, g: -loss_with_groups(y, g),
        "That is a sum over the examples. Divide it by their number.": lambda y, g: (
            loss_with_groups(y, g) * len(y)
        ),
        "That is what the groups save. How much loss is left?": lambda y, g: (
            loss_alone(y) - loss_with_groups(y, g)
        ),
        "That is the entropy of group and label together. The group is known.": loss_of_pairs,
        "Have labels and groups changed places? It is the label that is predicted.": lambda y, g: (
            loss_with_groups(g, y)
        ),
        "A label may be missing from a group: leave out 0 times the logarithm of 0.": (
            loss_with_zeros
        ),
        "Some group numbers may not occur: leave them out.": loss_with_empty_groups,
    },
    draw=lambda rng: (rng.integers(3, size=8), rng.integers(4, size=8)),
)
