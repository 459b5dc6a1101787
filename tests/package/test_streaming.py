"""Means over blocks: equal to the mean of everything at once, however it was cut and merged."""

import math
import pickle
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from losses import floats
from numpy.testing import assert_allclose
from oracles import near

import crossentropy as ce

numbers = st.lists(floats(-1e6, 1e6), min_size=1, max_size=30)


def running(*blocks):
    mean = ce.RunningMean()
    for block in blocks:
        mean.update(*block)
    return mean


@given(numbers, st.data())
def test_any_blocks_give_the_mean(losses, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(losses)), max_size=4)))
    blocks = np.split(np.array(losses), cuts)  # some of them empty
    exact = float(sum(map(Fraction, losses)) / len(losses))
    result = running(*((block,) for block in blocks)).value
    assert result == near(exact, rel=1e-15, abs=1e-15 * np.abs(losses).max())


@given(numbers, numbers)
def test_merging_equals_updating(first, second):
    merged = running((first,))
    merged.merge(running((second,)))
    together = running((first,), (second,)).value
    assert merged.value == near(together, rel=1e-15, abs=1e-15 * np.abs(first + second).max())
    empty = ce.RunningMean()
    empty.merge(merged)
    assert empty.value == merged.value
    merged.merge(ce.RunningMean())
    assert empty.value == merged.value


def test_merging_leaves_the_other_as_it_was():
    one, other = running(([1.0, 2.0],)), running(([9.0],))
    one.merge(other)
    assert one.value == 4
    assert other.value == 9
    one.merge(one)
    assert one.value == 4


@given(st.lists(st.tuples(floats(0, 100), floats(0.01, 10)), min_size=1, max_size=20))
def test_a_weighted_mean_equals_numpys(pairs):
    losses, weights = np.array(pairs).T
    middle = len(losses) // 2
    mean = running((losses[:middle], weights[:middle]), (losses[middle:], weights[middle:]))
    assert mean.value == near(np.average(losses, weights=weights), rel=1e-12)


def test_unequal_blocks_are_not_averaged_as_equals():
    # the mean-of-means bug: (2 + 10) / 2 = 6
    assert running(([1.0, 2.0, 3.0],), ([10.0],)).value == 4


def test_blocks_of_any_shape_and_scalars():
    mean = running((np.ones((2, 3)),), (8.0,))
    assert mean.value == 2
    assert running((8.0, 3), (0.0, 1)).value == 6


def test_a_million_updates_do_not_drift():
    mean = running(*([0.1],) * 100_000)
    assert mean.value == 0.1
    mean = ce.RunningMean()
    mean.update(np.full(1_000_000, 0.1, np.float32))
    assert mean.value == near(float(np.float32(0.1)), rel=1e-12)


def test_small_losses_survive_beside_large_ones():
    assert running(([1e16],), ([1.0],), ([-1e16],)).value == near(1 / 3, rel=1e-15)


def test_an_infinite_loss_makes_the_mean_infinite_not_nan():
    assert running(([1.0],), ([np.inf],), ([2.0],)).value == np.inf
    assert running(([np.inf, 1.0], [0, 1])).value == 1


def test_no_loss_has_no_mean():
    for mean in (ce.RunningMean(), running(([],)), running(([1.0], [0.0]))):
        with pytest.raises(ValueError, match="losses"):
            _ = mean.value


def test_a_running_mean_travels_between_processes():
    mean = pickle.loads(pickle.dumps(running(([1.0, 3.0],))))
    mean.update([5.0])
    assert mean.value == 3


# -- mean_loss -----------------------------------------------------------------------------------


@pytest.fixture
def blocks():
    rng = np.random.default_rng(2)
    return [(rng.integers(0, 5, n), rng.standard_normal((n, 5))) for n in (7, 1, 0, 30)]


def joined(blocks):
    return [np.concatenate(parts) for parts in zip(*blocks, strict=True)]


def test_mean_loss_equals_the_loss_at_once(blocks):
    expected = ce.softmax_cross_entropy_with_integer_labels(*joined(blocks))
    assert ce.mean_loss(blocks) == near(expected, rel=1e-15)
    assert ce.mean_loss(iter(blocks)) == near(expected, rel=1e-15)


def test_mean_loss_with_class_weights_and_ignored_labels(blocks):
    options = {"class_weights": [1, 2, 3, 4, 0.5], "ignore_index": 3, "label_smoothing": 0.1}
    expected = ce.softmax_cross_entropy_with_integer_labels(*joined(blocks), **options)
    assert ce.mean_loss(blocks, **options) == near(expected, rel=1e-15)


def test_mean_loss_with_sample_weights():
    rng = np.random.default_rng(2)
    blocks = [
        (rng.integers(0, 2, n), rng.standard_normal(n), rng.uniform(0, 1, n)) for n in (7, 1, 30)
    ]
    labels, scores, weights = joined(blocks)
    for loss in (ce.binary_cross_entropy_with_logits,):
        expected = loss(labels, scores, weights=weights)
        assert ce.mean_loss(blocks, loss=loss) == near(expected, rel=1e-14)


@pytest.mark.parametrize(
    "loss",
    [
        ce.binary_cross_entropy,
        ce.binary_cross_entropy_with_logits,
        ce.binary_focal_loss,
        ce.squared_error,
    ],
    ids=lambda loss: loss.__name__,
)
def test_mean_loss_of_other_losses(loss):
    rng = np.random.default_rng(2)
    blocks = [(rng.integers(0, 2, n), rng.uniform(0.01, 0.99, n)) for n in (4, 9, 1)]
    expected = loss(*joined(blocks))
    assert ce.mean_loss(blocks, loss=loss) == near(expected, rel=1e-14)
    narrow = [(y, p.astype(np.float32)) for y, p in blocks]
    assert ce.mean_loss(narrow, loss=loss) == near(expected, rel=1e-6)


def test_mean_loss_over_threads_and_over_a_dask_bag(blocks):
    expected = ce.mean_loss(blocks)
    with ThreadPoolExecutor(2) as pool:
        assert ce.mean_loss(blocks, map=pool.map) == expected
    bag = pytest.importorskip("dask.bag").from_sequence(blocks, npartitions=2)
    import dask

    with dask.config.set(scheduler="synchronous"):
        assert ce.mean_loss(bag) == near(expected, rel=1e-15)


def test_mean_loss_of_nothing_is_refused():
    with pytest.raises(ValueError, match=r"losses|blocks"):
        ce.mean_loss([])


def test_the_mean_of_a_large_batch_takes_little_memory():
    import tracemalloc

    labels, logits = np.zeros(200_000, int), np.zeros((200_000, 10), np.float32)
    tracemalloc.start()
    result = ce.softmax_cross_entropy_with_integer_labels(labels, logits)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result == near(math.log(10), rel=1e-6)
    assert peak < 2 * 2**20  # the logits alone are 8 MB


def test_a_mean_in_blocks_equals_one_block():
    rng = np.random.default_rng(9)
    labels, logits = rng.integers(0, 3, 100_000), rng.standard_normal((100_000, 3))
    each = ce.softmax_cross_entropy_with_integer_labels(labels, logits, reduction="none")
    assert_allclose(
        ce.softmax_cross_entropy_with_integer_labels(labels, logits),
        math.fsum(each) / 100_000,
        rtol=1e-14,
    )


def test_a_mean_of_float32_losses_is_added_up_in_float64():
    rng = np.random.default_rng(0)
    labels, logits = rng.integers(0, 3, 30_000), 3 * rng.standard_normal((30_000, 3), np.float32)
    each = ce.softmax_cross_entropy_with_integer_labels(labels, logits, reduction="none")
    expected = each.mean(dtype=np.float64)
    assert ce.mean_loss([(labels, logits)]) == pytest.approx(expected, rel=1e-13)
