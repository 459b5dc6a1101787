"""Is it an array, a number, an integer, a flag? TypeErrors come from here."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossentropy._types import Floats


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
    if ("f" if is_float(array.dtype) else array.dtype.kind) not in kinds:
        expected = "real numbers" if "f" in kinds else "integers"
        raise TypeError(f"{name}: expected {expected}, got {_contents(array)}")
    return array


def real(name: str, value: ArrayLike) -> Floats:
    """Real numbers as float32 (from float16, bfloat16 and float32) or float64 (from the rest)."""
    array = numeric(name, value)
    single = is_float(array.dtype) and array.dtype.itemsize <= 4
    dtype = np.float32 if single else np.float64
    if array.dtype == dtype:
        return array
    with np.errstate(all="ignore"):  # a longdouble may be too large
        return array.astype(dtype)


def widest(dtype: np.dtype[Any], *values: Any) -> np.dtype[Any]:
    """The precision of the most precise array; integers, lists and single numbers have none."""
    for value in values:
        if hasattr(value, "dtype") and np.ndim(value):
            given = np.asarray(value).dtype
            if is_float(given) and given.itemsize > 4:
                return np.dtype(np.float64)
    return dtype


def is_float(dtype: np.dtype[Any]) -> bool:
    """Whether it is a type of floating-point numbers, ml_dtypes' bfloat16 among them."""
    return dtype.kind == "f" or (dtype.kind == "V" and dtype.name == "bfloat16")


def eps(dtype: np.dtype[Any]) -> float:
    """The step above 1; that of float64 for what becomes float64."""
    if dtype.kind == "f":
        return float(np.finfo(dtype).eps)
    return 2.0**-7 if is_float(dtype) else float(np.finfo(np.float64).eps)


def scalar(name: str, value: Any) -> float:
    """One real number."""
    array = real(name, value)
    if array.ndim:
        raise TypeError(f"{name}: expected one number, got an array of shape {array.shape}")
    return float(array)


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


def boolean(name: str, value: object) -> None:
    """True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}: expected True or False, got {type(value).__name__}")


def _contents(array: NDArray[Any]) -> str:
    if array.dtype.kind == "O":
        return f"objects such as {next(iter(array.flat), None)!r}"
    names = {"b": "booleans", "c": "complex numbers", "U": "strings", "S": "bytes", "f": "floats"}
    return names.get(array.dtype.kind, f"{array.dtype} values")
