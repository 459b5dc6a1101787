"""The grader of a function: cases that tell it from wrong ones, and what is said if it is wrong."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from crossentropy.exercises._calls import Case, Outcome, call, case
from crossentropy.exercises._words import (
    Difference,
    call_in_words,
    difference_of,
    error_in_words,
    sentences,
)

DRAWS = 20  # enough for each wrong function in tests/package/test_mutants.py


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
        return self._difference(first.result, second.result) is None

    def _hint_for(self, difference: Difference | None) -> str:
        if isinstance(self.hint, str):
            return self.hint
        if difference is None:
            return " ".join(self.hint.values())
        if difference.place is None:
            return f"Return {len(self.hint)} results: {', '.join(self.hint)}."
        return list(self.hint.values())[difference.place]

    def _difference(self, result: Any, expected: Any) -> Difference | None:
        names = list(self.hint) if isinstance(self.hint, Mapping) else []
        return difference_of(result, expected, names=names, rtol=self.rtol, atol=self.atol)


def _is_number(result: Any) -> bool:
    """Tell whether a result is made of finite numbers."""
    parts = result if isinstance(result, (tuple, list)) else [result]
    try:
        return all(np.all(np.isfinite(part)) for part in parts)
    except Exception:  # whatever a reader's function returns
        return False
