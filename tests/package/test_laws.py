"""Laws that every loss obeys, applied to each row of the table in losses.py."""

import inspect

import hypothesis.strategies as st
import numpy as np
import oracles
import pytest
from hypothesis import given
from losses import LOSSES, batches, sample
from numpy.testing import assert_allclose, assert_array_equal

import crossentropy as ce

REDUCTIONS = ["none", "sum", "mean"]

# Public names that are no loss of a truth and a prediction, and the file that tests them.
NOT_LOSSES = {
    "surprisal": "test_information",
    "entropy": "test_information",
    "perplexity": "test_information",
    "sigmoid": "test_activations",
    "log_sigmoid": "test_activations",
    "logsumexp": "test_activations",
    "softmax": "test_activations",
    "log_softmax": "test_activations",
    "smooth_labels": "test_classification",
    "squared_error_of_sigmoid_grad": "test_gradients",
    "ReliabilityCurve": "test_calibration",
    "reliability_curve": "test_calibration",
    "expected_calibration_error": "test_calibration",
    "fit_temperature": "test_calibration",
    "RunningMean": "test_streaming",
    "mean_loss": "test_streaming",
}


def every(*conditions):
    """Run a law on each loss that meets the conditions."""
    rows = [loss for loss in LOSSES if all(condition(loss) for condition in conditions)]
    assert rows
    return pytest.mark.parametrize("loss", rows, ids=lambda loss: loss.name)


def reduces(loss):
    return loss.reduces


def clipped(loss):
    return loss.name.endswith("clipped")


def weighted(loss):
    return "weights" in inspect.signature(loss.function).parameters


def plain(loss):
    return loss.plain


def differentiable(loss):
    return loss.gradient is not None


def from_logits(loss):
    return loss.prediction in ("logit", "logits")


def many_logits(loss):
    return loss.prediction == "logits"


def test_the_table_and_the_list_of_other_functions_are_complete():
    tabled = {loss.function.__name__ for loss in LOSSES}
    gradients = {loss.gradient.__name__ for loss in LOSSES if loss.gradient}
    assert tabled | gradients | set(NOT_LOSSES) == set(ce.__all__)
    assert not tabled & set(NOT_LOSSES)


def test_the_samples_vary():
    for loss in LOSSES:
        truths, predictions = sample(loss)
        assert len(np.unique(truths)) > 1
        assert len(np.unique(loss.each(truths, predictions))) > 60


# -- values --------------------------------------------------------------------------------------


@every(lambda loss: loss.peer)
def test_equals_another_library(loss):
    truths, predictions = sample(loss)
    expected = loss.peer(truths, predictions)
    assert_allclose(loss.each(truths, predictions), expected, rtol=1e-12, atol=1e-14)


@every()
@given(data=st.data())
def test_equals_50_digits(loss, data):
    truths, predictions = data.draw(batches(loss))
    actual = loss.each(truths, predictions)
    exact = loss.in_50_digits(truths, predictions).astype(float)
    # where p is close to q, the divergence is conditioned on p - q
    slack = 1e-17 if loss.name == "kl_divergence" else 0
    if clipped(loss):
        slack = 1e-16  # 1 - 1e-9 is rounded to a multiple of 1.1e-16
    assert_allclose(actual, exact, rtol=1e-12, atol=slack)


@every()
@given(data=st.data())
def test_is_never_negative(loss, data):
    assert np.all(loss.each(*data.draw(batches(loss))) >= 0)


@every(plain, lambda loss: loss.truth != "real")
@pytest.mark.parametrize("certain", [1e4, np.inf])
def test_is_zero_for_the_certain_right_answer(loss, certain):
    labels = np.array([0, 1, 1, 0])
    one_hot = np.eye(2)[labels]
    predictions = {
        "probability": labels.astype(float),
        "probabilities": one_hot,
        "logit": np.where(labels == 1, certain, -certain),
        "logits": np.where(one_hot == 1, 0.0, -certain),
    }[loss.prediction]
    truths = one_hot if loss.truth == "distribution" else labels
    losses = loss.each(truths, predictions)
    assert_array_equal(losses, 0.0)
    assert not np.signbit(losses).any()


@every(lambda loss: loss.many and not (loss.name == "brier_score" or clipped(loss)))
def test_a_class_ruled_out_costs_infinity_exactly_where_the_truth_has_it(loss):
    excluded = 0.0 if loss.prediction == "probabilities" else -np.inf
    predictions = np.array([[excluded, 0.25, 0.75]] * 2)
    truths = np.eye(3)[[0, 2]] if loss.truth == "distribution" else np.array([0, 2])
    wrong, right = loss.each(truths, predictions)
    assert wrong == np.inf
    assert np.isfinite(right) == loss.plain  # smoothing gives every class a share


# -- shapes --------------------------------------------------------------------------------------


@every()
@given(data=st.data())
def test_a_batch_equals_a_loop(loss, data):
    truths, predictions = data.draw(batches(loss))
    together = np.asarray(loss.each(truths, predictions))
    assert together.shape == predictions.shape[: predictions.ndim - loss.many]
    for place in np.ndindex(together.shape):
        alone = loss.each(truths[place], predictions[place])
        assert_allclose(together[place], alone, rtol=1e-14, atol=0)


@every()
def test_scalars_in_a_scalar_out(loss):
    truths, predictions = sample(loss)
    result = loss.each(truths[0], predictions[0])
    assert isinstance(result, float)
    assert isinstance(
        loss(truths, predictions, **({"reduction": "sum"} if loss.reduces else {})),
        float if loss.reduces or loss.name == "brier_score" else np.ndarray,
    )


@every()
def test_lists_are_welcome(loss):
    truths, predictions = sample(loss)
    assert_array_equal(
        loss.each(truths.tolist(), predictions.tolist()), loss.each(truths, predictions)
    )


@every(lambda loss: loss.has_axis)
@given(data=st.data())
def test_another_axis_equals_the_last(loss, data):
    truths, predictions = data.draw(batches(loss))
    axis = data.draw(st.integers(-predictions.ndim, predictions.ndim - 1))
    moved = np.moveaxis(predictions, -1, axis)
    if loss.truth == "distribution":
        truths, beside = np.moveaxis(truths, -1, axis), truths
    else:
        beside = truths
    options = {"reduction": "none"} if loss.reduces else {}
    expected = loss.each(beside, predictions)
    assert_allclose(loss(truths, moved, axis=axis, **options), expected, rtol=1e-14)
    if loss.gradient:
        gradient = np.moveaxis(loss.grad(beside, predictions), -1, axis)
        assert_allclose(loss.grad(truths, moved, axis=axis), gradient, rtol=1e-12, atol=1e-16)


@every()
def test_the_layout_in_memory_does_not_matter(loss):
    truths, predictions = sample(loss)
    expected = loss.each(truths, predictions)
    strided = np.repeat(predictions, 2, axis=0)[::2]
    assert_array_equal(loss.each(truths, strided), expected)
    assert_allclose(loss.each(truths, np.asfortranarray(predictions)), expected, rtol=1e-14)
    swapped = predictions.astype(predictions.dtype.newbyteorder())
    assert_array_equal(loss.each(truths, swapped), expected)
    assert_array_equal(loss.each(truths[::-1], predictions[::-1]), expected[::-1])


@every()
def test_arguments_are_left_as_they_were(loss):
    truths, predictions = sample(loss)
    before = truths.copy(), predictions.copy()
    for array in (truths, predictions):
        array.flags.writeable = False
    loss(truths, predictions)
    loss.each(truths, predictions)
    if loss.gradient:
        loss.grad(truths, predictions)
    assert_array_equal(truths, before[0])
    assert_array_equal(predictions, before[1])


@every()
def test_the_result_does_not_share_memory_with_an_argument(loss):
    truths, predictions = sample(loss)
    result = np.asarray(loss.each(truths, predictions))
    assert not np.shares_memory(result, predictions)
    assert not np.shares_memory(result, truths)


@every(reduces)
@pytest.mark.parametrize("reduction", ["none", "sum"])
def test_an_empty_batch_has_no_losses_and_sum_zero(loss, reduction):
    truths, predictions = (x[:0] for x in sample(loss))
    result = loss(truths, predictions, reduction=reduction)
    assert_array_equal(result, np.zeros(0) if reduction == "none" else 0.0)


@every(lambda loss: loss.many)
def test_one_class_is_certain(loss):
    truths = np.ones((3, 1)) if loss.truth == "distribution" else np.zeros(3, int)
    predictions = np.array([[1.0]] * 3 if loss.prediction == "probabilities" else [[2.0]] * 3)
    assert_allclose(loss.each(truths, predictions), 0.0, atol=2e-9)


@every(lambda loss: loss.many and "class_weights" not in loss.options)
@given(data=st.data())
def test_the_names_of_the_classes_do_not_matter(loss, data):
    truths, predictions = data.draw(batches(loss, shape=(3,), classes=5))
    order = np.array(data.draw(st.permutations(range(5))))
    renamed = truths[..., order] if loss.truth == "distribution" else np.argsort(order)[truths]
    assert_allclose(
        loss.each(renamed, predictions[..., order]),
        loss.each(truths, predictions),
        rtol=1e-12,
        atol=1e-17,
    )


# -- reductions ----------------------------------------------------------------------------------


@every(reduces)
@given(data=st.data())
def test_sum_and_mean_are_those_of_none(loss, data):
    truths, predictions = data.draw(batches(loss))
    losses = loss(truths, predictions, reduction="none")
    assert_allclose(loss(truths, predictions, reduction="sum"), np.sum(losses), rtol=1e-13)
    assert_allclose(loss(truths, predictions, reduction="mean"), np.mean(losses), rtol=1e-13)


@every(reduces)
def test_mean_is_the_default(loss):
    truths, predictions = sample(loss)
    assert loss(truths, predictions) == loss(truths, predictions, reduction="mean")


@every(weighted)
@given(data=st.data())
def test_a_sample_weight_counts_an_example_that_often(loss, data):
    truths, predictions = data.draw(batches(loss, shape=(6,)))
    weights = np.array(data.draw(st.lists(st.integers(0, 3), min_size=6, max_size=6)))
    if not weights.any():
        weights[0] = 1
    repeated = [np.repeat(x, weights, axis=0) for x in (truths, predictions)]
    for reduction in ("sum", "mean"):
        assert_allclose(
            loss(truths, predictions, weights=weights, reduction=reduction),
            loss(*repeated, reduction=reduction),
            rtol=1e-13,
        )
    assert_allclose(
        loss(truths, predictions, weights=weights, reduction="none"),
        weights * loss.each(truths, predictions),
        rtol=1e-15,
    )
    if loss.gradient:
        gradient, rows = loss.grad(truths, predictions), weights[:, None] if loss.many else weights
        assert_allclose(loss.grad(truths, predictions, weights=weights), rows * gradient)


@every(weighted)
def test_a_mean_does_not_depend_on_the_scale_of_the_weights(loss):
    truths, predictions = sample(loss)
    weights = np.random.default_rng(3).uniform(0.1, 2, len(truths))
    expected = np.average(loss.each(truths, predictions), weights=weights)
    assert_allclose(loss(truths, predictions, weights=weights), expected, rtol=1e-13)
    assert_allclose(loss(truths, predictions, weights=1e3 * weights), expected, rtol=1e-13)


@every(weighted)
def test_weights_of_one_change_nothing(loss):
    truths, predictions = sample(loss)
    for reduction in REDUCTIONS:
        assert_allclose(
            loss(truths, predictions, weights=np.ones(len(truths)), reduction=reduction),
            loss(truths, predictions, reduction=reduction),
            rtol=1e-14,
        )


@every(weighted)
def test_a_mask_is_a_weight_of_one_or_zero(loss):
    truths, predictions = sample(loss)
    mask = np.random.default_rng(5).random(len(truths)) < 0.5
    for reduction in REDUCTIONS:
        for weights in (mask, list(mask)):
            assert_array_equal(
                loss(truths, predictions, weights=weights, reduction=reduction),
                loss(truths, predictions, weights=mask.astype(float), reduction=reduction),
            )
    assert_allclose(loss(truths, predictions, weights=mask), loss(truths[mask], predictions[mask]))
    if loss.gradient:
        assert_array_equal(
            loss.grad(truths, predictions, weights=mask),
            loss.grad(truths, predictions, weights=mask.astype(float)),
        )


@every(weighted)
def test_a_weight_of_zero_silences_an_infinite_loss(loss):
    truths = {
        "bit": [1, 1],
        "share": [0.5, 0.5],
        "label": [0, 0],
        "distribution": [[1.0, 0.0]] * 2,
    }[loss.truth]
    predictions = {
        "probability": [0.0, 0.5],
        "logit": [-np.inf, 0.0],
        "logits": [[-np.inf, 0.0], [0.0, 0.0]],
    }[loss.prediction]
    only_second = loss.each(truths, predictions)[1]
    for reduction in REDUCTIONS:
        result = loss(truths, predictions, weights=[0, 1], reduction=reduction)
        assert_array_equal(result, [0, only_second] if reduction == "none" else only_second)


# -- logits --------------------------------------------------------------------------------------


@every(many_logits)
@given(data=st.data(), shift=st.integers(-1000, 1000))
def test_adding_a_number_to_a_row_of_logits_changes_nothing(loss, data, shift):
    truths, predictions = data.draw(batches(loss))
    predictions = np.round(predictions * 2**20) / 2**20  # the sum with `shift` is then exact
    losses = loss.each(truths, predictions)
    assert_allclose(loss.each(truths, predictions + shift), losses, rtol=1e-14)
    if loss.gradient:
        assert_allclose(
            loss.grad(truths, predictions + shift), loss.grad(truths, predictions), rtol=1e-14
        )


@every(from_logits)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_extreme_logits_are_finite_or_exactly_infinite(loss, dtype):
    extremes = [-np.inf, -1e30, -1e4, -750.0, -88.8, -1e-30, 0.0, 1e-30, 88.8, 750.0, 1e4, 1e30]
    if loss.prediction == "logit":
        predictions = np.array([*extremes, np.inf], dtype)
    else:  # one finite logit makes each row legal
        predictions = np.array([[a, b, 1.0] for a in extremes for b in extremes], dtype)
    for truth in (0, 1):
        truths = np.full(len(predictions), truth)
        if loss.truth == "distribution":
            truths = np.eye(3)[truths]
        losses = loss.each(truths, predictions)
        with np.errstate(over="ignore"):  # 3 times 3e38 leaves float32's range, rightly
            exact = loss.in_50_digits(truths, predictions).astype(float).astype(dtype)
        # one float32 step below overflow or in the subnormals is as good as it gets
        assert_allclose(losses, exact, rtol=1e-5 if dtype == np.float32 else 1e-12, atol=1e-37)
        assert not np.isnan(loss(truths, predictions, reduction="sum"))
        assert not np.isnan(loss(truths, predictions))
        if loss.gradient:
            assert not np.isnan(loss.grad(truths, predictions)).any()


# -- dtypes --------------------------------------------------------------------------------------

# Units in the last place of float32 between a loss computed in float32 and its exact value.
ULPS32 = 8


@every()
@given(data=st.data())
def test_float32_in_float32_out_within_ulps_of_the_exact_value(loss, data):
    truths, predictions = data.draw(batches(loss, reach=30.0))
    predictions = predictions.astype(np.float32)
    if truths.dtype.kind == "f":
        truths = truths.astype(np.float32)
    actual = loss.each(truths, predictions)
    assert actual.dtype == np.float32
    exact = loss.in_50_digits(truths, predictions)
    if loss.name == "kl_divergence":  # conditioned on p - q, not on p and q
        assert_allclose(actual, exact.astype(float), rtol=1e-5, atol=1e-12)
    else:
        assert oracles.worst_ulps(actual, exact)[0] <= ULPS32


@every(lambda loss: loss.truth in ("share", "distribution", "real"))
def test_precise_truths_make_precise_losses(loss):
    truths, predictions = sample(loss)
    narrow = predictions.astype(np.float32)
    wide = narrow.astype(np.float64)
    result = loss.each(truths, narrow)
    assert result.dtype == np.float64
    assert_array_equal(result, loss.each(truths, wide))
    if loss.gradient:
        assert_array_equal(loss.grad(truths, narrow), loss.grad(truths, wide))
    # and the other way round
    singles = truths.astype(np.float32)
    assert_array_equal(
        loss.each(singles, predictions), loss.each(singles.astype(np.float64), predictions)
    )


@every(weighted)
def test_precise_weights_make_precise_losses(loss):
    truths, predictions = sample(loss)
    truths = truths.astype(np.float32) if truths.dtype.kind == "f" else truths
    narrow = predictions.astype(np.float32)
    wide = narrow.astype(np.float64)
    weights = np.random.default_rng(7).uniform(0.1, 2, len(truths))
    for reduction in REDUCTIONS:
        result = loss(truths, narrow, weights=weights, reduction=reduction)
        assert result.dtype == np.float64
        expected = loss(truths, wide, weights=weights, reduction=reduction)
        assert_array_equal(result, expected)
        # a list has no precision of its own
        assert loss(truths, narrow, weights=list(weights), reduction=reduction).dtype == np.float32
    if loss.gradient:
        assert_array_equal(
            loss.grad(truths, narrow, weights=weights), loss.grad(truths, wide, weights=weights)
        )


@every()
def test_float16_is_computed_in_float32(loss):
    truths, predictions = sample(loss)
    if loss.prediction == "probabilities":
        # dyadic, so that rows of halves sum to 1
        predictions = np.full(predictions.shape, 0.125)
        predictions[:, 0] = 0.5
    if loss.truth == "distribution":
        truths = np.eye(truths.shape[-1])[truths.argmax(axis=-1)]
    narrow = predictions.astype(np.float16)
    halves = truths.astype(np.float16) if truths.dtype.kind == "f" else truths
    singles = halves.astype(np.float32) if truths.dtype.kind == "f" else truths
    assert_array_equal(
        loss.each(halves, narrow).astype(np.float16),
        loss.each(singles, narrow.astype(np.float32)).astype(np.float16),
    )


@every(lambda loss: loss.prediction in ("logit", "logits", "real"))
def test_integers_become_float64(loss):
    truths, predictions = sample(loss)
    whole = np.round(predictions).astype(np.int32)
    if loss.truth == "real":
        truths = np.round(truths).astype(int)
    result = loss.each(truths, whole)
    assert result.dtype == np.float64
    assert_array_equal(result, loss.each(truths, whole.astype(np.float64)))


@every(reduces)
def test_float32_sums_do_not_drift(loss):
    truths, predictions = sample(loss, examples=200_000)
    if truths.dtype.kind == "f":
        truths = truths.astype(np.float32)
    predictions = predictions.astype(np.float32)
    result = loss(truths, predictions)
    assert result.dtype == np.float32
    each = np.asarray(loss.each(truths, predictions), np.float64)
    assert_allclose(result, each.mean(), rtol=2e-7)
    assert_allclose(loss(truths, predictions, reduction="sum"), each.sum(), rtol=2e-7)


# -- gradients -----------------------------------------------------------------------------------


@every(differentiable)
@given(data=st.data())
def test_the_gradient_equals_finite_differences(loss, data):
    truths, predictions = data.draw(batches(loss, reach=20.0))
    actual = np.asarray(loss.grad(truths, predictions))
    assert actual.shape == predictions.shape
    shape = predictions.shape[: predictions.ndim - loss.many]
    for place in np.ndindex(shape):
        exact = oracles.central_differences(loss.exact, truths[place], predictions[place])
        assert_allclose(actual[place], np.array(exact, float), rtol=1e-12, atol=2e-16)


@every(differentiable, many_logits)
@given(data=st.data())
def test_the_gradient_sums_to_zero_over_the_classes(loss, data):
    gradient = loss.grad(*data.draw(batches(loss)))
    # p - t loses digits where t is a fraction; where it is 0 or 1 nothing needs to cancel
    certain = loss.truth == "label" and loss.plain
    scale = np.abs(gradient).sum(axis=-1) if certain else 2
    assert np.all(np.abs(gradient.sum(axis=-1)) <= 4e-16 * scale)


@every(differentiable)
def test_every_loss_from_logits_has_a_gradient_of_its_dtype(loss):
    truths, predictions = sample(loss)
    narrow = loss.grad(truths, predictions.astype(np.float32))
    if truths.dtype.kind != "f":
        assert narrow.dtype == np.float32
    assert loss.grad(truths, predictions).dtype == np.float64
    assert_allclose(narrow, loss.grad(truths, predictions), rtol=2e-5, atol=1e-6)


def test_every_loss_from_logits_has_a_gradient():
    assert all(loss.gradient for loss in LOSSES if from_logits(loss))


@every(differentiable, lambda loss: "focal" not in loss.name)
@given(data=st.data())
def test_cross_entropy_is_convex_in_the_logits(loss, data):
    truths, first = data.draw(batches(loss, shape=(), classes=4))
    _, second = data.draw(batches(loss, shape=(), classes=4))
    middle = loss.each(truths, (first + second) / 2)
    chord = (loss.each(truths, first) + loss.each(truths, second)) / 2
    assert middle <= chord + 1e-13


# -- losses agree with one another ---------------------------------------------------------------


def draw_logits(data, classes):
    sparse = next(loss for loss in LOSSES if loss.truth == "label")
    return data.draw(batches(sparse, classes=classes))


@given(data=st.data(), smoothing=st.sampled_from([0.0, 0.1, 0.5]))
def test_integer_labels_agree_with_one_hot_targets(data, smoothing):
    labels, logits = draw_logits(data, 4)
    options = {"label_smoothing": smoothing, "reduction": "none"}
    assert_allclose(
        ce.softmax_cross_entropy_with_integer_labels(labels, logits, **options),
        ce.softmax_cross_entropy(np.eye(4)[labels], logits, **options),
        rtol=1e-14,
    )
    assert_allclose(
        ce.softmax_cross_entropy_with_integer_labels_grad(
            labels, logits, label_smoothing=smoothing
        ),
        ce.softmax_cross_entropy_grad(np.eye(4)[labels], logits, label_smoothing=smoothing),
        rtol=1e-12,
        atol=1e-16,
    )


@given(data=st.data(), smoothing=st.sampled_from([0.0, 0.1, 0.5]))
def test_two_classes_agree_with_one_logit(data, smoothing):
    labels, logits = draw_logits(data, 2)
    one = logits[..., 1] - logits[..., 0]
    options = {"label_smoothing": smoothing, "reduction": "none"}
    assert_allclose(
        ce.softmax_cross_entropy_with_integer_labels(labels, logits, **options),
        ce.binary_cross_entropy_with_logits(labels, one, **options),
        rtol=1e-13,
    )


@given(data=st.data(), gamma=st.sampled_from([0.0, 0.5, 2.0, 5.0]))
def test_two_class_focal_loss_agrees_with_one_logit(data, gamma):
    labels, logits = draw_logits(data, 2)
    one = logits[..., 1] - logits[..., 0]
    assert_allclose(
        ce.focal_loss(labels, logits, gamma=gamma, alpha=[0.75, 0.25], reduction="none"),
        ce.binary_focal_loss(labels, one, gamma=gamma, alpha=0.25, reduction="none"),
        rtol=1e-12,
    )


@given(data=st.data())
def test_losses_from_logits_agree_with_those_from_probabilities(data):
    labels, logits = draw_logits(data, 4)
    logits = logits / 5  # so that probabilities hold what the logits say
    targets = np.eye(4)[labels]
    assert_allclose(
        ce.softmax_cross_entropy(targets, logits, reduction="none"),
        ce.cross_entropy(targets, ce.softmax(logits), epsilon=0),
        rtol=1e-12,
        atol=1e-15,
    )
    assert_allclose(
        ce.binary_cross_entropy_with_logits(labels % 2, logits[..., 0]),
        ce.binary_cross_entropy(labels % 2, ce.sigmoid(logits[..., 0]), epsilon=0),
        rtol=1e-10,
    )


@given(data=st.data())
def test_gamma_zero_is_the_plain_loss(data):
    labels, logits = draw_logits(data, 4)
    for reduction in REDUCTIONS:
        assert_allclose(
            ce.focal_loss(labels, logits, gamma=0, reduction=reduction),
            ce.softmax_cross_entropy_with_integer_labels(labels, logits, reduction=reduction),
            rtol=1e-14,
        )
        assert_allclose(
            ce.binary_focal_loss(labels % 2, logits[..., 0], gamma=0, reduction=reduction),
            ce.binary_cross_entropy_with_logits(labels % 2, logits[..., 0], reduction=reduction),
            rtol=1e-14,
        )
    assert_allclose(
        ce.focal_loss_grad(labels, logits, gamma=0),
        ce.softmax_cross_entropy_with_integer_labels_grad(labels, logits),
        rtol=1e-13,
        atol=1e-16,
    )


@given(data=st.data())
def test_neutral_options_change_nothing(data):
    labels, logits = draw_logits(data, 4)
    targets = np.eye(4)[labels]
    ones = np.ones(labels.shape)
    for reduction in REDUCTIONS:
        plain = ce.softmax_cross_entropy_with_integer_labels(labels, logits, reduction=reduction)
        for result in (
            ce.softmax_cross_entropy_with_integer_labels(
                labels, logits, class_weights=np.ones(4), reduction=reduction
            ),
            ce.softmax_cross_entropy_with_integer_labels(
                labels, logits, ignore_index=-100, reduction=reduction
            ),
            ce.softmax_cross_entropy_with_integer_labels(
                labels, logits, label_smoothing=0, reduction=reduction
            ),
            ce.softmax_cross_entropy(
                targets, logits, label_smoothing=0, weights=ones, reduction=reduction
            ),
            ce.focal_loss(labels, logits, gamma=0, alpha=1.0, reduction=reduction),
        ):
            assert_allclose(result, plain, rtol=1e-13)
        bits, scores = labels % 2, logits[..., 0]
        assert_allclose(
            ce.binary_cross_entropy_with_logits(
                bits,
                scores,
                positive_weight=1,
                label_smoothing=0,
                weights=ones,
                reduction=reduction,
            ),
            ce.binary_cross_entropy_with_logits(bits, scores, reduction=reduction),
            rtol=1e-14,
        )
