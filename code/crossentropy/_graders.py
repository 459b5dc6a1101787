"""The graders that `crossentropy.exercises` puts in its table.

A grader takes a reader's answer, and returns None where it is right and otherwise what to say.
"""

from __future__ import annotations

import contextlib
import copy
import io
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Grader = Callable[[Any], str | None]


@dataclass(frozen=True)
class Number:
    """Grade one number, to three decimals (or two, correctly rounded) unless told otherwise."""

    expected: float
    hint: str
    mistakes: Mapping[float, str] = field(default_factory=dict)
    unit: str = ""
    tolerance: float = 6e-4

    def __call__(self, answer: Any) -> str | None:
        value = _as_number(answer)
        if isinstance(value, str):
            return f"{value} {self.hint}"
        if self._agrees(value, self.expected):
            return None
        if not math.isfinite(value):
            return f"Your answer is {value:g}. {self.hint}"
        for slip, hint in (*self.mistakes.items(), *self._usual_mistakes()):
            if self._agrees(value, slip):
                return hint
        return self.hint

    def _agrees(self, value: float, target: float) -> bool:
        if math.isinf(target) or math.isinf(value):
            return value == target
        rounded = round(target, 2)
        is_rounded = abs(rounded) >= 0.1 and math.isclose(value, rounded, rel_tol=1e-9)
        return abs(value - target) <= self.tolerance or is_rounded

    def _usual_mistakes(self) -> list[tuple[float, str]]:
        mistakes = [(-self.expected, "The size is right. What about the sign?")]
        if self.unit == "nats":
            hint = "That is in bits. Take the natural logarithm to get nats."
            mistakes.append((self.expected / math.log(2), hint))
        if self.unit == "bits":
            hint = "That is in nats. Take the logarithm to base 2 to get bits."
            mistakes.append((self.expected * math.log(2), hint))
        return mistakes


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
    """Grade several numbers, each with a grader of its own."""

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
class Case:
    """One call of a reader's function, and what to say if it is this call that fails."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    hint: str


def case(*args: Any, hint: str = "", **kwargs: Any) -> Case:
    """Return the case that calls a function with these arguments."""
    return Case(args, kwargs, hint)


@dataclass(frozen=True)
class Function:
    """Grade a function by comparing it with a reference, case by case, up to the first failure."""

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
        for trial in self.cases:
            if (complaint := self._complaint(answer, trial)) is not None:
                return complaint
        return None

    def _complaint(self, answer: Callable[..., Any], trial: Case) -> str | None:
        expected = _call(self.reference, trial).result
        outcome = _call(answer, trial)
        name = getattr(answer, "__name__", "your function")
        shown = f"{'your function' if name == '<lambda>' else name}({_describe_arguments(trial)})"
        hint = trial.hint or self.hint
        if outcome.error is not None:
            return f"{shown} raised {outcome.error}. {hint}"
        if outcome.result is None:
            habit = "printed something but " if outcome.printed else ""
            return f"{shown} {habit}returned nothing. End the function with return and the result."
        if outcome.changed:
            return f"{shown} changed the array that it was given. Work on a copy."
        difference = self._difference(outcome.result, expected)
        if difference is None:
            return None
        return f"{shown} returned {difference}. {trial.hint or self._slip(outcome, trial)}"

    def _slip(self, outcome: Outcome, trial: Case) -> str:
        """Return what to say about the mistake that gives this result, or the general hint."""
        for explanation, wrong in self.mistakes.items():
            slip = _call(wrong, trial)
            if slip.error is None and self._difference(outcome.result, slip.result) is None:
                return explanation
        return self.hint

    def _difference(self, result: Any, expected: Any) -> str | None:
        return _difference(result, expected, self.rtol, self.atol)


@dataclass
class Outcome:
    """What came of a call."""

    result: Any = None
    error: str | None = None
    printed: bool = False
    changed: bool = False


def _call(function: Callable[..., Any], trial: Case) -> Outcome:
    """Call the function on copies of the case's arguments, in silence."""
    args = [_as_argument(value) for value in trial.args]
    kwargs = {key: _as_argument(value) for key, value in trial.kwargs.items()}
    before = copy.deepcopy((args, kwargs))
    outcome = Outcome()
    output = io.StringIO()
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            outcome.result = function(*args, **kwargs)
            if isinstance(outcome.result, Iterator):
                outcome.result = tuple(outcome.result)
        except (Exception, SystemExit) as error:
            outcome.error = _describe_error(error)
    outcome.printed = bool(output.getvalue())
    outcome.changed = not _same_arguments(before, (args, kwargs))
    return outcome


def _describe_error(error: BaseException) -> str:
    try:
        first_line = (str(error).splitlines() or [""])[0]
    except Exception:  # a reader's own error, whose text is broken
        first_line = ""
    return f"{type(error).__name__}: {first_line}".rstrip(".: ")


def _as_argument(value: Any) -> Any:
    return np.array(value) if isinstance(value, (list, np.ndarray)) else value


def _same_arguments(before: Any, after: Any) -> bool:
    (args, kwargs), (args_after, kwargs_after) = before, after
    pairs = zip([*args, *kwargs.values()], [*args_after, *kwargs_after.values()], strict=True)
    return all(
        np.array_equal(old, new, equal_nan=old.dtype.kind == "f")
        for old, new in pairs
        if isinstance(old, np.ndarray)
    )


def _difference(result: Any, expected: Any, rtol: float, atol: float) -> str | None:
    """Return None where the result is the expected one, and otherwise describe the result."""
    if isinstance(expected, tuple):
        try:
            parts = tuple(result)
        except Exception:
            parts = (result,)
        if len(parts) != len(expected):
            return f"{len(parts)} result(s) instead of {len(expected)}"
        for position, (part, wanted) in enumerate(zip(parts, expected, strict=True), start=1):
            if (difference := _difference(part, wanted, rtol, atol)) is not None:
                return f"{difference} as result {position} of {len(expected)}"
        return None
    try:
        array = np.asarray(result)
    except Exception:
        array = np.asarray(None)
    wanted = _describe_shape(np.shape(expected))
    if array.dtype.kind not in "biuf":
        return f"a {type(result).__name__} instead of {wanted}"
    if array.shape != np.shape(expected):
        return f"{_describe_shape(array.shape)} instead of {wanted}"
    return None if np.allclose(array, expected, rtol=rtol, atol=atol) else _describe(array)


def _describe_shape(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape}" if shape else "one number"


def _describe_arguments(trial: Case) -> str:
    named = [f"{key}={_describe(value)}" for key, value in trial.kwargs.items()]
    return ", ".join([_describe(value) for value in trial.args] + named)


def _describe(value: Any) -> str:
    """Return a value as a reader would type it, or its shape where that is long."""
    if callable(value):
        return str(getattr(value, "__name__", "a function"))
    if isinstance(value, (list, np.ndarray)):
        array = np.asarray(value)
        if array.size > 12:
            return _describe_shape(array.shape)
        if array.ndim:
            return " ".join(np.array2string(array, precision=6, separator=", ").split())
        value = array.item()
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
