"""Grade a reader's answer: `check("A3", 0.693)`, `check("B1", my_function)`.

To add an exercise, add a row to `EXERCISES`, under the comment that names its chapter, and a row
to `tests/package/test_exercises.py`. The row's value is a grader (see `_graders.py`), one of

`Number(expected, hint=..., mistakes={value: hint}, unit="nats", tolerance=...)`
    one number. Write `expected` as a formula or a call of the package, not as digits. `mistakes`
    maps the results of typical slips to what to tell the reader. A missing sign is recognised
    without being listed, and so, where the unit is nats or bits, is the other unit. A whole
    number is `Number(2073, tolerance=0)`.
`Numbers({"the fair coin": Number(...), "the bent coin": Number(...)})`
    several of them, which the reader gives in this order, as a tuple or a list.
`Function(reference, [case(...), case(..., hint=...)], hint=..., mistakes={hint: wrong_function})`
    a function. Each case holds arguments (lists reach the reader's function as arrays) and, if it
    tests something in particular, a hint of its own. `mistakes` maps what to tell the reader to
    functions that make a typical mistake.

or any callable that takes the answer and returns None where it is right and otherwise says what
is wrong. A hint never contains the right answer.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from crossentropy._graders import Function, Grader, Number, Numbers, case
from crossentropy.activations import log_sigmoid, log_softmax, sigmoid, softmax
from crossentropy.calibration import expected_calibration_error, reliability_curve
from crossentropy.classification import softmax_cross_entropy_with_integer_labels
from crossentropy.gradients import binary_focal_loss_grad
from crossentropy.information import cross_entropy, entropy, kl_divergence

__all__ = ["check"]


def check(name: str, answer: Any) -> None:
    """Grade the answer to an exercise of the book, and print the verdict with a hint.

    Parameters
    ----------
    name : str
        The exercise, such as "A3".
    answer : number, str, tuple or callable
        What the exercise asks for. The dots that stand in the book, ``...``, are an exercise
        that nobody has answered yet.

    Raises
    ------
    ValueError
        If the book has no exercise of that name.

    Examples
    --------
    >>> check("A3", 0.693)
    A3: right.
    >>> check("A3", 1.0)
    A3: not yet. That is in bits. Take the natural logarithm to get nats.
    >>> check("A3", ...)
    A3: not answered yet. Replace the dots by your answer and run the cell again.
    """
    if name not in EXERCISES:
        known = ", ".join(sorted(EXERCISES, key=lambda key: (key[0], int(key[1:]))))
        raise ValueError(f"name: there is no exercise {name!r}, expected one of {known}")
    if _is_unanswered(answer):
        print(f"{name}: not answered yet. Replace the dots by your answer and run the cell again.")
        return
    complaint = EXERCISES[name](answer)
    print(f"{name}: right." if complaint is None else f"{name}: not yet. {complaint}")


def _is_unanswered(answer: Any) -> bool:
    parts = answer if isinstance(answer, (tuple, list)) else [answer]
    return any(part is None or part is ... for part in parts)


def _two_losses(p_hat: Any) -> tuple[Any, Any]:
    return -np.log(p_hat), (1 - p_hat) ** 2


def _entropy_in_bits(p: Any) -> Any:
    return entropy(p, base=2)


def _fewest_questions(p: Any) -> float:
    heap, questions = [float(x) for x in p], 0.0
    heapq.heapify(heap)
    while len(heap) > 1:
        merged = heapq.heappop(heap) + heapq.heappop(heap)
        questions += merged
        heapq.heappush(heap, merged)
    return questions


def _best_constant(labels: Any, num_classes: int) -> tuple[Any, Any]:
    frequencies = np.bincount(labels, minlength=num_classes) / len(labels)
    return frequencies, entropy(frequencies)


def _loss_with_groups(labels: Any, groups: Any) -> float:
    table = np.zeros((max(groups) + 1, max(labels) + 1))
    np.add.at(table, (groups, labels), 1)
    table = table[table.any(axis=1)]
    sizes = table.sum(axis=1, keepdims=True)
    return float(entropy(table / sizes) @ sizes[:, 0] / len(labels))


def _steps_to_half(slope: Callable[[float], float]) -> int:
    z, steps = -5.0, 0
    while sigmoid(z) < 0.5:
        z, steps = z - slope(z), steps + 1
    return steps


def _weight_gradient(weights: Any, inputs: Any, labels: Any) -> Any:
    errors = softmax(inputs @ weights) - np.eye(weights.shape[1])[labels]
    return inputs.T @ errors / len(labels)


def _curvatures(logits: Any) -> Any:
    q = softmax(logits)
    return np.linalg.eigvalsh(np.diag(q) - np.outer(q, q))


def _accuracy(labels: Any, logits: Any) -> tuple[Any, Any]:
    share = np.mean(logits.argmax(axis=-1) == labels)
    return share, np.sqrt(share * (1 - share) / len(labels))


def _class_shares(labels: Any, num_classes: int) -> Any:
    return np.bincount(labels, minlength=num_classes) / len(labels)


def _weighted_mean(losses: Any, labels: Any, class_weights: Any, ignore_index: int) -> float:
    counted = labels != ignore_index
    return float(np.average(losses[counted], weights=class_weights[labels[counted]]))


def _focal_truth(p_hat: float, gamma: float) -> float:
    z = math.log(p_hat / (1 - p_hat))
    slope_1, slope_0 = binary_focal_loss_grad([1, 0], [z, z], gamma=gamma)
    return float(slope_0 / (slope_0 - slope_1))


def _unweighted_calibration_error(right: Any, confidence: Any) -> float:
    curve = reliability_curve(right, confidence, bins=10)
    return float(np.mean(np.abs(curve.frequency - curve.confidence)))


def _imbalance(labels: Any, logits: Any, temperature: float) -> float:
    expected = np.sum(softmax(logits / temperature) * logits, axis=1)
    return float(np.mean(logits[np.arange(len(labels)), labels] - expected))


def cross_entropy_slope(z: float) -> float:
    """Return the slope of cross-entropy in the logit of a label 1."""
    if z < -100:
        raise ValueError("z has run away to below -100, does each step go against the slope?")
    return float(sigmoid(z)) - 1


def squared_error_slope(z: float) -> float:
    """Return the slope of the squared error in the logit of a label 1."""
    p_hat = float(sigmoid(z))
    return -2 * (1 - p_hat) ** 2 * p_hat


def slope_of_minus_one(z: float) -> float:
    """Return a slope that takes z from -5 to exactly 0 in steps of 1."""
    return -1.0


def _global_mean(means: Any, counts: Any) -> Any:
    filled = counts > 0
    return np.sum(means[filled] * counts[filled]) / np.sum(counts)


def _adaptive_bits(tokens: Any, alpha: float, peek: int = 0) -> float:
    counts, bits = np.zeros(256), 0.0
    for i, token in enumerate(tokens):
        bits -= math.log2((counts[token] + peek + alpha) / (i + peek + 256 * alpha))
        counts[token] += 1
    return bits


def _merge_means(first: Any, second: Any) -> tuple[float, float]:
    weight = first[1] + second[1]
    total = first[0] * first[1] + second[0] * second[1]
    return (total / weight if weight else 0.0), weight


def _merge_spread(first: Any, second: Any) -> tuple[float, float, float]:
    (n1, m1, s1), (n2, m2, s2) = first, second
    n = n1 + n2
    return n, (n1 * m1 + n2 * m2) / n, s1 + s2 + n1 * n2 / n * (m1 - m2) ** 2


CLIPPED = -math.log(1e-9)  # what a prediction of 0 for the true class costs, in nats

EXERCISES: dict[str, Grader] = {
    # surprise-and-entropy: A1 A4 B3 C1
    "A1": Numbers(
        {
            "the fair coin": Number(
                float(entropy([1 / 2, 1 / 2], base=2)),
                hint="Both outcomes have the same surprise, so that is the average, too.",
                unit="bits",
            ),
            "the bent coin": Number(
                float(entropy([9 / 10, 1 / 10], base=2)),
                hint="Weigh the surprise of heads by 9/10 and that of tails by 1/10.",
                mistakes={
                    math.log2(10 / 9): "That is the surprise of heads. Tails happen, too.",
                    math.log2(10): "That is the surprise of tails. They are rare: weigh it.",
                    math.log2(100 / 9) / 2: "Weigh each surprise by its own probability.",
                },
                unit="bits",
            ),
            "the two-headed coin": Number(
                float(entropy([1, 0], base=2)),
                hint="What never comes does not count. How surprising is what always comes?",
            ),
        }
    ),
    "A4": Numbers(
        {
            "the first ace": Number(
                math.log2(52 / 4),
                hint="Four of the 52 cards are aces.",
                mistakes={math.log2(52): "That is the surprise of one particular card."},
                unit="bits",
            ),
            "the second ace": Number(
                math.log2(51 / 3),
                hint="How many cards are left, and how many aces among them?",
                mistakes={
                    math.log2(52 / 4): "The first ace is gone. What is left in the deck?",
                    math.log2(51 / 4): "An ace is gone, too.",
                    math.log2(52 / 3): "A card is gone, too.",
                },
                unit="bits",
            ),
            "both together": Number(
                math.log2(52 * 51 / 12),
                hint="Probabilities multiply. What do surprises do?",
                mistakes={math.log2(13) * math.log2(17): "Surprises do not multiply."},
                unit="bits",
            ),
        }
    ),
    "B3": Function(
        _entropy_in_bits,
        [
            case([0.5, 0.25, 0.25]),
            case([0.7, 0.2, 0.1]),
            case([0.5, 0.0, 0.5], hint="An outcome of probability 0 adds nothing: leave it out."),
            case([0.0, 1.0, 0.0], hint="Leave the zeros out, without adding to the others."),
        ],
        hint="Weigh each surprise, the negative logarithm to base 2, by its probability. Add up.",
        mistakes={
            "The size is right. What about the sign?": lambda p: -_entropy_in_bits(p),
            "That is in nats. Take the logarithm to base 2.": entropy,
            "Return the sum, not its terms.": lambda p: -p * np.log2(np.where(p > 0, p, 1)),
            "Weigh each surprise by its own probability.": lambda p: -np.mean(np.log2(p)),
            "That is the mean over the outcomes. The formula has a sum.": lambda p: (
                _entropy_in_bits(p) / len(p)
            ),
        },
    ),
    "C1": Function(
        _fewest_questions,
        [
            case([0.4, 0.3, 0.2, 0.1]),
            case([0.5, 0.5]),
            case([0.25, 0.25, 0.25, 0.25], hint="Put what you merged back among the others."),
            case([0.2, 0.2, 0.2, 0.2, 0.2], hint="Always merge the two least likely ones."),
            case([1.0], hint="With a single outcome there is nothing to ask."),
        ],
        hint="Each merging adds the probability of what it merges.",
        mistakes={
            "That is the entropy. Questions come in whole numbers.": _entropy_in_bits,
            "Count a question with the probability that it is asked.": lambda p: len(p) - 1.0,
        },
    ),
    # cross-entropy-and-kl: A2 A3 B4 C2
    "A2": Numbers(
        {
            "KL(p‖q)": Number(
                float(kl_divergence([1 / 2, 1 / 2], [1 / 4, 3 / 4])),
                hint="Weigh each ln(p/q) by p: what happens decides, not what is believed.",
                mistakes={
                    float(kl_divergence([1 / 4, 3 / 4], [1 / 2, 1 / 2])): (
                        "Have the two changed places? The first averages over the fair coin."
                    ),
                    float(cross_entropy([1 / 2, 1 / 2], [1 / 4, 3 / 4])): (
                        "That is the cross-entropy. Take away what nobody can avoid."
                    ),
                },
                unit="nats",
            ),
            "KL(q‖p)": Number(
                float(kl_divergence([1 / 4, 3 / 4], [1 / 2, 1 / 2])),
                hint="Swap the two distributions everywhere, in the weights, too.",
                mistakes={
                    float(kl_divergence([1 / 2, 1 / 2], [1 / 4, 3 / 4])): (
                        "That is the first one again. The divergence is not symmetric."
                    ),
                },
                unit="nats",
            ),
        }
    ),
    "A3": Number(
        float(cross_entropy([0, 1, 0], [0.2, 0.5, 0.3])),
        hint="Only the true class counts: what did the model say about the banana?",
        mistakes={
            0.5: "That is the probability of the true class. The loss is its surprisal.",
            -math.log10(0.5): "That is the logarithm to base 10. Take the natural one.",
            -math.log(0.2 * 0.5 * 0.3): "You added all three surprisals. Weigh each one by p.",
            -math.log(0.2 * 0.5 * 0.3) / 3: "That is the mean of all three. Weigh each one by p.",
        },
        unit="nats",
    ),
    "B4": Function(
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
            "That is in bits. Take the natural logarithm.": lambda p, q: kl_divergence(
                p, q, base=2
            ),
            "Have the arguments changed places?": lambda p, q: kl_divergence(q, p),
            "That is the cross-entropy. Divide p by q inside the logarithm.": lambda p, q: (
                cross_entropy(p, q)
            ),
        },
    ),
    "C2": Numbers(
        {
            "the premium": Number(
                -math.log2(0.9 + 0.1 / 26),
                hint="How large can q/r be for one letter? Which q is the worst?",
                mistakes={
                    -math.log2(0.9): (
                        "That is a bound, but not the smallest. Even where q is largest, "
                        "the uniform table adds a little."
                    ),
                },
                unit="bits",
            ),
            "the cover": Number(
                math.log2(26 / 0.1),
                hint="How small can r be for one letter, if q gives it nothing?",
                mistakes={
                    math.log2(26): "That is the price of the uniform table itself, not of r.",
                    math.log2(10): "That is the price of the weight. The letter comes on top.",
                },
                unit="bits",
            ),
        }
    ),
    # likelihood: A5 A6 B5 C3
    "A5": Numbers(
        {
            "the probability of heads": Number(
                7 / 10,
                hint="Which constant makes the divergence from the observed shares vanish?",
                mistakes={
                    0.5: "That is the fair coin. What did the ten flips show?",
                    0.3: "That is the share of tails.",
                    1.0: "Then tails would be impossible, and three flips showed tails.",
                },
                tolerance=1e-9,
            ),
            "the loss": Number(
                float(entropy([7 / 10, 3 / 10])),
                hint="Average the surprise of the ten flips under the best constant.",
                mistakes={
                    -math.log(0.7): "That is the surprise of heads alone. Tails came, too.",
                    10 * float(entropy([7 / 10, 3 / 10])): "That is the sum over ten flips.",
                    math.log(2): "That is the loss of the fair coin.",
                },
                unit="nats",
            ),
        }
    ),
    "A6": Number(
        float(entropy([1 / 50, 49 / 50])),
        hint="The best constant is the share of frauds. Average its surprise over both kinds.",
        mistakes={
            math.log(2): "That is the loss of a model that says one half. Say the share instead.",
            -math.log(1 / 50): "That is the surprise of a fraud. Most transactions are none.",
            -math.log(1 / 50) / 50: "That is what the frauds add. The others add a little, too.",
            1 / 50: "That is the best constant. Which loss does it have?",
        },
        unit="nats",
    ),
    "B5": Function(
        _best_constant,
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
                _best_constant(labels, num_classes)[1],
            ),
            "That loss is in bits. Take the natural logarithm.": lambda labels, num_classes: (
                _best_constant(labels, num_classes)[0],
                _best_constant(labels, num_classes)[1] / math.log(2),
            ),
            "That loss is the uniform guess's. Use the frequencies.": lambda labels, num_classes: (
                _best_constant(labels, num_classes)[0],
                math.log(num_classes),
            ),
        },
    ),
    "C3": Function(
        _loss_with_groups,
        [
            case([0, 1, 0, 1, 2, 0], [0, 0, 1, 1, 1, 1]),
            case([0, 1, 1, 0], [0, 0, 0, 3], hint="Some group numbers may not occur."),
            case([2, 2, 0, 0], [5, 5, 7, 7], hint="In each group all labels are equal."),
        ],
        hint="Within a group, the loss is the entropy of the group's own frequencies.",
        mistakes={
            "That is the loss without a look at the groups.": lambda labels, groups: _best_constant(
                labels, int(max(labels)) + 1
            )[1],
            "Large groups count for more: weigh each by its size.": lambda labels, groups: np.mean(
                [_loss_with_groups(labels[groups == g], groups[groups == g]) for g in set(groups)]
            ),
            "That is in bits. Take the natural logarithm.": lambda labels, groups: (
                _loss_with_groups(labels, groups) / math.log(2)
            ),
        },
    ),
    # implementing-cross-entropy: B1 A7 C4
    "B1": Function(
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
            "That is in bits. Take the natural logarithm.": lambda p, q: cross_entropy(
                p, q, base=2
            ),
            "That is the mean over the classes. The formula has a sum.": lambda p, q: (
                cross_entropy(p, q) / len(p)
            ),
            "Have the arguments changed places? The logarithm is taken of q.": lambda p, q: (
                cross_entropy(q, p)
            ),
            "Return the sum, not its terms.": lambda p, q: -p * np.log(np.clip(q, 1e-9, 1 - 1e-9)),
        },
    ),
    "A7": Number(
        math.log(10),
        hint="Put q = 1/K into the formula and take the constant out of the sum.",
        mistakes={
            1.0: "That is the logarithm to base 10. Take the natural one.",
            math.log(10) / 10: "What do the probabilities of the truth add up to?",
            10 * math.log(10): "Weigh each surprisal by the probability of the truth.",
        },
        unit="nats",
    ),
    "C4": Number(
        math.ceil(CLIPPED / 0.01),
        hint="How much does the one wrong example cost with the clip? Spread it over N examples.",
        mistakes={
            math.floor(CLIPPED / 0.01): "Is the mean below 0.01 there, or still above it?",
            **dict.fromkeys(
                (CLIPPED / 0.01, 2072.327, 2072.33, 2072.3),
                "Nearly: a batch holds a whole number of examples.",
            ),
            math.ceil(CLIPPED / 0.01) + 1: "The mean is below 0.01 there, and before that, too?",
            math.ceil(CLIPPED / math.log(2) / 0.01): "You counted the wrong example in bits.",
        },
        tolerance=0,
    ),
    # bce-versus-mse: B2 A8 B7
    "B2": Function(
        _two_losses,
        [
            case([0.25]),
            case([0.01, 0.25, 0.99], hint="Return one loss for each prediction, both as arrays."),
        ],
        hint="The label is 1: what is left of each loss? Return cross-entropy first.",
        mistakes={
            "Return cross-entropy first and the squared error second.": lambda p: _two_losses(p)[
                ::-1
            ],
            "Cross-entropy is positive: mind the sign.": lambda p: (np.log(p), (1 - p) ** 2),
            "That is in bits. Take the natural logarithm.": lambda p: (-np.log2(p), (1 - p) ** 2),
            "The label is 1, so it is the probability of 1 that counts.": lambda p: _two_losses(
                1 - p
            ),
        },
    ),
    "A8": Number(
        math.log(1 / 2),
        hint="Solve sigmoid(z) = 1/3 for z.",
        mistakes={
            1 / 3: "That is the probability. Which logit has it?",
            8 / 27: "That is the size of the slope there. At which logit is it?",
            -8 / 27: "That is the slope there. At which logit is it?",
            math.log(1 / 3): "That is the logarithm of the probability, not of the odds.",
            -math.log(1 / 2): "The probability is below one half. Which sign has its logit?",
            -1.0: "Take the natural logarithm, not the one to base 2.",
        },
    ),
    "B7": Function(
        _steps_to_half,
        [
            case(cross_entropy_slope),
            case(squared_error_slope),
            case(slope_of_minus_one, hint="Stop as soon as the probability is at least one half."),
        ],
        hint="Start at z = -5, and count the steps while sigmoid(z) is below one half.",
        mistakes={
            "That is one step too many: when do you count?": lambda s: _steps_to_half(s) + 1,
            "That is one step short: when do you count?": lambda s: _steps_to_half(s) - 1,
        },
    ),
    # logits: A9 B8 B9 C6
    "A9": Number(
        1000 + math.log(3),
        hint="Take the largest logit out of the sum first. What is left inside the logarithm?",
        mistakes={
            1000.0: "That is the maximum. The sum has three terms, not one.",
            3000.0: "The logarithm of a sum is not the sum of the logarithms.",
            math.log(3): "Nearly: add the shift again that you took out.",
            math.log(3000): "You took the logarithm of the sum of the logits.",
            1000 + math.log(3) / math.log(2): "Take the natural logarithm, not the one to base 2.",
            1000 + math.log10(3): "Take the natural logarithm, not the one to base 10.",
        },
    ),
    "B8": Function(
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
    ),
    "B9": Function(
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
    ),
    "C6": Number(
        math.ceil(8 * math.log(2)),
        hint="The sum rounds to 1 if what is added is at most half a spacing. Solve for z.",
        mistakes={
            8 * math.log(2): "Nearly: the exercise asks for a whole logit.",
            math.floor(8 * math.log(2)): "Is exp(-z) there at most half a spacing?",
            7 * math.log(2): "From half a spacing on, the sum is rounded to 1. And z is whole.",
            8.0: "The halvings are counted in powers of 2, the logit in powers of e.",
            math.ceil(24 * math.log(2)): "That is the logit for float32: 24 significant bits.",
        },
        tolerance=0,
    ),
    # gradients: A10 B10 C7
    "A10": Numbers(
        {
            "the first entry": Number(
                1 / 2,
                hint="Compute the softmax first. What is exp(ln 2)?",
                mistakes={0.0: "A wrong class is pushed, too, by its probability."},
            ),
            "the second entry": Number(
                -3 / 4,
                hint="This is the true class: subtract its target.",
                mistakes={
                    1 / 4: "That is the probability. Subtract the target.",
                    -4.0: "That is the slope in the probability, not in the logit.",
                },
            ),
            "the third entry": Number(
                1 / 4,
                hint="What do the three entries of the gradient add up to?",
                mistakes={0.0: "A wrong class is pushed, too, by its probability."},
            ),
        }
    ),
    "B10": Function(
        _weight_gradient,
        [
            case([[0.5, -1.0, 0.0], [1.0, 0.2, -0.3]], [[1.0, 2.0], [3.0, -1.0]], [2, 0]),
            case([[0.0, 0.0], [0.0, 0.0]], [[1.0, 2.0], [3.0, -1.0], [0.5, 1.0]], [0, 1, 1]),
        ],
        hint="Multiply the transposed inputs by prediction minus target, and divide by N.",
        mistakes={
            "That is the sum over the examples. The mean divides it by their number.": (
                lambda w, x, y: _weight_gradient(w, x, y) * len(y)
            ),
            "The size is right. What about the sign? It is prediction minus target.": (
                lambda w, x, y: -_weight_gradient(w, x, y)
            ),
            "Subtract the one-hot targets from the predictions.": (
                lambda w, x, y: x.T @ softmax(x @ w) / len(y)
            ),
            "Take the softmax of the logits before you subtract.": (
                lambda w, x, y: x.T @ (x @ w - np.eye(w.shape[1])[y]) / len(y)
            ),
        },
    ),
    "C7": Function(
        lambda logits: _curvatures(logits)[-1],
        [case([0.0, 0.0]), case([2.0, 1.0, -1.0]), case([5.0, 0.0, 0.0]), case([0.0, 0.0, -30.0])],
        hint="Build J from the softmax, and ask NumPy for the eigenvalues of a symmetric matrix.",
        mistakes={
            "That is the smallest eigenvalue.": lambda z: _curvatures(z)[0],
            "Return the largest of the eigenvalues only.": _curvatures,
            "That is the sum of the eigenvalues.": lambda z: _curvatures(z).sum(),
            "That is the largest entry of J. An eigenvalue can be larger.": lambda z: np.max(
                softmax(z) * (1 - softmax(z))
            ),
        },
    ),
    # training: B11 B12 C8
    "B11": Function(
        _accuracy,
        [
            case([0, 2, 1, 1], [[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [-1.0, 5.0, 2.0], [0.0, 2, 1]]),
            case([1, 0], [[0.0, 1.0], [3.0, -2.0]], hint="Here every row is right."),
        ],
        hint="In which rows is the largest logit at the place of the label?",
        mistakes={
            "The share is right. Take the root of a (1 - a) / N.": lambda y, z: (
                _accuracy(y, z)[0],
                _accuracy(y, z)[1] ** 2,
            ),
            "The share is right. The error shrinks with the number of rows.": lambda y, z: (
                _accuracy(y, z)[0],
                _accuracy(y, z)[1] * np.sqrt(len(y)),
            ),
            "That is the share of rows that are wrong.": lambda y, z: (
                1 - _accuracy(y, z)[0],
                _accuracy(y, z)[1],
            ),
        },
    ),
    "B12": Function(
        lambda labels, num_classes: np.log(_class_shares(labels, num_classes)),
        [
            case([0, 1, 1, 1], 2),
            case([2, 0, 1, 2, 2, 0, 2, 2], 3),
        ],
        hint="Count each class, divide by the number of labels, and take the logarithm.",
        mistakes={
            "Those are the shares. A logit is a logarithm.": _class_shares,
            "Those are the logarithms of the counts: divide them by N first.": lambda y, k: np.log(
                np.bincount(y, minlength=k)
            ),
            "The size is right. What about the sign?": lambda y, k: -np.log(_class_shares(y, k)),
        },
    ),
    "C8": Function(
        lambda weights, gradient, step: weights - step * gradient / np.linalg.norm(gradient),
        [
            case([1.0, 2.0], [3.0, 4.0], 0.5),
            case([0.0, 1.0, -1.0], [0.1, -0.2, 0.3], 2.0),
            case([0.0, 0.0], [3e-12, -4e-12], 0.3, hint="However short the gradient is."),
        ],
        hint="Divide the gradient by its length, and multiply by the step.",
        mistakes={
            "That is an ordinary step, longer where the gradient is longer.": lambda w, g, s: (
                w - s * g
            ),
            "The distance is right, but it goes uphill.": lambda w, g, s: (
                w + s * g / np.linalg.norm(g)
            ),
            "That takes the same step in each weight, which changes the direction.": (
                lambda w, g, s: w - s * np.sign(g)
            ),
            "Divide by the length, the root of the sum of squares.": lambda w, g, s: (
                w - s * g / np.sum(g**2)
            ),
        },
    ),
    # variations: A11 B13 B14 C9
    "A11": Number(
        math.log((1 - 0.1 + 0.1 / 10) / (0.1 / 10)),
        hint="What does each class get from the smoothed label? Take the logarithm of the ratio.",
        mistakes={
            math.log(0.9 / 0.01): "The labelled class gets its share of epsilon back, too.",
            math.log(0.9 / 0.1): "The other classes share what was taken: how much for each?",
            math.log(0.91 / 0.09): "You compared with all the others together. Take one of them.",
            (1 - 0.1 + 0.1 / 10) / (0.1 / 10): "That is the ratio of the probabilities.",
        },
        unit="nats",
    ),
    "B13": Function(
        _weighted_mean,
        [
            case([2.0, 9.0, 4.0], [1, 2, 0], [1.0, 3.0, 2.0], 2),
            case([2.0, 1.0, 4.0], [0, 1, 0], [1.0, 1.0], -100),
            case([2.0, 9.0, 4.0], [1, -1, 0], [1.0, 3.0], -1, hint="-1 is a valid index in NumPy."),
            case([2.0, 9.0, 4.0], [1, -100, 0], [1.0, 3.0], -100, hint="No class is called -100."),
        ],
        hint="Add up weight times loss, and the weights, both over the examples that count.",
        mistakes={
            "Divide by the weights, not by the number of examples.": lambda x, y, w, ignored: (
                np.mean(w[y[y != ignored]] * x[y != ignored])
            ),
            "The ignored example still counts where you divide.": lambda x, y, w, ignored: (
                np.sum(w[y[y != ignored]] * x[y != ignored]) / len(y)
            ),
            "The weights of the classes do not show.": lambda x, y, w, ignored: np.mean(
                x[y != ignored]
            ),
            "Divide by the weights of the labels, not of all classes.": lambda x, y, w, ignored: (
                np.sum(w[y[y != ignored]] * x[y != ignored]) / np.sum(w)
            ),
        },
    ),
    "B14": Function(
        lambda p_hat, w: p_hat / (p_hat + w * (1 - p_hat)),
        [
            case(0.5, 9.0),
            case(0.3, 1.0, hint="The weight 1 changes nothing."),
            case([0.1, 0.5, 0.9], 4.0, hint="Take an array of predictions."),
            case([0.0, 1.0], 4.0, hint="Certainty stays certainty: divide without making a 0/0."),
        ],
        hint="Divide the odds by w, then turn odds into a probability.",
        mistakes={
            "You applied the weight once more instead of undoing it.": lambda p_hat, w: (
                w * p_hat / (w * p_hat + 1 - p_hat)
            ),
            "It is the odds that the weight multiplies.": lambda p_hat, w: p_hat / w,
            "Those are the odds. Which probability has them?": lambda p_hat, w: (
                p_hat / (1 - p_hat) / w
            ),
        },
    ),
    "C9": Function(
        _focal_truth,
        [
            case(0.7, 2.0),
            case(0.2, 1.0),
            case(0.7, 0.0, hint="With gamma 0 the loss is cross-entropy."),
        ],
        hint="Set the derivative of the expected loss to 0, and solve for the true probability.",
        mistakes={
            "You have the probability of label 0.": lambda p_hat, gamma: (
                1 - _focal_truth(p_hat, gamma)
            ),
            "Differentiate the factor in front of the logarithm, too.": lambda p_hat, gamma: (
                p_hat ** (gamma + 1) / (p_hat ** (gamma + 1) + (1 - p_hat) ** (gamma + 1))
            ),
        },
    ),
    # language-models: A12 B15 B16 C10
    "A12": Numbers(
        {
            "the perplexity per token": Number(
                math.exp(2.8),
                hint="The perplexity is the loss, exponentiated.",
                mistakes={
                    2**2.8: "The loss is in nats: which base belongs to them?",
                    math.exp(2.8 / 4.2): "That is the perplexity per character.",
                    2.8 / math.log(2) / 4.2: "Have the two answers changed places?",
                },
            ),
            "the bits per character": Number(
                2.8 / math.log(2) / 4.2,
                hint="Turn the nats of a token into bits, and spread them over its characters.",
                mistakes={
                    2.8 / math.log(2): "Those are the bits per token. How many characters is that?",
                    2.8 / math.log(2) * 4.2: "A token's bits pay for all of its characters.",
                },
                unit="bits",
            ),
        }
    ),
    "B15": Function(
        lambda probs: np.exp(-np.mean(np.log(probs))),
        [
            case([0.25, 0.25, 0.25, 0.25]),
            case([0.5, 0.125]),
            case([0.9, 0.01, 0.3, 0.6, 0.2]),
        ],
        hint="Average the surprises first and exponentiate the average.",
        mistakes={
            "That is the arithmetic mean of 1/q. Average before you exponentiate.": lambda q: (
                np.mean(1 / q)
            ),
            "The mean goes over the surprises, not over the probabilities.": lambda q: (
                1 / np.mean(q)
            ),
            "That is the loss. Exponentiate it.": lambda q: -np.mean(np.log(q)),
            "That is the loss in bits. Exponentiate it, with base 2.": lambda q: (
                -np.mean(np.log2(q))
            ),
            "That is below 1: what about the sign in the exponent?": lambda q: np.exp(
                np.mean(np.log(q))
            ),
            "The base of the power and the base of the logarithm differ.": lambda q: (
                2 ** -np.mean(np.log(q))
            ),
            "That is the perplexity of the sum of the surprises, not of their mean.": lambda q: (
                1 / np.prod(q)
            ),
        },
    ),
    "B16": Function(
        _global_mean,
        [
            case([2.0, 5.0], [300, 100]),
            case([1.0, 2.0, 4.0], [10, 10, 10]),
            case([2.0, math.nan, 1.0], [30, 0, 10], hint="One shard is empty here: leave it out."),
        ],
        hint="What did each shard divide its sum by? Undo that, add up, and divide once.",
        mistakes={
            "That is the mean of means. How many tokens stand behind each?": lambda m, n: np.mean(
                m
            ),
            "That is a sum. Divide it by the number of all tokens.": lambda m, n: np.sum(m * n),
            "Divide by the number of all tokens, not of the shards.": lambda m, n: np.mean(m * n),
        },
    ),
    "C10": Function(
        _adaptive_bits,
        [
            case([7], 1.0),
            case([7, 7], 1.0),
            case([0, 255, 0, 3, 0], 0.5),
        ],
        hint="For each byte: add its surprise, and only then count it.",
        mistakes={
            "That is in nats. Take the logarithm to base 2.": lambda tokens, alpha: (
                _adaptive_bits(tokens, alpha) * math.log(2)
            ),
            "That is the mean per byte. Return the sum.": lambda tokens, alpha: (
                _adaptive_bits(tokens, alpha) / len(tokens)
            ),
            "The size is right. What about the sign?": lambda tokens, alpha: (
                -_adaptive_bits(tokens, alpha)
            ),
            "Predict each byte before you count it: it must not help itself.": lambda t, alpha: (
                _adaptive_bits(t, alpha, peek=1)
            ),
            "That predicts without learning. Count each byte once it is coded.": lambda t, alpha: (
                8.0 * len(t)
            ),
        },
    ),
    # calibration: A13 B17 C11
    "A13": Numbers(
        {
            "the honest announcement": Number(
                0.8 * (1 - 0.8) + (1 - 0.8) * 0.8,
                hint="Two things can happen: weigh the price of each with its probability.",
                mistakes={
                    0.2: "That is the price if it rains. It may stay dry.",
                    0.5: "The two prices do not come equally often.",
                },
            ),
            "the announcement 1": Number(
                1 - 0.8,
                hint="Rain costs nothing now. How often does it stay dry, and what does that cost?",
                mistakes={
                    0.0: "That is the price if it rains. It may stay dry.",
                    1.0: "That is the price if it stays dry. How often does it?",
                },
            ),
        }
    ),
    "B17": Function(
        lambda right, confidence: expected_calibration_error(right, confidence, bins=10),
        [
            case([1, 1, 1, 0, 1], [0.93, 0.97, 0.91, 0.62, 0.66]),
            case([1, 0], [0.35, 0.75], hint="Gaps of opposite sign, in two bins, must not cancel."),
            case([1, 0, 1, 0], [0.72, 0.74, 0.76, 0.78], hint="These four share a bin."),
            case([1, 1, 0], [1.0, 1.0, 0.05], hint="A confidence of 1 belongs to the last bin."),
        ],
        hint="In each bin take the size of frequency minus confidence, weighed with its examples.",
        mistakes={
            "Weigh each bin with the number of its examples.": _unweighted_calibration_error,
            "Those are gaps of single examples. Average within a bin first.": (
                lambda right, confidence: np.abs(right - confidence).mean()
            ),
            "That is the gap of all examples together. Split them into bins.": (
                lambda right, confidence: abs(right.mean() - confidence.mean())
            ),
        },
    ),
    "C11": Function(
        _imbalance,
        [
            case([0, 1, 0], [[2.5, 1.5], [1.5, 0.5], [3.5, 1.5]], 2.0),
            case([2, 0], [[1.0, 0.0, -2.0], [4.0, 1.0, 0.0]], 1.0),
            case([0], [[1000.0, 0.0]], 1.0, hint="Large logits overflow in a naive softmax."),
        ],
        hint="For each row, take the label's logit, and the mean of all its logits under q.",
        mistakes={
            "The distribution q comes from the logits divided by T.": lambda labels, logits, t: (
                _imbalance(labels, logits, 1.0)
            ),
            "Compare the logits themselves, without dividing them by T.": (
                lambda labels, logits, t: _imbalance(labels, logits / t, 1.0)
            ),
            "The size is right. Take the label's logit minus the expected one.": (
                lambda labels, logits, t: -_imbalance(labels, logits, t)
            ),
            "Take the mean over the rows, not the sum.": lambda labels, logits, t: (
                len(labels) * _imbalance(labels, logits, t)
            ),
        },
    ),
    # at-scale: A14 B18 C12
    "A14": Number(
        (0.8 * 400e6 - 150e6) // 8000,
        hint="How many bytes are left for the block, and how many does a row take?",
        mistakes={
            (0.8 * 400e6 - 150e6) // 4000: "There is a copy of the block beside it.",
            0.8 * 400e6 // 8000: "The worker needs memory before it has a block.",
            (400e6 - 150e6) // 8000: "Stay within the 80 %.",
            0.8
            * (400e6 - 150e6)
            // 8000: "The 80 % are of the limit, what it uses at rest included.",
            (0.8 * 400e6 - 150e6)
            // 2000: "A number in float32 takes 4 bytes, and there is a copy.",
            170_000_000: "Those are the bytes. How many rows is that?",
        },
        tolerance=0,
    ),
    "B18": Function(
        _merge_means,
        [
            case([2.0, 300.0], [5.0, 100.0]),
            case([1.0, 10.0], [3.0, 10.0]),
            case([1.5, 8.0], [0.0, 0.0], hint="The second shard is empty here."),
            case([0.0, 0.0], [0.0, 0.0], hint="Both shards are empty here: mean 0, weight 0."),
        ],
        hint="Get the two sums back first. Return the mean and the weight.",
        mistakes={
            "That is the mean of the means. Weigh them.": lambda a, b: (
                (a[0] + b[0]) / 2,
                a[1] + b[1],
            ),
            "Return the mean, not the sum.": lambda a, b: (a[0] * a[1] + b[0] * b[1], a[1] + b[1]),
        },
    ),
    "C12": Function(
        _merge_spread,
        [
            case([2.0, 1.0, 0.5], [2.0, 1.0, 1.5]),
            case([5.0, 1.04, 4.0], [7.0, 0.94, 6.0]),
            case(
                [1.0, 1e6, 0.0], [3.0, 1e6 + 1, 2.0], hint="The means are large beside the spread."
            ),
        ],
        hint="Add up the deviations from the common mean, one shard at a time.",
        mistakes={
            "The means differ, so each shard is shifted from the common mean.": lambda a, b: (
                *_merge_spread(a, b)[:2],
                a[2] + b[2],
            ),
            "The common mean weighs each shard by its number.": lambda a, b: (
                a[0] + b[0],
                (a[1] + b[1]) / 2,
                _merge_spread(a, b)[2],
            ),
            "Each squared shift counts once for each example of the shard.": lambda a, b: (
                *_merge_spread(a, b)[:2],
                a[2] + b[2] + sum((x[1] - _merge_spread(a, b)[1]) ** 2 for x in (a, b)),
            ),
            "Keep sums of squares, do not divide them.": lambda a, b: (
                *_merge_spread(a, b)[:2],
                _merge_spread(a, b)[2] / (a[0] + b[0]),
            ),
        },
    ),
    # questions: A15 B19
    "A15": Number(
        float(entropy([0.1, 0.9])),
        hint="Average the loss over ten mails, one of them spam.",
        mistakes={
            math.log(2): "That is chance, one half for each class. This filter answers 0.1.",
            -math.log(0.1): "That is what a spam mail costs. What about the other nine?",
            -math.log(0.9): "That is what a good mail costs. What about the tenth?",
            -math.log(0.1) - math.log(0.9): "Weigh the two costs by how often each occurs.",
            -math.log(0.09) / 2: "Weigh the two costs by how often each occurs.",
            -0.9 * math.log(0.1) - 0.1 * math.log(0.9): "Which of the two classes is the rare one?",
        },
        unit="nats",
    ),
    "B19": Function(
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
    ),
}
