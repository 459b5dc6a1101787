"""Sigmoid, softmax, log-sum-exp: beside SciPy and JAX, and at the ends of the range."""

import jax
import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from losses import floats
from numpy.testing import assert_allclose, assert_array_equal
from oracles import near

import crossentropy as ce

logit_arrays = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=1, max_dims=3, max_side=5), elements=floats(-100, 100)
)
over_classes = pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (ce.logsumexp, scipy.special.logsumexp),
        (ce.softmax, scipy.special.softmax),
        (ce.log_softmax, scipy.special.log_softmax),
    ],
    ids=["logsumexp", "softmax", "log_softmax"],
)


@given(logit_arrays)
def test_sigmoid_equals_scipy(z):
    assert_allclose(ce.sigmoid(z), scipy.special.expit(z), rtol=1e-15)
    assert_allclose(ce.log_sigmoid(z), scipy.special.log_expit(z), rtol=1e-15)


@over_classes
@given(z=logit_arrays, data=st.data())
def test_over_classes_equals_scipy(ours, theirs, z, data):
    axis = data.draw(st.integers(-z.ndim, z.ndim - 1))
    assert_allclose(ours(z, axis=axis), theirs(z, axis=axis), rtol=1e-14, atol=1e-14)
    assert_array_equal(ours(z), ours(z, axis=-1))


def test_over_classes_equals_jax():
    z = np.random.default_rng(0).normal(scale=10, size=(50, 7))
    assert_allclose(ce.softmax(z), jax.nn.softmax(z), rtol=1e-13)
    assert_allclose(ce.log_softmax(z), jax.nn.log_softmax(z), rtol=1e-13, atol=1e-13)
    assert_allclose(ce.logsumexp(z), jax.nn.logsumexp(z, axis=-1), rtol=1e-14)
    assert_allclose(ce.sigmoid(z), jax.nn.sigmoid(z), rtol=1e-13)
    assert_allclose(ce.log_sigmoid(z), jax.nn.log_sigmoid(z), rtol=1e-13)


def test_keepdims():
    z = np.arange(24.0).reshape(2, 3, 4)
    for axis in (0, 1, 2, -1):
        kept = ce.logsumexp(z, axis=axis, keepdims=True)
        assert_array_equal(kept, np.expand_dims(ce.logsumexp(z, axis=axis), axis))


def test_keepdims_is_true_or_false():
    with pytest.raises(TypeError, match="keepdims"):
        ce.logsumexp([0.0, 1.0], keepdims=1)
    assert ce.logsumexp([0.0, 0.0], keepdims=np.True_).shape == (1,)


# -- laws ----------------------------------------------------------------------------------------


@given(floats(-700, 700))
def test_sigmoid_is_antisymmetric_about_a_half(z):
    assert ce.sigmoid(z) + ce.sigmoid(-z) == near(1, rel=4e-16)
    assert ce.log_sigmoid(z) - ce.log_sigmoid(-z) == near(z, rel=1e-14, abs=2e-16)


@given(floats(-700, 700))
def test_log_sigmoid_is_the_log_of_the_sigmoid(z):
    assert ce.log_sigmoid(z) == near(np.log(ce.sigmoid(z)), rel=1e-13, abs=2e-16)


@given(logit_arrays)
def test_softmax_is_a_distribution(z):
    p = ce.softmax(z)
    assert np.all((p >= 0) & (p <= 1))
    assert_allclose(p.sum(axis=-1), 1, rtol=1e-15)


@given(logit_arrays)
def test_log_softmax_is_the_log_of_softmax(z):
    assert np.all(ce.log_softmax(z) <= 0)
    assert_allclose(np.exp(ce.log_softmax(z)), ce.softmax(z), rtol=1e-13)
    assert_allclose(ce.log_softmax(z), z - ce.logsumexp(z, keepdims=True), rtol=1e-13, atol=1e-13)


@given(logit_arrays)
def test_logsumexp_lies_just_above_the_largest(z):
    result, largest = ce.logsumexp(z), z.max(axis=-1)
    assert np.all(result >= largest)
    assert np.all(result <= largest + np.log(z.shape[-1]) + 1e-13)


@given(floats(-30, 30))
def test_the_sigmoid_is_the_softmax_of_zero_and_the_logit(z):
    assert ce.softmax([0.0, z])[1] == near(ce.sigmoid(z), rel=1e-15)
    assert ce.log_softmax([0.0, z])[1] == near(ce.log_sigmoid(z), rel=1e-15)


# -- extremes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_sigmoid_at_the_ends(dtype):
    ends = np.array([-np.inf, -6e4, -0.0, 0.0, 6e4, np.inf], dtype)
    assert_array_equal(ce.sigmoid(ends), [0, 0, 0.5, 0.5, 1, 1])
    assert_allclose(
        ce.log_sigmoid(ends), [-np.inf, float(ends[1]), -np.log(2), -np.log(2), 0, 0], rtol=1e-3
    )


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("large", [1e4, 1e30])
def test_softmax_overflows_nowhere(dtype, large):
    rtol = 2 * np.finfo(dtype).eps
    z = np.array([[large, 0, -large], [large, large, 0], [-large, -large, -np.inf]], dtype)
    assert_array_equal(ce.softmax(z), np.array([[1, 0, 0], [0.5, 0.5, 0], [0.5, 0.5, 0]]))
    assert_allclose(
        ce.log_softmax(z),
        np.array(
            [
                [0, -large, -2 * large],
                [-np.log(2), -np.log(2), -large - np.log(2)],
                [-np.log(2), -np.log(2), -np.inf],
            ]
        ),
        rtol=rtol,
    )
    log2 = np.log(2)
    assert_allclose(ce.logsumexp(z), [large, large + log2, -large + log2], rtol=rtol)


def test_a_class_of_minus_infinity_is_as_good_as_absent():
    z = np.array([1.5, -0.5, 2.0])
    padded = np.array([1.5, -np.inf, -0.5, 2.0])
    assert_array_equal(ce.softmax(padded)[[0, 2, 3]], ce.softmax(z))
    assert_array_equal(ce.log_softmax(padded)[[0, 2, 3]], ce.log_softmax(z))
    assert ce.softmax(padded)[1] == 0
    assert ce.log_softmax(padded)[1] == -np.inf
    assert ce.logsumexp(padded) == ce.logsumexp(z)


def test_neighbours_of_the_largest_float():
    largest = np.finfo(float).max
    assert_array_equal(ce.softmax([largest, -largest]), [1, 0])
    assert_array_equal(ce.log_softmax([largest, -largest]), [0, -np.inf])
    assert ce.logsumexp([largest, 0]) == largest


# -- kinds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [ce.sigmoid, ce.log_sigmoid, ce.softmax, ce.log_softmax])
def test_dtypes(function):
    z = [[1, -2, 3], [0, 0, 1]]
    expected = function(np.array(z, float))
    assert function(np.array(z)).dtype == np.float64
    assert_array_equal(function(z), expected)
    assert_array_equal(function(np.array(z)), expected)
    narrow = function(np.array(z, np.float32))
    assert narrow.dtype == np.float32
    assert_allclose(narrow, expected, rtol=5e-7)
    halves = function(np.array(z, np.float16))
    assert_array_equal(halves.astype(np.float16), narrow.astype(np.float16))


def test_scalars_in_a_scalar_out():
    for function in (ce.sigmoid, ce.log_sigmoid):
        assert isinstance(function(0.5), float)
        assert isinstance(function(1), float)
    assert isinstance(ce.logsumexp([0.0, 1.0]), float)
    assert ce.softmax([0.0, 1.0]).shape == (2,)


@pytest.mark.parametrize(
    "function", [ce.sigmoid, ce.log_sigmoid, ce.softmax, ce.log_softmax, ce.logsumexp]
)
def test_arguments_are_left_as_they_were(function):
    z = np.arange(6.0).reshape(2, 3)
    z.flags.writeable = False
    function(z)
    assert_array_equal(z, np.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize("function", [ce.softmax, ce.log_softmax])
def test_no_rows_have_no_softmax(function):
    assert function(np.zeros((0, 3))).shape == (0, 3)
    assert function(np.zeros((3, 0), np.float32), axis=0).shape == (3, 0)
    assert function(np.zeros((3, 0), np.float32), axis=0).dtype == np.float32
    assert ce.logsumexp(np.zeros((0, 3))).shape == (0,)
    assert ce.logsumexp(np.zeros((0, 3)), keepdims=True).shape == (0, 1)
