"""Are the values of an array right, and do arrays belong together?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossentropy._blocks import row_blocks
from crossentropy._types import Booleans, Floats, Integers
from crossentropy._validation.kinds import as_array, eps, integer, is_float, numeric, real
from crossentropy._validation.messages import first_row, refuse

# -- numbers -------------------------------------------------------------------------------------


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


def losses(name: str, value: ArrayLike) -> Floats:
    """Numbers, of which one may be infinite, but none -inf."""
    array = numbers(name, value)
    if array.min(initial=0) == -np.inf:
        refuse(name, array, np.isneginf(array), "above -infinity")
    return array


def mean_losses(name: str, value: ArrayLike) -> Floats:
    """Numbers, none below 0."""
    return _not_negative(name, numbers(name, value))


def weights(name: str, value: ArrayLike) -> Floats | Booleans:
    """Finite numbers, none below 0; or a mask of booleans."""
    array = as_array(name, value)
    if array.dtype.kind == "b":
        return array
    return _not_negative(name, finite(name, array))


def probabilities(name: str, value: ArrayLike) -> Floats:
    """Numbers in [0, 1]; what a rounding puts above 1 counts as 1.

    The rounding may be one of float32, since many probabilities in float64 come from there.
    """
    given = numeric(name, value)
    array = real(name, given)
    if array.min(initial=0) >= 0 and array.max(initial=0) <= 1:
        return array
    limit = 1 + 4 * max(eps(given.dtype), eps(np.dtype(np.float32)))
    wrong = ~((array >= 0) & (array <= limit))
    if wrong.any():
        refuse(name, array, wrong, "a probability in [0, 1]")
    return np.minimum(array, 1)


def _not_negative(name: str, array: Floats) -> Floats:
    if array.min(initial=0) < 0:
        refuse(name, array, array < 0, "at least 0")
    return array


# -- labels --------------------------------------------------------------------------------------


def zeros_and_ones(name: str, value: ArrayLike) -> Booleans:
    """Labels 0 or 1, as booleans."""
    array = numeric(name, value, "fiub")
    ones: Booleans = array == 1
    if not np.all(ones | (array == 0)):
        refuse(name, array, ~ones & (array != 0), "0 or 1")
    return ones


def shares(name: str, value: ArrayLike) -> Booleans | Floats:
    """Labels in [0, 1]; as booleans where all are 0 or 1."""
    array = numeric(name, value, "fiub")
    if not is_float(array.dtype):
        return zeros_and_ones(name, array)
    ones: Booleans = array == 1
    return ones if np.all(ones | (array == 0)) else probabilities(name, array)


def integers(name: str, value: ArrayLike) -> Integers:
    """Labels as integers; `rows.in_range` looks at their values."""
    array = as_array(name, value)
    if isinstance(value, (list, tuple)) and not array.size:
        return array.astype(np.intp)  # where there is no number, NumPy chooses floats
    return numeric(name, array, "iu")


# -- rows of classes -----------------------------------------------------------------------------


def classes_last(name: str, value: ArrayLike, axis: int, kinds: str = "fiu") -> NDArray[Any]:
    """Move the axis of the classes to the end."""
    array = numeric(name, value, kinds)
    if array.ndim == 0:
        raise ValueError(f"{name}: expected an array with an axis of classes, got a single number")
    place = integer("axis", axis, -array.ndim, array.ndim - 1)
    if array.shape[place] == 0:
        raise ValueError(f"{name}: axis {axis} is empty, expected at least one class")
    return array if place == array.ndim - 1 else np.moveaxis(array, place, -1)


def class_logits(name: str, value: ArrayLike, axis: int = -1) -> Floats:
    """Logits, classes moved to the last axis; `rows.maxima` looks at their values."""
    return real(name, classes_last(name, value, axis))


def distributions(name: str, value: ArrayLike, axis: int = -1) -> Floats:
    """Distributions on the last axis, moved there: probabilities that sum to 1, or one-hot flags.

    The tolerance is the root of the dtype's eps, and 1e-6 in float64, since many are computed in
    float32.
    """
    moved = classes_last(name, value, axis, "fiub")
    if moved.dtype.kind == "b":
        moved = moved.astype(np.float64)
    array = np.moveaxis(probabilities(name, np.moveaxis(moved, -1, axis)), axis, -1)
    tolerance = max(math.sqrt(eps(moved.dtype)), 1e-6)
    for (block,) in row_blocks(array.ndim - 1, array):
        if np.any(np.abs(np.einsum("ij->i", block) - 1) > tolerance / 2):  # fast, but rounded
            sums = array.sum(axis=-1, dtype=np.float64)
            wrong = np.asarray(np.abs(sums - 1) > tolerance)
            if wrong.any():
                row, total = first_row(sums, wrong)
                raise ValueError(f"{name}: {row}sums to {total:.10g}, expected 1")
            break
    return array


def class_weights(
    name: str, value: ArrayLike, logits: Floats, dtype: np.dtype[Any], each: str = "class"
) -> Floats:
    """A weight for each class, in the dtype of the result; one number stands for all."""
    given = weights(name, value)
    if given.ndim and given.shape != logits.shape[-1:]:
        raise ValueError(
            f"{name}: shape {given.shape}, expected one per {each} {logits.shape[-1:]}"
        )
    limit = np.finfo(dtype).max
    if given.max(initial=0) > limit:
        refuse(name, given, given > limit, f"at most {limit:g}")
    return np.broadcast_to(given.astype(dtype), logits.shape[-1:])


# -- arrays that belong together -----------------------------------------------------------------


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
