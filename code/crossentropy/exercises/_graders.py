"""The graders that exercises are made of: `Number`, `Function` with its cases, and `Parts`.

A grader takes a reader's answer, and returns None where it is right and otherwise what to say;
any other callable that does so will do. What it says never contains the right answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from crossentropy.exercises._calls import case
from crossentropy.exercises._functions import Function
from crossentropy.exercises._numbers import SPELLED, Number

__all__ = ["Function", "Grader", "Number", "Parts", "Progress", "case", "is_open"]

Grader = Callable[[Any], str | None]


class Progress(str):
    """What is said of an answer that is right as far as it goes."""


def is_open(answer: Any) -> bool:
    """Tell whether the answer still is the dots of the book."""
    return answer is None or answer is ...


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
