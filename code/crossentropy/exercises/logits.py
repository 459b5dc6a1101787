"""The exercises of `book/logits.md`."""

from __future__ import annotations

import math

import numpy as np

from crossentropy.activations import log_sigmoid, log_softmax, sigmoid, softmax
from crossentropy.exercises._graders import Function, Number, case

A9 = Number(
    1000 + math.log(3),
    hint="Take the largest logit out of the sum first. What is left inside the logarithm?",
    mistakes={
        "That is the maximum. The sum has three terms, not one.": 1000.0,
        "The logarithm of a sum is not the sum of the logarithms.": 3000.0,
        "Nearly: add the shift again that you took out.": math.log(3),
        "You took the logarithm of the sum of the logits.": math.log(3000),
        "Take the natural logarithm, not the one to base 2.": 1000 + math.log(3) / math.log(2),
        "Take the natural logarithm, not the one to base 10.": 1000 + math.log10(3),
    },
)


B8 = Function(
    log_softmax,
    [
        case([[2.0, 1.0, -1.0], [0.0, 3.0, 0.5]]),
        case([[1001.0, 1000.0]], hint="Subtract the largest logit before the exponential."),
        case([[0.0, -1000.0]], hint="Do not take the logarithm of a softmax, it may be 0."),
        case([[0.0, 1.0], [-2000.0, -2001.0]], hint="Shift each row by its own largest logit."),
    ],
    hint="In each row, subtract the log-sum-exp of that row from the logits.",
    mistakes={
        "That is the softmax. Its logarithm is asked for.": softmax,
        "The size is right. What about the sign?": lambda z: -log_softmax(z),
        "Take the natural logarithm.": lambda z: log_softmax(z) / np.log(2),
        "That is normalised within each column. Sum over the last axis.": lambda z: log_softmax(
            z, axis=0
        ),
        "That is normalised over the whole batch. Sum over the last axis only.": lambda z: (
            log_softmax(z.reshape(-1)).reshape(z.shape)
        ),
    },
)


B9 = Function(
    log_sigmoid,
    [
        case([0.0, 1.5, -2.0]),
        case([-1000.0], hint="Here the sigmoid is rounded to 0. Start from the logit instead."),
        case([1000.0], hint="Here the exponential overflows. Which sign is safe?"),
        case([40.0], hint="1 + exp(-40) is rounded to 1. Which function avoids that sum?"),
    ],
    hint="It is the loss of label 1 from the logit, with the other sign.",
    mistakes={
        "That is the sigmoid. Its logarithm is asked for.": sigmoid,
        "The size is right. What about the sign?": lambda z: -log_sigmoid(z),
        "That is the logarithm of the probability of label 0.": lambda z: log_sigmoid(-z),
    },
    atol=0.0,
)


C6 = Number(
    math.ceil(8 * math.log(2)),
    hint="The sum rounds to 1 if what is added is at most half a spacing. Solve for z.",
    mistakes={
        "Nearly: the exercise asks for a whole logit.": 8 * math.log(2),
        "Is exp(-z) there at most half a spacing?": math.floor(8 * math.log(2)),
        "From half a spacing on, the sum is rounded to 1. And z is whole.": 7 * math.log(2),
        "The halvings are counted in powers of 2, the logit in powers of e.": 8.0,
        "That is the logit for float32: 24 significant bits.": math.ceil(24 * math.log(2)),
    },
    tolerance=0,
)
