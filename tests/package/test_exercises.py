"""Each exercise takes its right answer, refuses a typical wrong one with a hint, and tells nothing.

A new exercise needs a row in `ROWS`: its name, a right answer, a typical wrong one, and a word of
the hint that the wrong one gets.
"""

import math
import re
from fractions import Fraction

import numpy as np
import pytest

from crossentropy.exercises import EXERCISES, check
from crossentropy.exercises._graders import Function, Number, Numbers, case


def steps_to_half(slope, *, start=-5.0, half=0.5):
    z, steps = start, 0
    while 1 / (1 + math.exp(-z)) < half:
        z, steps = z - slope(z), steps + 1
    return steps


def divergence(p, q):
    with np.errstate(divide="ignore"):
        return sum(a * np.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


def entropy_in_bits(p):
    return sum(-x * math.log2(x) for x in p if x > 0)


def questions(p):
    """Plan the questions by sorting anew for each of them."""
    if len(p) == 1:
        return 0
    first, second, *others = sorted(p)
    return first + second + questions([first + second, *others])


def chain_of_questions(p):
    """Ask for one outcome after another, the most likely first."""
    places = np.minimum(np.arange(1, len(p) + 1), len(p) - 1)
    return np.sum(np.sort(p)[::-1] * places)


def constant(labels, num_classes):
    shares = [list(labels).count(k) / len(labels) for k in range(num_classes)]
    return shares, sum(-f * math.log(f) for f in shares if f > 0)


def grouped(labels, groups):
    pairs = list(zip(groups, labels, strict=True))
    shares = [pairs.count((g, y)) / list(groups).count(g) for g, y in pairs]
    return -np.mean(np.log(shares))


def clipped(p, q):
    return -np.sum(p * np.log(np.clip(q, 1e-9, 1 - 1e-9)))


def weighted_mean(losses, labels, class_weights, ignore_index):
    pairs = [
        (class_weights[k], x) for k, x in zip(labels, losses, strict=True) if k != ignore_index
    ]
    return sum(w * x for w, x in pairs) / sum(w for w, _ in pairs)


def odds(p):
    return p / (1 - p)


def focal_truth(p_hat, gamma):
    def slope(a):
        return gamma * (1 - a) ** (gamma - 1) * math.log(a) - (1 - a) ** gamma / a

    return slope(1 - p_hat) / (slope(p_hat) + slope(1 - p_hat))


def adaptive_bits(tokens, alpha, *, peek=0):
    seen, bits = [], 0.0
    for token in tokens:
        bits -= math.log2((seen.count(token) + peek + alpha) / (len(seen) + peek + 256 * alpha))
        seen.append(token)
    return bits


def stable_log_softmax(z, *, shift=None):
    z = z - (z.max(axis=1, keepdims=True) if shift is None else shift)
    return z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))


def log_of_shifted_softmax(z):
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return np.log(exponentials / exponentials.sum(axis=1, keepdims=True))


def log_sigmoid_with_log(z):
    return np.minimum(z, 0) - np.log(1 + np.exp(-np.abs(z)))


def weight_gradient(weights, inputs, labels):
    gradient = np.zeros_like(weights)
    for x, label in zip(inputs, labels, strict=True):
        q = np.exp(x @ weights) / np.exp(x @ weights).sum()
        q[label] -= 1
        gradient += np.outer(x, q) / len(labels)
    return gradient


def sharpness(z):
    q = np.exp(z) / np.exp(z).sum()
    return np.linalg.norm(np.diag(q) - np.outer(q, q), ord=2)


def accuracy(labels, logits):
    share = sum(np.argmax(row) == label for row, label in zip(logits, labels, strict=True))
    share = share / len(labels)
    return share, (share * (1 - share) / len(labels)) ** 0.5


def starting_bias(labels, num_classes):
    return [math.log(np.mean(labels == k)) for k in range(num_classes)]


def unit_step(weights, gradient, step):
    return weights - gradient * (step / math.sqrt(sum(g * g for g in gradient)))


def calibration_error(right, confidence):
    total = 0.0
    for low in np.arange(10) / 10:
        inside = (confidence > low) & (confidence <= low + 0.1)
        total += abs(sum(right[inside]) - sum(confidence[inside]))
    return total / len(right)


def imbalance(labels, logits, temperature):
    differences = []
    for label, row in zip(labels, logits, strict=True):
        q = np.exp((row - row.max()) / temperature)
        differences.append(row[label] - q @ row / q.sum())
    return np.mean(differences)


def merged(first, second):
    weights = [first[1], second[1]]
    return (np.average([first[0], second[0]], weights=weights) if any(weights) else 0), sum(weights)


def spread(first, second):
    n = first[0] + second[0]
    mean = np.average([first[1], second[1]], weights=[first[0], second[0]])
    return n, mean, sum(s + k * (m - mean) ** 2 for k, m, s in (first, second))


def spread_by_squares(first, second):
    n, mean, _ = spread(first, second)
    squares = sum(np.float32(s + k * m**2) for k, m, s in (first, second))
    return n, mean, squares - np.float32(n * mean**2) if mean > 100 else spread(first, second)[2]


ROWS = [
    # surprise-and-entropy
    ("A1", (1, 0.469, 0), (1, 0.152, 0), "happen, too"),
    ("A1", (1.0, 0.47, 0.0), (0.693, 0.325, 0), "nats"),
    ("A1", np.array([1, 0.46900, 0]), (1, 0.469, 1), "never comes"),
    ("A4", (3.700, 4.087, 7.788), (3.7, 3.7, 7.4), "gone"),
    ("A4", [math.log2(13), math.log2(17), math.log2(221)], (3.7, 4.087, 15.125), "multiply"),
    ("B3", entropy_in_bits, lambda p: -np.sum(p * np.log(p)), "nats"),
    ("B3", entropy_in_bits, lambda p: -np.sum(p * np.log2(p)), "leave it out"),
    ("B3", entropy_in_bits, lambda p: np.sum(p * np.log2(p)), "sign"),
    ("C1", questions, entropy_in_bits, "whole"),
    ("C1", questions, lambda p: np.sum(np.sort(p)[::-1] * np.arange(1, len(p) + 1)), "adds"),
    ("C1", questions, chain_of_questions, "back among"),
    # cross-entropy-and-kl
    ("A2", (math.log(4 / 3) / 2, 0.75 * math.log(1.5) - 0.25 * math.log(2)), (0.208, 1), "bits"),
    ("A2", [0.144, 0.131], [0.131, 0.144], "places"),
    ("A2", (0.14, 0.13), (0.144, 0.144), "symmetric"),
    ("A2", np.array([0.144, 0.131]), 0.144, "in this order"),
    ("A3", -math.log(0.5), 1.0, "bits"),
    ("A3", 0.69, 0.5, "probability"),
    ("A3", 0.6931, -0.693, "sign"),
    ("B4", divergence, lambda p, q: np.sum(p * np.log(p / q)), "leave it out"),
    ("B4", divergence, lambda p, q: divergence(q, p), "places"),
    ("B4", divergence, lambda p, q: divergence(p, np.maximum(q, 1e-9)), "model say"),
    ("B4", divergence, lambda p, q: -divergence(p, q), "sign"),
    ("C2", (-math.log2(0.9 + 0.1 / 26), math.log2(260)), (-math.log2(0.9), 8.022), "smallest"),
    ("C2", (0.146, 8.022), (0.146, math.log2(26)), "itself"),
    ("C2", (0.146, 8.02), (0.101, 8.02), "nats"),
    # likelihood
    ("A5", (0.7, 0.611), (0.5, 0.693), "fair coin"),
    ("A5", (0.7, 0.61), (0.7, 0.357), "Tails came"),
    ("A5", [7 / 10, 0.6109], (0.7, 0.881), "bits"),
    ("A6", 0.098, 0.693, "one half"),
    ("A6", 0.09804, 0.02, "Which loss"),
    ("B5", constant, lambda y, k: (np.bincount(y) / len(y), constant(y, k)[1]), "missing"),
    ("B5", constant, lambda y, k: (constant(y, k)[0], math.log(k)), "uniform"),
    ("B5", constant, lambda y, k: constant(y, k)[1], "of 2"),
    ("C3", grouped, lambda y, g: constant(y, 3)[1], "without a look"),
    ("C3", grouped, lambda y, g: np.mean([constant(y[g == i], 3)[1] for i in set(g)]), "size"),
    ("C3", grouped, lambda y, g: grouped(y, g) / math.log(2), "bits"),
    # implementing-cross-entropy
    ("B1", clipped, lambda p, q: -np.sum(p * np.log2(q)), "bits"),
    ("B1", clipped, lambda p, q: np.sum(p * np.log(q)), "sign"),
    ("B1", clipped, lambda p, q: -np.mean(p * np.log(q)), "mean"),
    ("B1", clipped, lambda p, q: clipped(q, p), "places"),
    ("B1", clipped, lambda p, q: -p * np.log(q), "instead of one number"),
    ("B1", clipped, lambda p, q: -np.log(q[np.argmax(p)]), "one-hot"),
    ("B1", clipped, lambda p, q: -np.sum(p * np.log(q)), "Clip q"),
    ("B1", clipped, lambda p, q: -np.sum(p * np.log(np.maximum(q, 1e-9))), "upper end"),
    ("A7", math.log(10), math.log2(10), "bits"),
    ("A7", 2.303, 1.0, "base 10"),
    ("C4", 2073, 2072, "still above"),
    ("C4", 2073, 2072.33, "whole number"),
    ("C4", 2073, 2072.3, "whole number"),
    ("C4", 2073, 2074, "before that"),
    ("C4", 2073.0, 2990, "bits"),
    # bce-versus-mse
    ("B2", lambda p: (-np.log(p), (1 - p) ** 2), lambda p: ((1 - p) ** 2, -np.log(p)), "first"),
    ("B2", lambda p: [-np.log(p), (1 - p) ** 2], lambda p: (np.log(p), (1 - p) ** 2), "sign"),
    ("B2", lambda p: np.array([-np.log(p), (1 - p) ** 2]), lambda p: -np.log(p), "of 2"),
    (
        "B2",
        lambda p: (-np.log(p), (p - 1) ** 2),
        lambda p: (-math.log(p[0]), 0.5625),
        "as result 1",
    ),
    ("A8", math.log(1 / 2), math.log(2), "one half"),
    ("A8", -0.693, 1 / 3, "probability"),
    ("B7", steps_to_half, lambda slope: steps_to_half(slope) + 1, "too many"),
    ("B7", steps_to_half, lambda slope: steps_to_half(slope, half=0.5000001), "at least one half"),
    ("B7", steps_to_half, lambda slope: steps_to_half(lambda z: -slope(z)), "run away"),
    # logits
    ("A9", 1000 + math.log(3), 1000, "three terms"),
    ("A9", 1001.099, 3000, "sum of the logarithms"),
    ("A9", 1001.1, 1.0986, "shift"),
    ("B8", stable_log_softmax, lambda z: np.log(np.exp(z) / np.exp(z).sum()), "last axis"),
    ("B8", stable_log_softmax, lambda z: z - np.log(np.exp(z).sum(-1, keepdims=True)), "Subtract"),
    ("B8", stable_log_softmax, log_of_shifted_softmax, "it may be 0"),
    ("B8", stable_log_softmax, lambda z: stable_log_softmax(z, shift=z.max()), "its own"),
    ("B9", lambda z: -np.logaddexp(0, -z), lambda z: np.log(1 / (1 + np.exp(-z))), "Start from"),
    ("B9", lambda z: -np.logaddexp(0, -z), lambda z: z - np.log1p(np.exp(z)), "overflows"),
    ("B9", lambda z: -np.logaddexp(0, -z), log_sigmoid_with_log, "avoids that sum"),
    ("B9", lambda z: -np.logaddexp(0, -z), lambda z: -np.logaddexp(0, z), "label 0"),
    ("C6", 6, 8 * math.log(2), "whole"),
    ("C6", 6.0, 5, "at most half"),
    ("C6", 6, 17, "float32"),
    # gradients
    ("A10", (0.5, -0.75, 0.25), (0, -0.75, 0), "pushed, too"),
    ("A10", [0.5, -0.75, 0.25], (0.5, 0.25, 0.25), "Subtract the target"),
    ("A10", np.array([0.5, -0.75, 0.25]), (0.5, -4, 0.25), "in the probability"),
    ("B10", weight_gradient, lambda w, x, y: len(y) * weight_gradient(w, x, y), "mean divides"),
    ("B10", weight_gradient, lambda w, x, y: -weight_gradient(w, x, y), "sign"),
    ("B10", weight_gradient, lambda w, x, y: weight_gradient(w, x, y).T, "shape"),
    ("C7", sharpness, lambda z: 0.5, "NumPy"),
    ("C7", sharpness, lambda z: 0.0, "smallest"),
    ("C7", sharpness, lambda z: 1 / 4, "entry"),
    # training
    ("B11", accuracy, lambda y, z: accuracy(y, z)[0], "of 2"),
    ("B11", accuracy, lambda y, z: (accuracy(y, z)[0], accuracy(y, z)[1] ** 2), "root"),
    ("B11", accuracy, lambda y, z: (1 - accuracy(y, z)[0], accuracy(y, z)[1]), "are wrong"),
    ("B12", starting_bias, lambda y, k: np.bincount(y, minlength=k) / len(y), "shares"),
    ("B12", starting_bias, lambda y, k: np.log(np.bincount(y, minlength=k)), "counts"),
    ("C8", unit_step, lambda w, g, s: w - s * g, "ordinary"),
    ("C8", unit_step, lambda w, g, s: w + s * g / math.dist(g, 0 * g), "uphill"),
    ("C8", unit_step, lambda w, g, s: w - s * g / (math.dist(g, 0 * g) + 1e-8), "However short"),
    # variations
    ("A11", math.log(91), math.log(90), "share of epsilon"),
    ("A11", 4.511, math.log(9), "how much for each"),
    ("A11", 4.51, 91, "ratio"),
    ("B13", weighted_mean, lambda x, y, w, i: np.mean((w[y] * x)[y != i]), "number of examples"),
    ("B13", weighted_mean, lambda x, y, w, i: np.sum((w[y] * x)[y != i]) / len(y), "where you"),
    ("B13", weighted_mean, lambda x, y, w, i: np.average(x, weights=w[y] * (y != i)), "index -100"),
    ("B14", lambda q, w: q / (q + w - w * q), lambda q, w: q / w, "odds"),
    ("B14", lambda q, w: q / (q + w - w * q), lambda q, w: w * q / (w * q + 1 - q), "undoing"),
    ("B14", lambda q, w: q / (q + w - w * q), lambda q, w: odds(q) / w / (1 + odds(q) / w), "0/0"),
    ("C9", focal_truth, lambda q, g: 1 - focal_truth(q, g), "label 0"),
    ("C9", focal_truth, lambda q, g: q ** (g + 1) / (q ** (g + 1) + (1 - q) ** (g + 1)), "factor"),
    # language-models
    ("A12", (16.445, 0.962), (16.445, 4.04), "per token"),
    ("A12", [16.44, 0.96], (6.964, 0.962), "base"),
    ("B15", lambda q: np.prod(q) ** (-1 / len(q)), lambda q: np.mean(1 / q), "arithmetic"),
    ("B15", lambda q: 2 ** np.mean(-np.log2(q)), lambda q: 1 / np.mean(q), "surprises"),
    ("B16", lambda m, n: np.nansum(m * n) / n.sum(), lambda m, n: np.mean(m), "means"),
    ("B16", lambda m, n: np.nansum(m * n) / n.sum(), lambda m, n: m @ n / n.sum(), "empty"),
    ("C10", adaptive_bits, lambda t, a: adaptive_bits(t, a, peek=1), "help itself"),
    ("C10", adaptive_bits, lambda t, a: len(t) * 8.0, "without learning"),
    ("C10", adaptive_bits, lambda t, a: adaptive_bits(t, a) / len(t), "sum"),
    # calibration
    ("A13", (0.32, 0.2), (0.2, 0.2), "stay dry"),
    ("A13", [0.32, 0.2], (0.32, 0.0), "announcement 1"),
    ("B17", calibration_error, lambda r, c: abs(np.mean(r) - np.mean(c)), "Split them"),
    ("B17", calibration_error, lambda r, c: np.abs(r - c).mean(), "within a bin"),
    ("B17", calibration_error, lambda r, c: calibration_error(r[c < 1], c[c < 1]), "last bin"),
    ("C11", imbalance, lambda y, z, t: -imbalance(y, z, t), "minus the expected"),
    ("C11", imbalance, lambda y, z, t: imbalance(y, z, 1.0), "divided by T"),
    ("C11", imbalance, lambda y, z, t: imbalance(y, z / t, 1.0), "themselves"),
    # at-scale
    ("A14", 21250, 42500, "copy"),
    ("A14", 21250.0, 31250, "80 %"),
    ("B18", merged, lambda a, b: ((a[0] + b[0]) / 2, a[1] + b[1]), "Weigh"),
    (
        "B18",
        merged,
        lambda a, b: ((a[0] * a[1] + b[0] * b[1]) / (a[1] + b[1]), a[1] + b[1]),
        "empty",
    ),
    ("B18", merged, lambda a, b: (a[0] * a[1] + b[0] * b[1]) / (a[1] + b[1]), "of 2"),
    ("C12", spread, lambda a, b: (*spread(a, b)[:2], a[2] + b[2]), "shifted"),
    (
        "C12",
        spread,
        lambda a, b: (*spread(a, b)[:2], spread(a, b)[2] / sum(spread(a, b)[:1])),
        "sums",
    ),
    ("C12", spread, spread_by_squares, "large beside"),
    # questions
    ("A15", -0.1 * math.log(0.1) - 0.9 * math.log(0.9), math.log(2), "chance"),
    ("A15", 0.325, 0.469, "bits"),
    ("A15", 0.33, 2.303, "other nine"),
    ("B19", lambda k: math.log(math.e + k - 1) - 1, math.log, "chance"),
    (
        "B19",
        lambda k: -np.log(np.e / (np.e + k - 1)),
        lambda k: math.e / (math.e + k - 1),
        "surprisal",
    ),
]


def verdict(capsys, name, answer):
    """Return what `check` prints, having made sure that it returns nothing."""
    assert check(name, answer) is None
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


@pytest.mark.parametrize(("name", "right", "wrong", "word"), ROWS)
def test_right_and_typically_wrong(capsys, name, right, wrong, word):
    assert verdict(capsys, name, right) == f"{name}: right.\n"
    said = verdict(capsys, name, wrong)
    assert said.startswith(f"{name}: not yet. ")
    assert word in said


def test_every_exercise_has_a_row():
    assert {row[0] for row in ROWS} == set(EXERCISES)


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("answer", [..., None, (..., ...), [0.5, ...]])
def test_unanswered(capsys, name, answer):
    expected = "not answered yet. Replace the dots by your answer and run the cell again."
    assert verdict(capsys, name, answer) == f"{name}: {expected}\n"


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize(
    "answer",
    [
        "",
        "many",
        1e99,
        float("nan"),
        float("inf"),
        1j,
        {},
        [1.0, [2.0]],
        object(),
        np.zeros((2, 3)),
        sorted,
    ],
)
def test_any_other_answer_is_refused_in_a_line(capsys, name, answer):
    said = verdict(capsys, name, answer)
    assert said.startswith(f"{name}: not yet. ")
    assert said.count("\n") == 1
    assert "  " not in said


def test_unknown_exercise():
    with pytest.raises(ValueError, match=r"^name: there is no exercise 'B99', expected one of A"):
        check("B99", 1.0)


# What an exercise tells a reader who is wrong.


def numbers_of(grader):
    if isinstance(grader, Numbers):
        return list(grader.parts.values())
    return [grader] if isinstance(grader, Number) else []


def slips_of(number):
    """Return the number's mistakes one by one: what to say, and the value that it is said about."""
    for hint, values in number.mistakes.items():
        yield from ((hint, value) for value in np.atleast_1d(values).tolist())


def hints_of(number):
    """Return everything that a number's grader may say, whatever the answer."""
    usual = [-number.expected, number.expected * math.log(2), number.expected / math.log(2)]
    said = [number(answer) for answer in (*usual, 1e99, "text", [0.5, 0.5], math.nan)]
    return [number.hint, *number.mistakes, *(text for text in said if text is not None)]


def gives_away(text, expected):
    """Tell whether a text contains the expected number, to two decimals or more."""
    return any(
        math.isclose(float(number), round(expected, digits), rel_tol=1e-9)
        for number in re.findall(r"-?\d+\.?\d*", text)
        for digits in range(2, 7)
    )


@pytest.mark.parametrize("name", EXERCISES)
def test_hints_do_not_give_the_number_away(name):
    for number in numbers_of(EXERCISES[name]):
        for text in hints_of(number):
            assert not gives_away(text, number.expected), text


def test_the_guard_recognises_a_hint_that_gives_the_number_away():
    assert gives_away("it is 0.69, of course", -math.log(0.5))
    assert gives_away("it is 0.6931", -math.log(0.5))
    assert gives_away("count to 2073", 2073)
    assert not gives_away("is it between 0.6 and 0.7?", -math.log(0.5))


@pytest.mark.parametrize("name", EXERCISES)
def test_listed_mistakes_are_mistakes(name):
    grader = EXERCISES[name]
    for number in numbers_of(grader):
        for hint, slip in slips_of(number):
            assert number(slip) == hint
    if isinstance(grader, Function):
        for hint, wrong in grader.mistakes.items():
            assert hint in grader(wrong)
        assert grader(grader.reference) is None


# The graders.


@pytest.mark.parametrize(
    "answer",
    [0.693, 0.6931471805599453, 0.69, np.float32(0.6931), np.array(0.693), Fraction(693, 1000)],
)
def test_number_takes(answer):
    assert Number(math.log(2), hint="no")(answer) is None


@pytest.mark.parametrize("answer", [0.7, 0.691, 0.68, 0.6945, 0.6])
def test_number_is_not_lax(answer):
    assert Number(math.log(2), hint="no")(answer) == "no"


def test_small_numbers_are_not_rounded_to_two_decimals():
    grader = Number(0.0144, hint="no")
    assert grader(0.014) is None
    assert grader(0.01) == "no"
    assert grader(0.0) == "no"


def test_infinity_can_be_the_answer():
    assert Number(math.inf, hint="no")(np.inf) is None
    assert Number(math.inf, hint="no")(20.723) == "no"


def test_whole_numbers_are_exact():
    grader = Number(2073, hint="no", tolerance=0)
    assert grader(2073) is None
    assert grader(2073.0004) == "no"


def test_nats_in_place_of_bits():
    assert "bits" in Number(math.log(8), hint="no", unit="nats")(3)
    assert "nats" in Number(3, hint="no", unit="bits")(math.log(8))


def test_number_kinds():
    grader = Number(0.5, hint="Think.")
    assert grader(np.ones(3)) == (
        "Your answer has shape (3,), but the exercise asks for one number. Think."
    )
    assert grader("0.5") == "Your answer is the text '0.5': leave out the quotation marks. Think."
    assert grader(math.sqrt) == (
        "Your answer is a function, but the exercise asks for a number. Think."
    )
    assert grader(math.nan) == "Your answer is nan. Think."


def test_numbers():
    grader = Numbers({"the fair coin": Number(1, hint="a"), "the bent coin": Number(0.5, hint="b")})
    assert grader((1, 0.5)) is None
    assert grader(np.array([1, 0.5])) is None
    assert grader([1, 0.7]) == "Look again at the bent coin. b"
    for answer in (1, [1], [1, 2, 3], np.array(1), "ab", max):
        assert grader(answer) == "Give 2 numbers, in this order: the fair coin, the bent coin."


DOUBLE = Function(
    lambda x, shift=0: 2 * x + shift, [case(3.0), case([1, 2], shift=1)], hint="Think."
)


def double(x, shift=0):
    return 2 * x + shift


def test_function_right():
    assert DOUBLE(double) is None


def test_an_array_with_nan_counts_as_unchanged():
    grader = Function(np.nansum, [case([1.0, math.nan])], hint="Add.")
    assert grader(lambda x: np.nansum(x)) is None


def prints(x, shift=0):
    print(2 * x + shift)


def returns_nothing(x, shift=0):
    2 * x + shift


def raises(x, shift=0):
    raise KeyError("no\nsuch key")


def mutates(x, shift=0):
    result = 2 * x + shift
    if shift:
        x[0] = 0
    return result


def only_scalars(x, shift=0):
    return 2 * float(np.sum(x)) + shift


def not_a_number(x, shift=0):
    return x / 0 * 0 if shift else 2 * x


def text(x, shift=0):
    return "six"


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (lambda x, shift=0: 7.0, "your function(3) returned 7. Think."),
        (raises, "raises(3) raised KeyError: 'no\\nsuch key'. Think."),
        (lambda: 1, "your function(3) raised TypeError"),
        (prints, "prints(3) printed something but returned nothing."),
        (returns_nothing, "returns_nothing(3) returned nothing."),
        (mutates, "mutates([1, 2], shift=1) changed the array that it was given. Work on a copy."),
        (
            only_scalars,
            "only_scalars([1, 2], shift=1) returned one number instead of an array of shape (2,).",
        ),
        (not_a_number, "not_a_number([1, 2], shift=1) returned [nan, nan]. Think."),
        (text, "text(3) returned a str instead of one number. Think."),
        (lambda x, shift=0: [[1], [1, 2]], "returned a list instead of one number."),
        (lambda x, shift=0: 1j, "returned a complex instead of one number."),
        (6.0, "Your answer is a float, but the exercise asks for a function: pass its name"),
    ],
)
def test_function_wrong(capsys, answer, complaint):
    assert complaint in DOUBLE(answer)
    assert capsys.readouterr().out == ""


def test_a_function_may_print_on_the_way(capsys):
    assert DOUBLE(lambda x, shift=0: print("here") or 2 * x + shift) is None
    assert capsys.readouterr().out == ""


def test_a_function_in_a_case_is_shown_by_its_name():
    grader = Function(lambda f: f(1.0), [case(math.exp)], hint="Call it.")
    assert grader(lambda f: 0) == "your function(exp) returned 0. Call it."


def test_long_arguments_are_shown_by_their_shape():
    grader = Function(np.sum, [case(np.ones((10, 10)))], hint="Add.")
    assert grader(np.mean) == "mean(an array of shape (10, 10)) returned 1. Add."


class Stubborn:
    """What a reader's own class may do when it is looked at."""

    def __float__(self):
        raise RuntimeError

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError


class Mute(Exception):
    def __str__(self):
        raise RuntimeError


def gives(value):
    return lambda *args, **kwargs: value


def fails(error):
    def failing(*args, **kwargs):
        raise error

    return failing


def loops():
    endless = []
    endless.append(endless)
    return endless


@pytest.mark.parametrize("answer", [10**400, Stubborn(), np.ma.masked, b"0.693", loops()])
def test_a_silly_number_has_a_verdict(capsys, answer):
    check("A3", answer)
    assert capsys.readouterr().out.startswith("A3: not yet. ")


@pytest.mark.parametrize(
    "answer",
    [
        gives(Stubborn()),
        fails(Mute()),
        fails(SystemExit(3)),
        lambda *args: (1 / 0 for _ in "ab"),
    ],
)
@pytest.mark.parametrize("name", ["B3", "B5"])
def test_a_silly_function_has_a_verdict(capsys, name, answer):
    check(name, answer)
    assert capsys.readouterr().out.startswith(f"{name}: not yet. ")


def test_results_may_come_from_a_generator(capsys):
    check("B5", lambda *args: (value for value in EXERCISES["B5"].reference(*args)))
    assert capsys.readouterr().out == "B5: right.\n"
