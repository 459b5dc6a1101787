"""Block by block: large arrays in little memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

BLOCK_ELEMENTS = 140_000  # few calls, and their exponentials stay in the cache
BLOCK_ROWS = 28_000
TOGETHER = 8  # blocks whose row sums are worked on together
WAITING = 3  # blocks that two threads have before them
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
            waiting: deque[Future[T]] = deque()
            for block in blocks:
                waiting.append(pool.submit(quiet, block))
                if len(waiting) > WAITING:  # a block may be a copy: no more than a few at a time
                    yield waiting.popleft().result()
            for future in waiting:
                yield future.result()


def filled(
    fill: Callable[..., None],
    ndim: int,
    shape: tuple[int, ...],
    dtype: Any,
    *arrays: NDArray[Any] | None,
) -> NDArray[Any]:
    """An array whose blocks `fill` writes; it gets each with the same rows of `arrays`."""
    out = np.empty(shape, dtype)
    for _ in over_blocks(fill, ndim, out, *arrays):
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
    if ndim > 1 and largest.size and not all(array.flags.c_contiguous for array in present):
        yield from _slabs(ndim, *arrays, together=together)
        return
    flat = _flat(ndim, arrays)
    width = max(1, largest[(0,) * ndim].size) if largest.size else 1
    rows = max(1, min(BLOCK_ROWS, together * BLOCK_ELEMENTS // width))
    for start in range(0, largest.size // width, rows):
        yield tuple(a if a is None else a[start : start + rows] for a in flat)


def _slabs(ndim: int, *arrays: NDArray[Any] | None, together: int) -> Iterator[tuple[Any, ...]]:
    """`row_blocks` where flattening copies: of a few places of the first dimension at a time."""
    largest = max((array for array in arrays if array is not None), key=np.size)
    places = BLOCK_ELEMENTS // largest[0].size
    for start in range(0, len(largest), max(1, places)):
        if places:
            slab = _flat(ndim, [a if a is None else a[start : start + places] for a in arrays])
            yield from row_blocks(1, *slab, together=together)
        else:
            slab = [a if a is None else a[start] for a in arrays]
            yield from row_blocks(ndim - 1, *slab, together=together)


def _flat(ndim: int, arrays: Sequence[NDArray[Any] | None]) -> list[NDArray[Any] | None]:
    """The arrays with one batch dimension instead of `ndim`."""
    return [a if a is None else a.reshape(-1, *a.shape[ndim:]) for a in arrays]
