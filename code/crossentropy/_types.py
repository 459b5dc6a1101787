"""The types that the package takes and returns, by name."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating[Any]]
Integers: TypeAlias = NDArray[np.integer[Any]]
Booleans: TypeAlias = NDArray[np.bool_]

Float: TypeAlias = np.floating[Any]
FloatOrFloats: TypeAlias = Float | Floats  # a scalar for scalars, or for a mean or a sum

Reduction: TypeAlias = Literal["none", "mean", "sum"]
