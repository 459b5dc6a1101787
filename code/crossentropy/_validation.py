"""The one door: every public function checks its arguments here, once, before any arithmetic.

What takes a pass over the logits of its own is left to the blocks: `row_maxima` and `in_range`
notice bad rows while they are in the cache, and `explained` says which row it was.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossentropy._blocks import row_blocks

Floats: TypeAlias = NDArray[np.floating[Any]]
Integers: TypeAlias = NDArray[np.integer[Any]]
Booleans: TypeAlias = NDArray[np.bool_]

REDUCTIONS = ("none", "mean", "sum")
PARTS: Any = object()  # the reduction of mean_loss: the sum of the losses and of their weights

# -- arrays --------------------------------------------------------------------------------------


def as_array(name: str, value: ArrayLike) -> NDArray[Any]:
    """Make an array, or say which argument cannot be one."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name}: masked arrays are not supported, select the valid entries first")
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(f"{name}: rows differ in length, expected a rectangular array") from None


def numeric(name: str, value: ArrayLike, kinds: str = "fiu") -> NDArray[Any]:
    """Numbers in the dtype that they have: of the kinds f(loat), i(nteger), u(nsigned), b(ool)."""
    array = as_array(name, value)
    if array.dtype.kind not in kinds:
        expected = "real numbers" if "f" in kinds else "integers"
        raise TypeError(f"{name}: expected {expected}, got {kind(array)}")
    return array


def real(name: str, value: ArrayLike) -> Floats:
    """Real numbers as float32 (from float16 and float32) or float64 (from the rest)."""
    array = numeric(name, value)
    single = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    with np.errstate(all="ignore"):  # a longdouble may be too large
        return array.astype(np.float32 if single else np.float64, copy=False)


def numbers(name: str, value: ArrayLike) -> Floats:
    """Real numbers, none of them NaN."""
    array = real(name, value)
    if math.isnan(array.min(initial=0)):
        refuse(name, array, np.isnan(array), "a number")
    return array


def finite(name: str, value: ArrayLike) -> Floats:
    """Real numbers, neither NaN nor infinite."""
    array = real(name, value)
    if not math.isfinite(array.min(initial=0)) or math.isinf(array.max(initial=0)):
        refuse(name, array, ~np.isfinite(array), "a finite number")
    return array


def weights_of(name: str, value: ArrayLike) -> Floats:
    """Finite numbers, none below 0."""
    array = finite(name, value)
    if array.min(initial=0) < 0:
        refuse(name, array, array < 0, "at least 0")
    return array


def probabilities(name: str, value: ArrayLike) -> Floats:
    """Numbers in [0, 1]."""
    array = real(name, value)
    if not (array.min(initial=0) >= 0 and array.max(initial=0) <= 1):
        refuse(name, array, ~((array >= 0) & (array <= 1)), "a probability in [0, 1]")
    return array


def distributions(name: str, value: ArrayLike, axis: int = -1) -> Floats:
    """Distributions on the last axis, moved there: probabilities that sum to 1.

    The tolerance is the root of the dtype's eps.
    """
    moved = classes_last(name, value, axis)
    array = np.moveaxis(probabilities(name, np.moveaxis(moved, -1, axis)), axis, -1)
    tolerance = math.sqrt(np.finfo(moved.dtype if moved.dtype.kind == "f" else np.float64).eps)
    for (block,) in row_blocks(array.ndim - 1, array):
        if np.any(np.abs(np.einsum("ij->i", block) - 1) > tolerance / 2):  # fast, but rounded
            sums = array.sum(axis=-1, dtype=np.float64)
            wrong = np.asarray(np.abs(sums - 1) > tolerance)
            if wrong.any():
                row, total = first_row(sums, wrong)
                raise ValueError(f"{name}: {row}sums to {total:.10g}, expected 1")
            break
    return array


def classes_last(name: str, value: ArrayLike, axis: int) -> NDArray[Any]:
    """Move the axis of the classes to the end."""
    array = numeric(name, value)
    if array.ndim == 0:
        raise ValueError(f"{name}: expected an array with an axis of classes, got a single number")
    place = integer("axis", axis, -array.ndim, array.ndim - 1)
    if array.shape[place] == 0:
        raise ValueError(f"{name}: axis {axis} is empty, expected at least one class")
    return np.moveaxis(array, place, -1)


def class_logits(logits: ArrayLike, axis: int = -1) -> Floats:
    """Logits, classes moved to the last axis; `row_maxima` looks at their values."""
    return real("logits", classes_last("logits", logits, axis))


def binary_labels(labels: ArrayLike) -> Booleans:
    """Labels 0 or 1, as booleans."""
    array = numeric("labels", labels, "fiub")
    ones: Booleans = array == 1
    if not np.all(ones | (array == 0)):
        refuse("labels", array, ~ones & (array != 0), "0 or 1")
    return ones


def integer_labels(labels: ArrayLike) -> Integers:
    """Labels as integers; `in_range` looks at their values."""
    array = as_array("labels", labels)
    if isinstance(labels, (list, tuple)) and not array.size:
        return array.astype(np.intp)  # where there is no number, NumPy chooses floats
    return numeric("labels", array, "iu")


# -- arguments that belong together --------------------------------------------------------------


def same_shape(
    name: str, one: NDArray[Any], other_name: str, other: NDArray[Any], axis: int = -1
) -> None:
    """Refuse arrays that would have to be broadcast; `axis` is where the classes were."""
    if one.shape == other.shape:
        return
    rows = one.ndim == other.ndim > 1 and one.shape[:-1] == other.shape[:-1]
    what = "the number of classes" if rows else "shape"
    given, other_given = shape_given(one, axis), shape_given(other, axis)
    raise ValueError(f"{name} {given} and {other_name} {other_given} differ in {what}")


def one_per_row(
    name: str, values: NDArray[Any], other_name: str, rows: NDArray[Any], axis: int = -1
) -> None:
    """Refuse `values` unless there is one for each row of classes."""
    if values.shape != rows.shape[:-1]:
        raise ValueError(
            f"{name} {values.shape} and {other_name} {shape_given(rows, axis)} differ in batch "
            f"shape, expected {name} {rows.shape[:-1]}"
        )


def shape_given(array: NDArray[Any], axis: int) -> tuple[int, ...]:
    """The shape with the classes where the caller had them."""
    return np.moveaxis(array, -1, axis).shape if axis != -1 else array.shape


def binary(
    labels: ArrayLike, name: str, scores: Floats, weights: ArrayLike | None = None
) -> tuple[Booleans, Floats | None]:
    """Labels 0 and 1 and sample weights for each of the scores."""
    y = binary_labels(labels)
    same_shape("labels", y, name, scores)
    if weights is None:
        return y, None
    w = weights_of("weights", weights)
    same_shape("weights", w, name, scores)
    return y, w


def targets_and_logits(
    targets: ArrayLike, logits: ArrayLike, axis: int, weights: ArrayLike | None
) -> tuple[Floats, Floats, Floats | None]:
    """Targets and logits, classes last, and sample weights."""
    z = class_logits(logits, axis)
    given = as_array("targets", targets)
    t = distributions("targets", given, axis)
    same_shape("targets", t, "logits", z, axis)
    if given.dtype.kind != "f":
        t = t.astype(z.dtype, copy=False)  # 0 and 1 are exact in each
    if weights is None:
        return t, z, None
    w = weights_of("weights", weights)
    one_per_row("weights", w, "logits", z, axis)
    return t, z, w


def labels_and_logits(labels: ArrayLike, logits: ArrayLike) -> tuple[Integers, Floats]:
    """An integer label for each row of logits."""
    y = integer_labels(labels)
    z = class_logits(logits)
    one_per_row("labels", y, "logits", z)
    return y, z


def per_class(name: str, value: ArrayLike, logits: Floats) -> Floats:
    """A weight for each class, in the dtype of the logits; one number stands for all."""
    weights = weights_of(name, value)
    if weights.ndim and weights.shape != logits.shape[-1:]:
        raise ValueError(
            f"{name}: shape {weights.shape}, expected one per class {logits.shape[-1:]}"
        )
    limit = np.finfo(logits.dtype).max
    if weights.max(initial=0) > limit:
        refuse(name, weights, weights > limit, f"at most {limit:g}")
    return np.broadcast_to(weights.astype(logits.dtype), logits.shape[-1:])


# -- options -------------------------------------------------------------------------------------


def scalar(name: str, value: Any) -> float:
    """One real number."""
    array = real(name, value)
    if array.ndim:
        raise TypeError(f"{name}: expected one number, got an array of shape {array.shape}")
    return float(array)


def fraction(name: str, value: Any) -> float:
    """A number in [0, 1]."""
    number = scalar(name, value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name}: {number:g}, expected a number in [0, 1]")
    return number


def below(limit: float, name: str, value: Any) -> float:
    """A number in [0, limit)."""
    number = scalar(name, value)
    if not 0 <= number < limit:
        raise ValueError(f"{name}: {number:g}, expected a number in [0, {limit:g})")
    return number


def fits(logits: Floats, name: str, value: Any) -> float:
    """A number of at least 0 that is finite in the dtype of the logits."""
    number = scalar(name, value)
    limit = float(np.finfo(logits.dtype).max)
    if not 0 <= number <= limit:
        raise ValueError(f"{name}: {number:g}, expected a number in [0, {limit:.4g}]")
    return number


def logarithm_base(base: Any) -> float:
    """The base of a logarithm that grows: a finite number above 1."""
    number = scalar("base", base)
    if not 1 < number < math.inf:
        raise ValueError(f"base: {number:g}, expected a finite number above 1")
    return number


def integer(name: str, value: Any, low: float = -math.inf, high: float = math.inf) -> int:
    """One integer in [low, high]."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}: expected an integer, got a boolean")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: expected an integer, got {type(value).__name__}") from None
    if not low <= number <= high:
        raise ValueError(f"{name}: {number}, expected an integer in {low}..{high}")
    return number


def boolean(name: str, value: Any) -> None:
    """True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}: expected True or False, got {type(value).__name__}")


def reduction_of(value: Any) -> Any:
    """One of the reductions."""
    if value is not PARTS and not isinstance(value, str):
        raise TypeError(f"reduction: expected a string, got {type(value).__name__}")
    if value is not PARTS and value not in REDUCTIONS:
        expected = ", ".join(map(repr, REDUCTIONS))
        raise ValueError(f"reduction: {value!r}, expected one of {expected}")
    return value


# -- blocks of rows ------------------------------------------------------------------------------


class BlockError(Exception):
    """A block holds a row without a softmax or a label without a class."""


def row_maxima(logits: Floats) -> Floats:
    """The largest of the logits (K, ...) of each row, finite where the row has a softmax."""
    maxima: Floats = logits.max(axis=0)
    if not np.isfinite(maxima).all():
        raise BlockError
    return maxima


def in_range(labels: Integers, num_classes: int) -> None:
    """Refuse labels that are not the number of a class."""
    if labels.min() < 0 or labels.max() >= num_classes:
        raise BlockError


@contextmanager
def explained(
    logits: Floats, labels: Integers | None = None, ignored: int | None = None, axis: int = -1
) -> Iterator[None]:
    """Turn the error of a block into one that names argument, place and expectation."""
    try:
        yield
    except BlockError:
        if labels is not None:
            check_labels(labels, logits, ignored)
        explain_rows(logits, axis)


def check_labels(labels: Integers, logits: Floats, ignored: int | None = None) -> None:
    """Name the first label that is not the number of a class."""
    classes = logits.shape[-1]
    wrong = (labels < 0) | (labels >= classes)
    if ignored is not None:
        wrong &= labels != ignored
    if wrong.any():
        refuse("labels", labels, wrong, f"a class in 0..{classes - 1}")


def explain_rows(logits: Floats, axis: int = -1) -> NoReturn:
    """Name the first logit that is NaN or +inf, or the first row of only -inf."""
    original = np.moveaxis(logits, -1, axis)
    if np.isnan(logits).any():
        refuse("logits", original, np.isnan(original), "a number")
    if np.isposinf(logits).any():
        refuse("logits", original, np.isposinf(original), "below infinity")
    row, _ = first_row(logits[..., 0], np.asarray(np.isneginf(logits).all(axis=-1)))
    raise ValueError(f"logits: {row}is -inf throughout, expected at least one finite logit")


# -- messages ------------------------------------------------------------------------------------


def kind(array: NDArray[Any]) -> str:
    """Say what an array of a wrong kind holds."""
    if array.dtype.kind == "O":
        return f"objects such as {next(iter(array.flat), None)!r}"
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
