"""Where the first wrong value is, and the error that says so."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray


def first(values: NDArray[Any], wrong: NDArray[Any]) -> tuple[str, Any]:
    """Place and value of the first wrong entry; the place of a scalar is empty."""
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    place = str(index[0]) if len(index) == 1 else str(index) if index else ""
    return place, values[index]


def first_row(values: NDArray[Any], wrong: NDArray[Any]) -> tuple[str, Any]:
    """`first`, where an entry stands for a row."""
    place, value = first(values, wrong)
    return f"row {place} " if place else "", value


def refuse(name: str, values: NDArray[Any], wrong: NDArray[Any], expected: str) -> NoReturn:
    """Name the argument, the first wrong value, its place, and what was expected."""
    place, value = first(values, wrong)
    at = f" at index {place}" if place else ""
    raise ValueError(f"{name}: {value}{at}, expected {expected}")
