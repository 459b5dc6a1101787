"""The graders themselves: what they take, what they refuse, and how they say so."""

import math
from fractions import Fraction

import numpy as np
import pytest

from crossentropy.exercises._graders import Function, Number, Numbers, case

# -- numbers -------------------------------------------------------------------------------------


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


def test_a_mistake_may_have_several_results():
    grader = Number(8, hint="no", mistakes={"Halved?": 4, "Shifted?": (7, 9)}, tolerance=0)
    assert [grader(x) for x in (4, 7, 9, 10)] == ["Halved?", "Shifted?", "Shifted?", "no"]


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


# -- functions -----------------------------------------------------------------------------------


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
