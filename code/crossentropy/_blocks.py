"""Block by block: large arrays in little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

BLOCK_ELEMENTS = 140_000  # few calls, and their exponentials stay in the cache
BLOCK_ROWS = 28_000
TOGETHER = 8  # blocks whose row sums are worked on together
PARALLEL_ELEMENTS = 1 << 20  # below that, starting threads costs more than it gains


def over_blocks(
    kernel: Callable[..., T],
    ndim: int,
    *arrays: NDArray[Any] | None,
    together: int = 1,
) -> Iterator[T]:
    """What `kernel` makes of each block; two threads share the blocks of large arrays.

    The results come in order, so that a sum does not depend on the threads.
    """

    def quiet(block: tuple[Any, ...]) -> T:
        with np.errstate(all="ignore"):  # here, since a thread starts with NumPy's defaults
            return kernel(*block)

    blocks = row_blocks(ndim, *arrays, together=together)
    if max(array.size for array in arrays if array is not None) < PARALLEL_ELEMENTS:
        yield from map(quiet, blocks)
    else:
        with ThreadPoolExecutor(2) as pool:
            yield from pool.map(quiet, blocks)


def filled(
    fill: Callable[..., None], shape: tuple[int, ...], dtype: Any, *arrays: NDArray[Any] | None
) -> NDArray[Any]:
    """An array (..., n) whose blocks `fill` writes; it gets each with the same rows of `arrays`."""
    out = np.empty(shape, dtype)
    for _ in over_blocks(fill, out.ndim - 1, out, *arrays):
        pass
    return out


def row_blocks(
    ndim: int, *arrays: NDArray[Any] | None, together: int = 1
) -> Iterator[tuple[Any, ...]]:
    """Cut arrays with `ndim` batch dimensions in common into blocks with one of them.

    Larger by the factor `together`, as long as the rows are not too many.
    """
    present = [array for array in arrays if array is not None]
    largest = max(present, key=np.size)
    if ndim > 1 and largest[:1].size > BLOCK_ELEMENTS and not largest.flags.c_contiguous:
        # flattening would copy the whole array
        for place in range(len(largest)):
            inner = (a if a is None else a[place] for a in arrays)
            yield from row_blocks(ndim - 1, *inner, together=together)
        return
    flat = [a if a is None else a.reshape(-1, *a.shape[ndim:]) for a in arrays]
    width = max(1, largest[(0,) * ndim].size) if largest.size else 1
    rows = max(1, min(BLOCK_ROWS, together * BLOCK_ELEMENTS // width))
    for start in range(0, largest.size // width, rows):
        yield tuple(a if a is None else a[start : start + rows] for a in flat)
