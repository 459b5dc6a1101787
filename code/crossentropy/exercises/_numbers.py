"""The grader of a number: which roundings of it are honest, and which mistake gives another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

SPELLED = {2: "two", 3: "three", 4: "four"}


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
            also = f"A typical mistake rounds to the same. Give {self._asked}."
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
