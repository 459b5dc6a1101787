"""The exercises of `book/logits.md`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crossentropy.activations import log_sigmoid, log_softmax, logsumexp, sigmoid, softmax
from crossentropy.exercises._draws import count, numbers
from crossentropy.exercises._graders import Function, Number, case

A9 = Number(
    1000 + math.log(3),
    hint="Take the largest logit out of the sum first. What is left inside the logarithm?",
    mistakes={
        "That is the maximum. The sum has three terms, not one.": 1000.0,
        "The sum has three terms.": 1000 + math.log(2),
        "The logarithm of a sum is not the sum of the logarithms.": 3000.0,
        "Add the logarithm of the sum to the shift.": 1003.0,
        "Nearly: add the shift again that you took out.": math.log(3),
        "You took the logarithm of the sum of the logits.": math.log(3000),
        "Take the natural logarithm, not the one to base 2.": 1000 + math.log(3) / math.log(2),
        "Take the natural logarithm, not the one to base 10.": 1000 + math.log10(3),
        "A sum is above each of its terms. Which sign has what comes to the maximum?": (
            1000 - math.log(3)
        ),
        "exp(1000) overflows. Take the largest logit out of the sum first.": math.inf,
    },
)


def draw_logits(rng: np.random.Generator) -> tuple[Any]:
    return (numbers(rng, count(rng, 2, 3), count(rng, 2, 4)),)


B8 = Function(
    log_softmax,
    [
        case([[2.0, 1.0, -1.0], [0.0, 3.0, 0.5]]),
        case([[1001.0, 1000.0]], hint="Subtract the largest logit before the exponential."),
        case([[0.0, -1000.0]], hint="Do not take the logarithm of a softmax, it may be 0."),
        case([[0.0, 1.0], [-2000.0, -2001.0]], hint="Shift each row by its own largest logit."),
        case([[-2000.0, -2001.0]], hint="Shift by the largest logit, also where it is negative."),
        case([[0.0, -2000.0]], hint="Shift by the largest logit: after that none is above 0."),
        case([[-2000.0, 0.0]], hint="Shift by the largest logit, wherever it stands."),
    ],
    hint="In each row, subtract the log-sum-exp of that row from the logits.",
    mistakes={
        "That is the softmax. Its logarithm is asked for.": softmax,
        "The size is right. What about the sign?": lambda z: -log_softmax(z),
        "Take the natural logarithm.": (
            lambda z: log_softmax(z) / np.log(2),
            lambda z: log_softmax(z) / np.log(10),
        ),
        "That is normalised within each column. Sum over the last axis.": (
            lambda z: log_softmax(z, axis=0),
            lambda z: z - np.log(np.exp(z).sum(axis=0)),
        ),
        "That is normalised over the whole batch. Sum over the last axis only.": (
            lambda z: log_softmax(z.reshape(-1)).reshape(z.shape),
            lambda z: z - np.log(np.exp(z).sum()),
        ),
        "That is the log-sum-exp. Subtract it from the logits.": (
            lambda z: logsumexp(z),
            lambda z: logsumexp(z, keepdims=True),
        ),
        "The logits are shifted, and nothing is subtracted for the sum.": lambda z: (
            z - z.max(axis=-1, keepdims=True)
        ),
        "You took the shift out and did not put it back, or put it back once only.": (
            lambda z: log_softmax(z) + z.max(axis=-1, keepdims=True),
            lambda z: log_softmax(z) - z.max(axis=-1, keepdims=True),
        ),
    },
    draw=draw_logits,
)


B9 = Function(
    log_sigmoid,
    [
        case([0.0, 1.5, -2.0]),
        case(
            [-1000.0],
            hint="exp(1000) overflows, and the sigmoid of -1000 is rounded to 0: neither has a "
            "logarithm that helps. Keep the exponent below 0, and the logit out of it.",
        ),
        case([1000.0], hint="Here exp(1000) overflows. Which sign of the exponent is safe?"),
        case([40.0], hint="1 + exp(-40) is rounded to 1. Which function avoids that sum?"),
        case([700.0, -700.0], hint="Let no number be clipped on the way."),
        case([-30.0, 30.0], hint="Which function avoids the sum of 1 and a small number?"),
    ],
    hint="It is the loss of label 1 from the logit, with the other sign.",
    mistakes={
        "That is the sigmoid. Its logarithm is asked for.": sigmoid,
        "The size is right. What about the sign?": (
            lambda z: -log_sigmoid(z),
            lambda z: np.log1p(np.exp(-z)),
            lambda z: np.log(1 + np.exp(-z)),
        ),
        "That is the logarithm of the probability of label 0.": (
            lambda z: log_sigmoid(-z),
            lambda z: -np.log1p(np.exp(z)),
            lambda z: -np.log(1 + np.exp(z)),
        ),
        "Take the natural logarithm.": (
            lambda z: log_sigmoid(z) / np.log(2),
            lambda z: -np.log2(1 + np.exp(-z)),
        ),
        "exp(1000) overflows in exp(-z). Keep the exponent below 0, and the logit out of it.": (
            lambda z: -np.log1p(np.exp(-z)),
            lambda z: -np.log(1 + np.exp(-z)),
        ),
        "exp(1000) overflows in exp(z). Which sign of the exponent is safe?": (
            lambda z: z - np.log1p(np.exp(z)),
            lambda z: z - np.log(1 + np.exp(z)),
        ),
        "The smaller of z and 0 is left out.": lambda z: -np.log1p(np.exp(-np.abs(z))),
    },
    draw=lambda rng: (10.0 ** rng.integers(3) * numbers(rng, count(rng, 1, 3)),),
    atol=0.0,
)


C6 = Number(
    math.ceil(8 * math.log(2)),
    hint="The sum rounds to 1 if what is added is at most half a spacing. Solve for z.",
    mistakes={
        "Nearly: the exercise asks for a whole logit.": 8 * math.log(2),
        "Is exp(-z) there at most half a spacing?": math.floor(8 * math.log(2)),
        "From half a spacing on, the sum is rounded to 1. And z is whole.": 7 * math.log(2),
        "The sum is 1 one logit before, too.": math.ceil(8 * math.log(2)) + 1,
        "Half a spacing is enough. And z is whole.": 9 * math.log(2),
        "The halvings are counted in powers of 2, the logit in powers of e.": 8.0,
        "The logit is an exponent of e, not of 10.": (8 * math.log10(2), 3.0),
        "That is the logit for float32: 24 significant bits.": (
            math.ceil(24 * math.log(2)),
            24 * math.log(2),
        ),
        "That is the logit for float64: 53 significant bits.": (
            math.ceil(53 * math.log(2)),
            53 * math.log(2),
        ),
        "That is the logit for float16: 11 significant bits.": 11 * math.log(2),
    },
)
