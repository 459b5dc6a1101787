"""The exercises of `book/likelihood.md`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crossentropy.exercises._graders import Function, Number, Numbers, case
from crossentropy.information import entropy

A5 = Numbers(
    {
        "the probability of heads": Number(
            7 / 10,
            hint="Which constant makes the divergence from the observed shares vanish?",
            mistakes={
                "That is the fair coin. What did the ten flips show?": 0.5,
                "That is the share of tails.": 0.3,
                "Then tails would be impossible, and three flips showed tails.": 1.0,
            },
            tolerance=1e-9,
        ),
        "the loss": Number(
            float(entropy([7 / 10, 3 / 10])),
            hint="Average the surprise of the ten flips under the best constant.",
            mistakes={
                "That is the surprise of heads alone. Tails came, too.": -math.log(0.7),
                "That is the sum over ten flips.": 10 * float(entropy([7 / 10, 3 / 10])),
                "That is the loss of the fair coin.": math.log(2),
            },
            unit="nats",
        ),
    }
)


A6 = Number(
    float(entropy([1 / 50, 49 / 50])),
    hint="The best constant is the share of frauds. Average its surprise over both kinds.",
    mistakes={
        "That is the loss of a model that says one half. Say the share instead.": math.log(2),
        "That is the surprise of a fraud. Most transactions are none.": -math.log(1 / 50),
        "That is what the frauds add. The others add a little, too.": -math.log(1 / 50) / 50,
        "That is the best constant. Which loss does it have?": 1 / 50,
    },
    unit="nats",
)


def best_constant(labels: Any, num_classes: int) -> tuple[Any, Any]:
    frequencies = np.bincount(labels, minlength=num_classes) / len(labels)
    return frequencies, entropy(frequencies)


B5 = Function(
    best_constant,
    [
        case([0, 1, 0, 0], 2),
        case([2, 0, 1, 0, 2, 2], 3),
        case([0, 1, 1, 0, 1], 3, hint="One class is missing: its frequency is 0."),
        case([1, 1, 1], 2, hint="All labels are equal. What surprise is left?"),
    ],
    hint="Count each class, divide by the number of labels, and take the entropy of that.",
    mistakes={
        "Divide the counts by the number of labels.": lambda labels, num_classes: (
            np.bincount(labels, minlength=num_classes),
            best_constant(labels, num_classes)[1],
        ),
        "That loss is in bits. Take the natural logarithm.": lambda labels, num_classes: (
            best_constant(labels, num_classes)[0],
            best_constant(labels, num_classes)[1] / math.log(2),
        ),
        "That loss is the uniform guess's. Use the frequencies.": lambda labels, num_classes: (
            best_constant(labels, num_classes)[0],
            math.log(num_classes),
        ),
    },
)


def loss_with_groups(labels: Any, groups: Any) -> float:
    table = np.zeros((max(groups) + 1, max(labels) + 1))
    np.add.at(table, (groups, labels), 1)
    table = table[table.any(axis=1)]
    sizes = table.sum(axis=1, keepdims=True)
    return float(entropy(table / sizes) @ sizes[:, 0] / len(labels))


C3 = Function(
    loss_with_groups,
    [
        case([0, 1, 0, 1, 2, 0], [0, 0, 1, 1, 1, 1]),
        case([0, 1, 1, 0], [0, 0, 0, 3], hint="Some group numbers may not occur."),
        case([2, 2, 0, 0], [5, 5, 7, 7], hint="In each group all labels are equal."),
    ],
    hint="Within a group, the loss is the entropy of the group's own frequencies.",
    mistakes={
        "That is the loss without a look at the groups.": lambda labels, groups: best_constant(
            labels, int(max(labels)) + 1
        )[1],
        "Large groups count for more: weigh each by its size.": lambda labels, groups: np.mean(
            [loss_with_groups(labels[groups == g], groups[groups == g]) for g in set(groups)]
        ),
        "That is in bits. Take the natural logarithm.": lambda labels, groups: (
            loss_with_groups(labels, groups) / math.log(2)
        ),
    },
)
