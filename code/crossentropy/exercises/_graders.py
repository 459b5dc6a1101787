"""The graders that exercises are made of: `Number`, `Function` with its cases, and `Parts`.

A grader takes a reader's answer, and returns None where it is right and otherwise what to say;
any other callable that does so will do. What it says never contains the right answer.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from crossentropy.exercises._calls import Case, Outcome, call, case
from crossentropy.exercises._words import (
    Difference,
    call_in_words,
    difference_of,
    error_in_words,
    sentences,
)

__all__ = ["Function", "Grader", "Number", "Parts", "Progress", "case", "is_open"]

Grader = Callable[[Any], str | None]

SPELLED = {2: "two", 3: "three", 4: "four"}
DRAWS = 20  # enough that a wrong function never got through them, see tests/package/test_mutants.py


class Progress(str):
    """What is said of an answer that is right as far as it goes."""


def is_open(answer: Any) -> bool:
    """Tell whether the answer still is the dots of the book."""
    return answer is None or answer is ...


# -- numbers -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    """Grade one number, given to the decimals that the exercise asks for.

    Write `expected` as a formula or a call of the package, not as digits. `mistakes` maps what to
    tell the reader to the result of a typical slip, or to several. A missing sign is recognised
    without being listed, and so are the other logarithms where the unit is "nats" or "bits".

    An honest rounding is right: of the number itself, or of a sum of as many rounded `terms` as
    the reader adds up. So are two decimals, unless a listed mistake has the same two. A number of
    four decimals or fewer has nothing to round, and has to be met.
    """

    expected: float
    hint: str
    mistakes: Mapping[str, float | tuple[float, ...]] = field(default_factory=dict)
    unit: Literal["nats", "bits"] | None = None
    decimals: int = 3
    terms: int = 1

    def __call__(self, answer: Any) -> str | None:
        value = _as_number(answer)
        if isinstance(value, str):
            return f"{value} {self.hint}"
        slips = list(self._slips_near(value))
        nearest, explanation = min(slips, default=(math.inf, ""), key=lambda slip: slip[0])
        if self._is_as_asked(value) and _gap(value, self.expected) < nearest:
            return None
        if self._is_coarse(value) and nearest > 0:
            also = f"To two decimals a typical mistake looks the same. Give {self._asked}."
            return also if slips else None
        if explanation:
            return explanation
        if not math.isfinite(value):
            return f"Your answer is {value:g}. {self.hint}"
        if self._is_close(value):
            return f"That is close. Give {self._asked}, and round only at the end."
        return self.hint

    @property
    def _asked(self) -> str:
        return f"{SPELLED[self.decimals]} decimals"

    def _is_as_asked(self, value: float) -> bool:
        return _stands_for(value, self.expected, self.decimals, self.terms)

    def _is_coarse(self, value: float) -> bool:
        return any(
            _is_rounded(value, self.expected, places)
            for places in range(max(2, _two_digits(self.expected)), self.decimals)
        )

    def _is_close(self, value: float) -> bool:
        """Tell whether the value has too few digits, or is off by one in its last place."""
        gap, enough = _gap(value, self.expected), max(2, _two_digits(self.expected))
        places = next((k for k in range(1, 9) if math.isclose(value, round(value, k))), 9)
        slack = 1.05 if places >= enough else 0.55
        is_near = gap < 0.03 * abs(self.expected) or places > 1
        return is_near and gap <= slack * 10**-places and not _is_short(self.expected)

    def _slips_near(self, value: float) -> Iterator[tuple[float, str]]:
        """Yield the distance and the explanation of each mistake that the value may stand for."""
        for explanation, slips in (*self.mistakes.items(), *self._usual_mistakes().items()):
            for slip in slips if isinstance(slips, tuple) else (slips,):
                places = range(max(1, _two_digits(slip)), self.decimals)
                rounded = any(_is_rounded(value, slip, count) for count in places)
                if rounded or _stands_for(value, slip, self.decimals, self.terms):
                    yield round(_gap(value, slip), 9), explanation

    def _usual_mistakes(self) -> dict[str, float]:
        if self.expected == 0 or math.isinf(self.expected):
            return {}
        mistakes = {"The size is right. What about the sign?": -self.expected}
        if self.unit is None:
            return mistakes
        base = {"nats": math.e, "bits": 2.0}[self.unit]
        name = {"nats": "the natural logarithm", "bits": "the logarithm to base 2"}[self.unit]
        other, factor = ("bits", 2.0) if self.unit == "nats" else ("nats", math.e)
        for what, wrong in ((f"in {other}", factor), ("with the logarithm to base 10", 10.0)):
            hint = f"That is {what}. Take {name} to get {self.unit}."
            mistakes[hint] = self.expected * math.log(base) / math.log(wrong)
        return mistakes


def _stands_for(value: float, target: float, decimals: int, terms: int) -> bool:
    """Tell whether the value is the target, to these decimals, after adding up rounded terms."""
    slack = 5e-5 if _is_short(target) else 0.55 * terms * 10**-decimals
    return _gap(value, target) <= slack


def _is_rounded(value: float, target: float, decimals: int) -> bool:
    """Tell whether the value is the target rounded to these decimals, maybe in two steps."""
    return (
        math.isfinite(value)
        and math.isclose(value, round(value, decimals), rel_tol=1e-6)
        and abs(value - target) <= 0.55 * 10**-decimals
        and not _is_short(target)
    )


def _gap(value: float, target: float) -> float:
    return 0.0 if value == target else abs(value - target)


def _is_short(target: float) -> bool:
    return math.isinf(target) or math.isclose(target, round(target, 4), abs_tol=1e-9)


def _two_digits(target: float) -> int:
    """Return how many decimals show two significant digits of the target."""
    return 1 - math.floor(math.log10(abs(target))) if math.isfinite(target) and target else 0


def _as_number(answer: Any) -> float | str:
    """Return the number that the answer is, or say why it is none."""
    if callable(answer):
        return "Your answer is a function, but the exercise asks for a number."
    if isinstance(answer, (str, bytes)):
        return f"Your answer is the text {answer!r}: leave out the quotation marks."
    try:
        if shape := np.shape(answer):
            if isinstance(answer, tuple) and all(type(part) is int for part in answer):
                return "A comma makes several numbers: write decimals after a point, as in 1.5."
            return f"Your answer has shape {shape}, but the exercise asks for one number."
        if not (
            np.iscomplexobj(answer)
            or np.ma.isMaskedArray(answer)
            or isinstance(answer, (bool, np.bool_))
        ):
            return float(answer)
    except OverflowError:
        return math.inf
    except Exception:  # whatever a reader's own class does when it is asked for a number
        pass
    return f"Your answer is of type {type(answer).__name__}, but the exercise asks for a number."


# -- several answers -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Parts:
    """Grade several answers, each under a name and with a grader of its own.

    The reader gives them in this order, as a tuple, a list or an array. The first ones alone are
    right so far.
    """

    parts: Mapping[str, Grader]

    def __call__(self, answer: Any) -> str | None:
        is_row = isinstance(answer, (tuple, list)) or (
            isinstance(answer, np.ndarray) and answer.ndim > 0
        )
        given = list(answer) if is_row else [answer]
        request = (
            f"Give {SPELLED[len(self.parts)]} answers, in this order: {', '.join(self.parts)}."
        )
        if len(given) > len(self.parts):
            return request
        for value, (label, grader) in zip(given, self.parts.items(), strict=False):
            if not is_open(value) and (complaint := grader(value)) is not None:
                if len(given) < len(self.parts):
                    return f"{request} Look again at {label}. {complaint}"
                if self._are_in_another_order(given):
                    return f"These are the right answers. Have they changed places? {request}"
                return f"Look again at {label}. {complaint}"
        left = [*map(is_open, given), *[True] * (len(self.parts) - len(given))]
        return Progress(request) if any(left) else None

    def _are_in_another_order(self, given: list[Any]) -> bool:
        graders = list(self.parts.values())
        if not all(isinstance(grader, Number) for grader in graders):
            return False
        return any(
            all(grader(value) is None for value, grader in zip(order, graders, strict=True))
            for order in itertools.permutations(given)
        )


def _is_number(result: Any) -> bool:
    """Tell whether a result is made of finite numbers."""
    parts = result if isinstance(result, (tuple, list)) else [result]
    try:
        return all(np.all(np.isfinite(part)) for part in parts)
    except Exception:  # whatever a reader's function returns
        return False


# -- functions -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Function:
    """Grade a function by comparing it with a reference, case by case, up to the first failure.

    A case that tests something in particular has a hint of its own. `mistakes` maps what to tell
    the reader to a function that makes a typical mistake, or to several. Where the reference
    returns several results, `hint` maps the name of each to its hint. `draw` makes the arguments
    of further cases, from all that the exercise admits.
    """

    reference: Callable[..., Any]
    cases: Sequence[Case]
    hint: str | Mapping[str, str]
    mistakes: Mapping[str, Callable[..., Any] | tuple[Callable[..., Any], ...]] = field(
        default_factory=dict
    )
    draw: Callable[[np.random.Generator], tuple[Any, ...]] | None = None
    rtol: float = 1e-6
    atol: float = 1e-12

    def __call__(self, answer: Any) -> str | None:
        if not callable(answer):
            return (
                f"Your answer is of type {type(answer).__name__}, but the exercise asks for a "
                "function: pass its name, without parentheses."
            )
        complaints = (self._complaint(answer, place) for place in range(len(self.trials)))
        return next((complaint for complaint in complaints if complaint is not None), None)

    @cached_property
    def trials(self) -> list[Case]:
        """The cases, and after them those that are drawn, the same at each call."""
        if self.draw is None:
            return list(self.cases)
        rng = np.random.default_rng(15)
        return [*self.cases, *(case(*self.draw(rng)) for _ in range(DRAWS))]

    @cached_property
    def expected(self) -> list[Any]:
        """What the reference returns in each case."""
        return [call(self.reference, trial).result for trial in self.trials]

    def _complaint(self, answer: Callable[..., Any], place: int) -> str | None:
        trial, expected = self.trials[place], self.expected[place]
        outcome, difference = call(answer, trial), None
        if outcome.result is not None and not outcome.changed:
            difference = self._difference(outcome.result, expected)
            if difference is None:
                return None
        shown = call_in_words(answer, trial)
        if outcome.error is not None:
            what = f"{shown} raised {error_in_words(outcome.error)}"
            return sentences(what, self._diagnosis(answer, place, None))
        if difference is not None:
            what = f"{shown} returned {difference.text}"
            return sentences(what, self._diagnosis(answer, place, difference))
        if outcome.changed:
            return f"{shown} changed the array that it was given. Work on a copy."
        habit = "printed something but " if outcome.printed else ""
        return f"{shown} {habit}returned nothing. End the function with return and the result."

    def _diagnosis(
        self, answer: Callable[..., Any], place: int, difference: Difference | None
    ) -> str:
        """Return what to say about the failure in a case, the most specific thing there is.

        A mistake that does what the answer does in every case comes first, then the hint of the
        case that failed, and then a mistake that does so there and mostly.
        """
        outcomes = [call(answer, trial) for trial in self.trials]
        alike = [
            (explanation, [*map(self._is_alike, outcomes, results)])
            for explanation, results in self._slips
        ]
        complete = [explanation for explanation, same in alike if all(same)]
        hint = self.trials[place].hint
        own = hint(outcomes[place].result) if callable(hint) else hint
        numbers = [_is_number(outcome.result) for outcome in outcomes]
        partial = [
            (sum(same), explanation)
            for explanation, same in alike
            if same[place] and 2 * sum(itertools.compress(same, numbers)) >= sum(numbers)
        ]
        most = max(partial, default=(0, ""), key=lambda pair: pair[0])[1]
        return next(filter(None, [*complete, own, most, self._hint_for(difference)]))

    @cached_property
    def _slips(self) -> list[tuple[str, list[Outcome]]]:
        """What each mistake makes of each case."""
        return [
            (explanation, [call(wrong, trial) for trial in self.trials])
            for explanation, slips in self.mistakes.items()
            for wrong in (slips if isinstance(slips, tuple) else (slips,))
        ]

    def _is_alike(self, first: Outcome, second: Outcome) -> bool:
        if first.error is not None or second.error is not None:
            return first.error is not None and second.error is not None
        if first.result is None or second.result is None:
            return False
        return self._difference(first.result, second.result) is None

    def _hint_for(self, difference: Difference | None) -> str:
        if isinstance(self.hint, str):
            return self.hint
        if difference is None or difference.place is None:
            return f"Return {len(self.hint)} results: {', '.join(self.hint)}."
        return list(self.hint.values())[difference.place]

    def _difference(self, result: Any, expected: Any) -> Difference | None:
        names = list(self.hint) if isinstance(self.hint, Mapping) else []
        return difference_of(result, expected, names=names, rtol=self.rtol, atol=self.atol)
