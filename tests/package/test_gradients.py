"""Gradients, beside JAX's automatic differentiation and 50-digit finite differences."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import oracles
import pytest
from hypothesis import given
from losses import floats
from numpy.testing import assert_allclose, assert_array_equal
from oracles import gradient_of, near

import crossentropy as ce

N, K = 50, 6
OF_LABELS = ce.softmax_cross_entropy_with_integer_labels_grad


@pytest.fixture
def rng():
    return np.random.default_rng(8)


@pytest.fixture
def scores(rng):
    return 4 * rng.standard_normal(N)


@pytest.fixture
def bits(rng):
    return rng.integers(0, 2, N)


@pytest.fixture
def logits(rng):
    return 4 * rng.standard_normal((N, K))


@pytest.fixture
def labels(rng):
    return rng.integers(0, K, N)


def close(actual, expected):
    assert_allclose(actual, expected, rtol=1e-11, atol=1e-14)


# -- beside automatic differentiation ------------------------------------------------------------


def test_binary_cross_entropy(bits, scores):
    expected = gradient_of(optax.sigmoid_binary_cross_entropy)(bits.astype(float), scores)
    close(ce.binary_cross_entropy_with_logits_grad(bits, scores), expected)


def test_binary_cross_entropy_smoothed_and_weighted(rng, bits, scores):
    weights = rng.uniform(0, 2, N)

    def loss(z, y):
        smooth = 0.8 * y + 0.1
        positive = -5 * smooth * jax.nn.log_sigmoid(z)
        return weights * (positive - (1 - smooth) * jax.nn.log_sigmoid(-z))

    result = ce.binary_cross_entropy_with_logits_grad(
        bits, scores, positive_weight=5, label_smoothing=0.2, weights=weights
    )
    close(result, gradient_of(loss)(bits.astype(float), scores))


def test_softmax_cross_entropy(rng, logits):
    targets = rng.dirichlet(np.ones(K), N)
    expected = gradient_of(optax.softmax_cross_entropy)(targets, logits)
    close(ce.softmax_cross_entropy_grad(targets, logits), expected)
    weights = rng.uniform(0, 2, N)
    close(
        ce.softmax_cross_entropy_grad(targets, logits, weights=weights),
        weights[:, None] * expected,
    )
    smoothed = gradient_of(optax.softmax_cross_entropy)(0.7 * targets + 0.3 / K, logits)
    close(ce.softmax_cross_entropy_grad(targets, logits, label_smoothing=0.3), smoothed)


def test_binary_cross_entropy_with_a_positive_weight_for_each_column(rng):
    shares, scores = rng.uniform(0, 1, (N, 3)), 4 * rng.standard_normal((N, 3))
    factors, weights = rng.uniform(0, 5, 3), rng.uniform(0, 2, (N, 3))

    def loss(z, y):
        return weights * -(factors * y * jax.nn.log_sigmoid(z) + (1 - y) * jax.nn.log_sigmoid(-z))

    options = {"positive_weight": factors, "weights": weights}
    close(
        ce.binary_cross_entropy_with_logits_grad(shares, scores, **options),
        gradient_of(loss)(shares, scores),
    )
    assert_allclose(
        ce.binary_cross_entropy_with_logits(shares, scores, **options, reduction="none"),
        loss(scores, shares),
        rtol=1e-12,
    )
    for column in range(3):  # a column alone, with its factor as a number
        alone = ce.binary_cross_entropy_with_logits_grad(
            shares[:, column], scores[:, column], positive_weight=factors[column]
        )
        together = ce.binary_cross_entropy_with_logits_grad(
            shares, scores, positive_weight=list(factors)
        )
        assert_allclose(together[:, column], alone, rtol=1e-15)


def test_softmax_cross_entropy_along_another_axis(rng):
    logits = rng.standard_normal((2, 3, 4))
    targets = rng.dirichlet(np.ones(4), (2, 3))
    weights = rng.uniform(0, 1, (2, 3))
    expected = ce.softmax_cross_entropy_grad(targets, logits, weights=weights)
    for axis in (0, 1, -2):
        result = ce.softmax_cross_entropy_grad(
            np.moveaxis(targets, -1, axis),
            np.moveaxis(logits, -1, axis),
            axis=axis,
            weights=weights,
        )
        assert_allclose(result, np.moveaxis(expected, -1, axis), rtol=1e-14)


def test_integer_labels(labels, logits):
    expected = gradient_of(optax.softmax_cross_entropy_with_integer_labels)(labels, logits)
    close(OF_LABELS(labels, logits), expected)


def test_integer_labels_with_class_weights_and_ignored_ones(rng, labels, logits):
    class_weights = rng.uniform(0.1, 3, K)
    plain = OF_LABELS(labels, logits)
    weighted = class_weights[labels][:, None] * plain
    close(OF_LABELS(labels, logits, class_weights=class_weights), weighted)
    ignored = np.where(rng.random(N) < 0.4, -100, labels)
    result = OF_LABELS(ignored, logits, class_weights=class_weights, ignore_index=-100)
    assert_array_equal(result[ignored == -100], 0.0)
    close(result[ignored != -100], weighted[ignored != -100])


def test_binary_focal_loss(bits, scores):
    def loss(z, y):
        return optax.sigmoid_focal_loss(z, y, alpha=0.25, gamma=2.0)

    expected = gradient_of(loss)(bits.astype(float), scores)
    close(ce.binary_focal_loss_grad(bits, scores, alpha=0.25), expected)
    plain = gradient_of(optax.sigmoid_focal_loss)(bits.astype(float), scores)
    close(ce.binary_focal_loss_grad(bits, scores), plain)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0, 3.5])
def test_focal_loss(rng, labels, logits, gamma):
    alpha = rng.uniform(0.1, 1, K)

    def loss(z, y):
        log_p = jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], axis=-1)[:, 0]
        return -jnp.asarray(alpha)[y] * (-jnp.expm1(log_p)) ** gamma * log_p

    expected = gradient_of(loss)(labels, logits)
    close(ce.focal_loss_grad(labels, logits, gamma=gamma, alpha=alpha), expected)


def test_squared_error_of_the_sigmoid(bits, scores):
    expected = gradient_of(lambda z, y: (y - jax.nn.sigmoid(z)) ** 2)(bits.astype(float), scores)
    close(ce.squared_error_of_sigmoid_grad(bits, scores), expected)


# -- beside finite differences of the package's own losses -----------------------------------------


@given(floats(-15, 15))
def test_squared_error_of_the_sigmoid_equals_finite_differences(score):
    for label in (0, 1):
        exact = oracles.central_differences(oracles.squared_error_of_sigmoid, label, score)
        actual = ce.squared_error_of_sigmoid_grad(label, score)
        assert actual == near(float(exact), rel=1e-13)
        h = 1e-5
        ends = [ce.squared_error(label, ce.sigmoid(score + s)) for s in (-h, h)]
        assert actual == near((ends[1] - ends[0]) / (2 * h), rel=0, abs=1e-9)


def test_the_mean_losses_gradient_is_the_mean_of_the_gradients(labels, logits):
    h = 1e-5
    gradient = OF_LABELS(labels, logits) / N
    for place in [(0, 0), (7, 3), (N - 1, K - 1)]:
        step = np.zeros_like(logits)
        step[place] = h
        up, down = (
            ce.softmax_cross_entropy_with_integer_labels(labels, logits + s) for s in (step, -step)
        )
        assert (up - down) / (2 * h) == near(gradient[place], rel=0, abs=1e-10)


# -- facts that the book tells -------------------------------------------------------------------


def test_softmax_minus_target(rng, labels, logits):
    close(OF_LABELS(labels, logits), ce.softmax(logits) - np.eye(K)[labels])


def test_the_squared_errors_gradient_at_one_percent():
    z = np.log(0.01 / 0.99)
    assert ce.squared_error_of_sigmoid_grad(1, z) == near(-2 * 0.99**2 * 0.01)
    assert ce.binary_cross_entropy_with_logits_grad(1, z) == near(-0.99)


def test_the_squared_errors_gradient_peaks_at_eight_twenty_sevenths():
    z = np.linspace(-5, 5, 100_001)
    gradient = np.abs(ce.squared_error_of_sigmoid_grad(np.ones(z.shape, int), z))
    assert gradient.max() == near(8 / 27, rel=1e-8)
    assert ce.sigmoid(z[gradient.argmax()]) == near(1 / 3, rel=1e-4)


def test_a_confident_mistake_keeps_its_gradient_under_cross_entropy_only():
    assert ce.binary_cross_entropy_with_logits_grad(1, -1e4) == -1
    assert ce.squared_error_of_sigmoid_grad(1, -1e4) == 0
    assert_array_equal(OF_LABELS(0, [-1e4, 0.0]), [-1, 1])


def test_the_gradient_does_not_vanish_where_the_prediction_is_nearly_right():
    # p - 1 rounds to 0 beyond z = 37; the gradient is -exp(-z) to a relative error of exp(-z)
    for z in (30.0, 40.0, 300.0, 700.0):
        assert ce.binary_cross_entropy_with_logits_grad(1, z) == near(-np.exp(-z), rel=1e-12)
        assert ce.binary_cross_entropy_with_logits_grad(0, -z) == near(np.exp(-z), rel=1e-12)
        assert_allclose(OF_LABELS(0, [z, 0.0]), [-np.exp(-z), np.exp(-z)], rtol=1e-12)


def test_infinite_logits_have_the_limits_as_gradients():
    logits = np.array([-np.inf, np.inf])
    assert_array_equal(ce.binary_cross_entropy_with_logits_grad([1, 1], logits), [-1, 0])
    assert_array_equal(ce.binary_cross_entropy_with_logits_grad([0, 0], logits), [0, 1])
    assert_array_equal(ce.squared_error_of_sigmoid_grad([1, 0], logits), [0, 0])
    assert_array_equal(OF_LABELS([0, 1], [[-np.inf, 0.0]] * 2), [[-1, 1], [0, 0]])
    assert_array_equal(ce.softmax_cross_entropy_grad([0.0, 1.0], [-np.inf, 0.0]), [0, 0])


def test_scalars_in_a_scalar_out():
    for gradient in (
        ce.binary_cross_entropy_with_logits_grad,
        ce.binary_focal_loss_grad,
        ce.squared_error_of_sigmoid_grad,
    ):
        assert isinstance(gradient(1, 0.5), float)
        assert gradient(np.ones((2, 3), int), np.zeros((2, 3))).shape == (2, 3)


def test_float32_in_float32_out():
    z = np.float32([[0.5, -1.0]])
    assert ce.binary_cross_entropy_with_logits_grad([[0, 1]], z).dtype == np.float32
    assert ce.squared_error_of_sigmoid_grad([[0, 1]], z).dtype == np.float32
    assert ce.binary_focal_loss_grad([[0, 1]], z).dtype == np.float32
    assert ce.focal_loss_grad([0], z).dtype == np.float32
    assert OF_LABELS([0], z).dtype == np.float32
    assert ce.softmax_cross_entropy_grad(np.float32([[0, 1]]), z).dtype == np.float32
    assert OF_LABELS([0], z, class_weights=[0.5, 2.0]).dtype == np.float32


def test_an_empty_batch_has_an_empty_gradient():
    assert OF_LABELS(np.zeros(0, int), np.zeros((0, 3))).shape == (0, 3)
    assert ce.softmax_cross_entropy_grad(np.zeros((0, 3)), np.zeros((0, 3))).shape == (0, 3)
    assert ce.focal_loss_grad(np.zeros(0, int), np.zeros((0, 3))).shape == (0, 3)
    assert ce.binary_focal_loss_grad(np.zeros(0, int), np.zeros(0)).shape == (0,)
    assert ce.squared_error_of_sigmoid_grad(np.zeros(0, int), np.zeros(0)).shape == (0,)
    assert ce.binary_cross_entropy_with_logits_grad(np.zeros(0, int), np.zeros(0)).shape == (0,)
