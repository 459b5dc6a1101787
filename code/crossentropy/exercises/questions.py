"""The exercises of `book/questions.md`."""

from __future__ import annotations

import math

import numpy as np

from crossentropy.classification import softmax_cross_entropy_with_integer_labels
from crossentropy.exercises._graders import Function, Number, case
from crossentropy.information import entropy

A15 = Number(
    float(entropy([0.1, 0.9])),
    hint="Average the loss over ten mails, one of them spam.",
    mistakes={
        "That is chance, one half for each class. This filter answers 0.1.": math.log(2),
        "That is what a spam mail costs. What about the other nine?": -math.log(0.1),
        "That is what a good mail costs. What about the tenth?": -math.log(0.9),
        "Weigh the two costs by how often each occurs.": (
            -math.log(0.1) - math.log(0.9),
            -math.log(0.09) / 2,
        ),
        "Which of the two classes is the rare one?": -0.9 * math.log(0.1) - 0.1 * math.log(0.9),
    },
    unit="nats",
)


B19 = Function(
    lambda num_classes: softmax_cross_entropy_with_integer_labels(0, np.eye(num_classes)[0]),
    [case(2), case(10), case(1000)],
    hint="Take the softmax of a row with a single 1 and K - 1 zeros.",
    mistakes={
        "That is chance, where all classes are equally probable.": np.log,
        "There are K - 1 zeros in the row, not K.": lambda k: np.log(np.e + k) - 1,
        "That is a probability. The loss is its surprisal.": lambda k: np.e / (np.e + k - 1),
        "The size is right. What about the sign?": lambda k: 1 - np.log(np.e + k - 1),
        "The right class has the logit 1 here, not 0.": lambda k: np.log(np.e + k - 1),
    },
)
