"""What the table of laws does not say: class weights, ignored labels, smoothing, alpha."""

import jax.numpy as jnp
import numpy as np
import optax
import pytest
import scipy.special
import sklearn.metrics
import sklearn.utils.class_weight
from hypothesis import given
from hypothesis import strategies as st
from losses import distributions, floats
from numpy.testing import assert_allclose, assert_array_equal
from oracles import near

import crossentropy as ce

SPARSE = ce.softmax_cross_entropy_with_integer_labels
N, K = 40, 5


@pytest.fixture
def rng():
    return np.random.default_rng(4)


@pytest.fixture
def logits(rng):
    return 3 * rng.standard_normal((N, K))


@pytest.fixture
def labels(rng):
    return rng.integers(0, K, N)


@pytest.fixture
def class_weights(rng):
    return rng.uniform(0.2, 3, K)


# -- class weights: the mean is that of PyTorch and of scikit-learn -------------------------------


def test_the_mean_with_class_weights_equals_sklearns(labels, logits, class_weights):
    expected = sklearn.metrics.log_loss(
        labels, ce.softmax(logits), sample_weight=class_weights[labels]
    )
    assert SPARSE(labels, logits, class_weights=class_weights) == near(expected, rel=1e-12)


def test_class_weights_by_hand():
    # Class 1 weighs three times as much: (1·log 2 + 3·log 2) / (1 + 3)
    assert SPARSE([0, 1], np.zeros((2, 2)), class_weights=[1, 3]) == near(np.log(2))
    losses = SPARSE([0, 1], np.zeros((2, 2)), class_weights=[1, 3], reduction="none")
    assert_allclose(losses, [np.log(2), 3 * np.log(2)])
    total = SPARSE([0, 1], np.zeros((2, 2)), class_weights=[1, 3], reduction="sum")
    assert total == near(4 * np.log(2))


def test_balanced_class_weights_equal_the_mean_over_classes_of_their_means(labels, logits):
    balanced = sklearn.utils.class_weight.compute_class_weight(
        "balanced", classes=np.arange(K), y=labels
    )
    losses = SPARSE(labels, logits, reduction="none")
    expected = np.mean([losses[labels == k].mean() for k in range(K)])
    assert SPARSE(labels, logits, class_weights=balanced) == near(expected, rel=1e-13)


def test_a_class_of_weight_zero_does_not_count(labels, logits):
    others = labels != 2
    assert SPARSE(labels, logits, class_weights=[1, 1, 0, 1, 1]) == near(
        SPARSE(labels[others], logits[others]), rel=1e-13
    )
    logits[labels == 2, 2] = -np.inf  # infinite losses of weight 0
    assert np.isfinite(SPARSE(labels, logits, class_weights=[1, 1, 0, 1, 1]))


@pytest.mark.parametrize("scale", [1e-3, 7.0])
def test_the_scale_of_the_class_weights_does_not_matter_to_the_mean(
    labels, logits, class_weights, scale
):
    assert SPARSE(labels, logits, class_weights=scale * class_weights) == near(
        SPARSE(labels, logits, class_weights=class_weights), rel=1e-13
    )


# -- ignored labels ------------------------------------------------------------------------------


@pytest.mark.parametrize("ignored", [-100, -1, 2, K, 255])
def test_ignored_labels_count_nowhere(rng, labels, logits, class_weights, ignored):
    mask = rng.random(N) < 0.3
    labels[labels == ignored] = 0
    labels[mask] = ignored
    for options in ({}, {"class_weights": class_weights}, {"label_smoothing": 0.1}):
        for reduction in ("sum", "mean"):
            assert_allclose(
                SPARSE(labels, logits, ignore_index=ignored, reduction=reduction, **options),
                SPARSE(labels[~mask], logits[~mask], reduction=reduction, **options),
                rtol=1e-13,
            )
        each = SPARSE(labels, logits, ignore_index=ignored, reduction="none", **options)
        assert_array_equal(each[mask], 0.0)
        assert np.all(each[~mask] > 0)
        assert_allclose(
            each[~mask], SPARSE(labels[~mask], logits[~mask], reduction="none", **options)
        )


def test_an_ignored_row_of_infinite_loss_does_not_count():
    logits = np.array([[0.0, -np.inf], [0.0, 0.0]])
    assert SPARSE([1, 0], logits, ignore_index=1) == near(np.log(2))


@pytest.mark.parametrize("anything", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("options", [{}, {"label_smoothing": 0.1}, {"class_weights": [1, 2, 3]}])
def test_an_ignored_row_may_hold_anything(rng, anything, options):
    logits, labels = rng.standard_normal((7, 3)), rng.integers(0, 3, 7)
    spoilt, ignored = logits.copy(), labels.copy()
    ignored[[2, 5]], spoilt[2], spoilt[5, 1] = -100, anything, anything
    rest = ignored != -100
    options = {"ignore_index": -100, **options}
    for reduction in ("sum", "mean"):
        assert SPARSE(ignored, spoilt, **options, reduction=reduction) == near(
            SPARSE(labels[rest], logits[rest], **options, reduction=reduction)
        )
    assert_array_equal(SPARSE(ignored, spoilt, **options, reduction="none")[~rest], 0)
    gradient = ce.softmax_cross_entropy_with_integer_labels_grad(ignored, spoilt, **options)
    assert_array_equal(gradient[~rest], 0)
    beside = ce.softmax_cross_entropy_with_integer_labels_grad(labels, logits, **options)
    assert_allclose(gradient[rest], beside[rest], rtol=1e-14)
    assert_array_equal(spoilt[2], anything)
    spoilt[6] = np.nan  # this one counts
    with pytest.raises(ValueError, match=r"logits: nan at index \(6, 0\)"):
        SPARSE(ignored, spoilt, **options)


def test_a_single_class_may_be_ignored():
    assert SPARSE([0, -1], [[0.3], [2.0]], ignore_index=-1) == 0


def test_all_ignored_sums_to_zero():
    logits = np.zeros((3, 2))
    assert SPARSE([-1] * 3, logits, ignore_index=-1, reduction="sum") == 0
    assert_array_equal(SPARSE([-1] * 3, logits, ignore_index=-1, reduction="none"), [0, 0, 0])


def test_labels_of_every_integer_type(labels, logits):
    expected = SPARSE(labels, logits)
    for dtype in (np.int8, np.uint8, np.int16, np.uint32, np.int64, np.uint64):
        assert SPARSE(labels.astype(dtype), logits) == expected
    with_ignored = np.where(labels == 3, 255, labels).astype(np.uint8)
    assert SPARSE(with_ignored, logits, ignore_index=255) == near(
        SPARSE(labels[labels != 3], logits[labels != 3]), rel=1e-13
    )


def test_no_labels_as_an_empty_list():
    assert SPARSE([], np.zeros((0, 3)), reduction="sum") == 0


def test_binary_labels_may_be_integers_floats_or_booleans():
    scores = np.array([0.5, -1.0, 2.0])
    expected = ce.binary_cross_entropy_with_logits([0, 1, 1], scores)
    assert ce.binary_cross_entropy_with_logits([0.0, 1.0, 1.0], scores) == expected
    assert ce.binary_cross_entropy_with_logits(np.array([0, 1, 1], np.uint8), scores) == expected
    assert ce.binary_cross_entropy_with_logits([False, True, True], scores) == expected


def test_one_hot_targets_may_be_booleans(rng, labels, logits):
    one_hot = np.eye(K, dtype=bool)[labels]
    for dtype in (np.float32, np.float64):
        narrow = logits.astype(dtype)
        assert ce.softmax_cross_entropy(one_hot, narrow) == near(SPARSE(labels, narrow), rel=1e-6)
        assert ce.softmax_cross_entropy(one_hot, narrow).dtype == dtype
        gradient = ce.softmax_cross_entropy_grad(one_hot, narrow)
        assert_array_equal(gradient, ce.softmax_cross_entropy_grad(one_hot.astype(int), narrow))
    probs = ce.softmax(logits)
    assert ce.brier_score(one_hot, probs) == ce.brier_score(one_hot.astype(float), probs)
    assert_array_equal(
        ce.cross_entropy(one_hot, probs), ce.cross_entropy(one_hot.astype(float), probs)
    )
    one_hot[3] = True
    with pytest.raises(ValueError, match="targets: row 3 sums to 5, expected 1"):
        ce.softmax_cross_entropy(one_hot, logits)


def test_bfloat16_is_computed_in_float32(rng, labels, logits):
    def narrow(values):
        return np.asarray(jnp.asarray(values, jnp.bfloat16))

    def wide(values):
        return values.astype(np.float32)

    z, shares = narrow(logits), narrow(rng.uniform(0, 1, N))
    targets, weights = narrow(rng.dirichlet(np.ones(K), N)), narrow(rng.uniform(0, 2, N))
    assert np.abs(wide(targets).sum(axis=-1) - 1).max() > 1e-3  # beyond float32's tolerance
    ce.entropy(targets)
    for truths, predictions, losses in (
        (labels, z, (SPARSE, ce.softmax_cross_entropy_with_integer_labels_grad)),
        (labels, z, (ce.focal_loss, ce.focal_loss_grad)),
        (shares, z[:, 0], (ce.binary_cross_entropy_with_logits,)),
        (shares, shares, (ce.binary_cross_entropy, ce.squared_error)),
        (narrow(labels % 2), z[:, 0], (ce.binary_focal_loss, ce.binary_focal_loss_grad)),
    ):
        for loss in losses:
            options = {} if loss is ce.squared_error else {"weights": weights}
            result = loss(truths, predictions, **options)
            beside = [x if x is labels else wide(x) for x in (truths, predictions)]
            options = {name: wide(value) for name, value in options.items()}
            assert result.dtype == np.float32
            assert_array_equal(result, loss(*beside, **options))
    result = ce.softmax_cross_entropy(targets, z, reduction="none")
    assert result.dtype == np.float32
    assert_allclose(result, optax.softmax_cross_entropy(wide(z), wide(targets)), rtol=1e-5)
    assert ce.softmax(z).dtype == np.float32
    with pytest.raises(TypeError, match="labels: expected integers"):
        SPARSE(narrow(labels), logits)
    with pytest.raises(ValueError, match=r"targets: sums to 1\.25, expected 1"):
        ce.softmax_cross_entropy(narrow([0.75, 0.5]), z[0, :2])


def test_shares_interpolate_between_the_labels(rng):
    share, scores = rng.uniform(0, 1, N), rng.standard_normal(N)
    for loss, predictions in (
        (ce.binary_cross_entropy, ce.sigmoid(scores)),
        (ce.binary_cross_entropy_with_logits, scores),
    ):
        ones, zeros = (loss(np.full(N, y), predictions, reduction="none") for y in (True, False))
        losses = loss(share, predictions, reduction="none")
        assert_allclose(losses, share * ones + (1 - share) * zeros, rtol=1e-13)


@pytest.mark.parametrize("of_class", [np.array([0.1, 0.7, 3, 1, 1]), None])
def test_precise_class_weights_make_precise_losses(labels, logits, of_class):
    narrow = logits.astype(np.float32)
    for loss, options in (
        (SPARSE, {"class_weights": of_class}),
        (ce.softmax_cross_entropy_with_integer_labels_grad, {"class_weights": of_class}),
        (ce.focal_loss, {"alpha": of_class}),
        (ce.focal_loss_grad, {"alpha": of_class}),
    ):
        result = loss(labels, narrow, **options)
        if of_class is None:
            assert result.dtype == np.float32
        else:
            assert_array_equal(result, loss(labels, narrow.astype(np.float64), **options))


# -- sample weights ------------------------------------------------------------------------------


def test_weighted_means_equal_sklearns(rng, labels, logits):
    weights = rng.uniform(0, 2, N)
    expected = sklearn.metrics.log_loss(labels, ce.softmax(logits), sample_weight=weights)
    assert ce.softmax_cross_entropy(np.eye(K)[labels], logits, weights=weights) == near(
        expected, rel=1e-12
    )
    bits, probs = labels % 2, rng.uniform(0.01, 0.99, N)
    expected = sklearn.metrics.log_loss(bits, probs, sample_weight=weights)
    assert ce.binary_cross_entropy(bits, probs, weights=weights) == near(expected, rel=1e-12)
    scores = np.log(probs) - np.log1p(-probs)
    assert ce.binary_cross_entropy_with_logits(bits, scores, weights=weights) == near(
        expected, rel=1e-12
    )


def test_with_class_weights_the_mean_divides_by_the_products_of_both(rng, labels, logits):
    weights, of_class = rng.uniform(0, 2, N), rng.uniform(0.2, 3, K)
    products = weights * of_class[labels]
    expected = sklearn.metrics.log_loss(labels, ce.softmax(logits), sample_weight=products)
    assert SPARSE(labels, logits, weights=weights, class_weights=of_class) == near(expected)
    focal = ce.focal_loss(labels, logits, reduction="none", alpha=of_class)
    mean = ce.focal_loss(labels, logits, alpha=of_class, weights=weights)
    assert mean == near(np.average(focal, weights=weights))  # alpha stays out of the divisor


def test_an_ignored_row_has_no_weight(rng, labels, logits):
    weights = rng.uniform(0.1, 2, N)
    kept = labels != 3
    assert SPARSE(labels, logits, weights=weights, ignore_index=3) == near(
        np.average(SPARSE(labels[kept], logits[kept], reduction="none"), weights=weights[kept])
    )


@pytest.mark.parametrize("loss", [SPARSE, ce.focal_loss])
def test_images_have_their_classes_first(rng, loss):
    # (N, C, H, W) as in PyTorch, and an integer label for each pixel
    logits, labels = rng.standard_normal((2, K, 3, 4)), rng.integers(0, K, (2, 3, 4))
    weights = rng.uniform(0, 1, labels.shape)
    one_hot = np.moveaxis(np.eye(K)[labels], -1, 1)
    losses = optax.softmax_cross_entropy(jnp.asarray(logits), jnp.asarray(one_hot), axis=1)
    options = {"gamma": 0} if loss is ce.focal_loss else {}
    assert_allclose(loss(labels, logits, axis=1, reduction="none", **options), losses, rtol=1e-12)
    assert loss(labels, logits, axis=1, weights=weights, **options) == near(
        np.average(losses, weights=weights)
    )


def test_weights_have_the_shape_of_the_batch(rng):
    logits, targets = rng.standard_normal((2, 3, 4)), np.eye(4)[rng.integers(0, 4, (2, 3))]
    weights = rng.uniform(0, 1, (2, 3))
    each = ce.softmax_cross_entropy(targets, logits, weights=weights, reduction="none")
    assert each.shape == (2, 3)
    moved = [np.moveaxis(x, -1, 1) for x in (targets, logits)]
    assert_allclose(
        ce.softmax_cross_entropy(*moved, axis=1, weights=weights, reduction="none"),
        each,
        rtol=1e-14,
    )


def test_positive_weight_scales_the_positives_and_the_mean_divides_by_the_number(rng):
    bits, scores = rng.integers(0, 2, N), rng.standard_normal(N)
    each = ce.binary_cross_entropy_with_logits(bits, scores, reduction="none")
    weighted = ce.binary_cross_entropy_with_logits(bits, scores, positive_weight=7)
    assert weighted == near(np.sum(np.where(bits, 7, 1) * each) / N, rel=1e-13)


# -- precision of targets ------------------------------------------------------------------------


def test_whole_targets_leave_the_precision_to_the_logits(labels, logits):
    narrow, one_hot = logits.astype(np.float32), np.eye(K)[labels]
    for function in (ce.softmax_cross_entropy, ce.softmax_cross_entropy_grad):
        assert function(one_hot.astype(int), narrow).dtype == np.float32
        assert function(one_hot.astype(np.float32), narrow).dtype == np.float32
        assert function(one_hot, narrow).dtype == np.float64
        assert function(one_hot.astype(int), logits).dtype == np.float64


# -- smoothing -----------------------------------------------------------------------------------


@given(distributions((3, 4)), floats(0, 0.99))
def test_smooth_labels_equals_optax(targets, smoothing):
    result = ce.smooth_labels(targets, smoothing)
    assert_allclose(result, optax.smooth_labels(jnp.asarray(targets), smoothing), rtol=1e-14)
    assert_allclose(result.sum(axis=-1), 1, rtol=1e-14)


def test_smoothing_by_hand():
    assert_allclose(ce.smooth_labels([0, 1], 0.1), [0.05, 0.95])
    assert_array_equal(ce.smooth_labels([0.25, 0.75], 0), [0.25, 0.75])
    assert ce.smooth_labels(np.eye(2, dtype=np.float32), 0.1).dtype == np.float32


@given(st.integers(2, 6), floats(0.01, 0.9), floats(-20, 20))
def test_the_smoothed_loss_is_least_at_the_smoothed_labels(classes, smoothing, shift):
    label = classes - 1
    best = ce.smooth_labels(np.eye(classes)[label], smoothing)
    logits = np.log(best) + shift
    least = SPARSE(label, logits, label_smoothing=smoothing)
    assert least == near(ce.entropy(best), rel=1e-13)
    gradient = ce.softmax_cross_entropy_with_integer_labels_grad(
        label, logits, label_smoothing=smoothing
    )
    assert_allclose(gradient, 0, atol=1e-14)
    assert SPARSE(label, logits + np.eye(classes)[0], label_smoothing=smoothing) > least


def test_loss_of_smoothed_labels_is_the_loss_with_smoothing(labels, logits):
    targets = ce.smooth_labels(np.eye(K)[labels], 0.2)
    assert ce.softmax_cross_entropy(targets, logits) == near(
        SPARSE(labels, logits, label_smoothing=0.2), rel=1e-13
    )


def test_smoothing_with_class_weights_follows_pytorch(labels, logits, class_weights):
    # the formula of torch.nn.CrossEntropyLoss: a class weighs what its share of the target costs
    share = 0.9 * np.eye(K)[labels] + 0.1 / K
    expected = (share * class_weights * -ce.log_softmax(logits)).sum(axis=-1)
    options = {"class_weights": class_weights, "label_smoothing": 0.1}
    assert_allclose(SPARSE(labels, logits, **options, reduction="none"), expected, rtol=1e-13)
    mean = expected.sum() / class_weights[labels].sum()
    assert SPARSE(labels, logits, **options) == near(mean, rel=1e-13)


def test_class_weights_weigh_the_smoothed_share_of_every_class():
    # as in PyTorch: -Σ w_k t_k log p_k over the sum of the labels' weights
    weights, logits = np.array([2.0, 0.0, 1.0]), np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]])
    targets = 0.7 * np.eye(3)[[1, 0]] + 0.1
    each = -(weights * targets * scipy.special.log_softmax(logits, axis=1)).sum(axis=1)
    options = {"class_weights": weights, "label_smoothing": 0.3}
    assert_allclose(SPARSE([1, 0], logits, **options, reduction="none"), each, rtol=1e-14)
    assert_allclose(SPARSE([1, 0], logits, **options), each.sum() / 2, rtol=1e-14)


def test_binary_smoothing_moves_both_labels_by_half():
    scores = np.array([1.5, 1.5])
    losses = ce.binary_cross_entropy_with_logits(
        [1, 0], scores, label_smoothing=0.2, reduction="none"
    )
    right, wrong = ce.binary_cross_entropy_with_logits([1, 0], scores, reduction="none")
    assert_allclose(losses, [0.9 * right + 0.1 * wrong, 0.1 * right + 0.9 * wrong], rtol=1e-14)


# -- focal ---------------------------------------------------------------------------------------


def test_focal_alpha_one_number_or_one_per_class(labels, logits, class_weights):
    each = ce.focal_loss(labels, logits, reduction="none")
    assert_allclose(
        ce.focal_loss(labels, logits, alpha=0.3, reduction="none"), 0.3 * each, rtol=1e-14
    )
    weighted = ce.focal_loss(labels, logits, alpha=class_weights, reduction="none")
    assert_allclose(weighted, class_weights[labels] * each, rtol=1e-14)
    # alpha is part of the loss, not a weight of the mean
    assert ce.focal_loss(labels, logits, alpha=class_weights) == near(weighted.mean())


def test_binary_focal_alpha_weighs_label_one_and_its_complement_label_zero():
    scores = np.array([0.7, 0.7])
    each = ce.binary_focal_loss([1, 0], scores, reduction="none")
    assert_allclose(
        ce.binary_focal_loss([1, 0], scores, alpha=0.25, reduction="none"), [0.25, 0.75] * each
    )


@given(floats(0.01, 10), floats(-20, 20))
def test_focal_loss_is_below_cross_entropy_and_falls_with_gamma(gamma, score):
    focal = ce.binary_focal_loss(1, score, gamma=gamma)
    assert focal <= ce.binary_cross_entropy_with_logits(1, score)
    assert ce.binary_focal_loss(1, score, gamma=gamma + 1) <= focal


def test_the_papers_example_of_an_easy_case():
    # Lin et al. 2017, section 3.2: with gamma = 2 a case at p = 0.9 costs 100 times less
    easy = np.log(0.9 / 0.1)
    ratio = ce.binary_cross_entropy_with_logits(1, easy) / ce.binary_focal_loss(1, easy)
    assert ratio == near(100)


# -- probabilities -------------------------------------------------------------------------------


@given(st.integers(0, 1), floats(1e-300, 1 - 1e-15))
def test_binary_cross_entropy_of_probabilities(label, prob):
    expected = -np.log(prob) if label else -np.log1p(-prob)
    assert ce.binary_cross_entropy(label, prob, epsilon=0) == near(expected, rel=1e-14)
    seed = -np.log(np.clip(prob if label else 1 - prob, 1e-9, 1 - 1e-9))
    assert ce.binary_cross_entropy(label, prob) == near(seed, rel=1e-6)


def test_binary_cross_entropy_at_the_ends():
    for label, prob in ((0, 0.0), (1, 1.0)):
        assert ce.binary_cross_entropy(label, prob, epsilon=0) == 0
        assert ce.binary_cross_entropy(label, prob) == near(1e-9, rel=1e-7)
    for label, prob in ((0, 1.0), (1, 0.0)):
        assert ce.binary_cross_entropy(label, prob, epsilon=0) == np.inf
        assert ce.binary_cross_entropy(label, prob) == near(20.72326583694641, rel=1e-8)
