"""What the mutation run (`make mutation`) showed that no other test noticed, and block by block."""

import tracemalloc

import mpmath
import numpy as np
import oracles
import pytest
import scipy.special
from numpy.testing import assert_allclose, assert_array_equal

import crossentropy as ce
from crossentropy import _arithmetic, _blocks

LOSS = ce.softmax_cross_entropy_with_integer_labels
GRADIENT = ce.softmax_cross_entropy_with_integer_labels_grad


def batch(rows, classes, scale=3.0, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    logits = scale * rng.standard_normal((rows, classes))
    return rng.integers(0, classes, rows), logits.astype(dtype)


def scipy_losses(labels, logits):
    wide = np.asarray(logits, np.float64)
    return -scipy.special.log_softmax(wide, axis=-1)[np.arange(len(labels)), labels]


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


def test_small_numbers_survive_log1p():
    x = np.array([0.0, 1e-300, 1e-17, 1e-9, 1e-3, 0.5, 1.0, 1e10])
    assert_allclose(_arithmetic.log1p(x), np.log1p(x), rtol=3e-16)
    single = x[x < 1e30].astype(np.float32)
    assert_allclose(_arithmetic.log1p(single), np.log1p(single.astype(float)), rtol=3e-7)


def test_differences_are_exponentiated_as_if_exact():
    rng = np.random.default_rng(4)
    a, b = rng.uniform(-700, 0, 200), rng.uniform(0, 5, 200)
    exact = [mpmath.exp(mpmath.mpf(x) - mpmath.mpf(y)) for x, y in zip(a, b, strict=True)]
    distance, _ = oracles.worst_ulps(_arithmetic.exp_difference(a, b), exact)
    assert distance <= 1.5
    with np.errstate(all="ignore"):
        at_the_end = _arithmetic.exp_difference(np.array([-np.inf, 3.0]), np.array([1.0, 3.0]))
    assert_array_equal(at_the_end, [0, 1])


def test_nothing_lies_within_limits_when_one_is_nan():
    for values, inside in (([1, 2], True), ([0, 1], False), ([2, 3], False), ([1, np.nan], False)):
        assert _arithmetic.within(np.array(values, float), 1, 2) is inside


# -- corners -------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [ce.softmax, ce.log_softmax])
def test_no_rows_have_no_softmax(function):
    assert function(np.zeros((0, 3))).shape == (0, 3)
    assert function(np.zeros((3, 0), np.float32), axis=0).shape == (3, 0)
    assert function(np.zeros((3, 0), np.float32), axis=0).dtype == np.float32
    assert ce.logsumexp(np.zeros((0, 3))).shape == (0,)
    assert ce.logsumexp(np.zeros((0, 3)), keepdims=True).shape == (0, 1)


def test_keepdims_is_true_or_false():
    with pytest.raises(TypeError, match="keepdims"):
        ce.logsumexp([0.0, 1.0], keepdims=1)
    assert ce.logsumexp([0.0, 0.0], keepdims=np.True_).shape == (1,)


@pytest.mark.parametrize("ratio", [1.0001, 1.9, 1.99999, 2.0, 2.00001, 2.1, 1e3, 1e300])
def test_a_divergence_is_exact_on_both_sides_of_the_series(ratio):
    p = np.array([0.25, 0.75])
    q = np.array([0.25 / ratio, 1 - 0.25 / ratio])
    assert_allclose(ce.kl_divergence(p, q), float(oracles.kl_divergence(p, q)), rtol=2e-15)
    assert_allclose(ce.kl_divergence(q, p), float(oracles.kl_divergence(q, p)), rtol=2e-15)


def test_a_ratio_of_probabilities_may_overflow():
    p, q = np.array([0.5, 0.5]), np.array([5e-324, 1.0])
    assert_allclose(ce.kl_divergence(p, q), float(oracles.kl_divergence(p, q)), rtol=1e-15)


def test_class_weights_weigh_the_smoothed_share_of_every_class():
    # as in PyTorch: -Σ w_k t_k log p_k over the sum of the labels' weights
    weights, logits = np.array([2.0, 0.0, 1.0]), np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]])
    targets = 0.7 * np.eye(3)[[1, 0]] + 0.1
    each = -(weights * targets * scipy.special.log_softmax(logits, axis=1)).sum(axis=1)
    options = {"class_weights": weights, "label_smoothing": 0.3}
    assert_allclose(LOSS([1, 0], logits, **options, reduction="none"), each, rtol=1e-14)
    assert_allclose(LOSS([1, 0], logits, **options), each.sum() / 2, rtol=1e-14)


# -- batches of batches ----------------------------------------------------------------------------


def test_scores_and_temperatures_of_a_batch_of_batches_are_those_of_the_flat_one():
    rng = np.random.default_rng(3)
    targets, probs = rng.dirichlet(np.ones(4), size=(2, 6, 5))
    flat = ce.brier_score(targets.reshape(-1, 4), probs.reshape(-1, 4))
    assert ce.brier_score(targets, probs) == pytest.approx(flat, rel=1e-14)
    labels, logits = rng.integers(0, 4, 30), rng.standard_normal((30, 4))
    logits[np.arange(30), labels] += 1
    temperature = ce.fit_temperature(labels.reshape(6, 5), logits.reshape(6, 5, 4))
    assert temperature == pytest.approx(ce.fit_temperature(labels, logits), rel=1e-14)
    curves = [
        ce.reliability_curve(labels.reshape(shape), ce.softmax(logits).reshape(*shape, 4))
        for shape in ((30,), (6, 5))
    ]
    for one, two in zip(*curves, strict=True):
        assert_array_equal(one, two)


def test_a_single_class_may_be_ignored():
    assert LOSS([0, -1], [[0.3], [2.0]], ignore_index=-1) == 0


def test_a_mean_of_float32_losses_is_added_up_in_float64():
    labels, logits = batch(30_000, 3, dtype=np.float32)
    expected = LOSS(labels, logits, reduction="none").mean(dtype=np.float64)
    assert ce.mean_loss([(labels, logits)]) == pytest.approx(expected, rel=1e-13)


# -- messages and warnings -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ce.squared_error([0.0, np.nan], [0.0, 0.0]), "targets: nan at index 1, "),
        (
            lambda: ce.binary_cross_entropy([0, 1], [0.5, 0.5], weights=[0, -1]),
            "weights: -1.0 at index 1, expected at least 0",
        ),
        (lambda: LOSS([0.0], [[0.0, 1.0]]), "labels: expected integers, got floats"),
        (lambda: LOSS([0], [["a", "b"]]), "logits: expected real numbers, got strings"),
        (
            lambda: LOSS(np.zeros((1, 2), int), [[[0.0, 0.0, 0.0], [0.0, 0.0, np.nan]]]),
            r"logits: nan at index \(0, 1, 2\), expected a number",
        ),
        (
            lambda: ce.softmax([[0.0, 0.0], [0.0, 0.0], [0.0, np.inf]], axis=0),
            r"logits: inf at index \(2, 1\), expected below infinity",
        ),
        (
            lambda: ce.softmax_cross_entropy(
                [[1, 1], [0, 0], [0, 0]], [[0.0, 0.0], [0.0, 0.0], [0.0, np.inf]], axis=0
            ),
            r"logits: inf at index \(2, 1\), expected below infinity",
        ),
        (
            lambda: LOSS([0, 0], [[0.0, 0.0], [0.0, 0.0], [0.0, np.inf]], axis=0),
            r"logits: inf at index \(2, 1\), expected below infinity",
        ),
        (
            lambda: LOSS([0, 1, 2], np.zeros((2, 3, 5)), axis=1),
            r"labels \(3,\) and logits \(2, 3, 5\) differ in batch shape, expected labels \(2, 5\)",
        ),
        (
            lambda: ce.binary_cross_entropy_with_logits(
                np.zeros((2, 3)), np.zeros((2, 3)), positive_weight=[1, 2]
            ),
            r"positive_weight: shape \(2,\), expected one per column \(3,\)",
        ),
        (
            lambda: ce.softmax_cross_entropy(np.eye(3), np.eye(3), class_weights=[1, 2]),
            r"class_weights: shape \(2,\), expected one per class \(3,\)",
        ),
        (
            lambda: LOSS([0, 1], np.zeros((3, 2)), axis=0, weights=[1, 2, 3]),
            r"weights \(3,\) and logits \(3, 2\) .* expected weights \(2,\)",
        ),
        (
            lambda: LOSS([[0, 1, 2], [3, 4, 5]], np.zeros((2, 3, 5))),
            r"labels: 5 at index \(1, 2\), expected a class in 0\.\.4",
        ),
        (
            lambda: LOSS(
                np.zeros((2, 3), int), np.where(np.arange(6) < 5, 0, -np.inf).reshape(2, 3, 1)
            ),
            r"logits: row \(1, 2\) is -inf throughout",
        ),
        (
            lambda: ce.brier_score(np.full((2, 3, 4), 0.25), np.full((2, 5, 4), 0.25)),
            r"targets \(2, 3, 4\) and probs \(2, 5, 4\) differ in shape",
        ),
        (
            lambda: ce.binary_cross_entropy_with_logits([1, 0, 2], np.zeros(3)),
            "labels: 2 at index 2, expected 0 or 1",
        ),
        (
            lambda: ce.mean_loss([([0], [[0.0, 0.0]])], reduction="sum"),
            "reduction: always the mean here",
        ),
        (
            lambda: ce.squared_error([1.0, 2.0], [1.0]),
            r"targets \(2,\) and predictions \(1,\) differ in shape",
        ),
        (
            lambda: ce.squared_error(np.ones((2, 3)), np.ones((3, 3))),
            r"targets \(2, 3\) and predictions \(3, 3\) differ in shape",
        ),
        (
            lambda: ce.softmax_cross_entropy(np.eye(4)[:, :3][:3], np.ones((3, 5))),
            r"targets \(3, 3\) and logits \(3, 5\) differ in the number of classes",
        ),
    ],
)
def test_a_message_names_the_place(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_nothing_warns_even_where_numpy_is_told_to_raise():
    far = [-1e4, -745.0, 0.0, 745.0, 1e4]
    rows = [[-np.inf, 0.0, 1e4], [0.0, -1e4, 700.0]]
    one_hot = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    with np.errstate(all="raise"):
        for function in (ce.sigmoid, ce.log_sigmoid):
            function(far)
        for function in (ce.softmax, ce.log_softmax, ce.logsumexp):
            function(rows)
        for function in (ce.entropy, ce.surprisal):
            function([1e-320, 0.0, 1.0])
        ce.cross_entropy(one_hot, one_hot, epsilon=0)
        ce.kl_divergence(one_hot, [[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])
        ce.perplexity([1e4, 0.0, 1e-320])
        for function in (LOSS, GRADIENT, ce.focal_loss, ce.focal_loss_grad):
            function([0, 1], rows)
        for function in (ce.softmax_cross_entropy, ce.softmax_cross_entropy_grad):
            function(one_hot, rows)
        for function in (
            ce.binary_cross_entropy_with_logits,
            ce.binary_cross_entropy_with_logits_grad,
            ce.binary_focal_loss,
            ce.binary_focal_loss_grad,
            ce.squared_error_of_sigmoid_grad,
        ):
            function([0, 1, 0, 1, 1], far)
        ce.squared_error([1e300], [-1e300])
        ce.RunningMean().update([1e308, 1e308, np.inf], [0.0, 1e300, 1.0])
        ce.fit_temperature([0, 1, 0], [[0.0, -np.inf, -9.0], [1.0, 0.0, -1e4], [3.0, 1.0, 0.0]])
