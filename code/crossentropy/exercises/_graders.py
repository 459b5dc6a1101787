"""The graders that exercises are made of: `Number`, `Numbers`, and `Function` with its cases.

A grader takes a reader's answer, and returns None where it is right and otherwise what to say;
any other callable that does so will do. What it says never contains the right answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from crossentropy.exercises._calls import Case, call, case
from crossentropy.exercises._words import call_in_words, difference_in_words, error_in_words

__all__ = ["Function", "Grader", "Number", "Numbers", "case"]

Grader = Callable[[Any], str | None]


@dataclass(frozen=True)
class Number:
    """Grade one number, to three decimals (or two, correctly rounded) unless told otherwise.

    Write `expected` as a formula or a call of the package, not as digits; a whole number has the
    tolerance 0. `mistakes` maps what to tell the reader to the result of a typical slip, or to
    several. A missing sign is recognised without being listed, and so, where the unit is "nats"
    or "bits", is the other unit.
    """

    expected: float
    hint: str
    mistakes: Mapping[str, float | tuple[float, ...]] = field(default_factory=dict)
    unit: Literal["nats", "bits"] | None = None
    tolerance: float = 6e-4

    def __call__(self, answer: Any) -> str | None:
        value = _as_number(answer)
        if isinstance(value, str):
            return f"{value} {self.hint}"
        if self._agrees(value, self.expected):
            return None
        if not math.isfinite(value):
            return f"Your answer is {value:g}. {self.hint}"
        return self._explanation(value)

    def _explanation(self, value: float) -> str:
        """Return what to say about the mistake that gives this value, or the general hint."""
        for explanation, slips in (*self.mistakes.items(), *self._usual_mistakes().items()):
            values = slips if isinstance(slips, tuple) else (slips,)
            if any(self._agrees(value, slip) for slip in values):
                return explanation
        return self.hint

    def _usual_mistakes(self) -> dict[str, float]:
        mistakes = {"The size is right. What about the sign?": -self.expected}
        if self.unit == "nats":
            hint = "That is in bits. Take the natural logarithm to get nats."
            mistakes[hint] = self.expected / math.log(2)
        if self.unit == "bits":
            hint = "That is in nats. Take the logarithm to base 2 to get bits."
            mistakes[hint] = self.expected * math.log(2)
        return mistakes

    def _agrees(self, value: float, target: float) -> bool:
        if math.isinf(target) or math.isinf(value):
            return value == target
        rounded = round(target, 2)
        # below 0.1, two decimals are a single significant digit
        is_rounded = abs(rounded) >= 0.1 and math.isclose(value, rounded, rel_tol=1e-9)
        return abs(value - target) <= self.tolerance or is_rounded


def _as_number(answer: Any) -> float | str:
    """Return the number that the answer is, or say why it is none."""
    if callable(answer):
        return "Your answer is a function, but the exercise asks for a number."
    if isinstance(answer, (str, bytes)):
        return f"Your answer is the text {answer!r}: leave out the quotation marks."
    try:
        if shape := np.shape(answer):
            return f"Your answer has shape {shape}, but the exercise asks for one number."
        if not (np.iscomplexobj(answer) or np.ma.isMaskedArray(answer)):
            return float(answer)
    except OverflowError:
        return math.inf
    except Exception:  # whatever a reader's own class does when it is asked for a number
        pass
    return f"Your answer is of type {type(answer).__name__}, but the exercise asks for a number."


@dataclass(frozen=True)
class Numbers:
    """Grade several numbers, each under a name and with a grader of its own.

    The reader gives them in this order, as a tuple, a list or an array.
    """

    parts: Mapping[str, Number]

    def __call__(self, answer: Any) -> str | None:
        is_row = isinstance(answer, (tuple, list)) or (
            isinstance(answer, np.ndarray) and answer.ndim > 0
        )
        if not is_row or len(answer) != len(self.parts):
            return f"Give {len(self.parts)} numbers, in this order: {', '.join(self.parts)}."
        for value, (label, grader) in zip(answer, self.parts.items(), strict=True):
            if (complaint := grader(value)) is not None:
                return f"Look again at {label}. {complaint}"
        return None


@dataclass(frozen=True)
class Function:
    """Grade a function by comparing it with a reference, case by case, up to the first failure.

    A case that tests something in particular has a hint of its own. `mistakes` maps what to tell
    the reader to a function that makes a typical mistake.
    """

    reference: Callable[..., Any]
    cases: Sequence[Case]
    hint: str
    mistakes: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    rtol: float = 1e-6
    atol: float = 1e-12

    def __call__(self, answer: Any) -> str | None:
        if not callable(answer):
            return (
                f"Your answer is a {type(answer).__name__}, but the exercise asks for a function: "
                "pass its name, without parentheses."
            )
        complaints = (self._complaint(answer, trial) for trial in self.cases)
        return next((complaint for complaint in complaints if complaint is not None), None)

    def _complaint(self, answer: Callable[..., Any], trial: Case) -> str | None:
        expected = call(self.reference, trial).result
        outcome = call(answer, trial)
        shown = call_in_words(answer, trial)
        if outcome.error is not None:
            return f"{shown} raised {error_in_words(outcome.error)}. {trial.hint or self.hint}"
        if outcome.result is None:
            habit = "printed something but " if outcome.printed else ""
            return f"{shown} {habit}returned nothing. End the function with return and the result."
        if outcome.changed:
            return f"{shown} changed the array that it was given. Work on a copy."
        if (difference := self._difference(outcome.result, expected)) is None:
            return None
        hint = trial.hint or self._explanation(outcome.result, trial)
        return f"{shown} returned {difference}. {hint}"

    def _explanation(self, result: Any, trial: Case) -> str:
        """Return what to say about the mistake that gives this result, or the general hint."""
        for explanation, wrong in self.mistakes.items():
            slip = call(wrong, trial)
            if slip.error is None and self._difference(result, slip.result) is None:
                return explanation
        return self.hint

    def _difference(self, result: Any, expected: Any) -> str | None:
        return difference_in_words(result, expected, rtol=self.rtol, atol=self.atol)
