"""The one door: every public function checks its arguments here, once, before any arithmetic."""

from __future__ import annotations

import math
import operator
from typing import Any, NoReturn, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.floating[Any]]
Integers: TypeAlias = NDArray[np.integer[Any]]
Booleans: TypeAlias = NDArray[np.bool_]


def as_array(name: str, value: ArrayLike) -> NDArray[Any]:
    """Make an array of `value`, or say which argument cannot be one."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name}: masked arrays are not supported, select the valid entries first")
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(f"{name}: rows differ in length, expected a rectangular array") from None


def real(name: str, value: ArrayLike) -> Floats:
    """Real numbers as float32 (from float16 and float32) or float64 (from the rest)."""
    array = as_array(name, value)
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name}: expected real numbers, got {kind(array)}")
    single = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    return array.astype(np.float32 if single else np.float64, copy=False)


def numbers(name: str, value: ArrayLike) -> Floats:
    """Real numbers, none of them NaN."""
    array = real(name, value)
    if math.isnan(smallest(array)):
        refuse(name, array, np.isnan(array), "a number")
    return array


def finite(name: str, value: ArrayLike) -> Floats:
    """Real numbers, neither NaN nor infinite."""
    array = real(name, value)
    if not (math.isfinite(smallest(array)) and math.isfinite(-smallest(-array))):
        refuse(name, array, ~np.isfinite(array), "a finite number")
    return array


def not_negative(name: str, value: ArrayLike) -> Floats:
    """Finite numbers, none below 0: weights."""
    array = finite(name, value)
    if smallest(array) < 0:
        refuse(name, array, array < 0, "at least 0")
    return array


def probabilities(name: str, value: ArrayLike) -> Floats:
    """Numbers in [0, 1]."""
    array = real(name, value)
    if not (array.size == 0 or (array.min() >= 0 and array.max() <= 1)):
        refuse(name, array, ~((array >= 0) & (array <= 1)), "a probability in [0, 1]")
    return array


def distributions(name: str, value: ArrayLike) -> Floats:
    """Probabilities that sum to 1 along the last axis, within the root of the dtype's eps."""
    dtype = as_array(name, value).dtype
    array = probabilities(name, value)
    if array.ndim == 0:
        raise ValueError(f"{name}: expected a distribution (an array), got a single number")
    tolerance = math.sqrt(np.finfo(dtype if dtype.kind == "f" else np.float64).eps)
    sums = array.sum(axis=-1, dtype=np.float64)
    if not np.all(np.abs(sums - 1) <= tolerance):
        row, total = first_row(sums, np.abs(sums - 1) > tolerance)
        raise ValueError(f"{name}: {row}sums to {total:.10g}, expected 1")
    return array


def to_last_axis(name: str, value: ArrayLike, axis: int) -> NDArray[Any]:
    """Move the class axis to the end."""
    array = as_array(name, value)
    if array.ndim == 0:
        raise ValueError(f"{name}: expected one number per class, got a single number")
    place = integer("axis", axis, -array.ndim, array.ndim - 1)
    if array.shape[place] == 0:
        raise ValueError(f"{name}: axis {axis} is empty, expected at least one class")
    return np.moveaxis(array, place, -1)


def class_logits(logits: ArrayLike, axis: int = -1) -> Floats:
    """Logits with their classes on the last axis; `row_maxima` looks at their values."""
    return real("logits", to_last_axis("logits", logits, axis))


class BlockError(Exception):
    """A block of rows holds bad input; `explain` says where and why."""


def row_maxima(logits: Floats, axis: int = -1) -> Floats:
    """The largest logit of each row, which also tells whether the row has a softmax."""
    maxima: Floats = logits.max(axis=axis, keepdims=True)
    if not np.isfinite(maxima).all():
        raise BlockError
    return maxima


def in_range(labels: Integers, num_classes: int) -> None:
    """Refuse a block with labels that are not the number of a class."""
    if labels.size and not (labels.min() >= 0 and labels.max() < num_classes):
        raise BlockError


def explain_labels(labels: Integers, logits: Floats, ignored: int | None = None) -> NoReturn:
    """Name the first label that is not the number of a class, else the first bad row."""
    wrong = (labels < 0) | (labels >= logits.shape[-1])
    if ignored is not None:
        wrong &= labels != ignored
    if wrong.any():
        refuse("labels", labels, wrong, f"a class in 0..{logits.shape[-1] - 1}")
    explain_rows(logits)


def explain_rows(logits: Floats) -> NoReturn:
    """Name the first row that has no softmax."""
    if np.isnan(logits).any():
        refuse("logits", logits, np.isnan(logits), "a number")
    if np.isposinf(logits).any():
        refuse("logits", logits, np.isposinf(logits), "below infinity")
    row, _ = first_row(logits[..., 0], np.asarray(np.isneginf(logits).all(axis=-1)))
    raise ValueError(f"logits: {row}is -inf throughout, expected at least one finite logit")


def binary_labels(labels: ArrayLike, name: str = "labels") -> Booleans:
    """Labels 0 or 1, as booleans."""
    array = as_array(name, labels)
    if array.dtype.kind == "b":
        return array
    array = real(name, array)
    ones: Booleans = array == 1
    if not np.all(ones | (array == 0)):
        refuse(name, array, ~(ones | (array == 0)), "0 or 1")
    return ones


def integer_labels(labels: ArrayLike) -> Integers:
    """Labels as integers of any kind; `in_range` looks at their values."""
    array = as_array("labels", labels)
    if array.dtype.kind not in "iu":
        if array.size == 0 and not isinstance(labels, np.ndarray):
            return array.astype(np.intp)
        raise TypeError(f"labels: expected integers, got {kind(array)}")
    return array


def same_shape(name: str, one: NDArray[Any], other_name: str, other: NDArray[Any]) -> None:
    """Refuse arrays that would have to be broadcast."""
    if one.shape == other.shape:
        return
    what = "shape"
    if one.ndim == other.ndim > 0 and one.shape[:-1] == other.shape[:-1]:
        what = "the number of classes" if one.ndim > 1 else "length"
    raise ValueError(f"{name} {one.shape} and {other_name} {other.shape} differ in {what}")


def one_per_row(name: str, rows: NDArray[Any], logits: NDArray[Any], other: str = "logits") -> None:
    """Refuse `rows` unless it has the batch shape of `logits`."""
    if rows.shape != logits.shape[:-1]:
        raise ValueError(
            f"{name} {rows.shape} and {other} {logits.shape} differ in batch shape, "
            f"expected {name} {logits.shape[:-1]}"
        )


def per_class(name: str, value: ArrayLike, logits: Floats, *, scalar: bool = True) -> Floats:
    """Weights of the classes, at least 0, in the dtype of the logits."""
    weights = not_negative(name, value)
    if weights.ndim and weights.shape != logits.shape[-1:]:
        raise ValueError(
            f"{name}: shape {weights.shape}, expected one per class {logits.shape[-1:]}"
        )
    return np.broadcast_to(weights.astype(logits.dtype), logits.shape[-1:])


def number(name: str, value: Any, low: float, high: float, *, half_open: bool = False) -> float:
    """One real number in [low, high], or in [low, high)."""
    array = real(name, value)
    if array.ndim:
        raise TypeError(f"{name}: expected one number, got an array of shape {array.shape}")
    result = float(array)
    if not (low <= result < high or (result == high and not half_open)):
        bracket = ")" if half_open else "]"
        raise ValueError(f"{name}: {result:g}, expected a number in [{low:g}, {high:g}{bracket}")
    return result


def logarithm_base(base: Any) -> float:
    """The base of a logarithm that grows: a finite number above 1."""
    array = real("base", base)
    if array.ndim:
        raise TypeError(f"base: expected one number, got an array of shape {array.shape}")
    if not 1 < array < math.inf:
        raise ValueError(f"base: {float(array):g}, expected a finite number above 1")
    return float(array)


def integer(name: str, value: Any, low: float, high: float = math.inf) -> int:
    """One integer in [low, high]."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}: expected an integer, got a boolean")
    try:
        result = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: expected an integer, got {type(value).__name__}") from None
    if not low <= result <= high:
        raise ValueError(f"{name}: {result}, expected an integer in {low}..{high}")
    return result


def smallest(array: Floats) -> float:
    """The minimum, NaN if there is one, 0 if there are no elements."""
    return float(array.min()) if array.size else 0.0


def kind(array: NDArray[Any]) -> str:
    """Say what an array of a wrong kind holds."""
    names = {"b": "booleans", "c": "complex numbers", "U": "strings", "S": "bytes", "f": "floats"}
    return names.get(array.dtype.kind, f"{array.dtype} values")


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
