"""The exercises of `book/questions.md`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crossentropy.classification import softmax_cross_entropy_with_integer_labels
from crossentropy.exercises._draws import count
from crossentropy.exercises._graders import Function, Number, Parts, case
from crossentropy.information import entropy

SPAM = float(entropy([0.1, 0.9]))

A15 = Parts(
    {
        "the loss of the filter": Number(
            SPAM,
            hint="Average the loss over ten mails, one of them spam.",
            mistakes={
                "That is chance, one half for each class. This filter answers 0.1.": math.log(2),
                "That is what a spam mail costs. What about the other nine?": -math.log(0.1),
                "That is what a good mail costs. What about the tenth?": -math.log(0.9),
                "That is what spam adds to the mean. Good mail adds something, too.": (
                    -0.1 * math.log(0.1)
                ),
                "That is what good mail adds to the mean. Spam adds something, too.": (
                    -0.9 * math.log(0.9)
                ),
                "Weigh the two costs by how often each occurs.": (
                    -math.log(0.1) - math.log(0.9),
                    -math.log(0.09) / 2,
                ),
                "Which of the two classes is the rare one?": (
                    -0.9 * math.log(0.1) - 0.1 * math.log(0.9)
                ),
                "That is the sum over ten mails. Take the mean.": 10 * SPAM,
                "That is your colleague's. What does the filter that ignores the mail reach?": 0.35,
            },
            unit="nats",
        ),
        "the colleague's gain": Number(
            SPAM - 0.35,
            hint="Take your colleague's loss from that of the filter that ignores the mail.",
            mistakes={
                "Which of the two losses is the smaller one?": 0.35 - SPAM,
                "That is the gain over one half for each class. Compare with the filter.": (
                    math.log(2) - 0.35
                ),
                "That is relative. Take the difference.": (1 - 0.35 / SPAM, 1 - SPAM / 0.35),
            },
        ),
    }
)


def double_softmax_floor(num_classes: int) -> Any:
    return softmax_cross_entropy_with_integer_labels(0, np.eye(num_classes)[0])


ROOM = math.log(1000) - float(double_softmax_floor(1000))

B19 = Parts(
    {
        "your function": Function(
            double_softmax_floor,
            [case(2), case(3), case(10), case(1000)],
            hint="Take the softmax of a row with a single 1 and K - 1 zeros.",
            mistakes={
                "That is chance, where all classes are equally probable.": np.log,
                "There are K - 1 zeros in the row, not K.": lambda k: np.log(np.e + k) - 1,
                "The sum of the row has the right class, too.": lambda k: np.log(np.e + k - 2) - 1,
                "The exponential of 0 is 1.": lambda k: 0.0 * k,
                "That is a probability. The loss is its surprisal.": lambda k: (
                    np.e / (np.e + k - 1)
                ),
                "The size is right. What about the sign?": lambda k: 1 - np.log(np.e + k - 1),
                "The right class has the logit 1 here, not 0.": lambda k: np.log(np.e + k - 1),
                "That is in bits. Take the natural logarithm.": lambda k: (
                    (np.log(np.e + k - 1) - 1) / np.log(2)
                ),
                "That is the room below chance. Return the loss.": lambda k: (
                    np.log(k) - np.log(np.e + k - 1) + 1
                ),
            },
            draw=lambda rng: (count(rng, 2, 60),),
        ),
        "the room below chance": Number(
            ROOM,
            hint="Chance is ln K. Take what your function returns for K = 1000 from it.",
            mistakes={
                "That is the limit for very many classes. Take 1000.": 1.0,
                "That is chance. How far below it is the floor?": math.log(1000),
                "That is the floor. How far below chance is it?": math.log(1000) - ROOM,
                "That is the room for ten classes. Take 1000.": (
                    math.log(10) - math.log(math.e + 9) + 1
                ),
                "That is the ratio. Take the difference.": (
                    1 - ROOM / math.log(1000),
                    ROOM / math.log(1000),
                ),
                "There are K - 1 zeros in the row, not K.": math.log(1000 / (math.e + 1000)) + 1,
            },
            decimals=4,
        ),
    }
)
