"""Surprisal, entropy, cross-entropy, KL divergence, perplexity: beside SciPy, and by hand."""

import math

import numpy as np
import oracles
import pytest
import scipy.special
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from losses import distributions, floats
from numpy.testing import assert_allclose, assert_array_equal
from oracles import near

import crossentropy as ce

BANANA = [0, 1, 0]
GUESS = [0.2, 0.5, 0.3]


def pairs():
    """Two batches of distributions, the first with zeros, the second without."""
    shapes = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(2, 6))
    return shapes.flatmap(lambda s: st.tuples(distributions(s), distributions(s, smallest=1e-3)))


# -- surprisal -----------------------------------------------------------------------------------


@given(floats(1e-300, 1.0))
def test_surprisal_is_minus_log(p):
    assert ce.surprisal(p) == near(-math.log(p), rel=1e-15)
    assert ce.surprisal(p, base=2) == near(-math.log2(p), rel=1e-15)


def test_surprisal_of_the_certain_and_the_impossible():
    assert ce.surprisal(1.0) == 0
    assert not np.signbit(ce.surprisal(1.0))
    assert ce.surprisal(0.0) == np.inf
    assert_array_equal(ce.surprisal([0.5, 0.25, 0.125], base=2), [1, 2, 3])


@given(floats(1e-100, 1.0), floats(1e-100, 1.0))
def test_surprisals_of_independent_events_add(p, q):
    assert ce.surprisal(p * q) == near(ce.surprisal(p) + ce.surprisal(q), rel=1e-13)


# -- entropy -------------------------------------------------------------------------------------


@given(pairs())
def test_entropy_equals_scipy(pair):
    p, _ = pair
    # SciPy divides by the sum, which may be the next float beside 1
    assert_allclose(ce.entropy(p), scipy.stats.entropy(p, axis=-1), rtol=1e-13, atol=1e-15)
    assert_allclose(
        ce.entropy(p, base=2), scipy.stats.entropy(p, base=2, axis=-1), rtol=1e-13, atol=1e-15
    )


@given(pairs())
def test_entropy_lies_between_zero_and_that_of_the_uniform(pair):
    p, _ = pair
    assert np.all(ce.entropy(p) >= 0)
    assert np.all(ce.entropy(p) <= np.log(p.shape[-1]) * (1 + 1e-15))


@pytest.mark.parametrize("sides", [1, 2, 3, 8, 1000])
def test_entropy_of_the_uniform(sides):
    assert ce.entropy(np.full(sides, 1 / sides)) == near(math.log(sides), rel=1e-15)


def test_entropy_of_the_certain_is_zero_not_minus_zero():
    for certain in ([1.0], [1, 0], [0.0, 0.0, 1.0]):
        assert ce.entropy(certain) == 0
        assert not np.signbit(ce.entropy(certain))


def test_entropy_along_an_axis():
    p = np.random.default_rng(0).dirichlet(np.ones(4), (2, 3))
    expected = ce.entropy(p)
    assert expected.shape == (2, 3)
    assert_array_equal(ce.entropy(np.moveaxis(p, -1, 0), axis=0), expected)
    assert_array_equal(ce.entropy(np.moveaxis(p, -1, 1), axis=1), expected)
    assert_array_equal(ce.entropy(np.moveaxis(p, -1, 1), axis=-2), expected)


# -- cross-entropy: the seed ---------------------------------------------------------------------


def the_seeds_formula(p, q):
    return -np.sum(p * np.log(np.clip(q, 1e-9, 1 - 1e-9)), axis=-1)


def test_the_seeds_banana():
    assert ce.cross_entropy(BANANA, GUESS) == 0.6931471805599453
    assert ce.cross_entropy(np.array(BANANA), np.array(GUESS)) == 0.6931471805599453
    assert ce.cross_entropy(tuple(BANANA), tuple(GUESS)) == 0.6931471805599453
    assert ce.cross_entropy([0.0, 1.0, 0.0], GUESS) == 0.6931471805599453
    assert ce.cross_entropy(BANANA, GUESS, base=2) == 1.0
    assert f"{ce.cross_entropy(BANANA, GUESS):.3f}" == "0.693"


def test_a_batch_of_bananas():
    batch = ce.cross_entropy([BANANA] * 3, [GUESS] * 3)
    assert batch.shape == (3,)
    assert_array_equal(batch, 0.6931471805599453)


@given(pairs())
def test_cross_entropy_equals_the_seeds_formula(pair):
    p, q = pair
    for prediction in (q, p):  # p has exact zeros and ones
        assert_allclose(
            ce.cross_entropy(p, prediction),
            the_seeds_formula(p, prediction),
            rtol=1e-12,
            atol=1e-15,
        )


@given(pairs())
def test_exact_cross_entropy_equals_scipy(pair):
    p, q = pair
    expected = -scipy.special.xlogy(p, q).sum(axis=-1)
    assert_allclose(ce.cross_entropy(p, q, epsilon=0), expected, rtol=1e-13, atol=1e-16)
    assert_allclose(
        ce.cross_entropy(p, q, epsilon=0, base=2), expected / np.log(2), rtol=1e-13, atol=1e-16
    )


def test_a_perfect_prediction_scores_epsilon():
    # 1 - 1e-9 is known to float64 with a relative error of 6e-8 in its distance from 1
    for p in ([0, 1, 0], [1, 0]):
        assert ce.cross_entropy(p, p) == near(-math.log1p(-1e-9), rel=1e-7)
        assert ce.cross_entropy(p, p, epsilon=0) == 0
        assert not np.signbit(ce.cross_entropy(p, p, epsilon=0))
    assert ce.cross_entropy([0, 1], [0, 1], epsilon=0.1) == near(-math.log(0.9), rel=1e-15)


@pytest.mark.parametrize("q", [0.0, 1e-300, 1e-12, 9.9e-10, 1e-9])
def test_what_lies_below_epsilon_scores_20_723(q):
    assert ce.cross_entropy([1, 0], [q, 1 - q]) == near(20.72326583694641, rel=1e-15)
    assert ce.binary_cross_entropy(1, q) == near(20.72326583694641, rel=1e-15)


@pytest.mark.parametrize("q", [1e-300, 1e-12, 9.9e-10])
def test_without_epsilon_small_probabilities_keep_their_price(q):
    assert ce.cross_entropy([1, 0], [q, 1 - q], epsilon=0) == near(-math.log(q), rel=1e-15)


def test_without_epsilon_the_impossible_is_infinitely_surprising():
    assert ce.cross_entropy([1, 0], [0, 1], epsilon=0) == np.inf
    assert ce.cross_entropy([0.5, 0.5], [0, 1], epsilon=0) == np.inf
    assert ce.cross_entropy([0, 1], [0, 1], epsilon=0) == 0  # 0·log 0 = 0
    assert ce.cross_entropy([1, 0], [0, 1], epsilon=0, base=2) == np.inf


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("epsilon", [0, 1e-9, 1e-7, 0.1])
def test_narrow_floats_never_give_nan(dtype, epsilon):
    rows = np.array([[1, 0], [0, 1], [0.5, 0.5]], dtype)
    for p in rows:
        for q in rows:
            loss = ce.cross_entropy(p, q, epsilon=epsilon)
            assert loss >= 0
            assert np.isfinite(loss) or epsilon == 0
    for label in (0, 1):
        for prob in np.array([0, 1e-7, 0.5, 1], dtype):
            loss = ce.binary_cross_entropy(label, prob, epsilon=epsilon)
            assert loss >= 0
            assert np.isfinite(loss) or epsilon == 0


def test_epsilon_bounds_the_loss_in_float32_as_in_float64():
    wrong = np.array([[1, 0], [0, 1]], np.float32)
    assert_allclose(ce.cross_entropy(wrong, wrong[::-1]), 20.723266, rtol=1e-6)
    assert_allclose(
        ce.binary_cross_entropy([0, 1], np.array([1, 0], np.float32), reduction="none"),
        20.723266,
        rtol=1e-6,
    )


# -- divergence ----------------------------------------------------------------------------------


@given(pairs())
def test_kl_equals_scipy(pair):
    p, q = pair
    expected = scipy.special.rel_entr(p, q).sum(axis=-1)
    assert_allclose(ce.kl_divergence(p, q), expected, rtol=1e-11, atol=1e-15)
    assert_allclose(
        ce.kl_divergence(p, q), scipy.stats.entropy(p, q, axis=-1), rtol=1e-11, atol=1e-15
    )
    assert_allclose(ce.kl_divergence(p, q, base=2), expected / np.log(2), rtol=1e-11, atol=1e-15)


@given(pairs())
def test_kl_of_a_distribution_from_itself_is_exactly_zero(pair):
    for p in pair:
        divergence = ce.kl_divergence(p, p.copy())
        assert_array_equal(divergence, 0.0)
        assert not np.signbit(divergence).any()


@given(st.lists(st.integers(1, 2**40), min_size=2, max_size=6), st.integers(1, 2**30))
def test_kl_of_near_distributions_keeps_ten_digits(weights, move):
    # Both rows sum to exactly 1, so the divergence of these very floats is well defined.
    total = 2**46
    p = [*weights, total - sum(weights)]
    q = [p[0] + min(move, p[-1] - 1), *p[1:-1], p[-1] - min(move, p[-1] - 1)]
    p, q = (np.array(x, float) / total for x in (p, q))
    exact = float(oracles.kl_divergence(p, q))
    assert ce.kl_divergence(p, q) == near(exact, rel=1e-10)
    assert ce.kl_divergence(q, p) == near(float(oracles.kl_divergence(q, p)), rel=1e-10)


@pytest.mark.parametrize("distance", [1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-11, 1e-13])
def test_kl_keeps_ten_digits_where_the_naive_sum_cancels(distance):
    p = np.array([0.3125, 0.1875, 0.5])
    q = p + np.round(distance * 2**51) / 2**51 * np.array([1, -1, 0])
    exact = float(oracles.kl_divergence(p, q))
    assert exact > 0
    assert ce.kl_divergence(p, q) == near(exact, rel=1e-10)
    naive = np.sum(p * np.log(p)) - np.sum(p * np.log(q))
    if distance < 1e-7:
        assert naive != near(exact, rel=1e-3)


@given(pairs(), floats(1e-16, 1e-6))
def test_kl_of_near_distributions_is_never_negative(pair, distance):
    p, q = pair
    near = (1 - distance) * p + distance * q
    assert np.all(ce.kl_divergence(p, near / near.sum(axis=-1, keepdims=True)) >= 0)


@pytest.mark.parametrize("ratio", [1.0001, 1.9, 1.99999, 2.0, 2.00001, 2.1, 1e3, 1e300])
def test_a_divergence_is_exact_on_both_sides_of_the_series(ratio):
    p = np.array([0.25, 0.75])
    q = np.array([0.25 / ratio, 1 - 0.25 / ratio])
    assert_allclose(ce.kl_divergence(p, q), float(oracles.kl_divergence(p, q)), rtol=2e-15)
    assert_allclose(ce.kl_divergence(q, p), float(oracles.kl_divergence(q, p)), rtol=2e-15)


def test_a_ratio_of_probabilities_may_overflow():
    p, q = np.array([0.5, 0.5]), np.array([5e-324, 1.0])
    assert_allclose(ce.kl_divergence(p, q), float(oracles.kl_divergence(p, q)), rtol=1e-15)


def test_kl_where_one_side_is_zero():
    assert ce.kl_divergence([1, 0], [0, 1]) == np.inf
    assert ce.kl_divergence([0.5, 0.5], [0, 1]) == np.inf
    assert ce.kl_divergence([0, 1], [0.5, 0.5]) == near(math.log(2), rel=1e-15)
    assert ce.kl_divergence([0.0, 1.0], [0.0, 1.0]) == 0


@given(pairs())
def test_cross_entropy_is_entropy_plus_divergence(pair):
    p, q = pair
    both = ce.entropy(p) + ce.kl_divergence(p, q)
    # the divergence sets right what rounding did to the sums of p and q, the cross-entropy does not
    excess = np.apply_along_axis(math.fsum, -1, q) - np.apply_along_axis(math.fsum, -1, p)
    assert_allclose(ce.cross_entropy(p, q, epsilon=0) + excess, both, rtol=1e-15, atol=4e-16)


def test_divergence_is_not_symmetric():
    p, q = [0.9, 0.1], [0.5, 0.5]
    assert ce.kl_divergence(p, q) == near(0.36806421, rel=1e-7)
    assert ce.kl_divergence(q, p) == near(0.51082562, rel=1e-7)


# -- perplexity ----------------------------------------------------------------------------------


@given(floats(0, 700))
def test_perplexity_is_the_exponential(loss):
    assert ce.perplexity(loss) == near(math.exp(loss), rel=1e-15)
    assert ce.perplexity(loss, base=2) == near(2.0**loss, rel=1e-15)


@pytest.mark.parametrize("base", [2, math.e, 10])
def test_perplexity_of_the_uniform_is_its_number_of_sides(base):
    assert ce.perplexity(ce.entropy(np.full(6, 1 / 6), base=base), base=base) == near(6)


def test_perplexity_at_the_ends():
    assert ce.perplexity(0.0) == 1
    assert ce.perplexity(np.inf) == np.inf
    assert ce.perplexity(1e4) == np.inf  # out of float64's range, without a warning
    assert_allclose(ce.perplexity([0.0, 1.0]), [1, math.e], rtol=1e-15)


# -- bases ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [2, 10, 256, 1.5])
def test_a_base_is_a_unit(base):
    p, q = [0.5, 0.25, 0.25], [0.25, 0.25, 0.5]
    for value, natural in (
        (ce.surprisal(0.3, base=base), ce.surprisal(0.3)),
        (ce.entropy(p, base=base), ce.entropy(p)),
        (ce.cross_entropy(p, q, base=base), ce.cross_entropy(p, q)),
        (ce.kl_divergence(p, q, base=base), ce.kl_divergence(p, q)),
    ):
        assert value == near(natural / math.log(base), rel=1e-15)


def test_bits_are_exact_where_they_are_whole():
    assert ce.entropy([0.5, 0.25, 0.125, 0.125], base=2) == 1.75
    assert ce.cross_entropy([0.5, 0.5], [0.25, 0.75], epsilon=0, base=2) == near(
        0.5 * (2 + math.log2(4 / 3)), rel=1e-15
    )
