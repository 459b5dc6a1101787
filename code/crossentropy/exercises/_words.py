"""Put in words what a reader's function was given, what it returned, and what it raised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crossentropy.exercises._calls import Case


@dataclass(frozen=True)
class Difference:
    """What was returned instead of the expected, and in which of several results."""

    text: str
    place: int | None = None


def difference_of(
    result: Any, expected: Any, *, names: Sequence[str], rtol: float, atol: float
) -> Difference | None:
    """Return None where the result is the expected one, and otherwise describe the result.

    Where several results are expected, `names` tells what they are.
    """
    if not isinstance(expected, tuple):
        text = _difference_in_words(result, expected, rtol, atol)
        return None if text is None else Difference(text)
    try:
        parts = tuple(result)
    except Exception:  # whatever a reader's own class does when it is asked for its parts
        parts = (result,)
    if len(parts) != len(expected):
        plural = "" if len(parts) == 1 else "s"
        return Difference(f"{len(parts)} result{plural} instead of {len(expected)}")
    for place, (part, wanted) in enumerate(zip(parts, expected, strict=True)):
        if (text := _difference_in_words(part, wanted, rtol, atol)) is not None:
            return Difference(f"{text} as {names[place]}", place)
    return None


def _difference_in_words(result: Any, expected: Any, rtol: float, atol: float) -> str | None:
    wanted = _shape_in_words(np.shape(expected))
    try:
        array = np.asarray(result)
    except Exception:  # a ragged list, or whatever a reader's own class does
        array = np.asarray(None)
    if array.dtype.kind not in "biuf":
        return f"something of type {type(result).__name__} instead of {wanted}"
    if array.shape != np.shape(expected):
        return f"{_shape_in_words(array.shape)} instead of {wanted}"
    same = np.allclose(array, expected, rtol=rtol, atol=atol, equal_nan=True)
    return None if same else _value_in_words(array)


def call_in_words(function: Callable[..., Any], trial: Case) -> str:
    """Return the call as a reader would type it."""
    name = getattr(function, "__name__", "<lambda>")
    named = [f"{key}={_value_in_words(value, 12)}" for key, value in trial.kwargs.items()]
    arguments = ", ".join([*(_value_in_words(value, 12) for value in trial.args), *named])
    return f"{'your function' if name == '<lambda>' else name}({arguments})"


def error_in_words(error: BaseException) -> str:
    """Return the error's class and the first line of its text."""
    try:
        first_line = (str(error).splitlines() or [""])[0]
    except Exception:  # a reader's own error, whose text is broken
        first_line = ""
    return f"{type(error).__name__}: {first_line}".rstrip(": ")


def sentences(*texts: str) -> str:
    """Join texts, each with a stop at its end."""
    return " ".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in texts)


def _value_in_words(value: Any, digits: int = 6) -> str:
    """Return a value as a reader would type it, or its shape where that is long."""
    if callable(value):
        return str(getattr(value, "__name__", "a function"))
    if isinstance(value, (list, np.ndarray)):
        array = np.asarray(value)
        if array.size > 12:
            return _shape_in_words(array.shape)
        if array.ndim:
            return f"[{', '.join(_element_in_words(part, digits) for part in array)}]"
        value = array.item()
    return f"{value:.{digits}g}" if isinstance(value, float) else repr(value)


def _element_in_words(value: Any, digits: int) -> str:
    """Return an element of an array, which shows whether it is a float."""
    text = _value_in_words(value if np.ndim(value) else value.item(), digits)
    return f"{text}.0" if isinstance(value, np.floating) and text.lstrip("-").isdigit() else text


def _shape_in_words(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape}" if shape else "one number"
