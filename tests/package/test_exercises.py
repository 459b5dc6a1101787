"""Each exercise takes right answers, refuses typical wrong ones with a hint, and tells nothing."""

import math
import re
from importlib import import_module
from pkgutil import iter_modules

import answers
import numpy as np
import pytest

from crossentropy import exercises
from crossentropy.exercises import BY_CHAPTER, EXERCISES, check
from crossentropy.exercises._graders import Function, Number, Parts
from crossentropy.exercises._words import call_in_words

CHAPTERS = [file.name for file in iter_modules(exercises.__path__) if file.name[0] != "_"]
TABLES = {
    file.name: import_module(f"answers.{file.name}") for file in iter_modules(answers.__path__)
}


def rows(kind):
    """Return the rows of all chapters' tables of a kind, `RIGHT` or `WRONG`."""
    return [row for table in TABLES.values() for row in getattr(table, kind).items()]


def verdict(capsys, name, answer):
    """Return what `check` prints, having made sure that it returns nothing."""
    assert check(name, answer) is None
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


# -- answers -------------------------------------------------------------------------------------


def test_every_chapters_file_is_named():
    assert sorted(BY_CHAPTER) == CHAPTERS, "name it in code/crossentropy/exercises/__init__.py"


@pytest.mark.parametrize("series", "ABC")
def test_the_numbers_of_a_series_have_no_gap(series):
    numbers = sorted(int(name[1:]) for name in EXERCISES if name[0] == series)
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("kind", ["RIGHT", "WRONG"])
@pytest.mark.parametrize("chapter", sorted({*BY_CHAPTER, *TABLES}))
def test_every_exercise_has_answers(chapter, kind):
    answered = [name for name, row in getattr(TABLES.get(chapter), kind, {}).items() if row]
    graded = list(BY_CHAPTER.get(chapter, {}))
    place = f"{kind} in tests/answers/{chapter}.py"
    assert [name for name in graded if name not in answered] == [], f"add these rows to {place}"
    assert answered == graded, f"rows on the left without an exercise, or out of order: {place}"


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        pytest.param(name, answer, id=f"{name}-{number}")
        for name, right in rows("RIGHT")
        for number, answer in enumerate(right)
    ],
)
def test_right(capsys, name, answer):
    assert verdict(capsys, name, answer) == f"{name}: right.\n"


@pytest.mark.parametrize(
    ("name", "answer", "word"),
    [
        pytest.param(name, answer, word, id=f"{name}-{word}")
        for name, wrong in rows("WRONG")
        for answer, word in wrong
    ],
)
def test_typically_wrong(capsys, name, answer, word):
    said = verdict(capsys, name, answer)
    assert said.startswith(f"{name}: not yet. ")
    assert word in said


@pytest.mark.parametrize(
    ("name", "first"),
    [
        pytest.param(name, right[0][0], id=name)
        for name, right in rows("RIGHT")
        if isinstance(EXERCISES[name], Parts)
    ],
)
def test_the_first_part_alone_is_right_so_far(capsys, name, first):
    count = len(EXERCISES[name].parts)
    for answer in (first, [first], (first, *[...] * (count - 1))):
        said = verdict(capsys, name, answer)
        assert said.startswith(f"{name}: right so far. Give ")


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("answer", [..., None, (..., ...), [...]])
def test_unanswered(capsys, name, answer):
    first, second = verdict(capsys, name, answer).splitlines()
    assert first == (
        f"{name}: not answered yet. Replace the dots by your answer and run the cell again."
    )
    assert second.startswith("(On the site, open this page as a notebook first")


@pytest.mark.parametrize("name", ["b7", " B7", "B7\n"])
def test_names_in_other_spellings(capsys, name):
    assert verdict(capsys, name, ...).startswith("B7: not answered yet.")


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
    with pytest.raises(ValueError, match=r"^name: there is no exercise 'B99', expected one of A1,"):
        check("B99", 1.0)
    with pytest.raises(ValueError, match=r"^name: there is no exercise 7, expected one of A1,"):
        check(7, 1.0)


# -- answers of any kind -------------------------------------------------------------------------


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
    check("A7", answer)
    assert capsys.readouterr().out.startswith("A7: not yet. ")


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


# -- what an exercise tells a reader who is wrong -------------------------------------------------


def parts_of(name):
    grader = EXERCISES[name]
    return list(grader.parts.values()) if isinstance(grader, Parts) else [grader]


def numbers_of(name):
    return [part for part in parts_of(name) if isinstance(part, Number)]


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
    rounded = {round(expected, digits) for digits in range(2, 7)}
    telling = [x for x in rounded if x != round(x) or expected == round(expected)]
    return any(
        math.isclose(float(number), x, rel_tol=1e-9)
        for number in re.findall(r"-?\d+\.?\d*", text)
        for x in telling
    )


@pytest.mark.parametrize("name", EXERCISES)
def test_hints_do_not_give_the_number_away(name):
    for number in numbers_of(name):
        for text in hints_of(number):
            assert not gives_away(text, number.expected), text


def test_the_guard_recognises_a_hint_that_gives_the_number_away():
    assert gives_away("it is 0.69, of course", -math.log(0.5))
    assert gives_away("it is 0.6931", -math.log(0.5))
    assert gives_away("count to 2073", 2073)
    assert not gives_away("is it between 0.6 and 0.7?", -math.log(0.5))


@pytest.mark.parametrize("name", EXERCISES)
def test_listed_mistakes_are_mistakes(name):
    for number in numbers_of(name):
        for hint, slip in slips_of(number):
            assert number(slip) == hint
    for function in parts_of(name):
        if isinstance(function, Function):
            for hint, wrong in function.mistakes.items():
                for each in wrong if isinstance(wrong, tuple) else (wrong,):
                    assert hint in function(each)
            assert function(function.reference) is None


@pytest.mark.parametrize("name", EXERCISES)
def test_each_call_is_shown_whole(name):
    for function in parts_of(name):
        if isinstance(function, Function):
            for trial in function.trials:
                assert "an array" not in call_in_words(function.reference, trial)


@pytest.mark.parametrize("name", EXERCISES)
def test_honest_roundings_are_right(name):
    for number in numbers_of(name):
        for places in (number.decimals, number.decimals + 1, number.decimals + 2, 15):
            assert number(round(number.expected, places)) is None
