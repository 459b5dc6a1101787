"""Call a function that a reader has written, whatever it does."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """One call of a reader's function, and what to say if it is this call that fails.

    What to say may depend on what the call returned, None where it raised an error.
    """

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    hint: str | Callable[[Any], str]


def case(*args: Any, hint: str | Callable[[Any], str] = "", **kwargs: Any) -> Case:
    """Return the case that calls a function with these arguments, lists as arrays."""
    return Case(args, kwargs, hint)


@dataclass(frozen=True)
class Outcome:
    """What came of a call."""

    result: Any
    error: BaseException | None
    printed: bool
    changed: bool


def call(function: Callable[..., Any], trial: Case) -> Outcome:
    """Call the function on copies of the case's arguments, in silence."""
    args = [_as_argument(value) for value in trial.args]
    kwargs = {key: _as_argument(value) for key, value in trial.kwargs.items()}
    arrays = [value for value in (*args, *kwargs.values()) if isinstance(value, np.ndarray)]
    originals = [array.copy() for array in arrays]
    result, error, output = None, None, io.StringIO()
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            result = function(*args, **kwargs)
            if isinstance(result, Iterator):
                result = tuple(result)
        except (Exception, SystemExit) as raised:
            result, error = None, raised
    changed = not all(map(_are_equal, originals, arrays))
    return Outcome(result, error, printed=bool(output.getvalue()), changed=changed)


def _as_argument(value: Any) -> Any:
    return np.array(value) if isinstance(value, (list, np.ndarray)) else value


def _are_equal(first: Any, second: Any) -> bool:
    return np.array_equal(first, second, equal_nan=first.dtype.kind == "f")
