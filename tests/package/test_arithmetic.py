"""Arithmetic that keeps the small digits, against exact fractions, mpmath and NumPy."""

from fractions import Fraction

import mpmath
import numpy as np
import oracles
from hypothesis import given
from losses import floats
from numpy.testing import assert_allclose, assert_array_equal

from crossentropy import _arithmetic


@given(floats(-1e9, 1e9), floats(-1e-3, 1e-3))
def test_a_sum_and_its_excess_are_exact(large, small):
    for a, b in ((large, small), (small, large), (large, -large), (small, 1 / 3)):
        total, excess = _arithmetic.two_sum(a, b)
        assert total == a + b
        assert Fraction(total) - Fraction(excess) == Fraction(a) + Fraction(b)
        totals, excesses = _arithmetic.two_sum(np.array([a, a]), np.array([b, -b]))
        assert (totals[0], excesses[0]) == (total, excess)
        assert Fraction(totals[1]) - Fraction(excesses[1]) == Fraction(a) - Fraction(b)


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
