"""Squared error and the Brier score, beside scikit-learn."""

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from losses import distributions
from numpy.testing import assert_allclose, assert_array_equal
from oracles import near

import crossentropy as ce


def test_squared_error_equals_sklearn():
    rng = np.random.default_rng(0)
    targets, predictions = rng.standard_normal((2, 30))
    expected = sklearn.metrics.mean_squared_error(targets, predictions)
    assert ce.squared_error(targets, predictions) == near(expected, rel=1e-14)


def test_squared_error_is_elementwise():
    targets, predictions = np.ones((2, 3)), np.arange(6.0).reshape(2, 3)
    each = ce.squared_error(targets, predictions, reduction="none")
    assert_array_equal(each, [[1, 0, 1], [4, 9, 16]])
    assert ce.squared_error(targets, predictions, reduction="sum") == 31
    assert ce.squared_error(targets, predictions) == near(31 / 6)


def test_the_seeds_squared_error_curve():
    p_hat = np.linspace(0.01, 0.99, 200)
    each = ce.squared_error(np.ones(200), p_hat, reduction="none")
    assert_allclose(each, (1 - p_hat) ** 2, rtol=1e-15)


def test_squared_error_of_equal_infinities_is_refused_or_zero_never_nan():
    with pytest.raises(ValueError, match=r"targets|predictions"):
        ce.squared_error(np.inf, np.inf)


@given(distributions((6, 4), smallest=1e-3))
def test_brier_score_equals_sklearn(probs):
    labels = np.array([0, 1, 2, 3, 3, 0])
    expected = sklearn.metrics.brier_score_loss(labels, probs, scale_by_half=False)
    assert ce.brier_score(np.eye(4)[labels], probs) == near(expected, rel=1e-13)


def test_brier_score_sums_over_classes_and_averages_over_the_batch():
    assert ce.brier_score([1, 0], [0.5, 0.5]) == 0.5
    assert ce.brier_score([[1, 0], [0, 1]], [[0.5, 0.5], [0, 1]]) == 0.25
    assert ce.brier_score([1, 0], [0, 1]) == 2
    targets, probs = np.random.default_rng(1).dirichlet(np.ones(4), (2, 3, 5))
    flat = ce.brier_score(targets.reshape(15, 4), probs.reshape(15, 4))
    assert ce.brier_score(targets, probs) == near(flat, rel=1e-14)


def test_brier_score_is_twice_the_squared_error_of_two_classes():
    p_hat = np.array([0.2, 0.9, 0.5])
    labels = np.array([0, 1, 1])
    brier = ce.brier_score(np.eye(2)[labels], np.stack([1 - p_hat, p_hat], axis=-1))
    assert brier == near(2 * ce.squared_error(labels, p_hat), rel=1e-14)


def test_dtypes():
    single = np.array([[0.5, 0.5]], np.float32)
    assert ce.brier_score(single, single).dtype == np.float32
    assert ce.squared_error(single, single).dtype == np.float32
    assert ce.squared_error([1], [3]).dtype == np.float64
    # the squares of these leave float16's range, their mean as float32 does not
    assert ce.squared_error(np.float16(0), np.float16(300)) == 90000
