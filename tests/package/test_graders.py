"""The graders themselves: what they take, what they refuse, and how they say so."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from crossentropy.exercises._graders import Function, Number, Parts, Progress, case

# -- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [0.693, 0.6931471805599453, 0.69, np.float32(0.69), np.array(0.693), Fraction(693, 1000)],
)
def test_number_takes(answer):
    assert Number(math.log(2), hint="no")(answer) is None


@pytest.mark.parametrize("answer", [0.691, 0.68, 0.6945, 0.6, 0.705])
def test_number_is_not_lax(answer):
    assert Number(math.log(2), hint="no")(answer) == "no"


@pytest.mark.parametrize("answer", [0.7, 0.694, np.float64(0.694)])
def test_a_number_that_is_nearly_right_is_asked_for_more(answer):
    close = "That is close. Give three decimals, and round only at the end."
    assert Number(math.log(2), hint="no")(answer) == close


def test_rounding_in_two_steps_is_honest():
    grader = Number(math.exp(2.8), hint="no")
    assert grader(16.445) is None
    assert grader(16.45) is None
    assert grader(16.46) is not None


def test_a_sum_of_rounded_terms_is_honest():
    terms = [math.log2(13), math.log2(17)]
    total = sum(round(term, 3) for term in terms)
    assert round(total, 3) != round(sum(terms), 3)
    assert Number(sum(terms), hint="no", terms=2)(total) is None
    assert Number(sum(terms), hint="no")(total) is not None


def test_more_decimals_may_be_asked_for():
    grader = Number(math.log(2), hint="no", decimals=4)
    assert grader(0.6931) is None
    assert grader(0.693) is None
    assert grader(0.6935) == "no"
    assert grader(0.6933) is not None
    assert grader(0.7) == "That is close. Give four decimals, and round only at the end."


def test_small_numbers_are_not_rounded_to_two_decimals():
    grader = Number(0.0143841, hint="no")
    assert grader(0.014) is None
    assert grader(0.01) is not None
    assert grader(0.0) == "no"


def test_two_decimals_that_a_mistake_has_too_are_asked_for_more():
    grader = Number(0.1458509, hint="no", mistakes={"Wrong.": 0.1520031})
    assert grader(0.15) == "A typical mistake rounds to the same. Give three decimals."
    assert grader(0.146) is None
    assert grader(0.152) == "Wrong."


def test_the_nearest_mistake_is_the_one_that_is_named():
    mistakes = {"Half?": 0.5, "Log score?": 0.5004024, "Twice?": (1.0, 0.5011231)}
    grader = Number(0.32, hint="no", mistakes=mistakes)
    given = (0.5, 0.5004, 0.501, 0.5011, 0.50045)
    assert [grader(x) for x in given] == ["Half?", "Log score?", "Twice?", "Twice?", "Log score?"]


def test_a_mistake_that_is_nearer_than_what_is_right_is_a_mistake():
    grader = Number(0.09804, hint="no", mistakes={"Weigh it.": 0.09844})
    assert grader(0.098) is None
    assert grader(0.0980) is None
    assert grader(0.0984) == "Weigh it."


def test_infinity_can_be_the_answer():
    grader = Number(math.inf, hint="no", mistakes={"Clipped?": 20.723})
    assert grader(np.inf) is None
    assert grader(20.723) == "Clipped?"
    assert Number(1.5, hint="no", mistakes={"Never?": math.inf})(math.inf) == "Never?"
    assert Number(1.5, hint="no")(math.inf) == "Your answer is inf. no"


def test_numbers_that_need_no_rounding_are_exact():
    for exact in (2073, 0.32, 0.0, -0.75):
        grader = Number(exact, hint="no")
        assert grader(exact) is None
        assert grader(exact + 4e-4) == "no"
        assert grader(exact + 1e-9) is None


def test_other_logarithms():
    nats, bits = (Number(x, hint="no", unit=u) for x, u in ((math.log(8), "nats"), (3, "bits")))
    assert "That is in bits" in nats(3)
    assert "That is in nats" in bits(math.log(8))
    assert "base 10. Take the natural" in nats(math.log10(8))
    assert "base 10. Take the logarithm to base 2" in bits(math.log10(8))
    assert Number(3, hint="no")(math.log(8)) == "no"


def test_a_mistake_may_have_several_results():
    grader = Number(8, hint="no", mistakes={"Halved?": 4, "Shifted?": (7, 9)})
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
    assert grader(True) == "Your answer is of type bool, but the exercise asks for a number. Think."
    assert grader((0, 693)).startswith(
        "A comma makes several numbers: write decimals after a point"
    )


# -- several answers -----------------------------------------------------------------------------


COINS = Parts({"the fair coin": Number(1, hint="a"), "the bent coin": Number(0.5, hint="b")})
BOTH = "Give two answers, in this order: the fair coin, the bent coin."


def test_parts():
    assert COINS((1, 0.5)) is None
    assert COINS(np.array([1, 0.5])) is None
    assert COINS([1, 0.7]) == "Look again at the bent coin. b"
    assert COINS([0.7, 0.5]) == "Look again at the fair coin. a"
    assert COINS([1, 2, 3]) == BOTH


@pytest.mark.parametrize("answer", [1, [1], np.array(1), (1, ...), (..., 0.5)])
def test_parts_may_be_given_one_by_one(answer):
    assert COINS(answer) == BOTH
    assert isinstance(COINS(answer), Progress)


@pytest.mark.parametrize("answer", [2, [2], "ab", max])
def test_a_wrong_part_alone(answer):
    said = COINS(answer)
    assert said.startswith(f"{BOTH} Look again at the fair coin. ")
    assert not isinstance(said, Progress)


def test_parts_in_another_order():
    said = COINS((0.5, 1))
    assert said == f"These are the right answers. Have they changed places? {BOTH}"


def test_parts_may_be_functions():
    grader = Parts({"your function": DOUBLE, "what it returns": Number(6, hint="b")})
    assert grader((double, 6)) is None
    assert isinstance(grader(double), Progress)
    assert grader((double, 7)) == "Look again at what it returns. b"
    assert grader((6, double)).startswith("Look again at your function. Your answer is of type int")


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
        (text, "text(3) returned something of type str instead of one number. Think."),
        (
            lambda x, shift=0: [[1], [1, 2]],
            "returned something of type list instead of one number.",
        ),
        (lambda x, shift=0: 1j, "returned something of type complex instead of one number."),
        (6.0, "Your answer is of type float, but the exercise asks for a function: pass its name"),
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


def test_a_call_is_shown_so_that_it_can_be_typed():
    grader = Function(lambda x, y, z: 1, [case([1e6 + 0.1, 2.0], [[1, -1]], 1 - 1e-9)], hint="No.")
    said = grader(lambda x, y, z: np.array([1 / 3, 3.0, math.nan]))
    assert said.startswith("your function([1000000.1, 2.0], [[1, -1]], 0.999999999) returned ")


def test_a_result_is_shown_in_short():
    grader = Function(lambda: np.zeros(4), [case()], hint="No.")
    said = grader(lambda: np.array([1 / 3, 3.0, math.nan, -1e-9]))
    assert said == "your function() returned [0.333333, 3.0, nan, -1e-09]. No."


def test_long_arguments_are_shown_by_their_shape():
    grader = Function(np.sum, [case(np.ones((10, 10)))], hint="Add.")
    assert grader(np.mean) == "mean(an array of shape (10, 10)) returned 1. Add."


# -- what is said of a function that is wrong ------------------------------------------------------


def squares(x):
    return x**2, x + 1


GUARDED = Function(
    lambda x: np.sqrt(np.maximum(x, 0)),
    [
        case([1.0, 4.0]),
        case([-1.0], hint="Mind what is below 0."),
        case([9.0], hint=lambda result: "Nothing?" if result is None else f"{result[0]:g}?"),
    ],
    hint="Think.",
    mistakes={
        "Not the root.": lambda x: np.maximum(x, 0),
        "Below 0 there is no root.": np.sqrt,
        "Half of it, or the square.": (lambda x: x / 2, lambda x: x**2),
    },
)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (np.sqrt, "Below 0 there is no root."),  # alike in all cases: before the hint of the case
        (lambda x: np.sqrt(np.abs(x)), "Mind what is below 0."),
        (lambda x: np.sqrt(np.maximum(x, 0)) if x[0] < 9 else x / 3 + 1, "4?"),
        (lambda x: np.sqrt(np.maximum(x, 0)) if x[0] < 9 else 1 / 0, "Nothing?"),
        (lambda x: x**2, "Half of it, or the square."),
        (lambda x: x**2 if x[0] else x, "Half of it, or the square."),
        (lambda x: x**2 if x[0] > 0 else x, "Half of it, or the square."),  # alike mostly
        (lambda x: x**2 if x[0] == 4 else x + 1, "Think."),
        (lambda x: x + 7, "Think."),
    ],
)
def test_the_most_specific_thing_is_said(answer, said):
    assert GUARDED(answer).endswith(f". {said}")


def test_several_results_have_names_and_hints_of_their_own():
    grader = Function(squares, [case(3.0)], hint={"the square": "Multiply.", "the next": "Add."})
    assert grader(lambda x: (x * 2, x + 1)).endswith("returned 6 as the square. Multiply.")
    assert grader(lambda x: (x * x, x)).endswith("returned 3 as the next. Add.")
    assert grader(lambda x: x * x).endswith(
        "returned 1 result instead of 2. Return 2 results: the square, the next."
    )
    assert grader(lambda x: x / 0).endswith("division by zero. Multiply. Add.")
    assert grader(lambda x: (x, x, x)).endswith(
        "returned 3 results instead of 2. Return 2 results: the square, the next."
    )


def test_a_stop_after_a_question_is_enough():
    def asks(x, shift=0):
        raise ValueError("is that all?")

    assert DOUBLE(asks) == "asks(3) raised ValueError: is that all? Think."


def test_drawn_cases_are_the_same_each_time():
    grader = Function(np.sum, [], hint="Add.", draw=lambda rng: (rng.random(3),))
    assert [trial.args[0].tolist() for trial in grader.trials] == [
        trial.args[0].tolist() for trial in replace(grader).trials
    ]
    assert len({tuple(trial.args[0]) for trial in grader.trials}) == len(grader.trials) > 1
