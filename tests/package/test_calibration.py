"""Reliability, calibration error and temperature, beside scikit-learn and SciPy."""

import numpy as np
import pytest
import scipy.optimize
import sklearn.calibration
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from oracles import near

import crossentropy as ce


def forecasts(seed=0, examples=2000):
    """Forecasts that are twice as sure as they should be, and what happened."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=examples)
    labels = (rng.random(examples) < 1 / (1 + np.exp(-scores))).astype(int)
    return labels, 1 / (1 + np.exp(-2 * scores))


def class_forecasts(seed=0, examples=500, classes=4, sharpness=2.5):
    """Labels drawn from the softmax of logits, and the same logits made too sharp."""
    rng = np.random.default_rng(seed)
    logits = 2 * rng.standard_normal((examples, classes))
    labels = (logits + rng.gumbel(size=logits.shape)).argmax(axis=-1)
    return labels, sharpness * logits


# -- reliability ---------------------------------------------------------------------------------


@pytest.mark.parametrize("bins", [1, 5, 10, 37, 1000])
def test_reliability_equals_sklearn(bins):
    labels, probs = forecasts()
    frequency, confidence = sklearn.calibration.calibration_curve(labels, probs, n_bins=bins)
    curve = ce.reliability_curve(labels, probs, bins=bins)
    assert_allclose(curve.frequency, frequency, rtol=1e-13)
    assert_allclose(curve.confidence, confidence, rtol=1e-13)
    assert curve.counts.sum() == len(labels)
    assert np.all(curve.counts > 0)


@given(st.lists(st.sampled_from(np.linspace(0, 1, 21)), min_size=2, max_size=30))
def test_reliability_at_the_edges_of_the_bins_equals_sklearn(probs):
    labels = np.arange(len(probs)) % 2
    frequency, confidence = sklearn.calibration.calibration_curve(labels, probs, n_bins=10)
    curve = ce.reliability_curve(labels, probs)
    assert curve.counts.sum() == len(probs)
    assert_allclose(curve.frequency, frequency, rtol=1e-13)
    assert_allclose(curve.confidence, confidence, rtol=1e-13)


def test_ten_bins_is_the_default():
    labels, probs = forecasts()
    for default, ten in zip(
        ce.reliability_curve(labels, probs),
        ce.reliability_curve(labels, probs, bins=10),
        strict=True,
    ):
        assert_array_equal(default, ten)
    assert len(ce.reliability_curve(labels, probs).counts) == 10


def test_reliability_of_many_classes_is_that_of_the_likeliest():
    probs = np.array([[0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.1, 0.8], [0.35, 0.33, 0.32]])
    curve = ce.reliability_curve([0, 1, 0, 2], probs, bins=2)
    assert_allclose(curve.confidence, [0.35, 0.7])
    assert_allclose(curve.frequency, [0, 2 / 3])
    assert_array_equal(curve.counts, [1, 3])


def test_calibration_error_by_hand():
    labels, probs = [0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75]
    assert ce.expected_calibration_error(labels, probs, bins=2) == 0.25
    assert ce.expected_calibration_error(labels, probs, bins=1) == 0.25
    assert ce.expected_calibration_error([0, 1], [0.0, 1.0]) == 0


def test_calibration_error_is_the_weighted_gap_of_sklearns_curve():
    labels, probs = forecasts()
    frequency, confidence = sklearn.calibration.calibration_curve(labels, probs, n_bins=10)
    counts = np.histogram(probs, bins=10, range=(0, 1))[0]
    expected = np.average(np.abs(frequency - confidence), weights=counts)
    assert ce.expected_calibration_error(labels, probs) == near(expected, rel=1e-12)


def test_calibration_error_falls_when_the_forecast_is_mended():
    labels, logits = class_forecasts(examples=5000)
    temperature = ce.fit_temperature(labels, logits)
    before = ce.expected_calibration_error(labels, ce.softmax(logits))
    after = ce.expected_calibration_error(labels, ce.softmax(logits / temperature))
    assert before > 0.1
    assert after < 0.03


# -- temperature ---------------------------------------------------------------------------------


def test_temperature_equals_scipys_minimum():
    labels, logits = class_forecasts()

    def loss(log_temperature):
        return ce.softmax_cross_entropy_with_integer_labels(
            labels, logits / np.exp(log_temperature)
        )

    best = scipy.optimize.minimize_scalar(loss, bounds=(-3, 5), options={"xatol": 1e-10})
    assert ce.fit_temperature(labels, logits) == near(np.exp(best.x), rel=1e-6)


def test_temperature_undoes_the_sharpening():
    labels, logits = class_forecasts(examples=20_000, sharpness=3.0)
    assert ce.fit_temperature(labels, logits) == near(3, rel=0.03)


@given(st.floats(1e-3, 1e3), st.integers(0, 5))
def test_temperature_scales_with_the_logits(scale, seed):
    labels, logits = class_forecasts(seed, examples=50)
    expected = scale * ce.fit_temperature(labels, logits)
    assert ce.fit_temperature(labels, scale * logits) == near(expected, rel=1e-6)


def test_temperature_by_hand():
    # three of four right at odds exp(2/T): the loss is least where the odds are 3
    assert ce.fit_temperature([0, 0, 0, 1], [[2.0, 0.0]] * 4) == near(2 / np.log(3))


def test_logits_without_a_best_temperature_are_refused():
    for scale in (1e-12, 1.0, 1e6):
        with pytest.raises(
            ValueError, match="always the largest logit"
        ):  # all right: T = 0 is best
            ce.fit_temperature([0, 1], [[scale, 0.0], [0.0, scale]])
    with pytest.raises(ValueError, match="always the largest logit"):
        ce.fit_temperature([0, 1, 1], [[9.0, 0.0], [0.0, 1.0], [2.0, 2.0]])  # a tie is no mistake
    with pytest.raises(ValueError, match="no better than chance"):
        ce.fit_temperature([0, 1], [[0.0, 1.0], [1.0, 0.0]])  # all wrong: T = inf is best


def test_the_temperature_is_a_plain_number_and_leaves_its_arguments():
    labels, logits = class_forecasts(examples=50)
    before = logits.copy()
    assert isinstance(ce.fit_temperature(labels, logits), float)
    assert_array_equal(logits, before)


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
