"""Block by block: how arrays are cut, by whom they are worked off, and that it changes nothing."""

import tracemalloc

import numpy as np
import pytest
import scipy.special
from numpy.testing import assert_allclose, assert_array_equal

import crossentropy as ce
from crossentropy import _blocks

LOSS = ce.softmax_cross_entropy_with_integer_labels
GRADIENT = ce.softmax_cross_entropy_with_integer_labels_grad


def batch(rows, classes, scale=3.0, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    logits = scale * rng.standard_normal((rows, classes))
    return rng.integers(0, classes, rows), logits.astype(dtype)


# -- blocks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(7,), (70_000, 1), (70_000, 10), (3, 70_000), (0, 4)])
def test_blocks_are_small_and_make_up_the_whole(shape):
    array = np.arange(np.prod(shape), dtype=float).reshape(shape)
    blocks = [block for (block,) in _blocks.row_blocks(1, array)]
    if array.size:
        assert_array_equal(np.concatenate(blocks), array)
    for block in blocks:
        assert len(block) == 1 or block.size <= _blocks.BLOCK_ELEMENTS
        assert len(block) <= _blocks.BLOCK_ROWS
    if len(blocks) > 2:
        rows = len(blocks[0])
        assert [len(block) for block in blocks[1:-1]] == [rows] * (len(blocks) - 2)
        width = array[0].size
        assert rows == min(_blocks.BLOCK_ROWS, _blocks.BLOCK_ELEMENTS // width) or rows == 1


def test_blocks_of_several_arrays_keep_together():
    labels, logits = batch(50_000, 3)
    start = 0
    for y, z in _blocks.row_blocks(1, labels, logits):
        assert_array_equal(y, labels[start : start + len(y)])
        assert_array_equal(z, logits[start : start + len(y)])
        start += len(y)
    assert start == len(labels)


def test_a_batch_of_one_example_is_one_block():
    ((block,),) = _blocks.row_blocks(0, np.arange(3.0))
    assert block.shape == (1, 3)


def shifted_sequences():
    """The usual slice of a language model: logits of all tokens but the last; not contiguous."""
    rng = np.random.default_rng(1)
    logits = rng.standard_normal((3, 501, 1000), np.float32)
    return rng.integers(0, 1000, (3, 500)), logits[:, :-1]


def test_a_slice_of_sequences_is_not_copied():
    labels, logits = shifted_sequences()
    tracemalloc.start()
    loss = LOSS(labels, logits)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < logits.nbytes
    assert loss == pytest.approx(LOSS(labels, logits.copy()), rel=1e-6)


def test_a_slice_of_sequences_has_the_losses_and_gradients_of_its_copy():
    labels, logits = shifted_sequences()
    expected = LOSS(labels, logits.copy(), reduction="none")
    assert_allclose(LOSS(labels, logits, reduction="none"), expected, rtol=1e-6)
    assert_allclose(GRADIENT(labels, logits), GRADIENT(labels, logits.copy()), atol=1e-7)
    weights = np.arange(1500.0).reshape(3, 500)
    targets = np.eye(1000, dtype=np.float32)[labels]
    weighted = ce.softmax_cross_entropy(targets, logits, weights=weights)
    assert weighted == pytest.approx(np.average(expected, weights=weights), rel=1e-6)


@pytest.mark.parametrize(
    "shape", [(20_000, 30, 10), (3, 20, 30_000), (3, 250_000, 3), (2, 3, 4, 5)]
)
def test_classes_in_another_place_are_not_copied_and_change_nothing(shape):
    rng = np.random.default_rng(2)
    logits = np.moveaxis(rng.standard_normal((shape[0], shape[-1], *shape[1:-1])), 1, -1)
    labels = rng.integers(0, shape[-1], shape[:-1])
    expected = LOSS(labels, logits.copy())
    tracemalloc.start()
    assert LOSS(labels, logits) == pytest.approx(expected, rel=1e-14)
    first = np.moveaxis(logits, -1, 1)
    assert LOSS(labels, first, axis=1) == pytest.approx(expected, rel=1e-14)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < max(logits.nbytes / 4, 100_000)
    assert_allclose(GRADIENT(labels, logits), GRADIENT(labels, logits.copy()), atol=1e-15)


@pytest.mark.parametrize("classes", [2, 10, 700])
def test_threads_change_nothing(monkeypatch, classes):
    labels, logits = batch(3_000, classes, dtype=np.float32)
    monkeypatch.setattr(_blocks, "BLOCK_ELEMENTS", 10_000)
    one = LOSS(labels, logits), GRADIENT(labels, logits)
    monkeypatch.setattr(_blocks, "PARALLEL_ELEMENTS", 0)
    two = LOSS(labels, logits), GRADIENT(labels, logits)
    assert one[0] == two[0]
    assert_array_equal(one[1], two[1])


def test_only_large_arrays_take_threads(monkeypatch):
    used = []
    pool = _blocks.ThreadPoolExecutor
    monkeypatch.setattr(_blocks, "ThreadPoolExecutor", lambda n: used.append(n) or pool(n))
    LOSS(np.zeros(131_071, int), np.zeros((131_071, 8), np.float32))
    assert used == []
    LOSS(np.zeros(131_072, int), np.zeros((131_072, 8), np.float32))
    assert used == [2]


def test_bad_rows_are_found_in_threads_and_nothing_warns(monkeypatch):
    monkeypatch.setattr(_blocks, "PARALLEL_ELEMENTS", 0)
    labels, logits = batch(40_000, 4, scale=1e3)
    assert np.isfinite(LOSS(labels, logits))
    logits[33_333, 2] = np.nan
    with pytest.raises(ValueError, match=r"logits: nan at index \(33333, 2\)"):
        LOSS(labels, logits)


# -- the softmax of a block ----------------------------------------------------------------------


def scipy_losses(labels, logits):
    wide = np.asarray(logits, np.float64)
    return -scipy.special.log_softmax(wide, axis=-1)[np.arange(len(labels)), labels]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", [0.1, 3.0, 30.0, 1e3, 1e30])
@pytest.mark.parametrize("shape", [(600, 3), (5, 700), (40, 40), (3, 600), (1, 1), (9, 1)])
def test_every_shape_and_size_of_logits_equals_scipy(shape, scale, dtype):
    labels, logits = batch(*shape, scale, dtype)
    expected = scipy_losses(labels, logits)
    tolerance = 2e-6 if dtype is np.float32 else 1e-14
    tiny = 1e-30  # SciPy rounds small losses off, see test_precision
    losses = LOSS(labels, logits, reduction="none")
    assert_allclose(losses, expected, rtol=tolerance, atol=max(tiny, tolerance))
    assert losses.dtype == dtype
    targets = np.eye(shape[1], dtype=dtype)[labels]
    dense = ce.softmax_cross_entropy(targets, logits, reduction="none")
    assert_allclose(dense, expected, rtol=tolerance, atol=tolerance)
    gradient = scipy.special.softmax(logits.astype(float), axis=1) - targets
    assert_allclose(GRADIENT(labels, logits), gradient, atol=tolerance)
    assert_allclose(ce.softmax_cross_entropy_grad(targets, logits), gradient, atol=tolerance)


@pytest.mark.parametrize("odds", [50.0, 300.0, 500.0, 700.0])
@pytest.mark.parametrize("shift", [0.0, 200.0, -200.0, 1e3])
def test_tiny_losses_keep_their_digits_wherever_the_logits_lie(odds, shift):
    logits = np.array([[shift + odds, shift, shift]] * 4)
    exact = 2 * np.exp(-odds)
    assert_allclose(LOSS([0] * 4, logits, reduction="none"), exact, rtol=1e-13)
    assert_allclose(GRADIENT([0] * 4, logits)[:, 0], -exact, rtol=1e-13)
    assert_allclose(ce.log_softmax(logits)[:, 0], -exact, rtol=1e-13)


def test_a_row_beyond_the_range_of_exp_does_not_spoil_its_block():
    labels, logits = batch(100, 5)
    plain = LOSS(labels, logits, reduction="none")
    logits[50] = [1e4, -1e4, 0, 1, 2]
    together = LOSS(labels, logits, reduction="none")
    others = np.arange(100) != 50
    assert_allclose(together[others], plain[others], rtol=1e-14)
    assert together[50] == [0.0, 2e4, 1e4, 9999.0, 9998.0][labels[50]]
