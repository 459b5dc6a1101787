"""What the package is compared with: 50-digit arithmetic and other people's libraries.

Functions in mpmath take one example, written as in a textbook; nothing here imports the package.
"""

import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import mpmath
import numpy as np
import optax
import pytest
from mpmath import mp, mpf

jax.config.update("jax_enable_x64", True)
mp.dps = 50

INF = mpmath.inf


def ulps(actual, exact):
    """Distance in units in the last place of `actual`'s own dtype; 0 for equal infinities."""
    actual = np.asarray(actual)[()]
    if mpmath.isinf(exact) or np.isinf(actual):
        return 0.0 if mpf(float(actual)) == exact else np.inf
    nearest = actual.dtype.type(float(exact))
    return float(abs(mpf(float(actual)) - exact) / mpf(float(np.spacing(abs(nearest)))))


def worst_ulps(actual, exact):
    """The largest distance over an array, with the place where it occurs, for the message."""
    distances = [ulps(a, e) for a, e in zip(np.ravel(actual), np.ravel(exact), strict=True)]
    place = int(np.argmax(distances))
    return distances[place], place


def log(x):
    return mpmath.log(mpf(float(x))) if x > 0 else -INF


def times(weight, value):
    """The product in which 0 wins over infinity, as lim w·log w does."""
    return mpf(0) if weight == 0 else mpf(weight) * value


# -- information ---------------------------------------------------------------------------------


def entropy(p):
    return -mpmath.fsum(times(float(a), log(a)) for a in p)


def cross_entropy(p, q):
    return -mpmath.fsum(times(float(a), log(b)) for a, b in zip(p, q, strict=True))


def clipped_cross_entropy(p, q, epsilon=1e-9):
    low, high = mpf(epsilon), 1 - mpf(epsilon)
    clipped = [min(max(mpf(float(b)), low), high) for b in q]
    return -mpmath.fsum(times(float(a), mpmath.log(b)) for a, b in zip(p, clipped, strict=True))


def kl_divergence(p, q):
    """Of the distributions meant by p and q, before rounding moved their sums off 1."""
    p, q = [mpf(float(a)) for a in p], [mpf(float(b)) for b in q]
    total_p, total_q = mpmath.fsum(p), mpmath.fsum(q)
    terms = []
    for a, b in zip(p, q, strict=True):
        if a > 0 and b == 0:
            return INF
        if a > 0:
            terms.append(a / total_p * mpmath.log((a / total_p) / (b / total_q)))
    return mpmath.fsum(terms)


# -- from one logit ------------------------------------------------------------------------------


def softplus(x):
    """log(1 + exp(x))."""
    x = mpf(float(x)) if not isinstance(x, mpf) else x
    if x == INF:
        return INF
    return x + mpmath.log1p(mpmath.exp(-x)) if x > 0 else mpmath.log1p(mpmath.exp(x))


def sigmoid(x):
    return 1 / (1 + mpmath.exp(-(x if isinstance(x, mpf) else mpf(float(x)))))


def binary_cross_entropy(label, prob):
    share, prob = mpf(float(label)), mpf(float(prob))
    never = INF if prob == 1 else -mpmath.log1p(-prob)
    return times(share, -log(prob)) + times(1 - share, never)


def clipped_binary_cross_entropy(label, prob, epsilon=1e-9):
    prob = min(max(mpf(float(prob)), mpf(epsilon)), 1 - mpf(epsilon))
    share = mpf(float(label))
    return -share * mpmath.log(prob) - (1 - share) * mpmath.log(1 - prob)


def binary_cross_entropy_with_logits(label, logit, positive_weight=1.0, label_smoothing=0.0):
    smoothing = mpf(label_smoothing)
    target = (1 - smoothing) * mpf(float(label)) + smoothing / 2
    wrong_if_one = times(target * mpf(positive_weight), softplus(-logit))
    return wrong_if_one + times(1 - target, softplus(logit))


def binary_focal_loss(label, logit, gamma=2.0, alpha=None):
    signed = logit if label == 1 else -logit
    weight = 1 if alpha is None else mpf(alpha) if label == 1 else 1 - mpf(alpha)
    return weight * times(sigmoid(-signed) ** mpf(gamma), softplus(-signed))


# -- from many logits ----------------------------------------------------------------------------


def odds_against(k, logits):
    """(1 - p_k) / p_k, the sum of exp(z_j - z_k) over the other classes: nothing cancels."""
    z = [x if isinstance(x, mpf) else mpf(float(x)) for x in logits]
    return mpmath.fsum(mpmath.exp(x - z[k]) for j, x in enumerate(z) if j != k and x > -INF)


def logsumexp(logits):
    z = [mpf(float(x)) for x in logits]
    top = max(z)
    return top + mpmath.log(mpmath.fsum(mpmath.exp(x - top) for x in z))


def softmax(logits):
    return [0 if x == -INF else 1 / (1 + odds_against(k, logits)) for k, x in enumerate(logits)]


def log_softmax(logits):
    return [
        -INF if x == -INF else -mpmath.log1p(odds_against(k, logits)) for k, x in enumerate(logits)
    ]


def softmax_cross_entropy(target, logits, label_smoothing=0.0, class_weights=None):
    smoothing = mpf(label_smoothing)
    smoothed = [(1 - smoothing) * mpf(float(t)) + smoothing / len(target) for t in target]
    weights = [1] * len(target) if class_weights is None else class_weights[: len(target)]
    return mpmath.fsum(
        times(mpf(w) * t, -logq)
        for w, t, logq in zip(weights, smoothed, log_softmax(logits), strict=True)
    )


def softmax_cross_entropy_with_integer_labels(label, logits, label_smoothing=0.0):
    target = [int(k == label) for k in range(len(logits))]
    return softmax_cross_entropy(target, logits, label_smoothing)


def focal_loss(label, logits, gamma=2.0, alpha=None):
    odds = odds_against(label, logits)
    weight = mpf(1) if alpha is None else mpf(float(np.broadcast_to(alpha, len(logits))[label]))
    certainly_not = 1 / (1 + 1 / odds) if odds else mpf(0)
    return weight * times(certainly_not ** mpf(gamma), mpmath.log1p(odds))


# -- regression ----------------------------------------------------------------------------------


def squared_error(target, prediction):
    return (mpf(float(target)) - mpf(float(prediction))) ** 2


def brier_score(target, prob):
    return mpmath.fsum(
        (mpf(float(t)) - mpf(float(b))) ** 2 for t, b in zip(target, prob, strict=True)
    )


def squared_error_of_sigmoid(label, logit):
    return (int(label) - sigmoid(logit)) ** 2


# -- derivatives ---------------------------------------------------------------------------------


def central_differences(loss, truth, prediction, step="1e-18"):
    """The gradient of one example's loss, good to about 30 digits."""
    step = mpf(step)
    z = [mpf(float(x)) for x in np.atleast_1d(prediction)]
    scalar = np.ndim(prediction) == 0

    def at(k, h):
        moved = [x + h if j == k else x for j, x in enumerate(z)]
        return loss(truth, moved[0] if scalar else moved)

    slopes = [(at(k, step) - at(k, -step)) / (2 * step) for k in range(len(z))]
    return slopes[0] if scalar else slopes


# -- optax ---------------------------------------------------------------------------------------


def from_optax(loss):
    """An optax loss (prediction first, JAX arrays) in this package's order, on NumPy arrays."""

    def oracle(truths, predictions, **options):
        return np.asarray(loss(predictions, truths, **options))

    return oracle


def smoothed(loss, label_smoothing):
    """An optax loss of distributions, with the labels smoothed by optax."""

    def oracle(targets, logits):
        return np.asarray(loss(logits, optax.smooth_labels(targets, label_smoothing)))

    return oracle


def gradient_of(oracle_of_prediction_and_truth):
    """Gradients of each example's loss by JAX's automatic differentiation."""
    total = jax.grad(lambda z, y: oracle_of_prediction_and_truth(z, y).sum())

    def gradient(truths, predictions):
        return np.asarray(total(predictions, truths))

    return gradient


# -- closeness -----------------------------------------------------------------------------------


def near(expected, rel=1e-12, abs=0.0):
    """pytest.approx without its absolute 1e-12, which would pass anything for small losses."""
    return pytest.approx(expected, rel=rel, abs=abs)
