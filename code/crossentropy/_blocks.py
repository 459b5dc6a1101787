"""Block by block: large arrays in little memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from operator import attrgetter
from typing import Any, TypeVar

from numpy.typing import NDArray

from crossentropy._arithmetic import quiet

T = TypeVar("T")

# Small blocks cost calls, large ones memory: ms and MiB of the mean loss with a quarter of these
# sizes, with these, and with four times them (`make bench`, float32, one thread).
BLOCK_ELEMENTS = 140_000  # at (10,000, 1,000): 10.9 and 0.2, 8.4 and 0.6, 7.1 and 2.2
BLOCK_ROWS = 28_000  # at (1,000,000, 2): 10.6 and 0.2, 7.1 and 0.7, 6.6 and 2.1
TOGETHER = 8  # blocks whose row sums are found at once: 17.4 ms at (400, 50,000), 21.8 with one
WAITING = 3  # blocks that two threads have before them: as fast with 1 as with 12
PARALLEL_ELEMENTS = 1 << 20  # below that, starting threads costs more than it gains

SIZE = attrgetter("size")


def over_blocks(
    kernel: Callable[..., T], ndim: int, *arrays: NDArray[Any], together: int = 1
) -> Iterator[T]:
    """What `kernel` makes of each block; two threads share the blocks of large arrays.

    The results come in order, so that a sum does not depend on the threads.
    """
    blocks = row_blocks(ndim, *arrays, together=together)
    if max(arrays, key=SIZE).size < PARALLEL_ELEMENTS:
        for block in blocks:
            yield _quietly(kernel, *block)
    else:
        with ThreadPoolExecutor(2) as pool:
            waiting: deque[Future[T]] = deque()
            for block in blocks:
                waiting.append(pool.submit(_quietly, kernel, *block))
                if len(waiting) > WAITING:  # a block may be a copy: no more than a few at a time
                    yield waiting.popleft().result()
            for future in waiting:
                yield future.result()


@quiet
def _quietly(kernel: Callable[..., T], *block: Any) -> T:
    """Of each block anew, since a thread starts with NumPy's own settings."""
    return kernel(*block)


def row_blocks(ndim: int, *arrays: NDArray[Any], together: int = 1) -> Iterator[tuple[Any, ...]]:
    """Cut arrays with `ndim` batch dimensions in common into blocks with one of them.

    Larger by the factor `together`, as long as the rows are not too many.
    """
    largest = max(arrays, key=SIZE)
    if ndim > 1 and largest.size and not all(array.flags.c_contiguous for array in arrays):
        yield from _slabs(ndim, *arrays, together=together)
        return
    flat = _flat(ndim, arrays)
    width = max(1, largest[(0,) * ndim].size) if largest.size else 1
    rows = max(1, min(BLOCK_ROWS, together * BLOCK_ELEMENTS // width))
    for start in range(0, largest.size // width, rows):
        yield tuple(array[start : start + rows] for array in flat)


def _slabs(ndim: int, *arrays: NDArray[Any], together: int) -> Iterator[tuple[Any, ...]]:
    """`row_blocks` where flattening copies: of a few places of the first dimension at a time."""
    largest = max(arrays, key=SIZE)
    places = BLOCK_ELEMENTS // largest[0].size
    for start in range(0, len(largest), max(1, places)):
        if places:
            slab = _flat(ndim, [array[start : start + places] for array in arrays])
            yield from row_blocks(1, *slab, together=together)
        else:
            slab = [array[start] for array in arrays]
            yield from row_blocks(ndim - 1, *slab, together=together)


def _flat(ndim: int, arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """The arrays with one batch dimension instead of `ndim`."""
    return [array.reshape(-1, *array.shape[ndim:]) for array in arrays]
