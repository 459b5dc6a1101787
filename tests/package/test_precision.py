"""Values against 50-digit arithmetic: at most 4 units in the last place, in the tails too.

The issue's bound is for scalars and small inputs, in the range where the result is representable.
"""

import itertools

import numpy as np
import oracles
import pytest
from oracles import worst_ulps

import crossentropy as ce

MOST = 4  # ulps
MOST_OF_A_GRADIENT = 8  # where it is a product of more factors than its loss

rng = np.random.default_rng(50)
TINY = np.finfo(float).tiny


def signed(magnitudes):
    return np.concatenate([-magnitudes[::-1], [0.0], magnitudes])


# One logit: every order of magnitude, dense where curves bend, up to where exp leaves the range.
SCORES = signed(
    np.concatenate(
        [
            10.0 ** np.arange(-300, 0, 23),
            np.linspace(0.01, 2, 60),
            rng.uniform(2, 40, 60),
            rng.uniform(40, 740, 60),
            [744.0, 745.0, 746.0, 1e3, 1e4, 1e300],
        ]
    )
)
# Probabilities down to the smallest normal number, and up to the last below 1.
PROBS = np.concatenate(
    [
        10.0 ** np.arange(-307, -1, 17),
        rng.uniform(0, 1, 100),
        1 - 2.0 ** -np.arange(2, 54),
        [0.0, 1.0],
    ]
)


def rows_of_logits(classes, scale, rows=25):
    """Rows with far and near neighbours, and some that differ in the last digits only."""
    z = scale * rng.standard_normal((rows, classes))
    z[::5, 1] = z[::5, 0] + rng.choice([1e-12, 1e-8, 1e-3], len(z[::5]))
    z[1::5, -1] = -np.inf
    return z


LOGITS = {
    f"{classes} classes, scale {scale:g}": rows_of_logits(classes, scale)
    for classes, scale in itertools.product((2, 3, 10), (0.1, 1.0, 10.0, 100.0, 300.0))
}
DISTRIBUTIONS = {
    f"{classes} classes, concentration {concentration:g}": (
        rng.dirichlet(np.full(classes, concentration), 30),
        rng.dirichlet(np.full(classes, concentration), 30) * (1 - 2e-16) + 1e-16 / classes,
    )
    for classes, concentration in itertools.product((2, 3, 10), (0.05, 1.0, 20.0))
}

for_logits = pytest.mark.parametrize("logits", LOGITS.values(), ids=LOGITS)
for_distributions = pytest.mark.parametrize("pair", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS)


def agree(actual, exact, inputs, most=MOST):
    """Assert that no value is further from the exact one; say which input is the worst."""
    distance, place = worst_ulps(actual, exact)
    value, expected = np.ravel(actual)[place], np.ravel(exact)[place]
    described = [np.reshape(x, (np.size(actual), -1))[place] for x in inputs]
    assert distance <= most, f"{distance:.3g} ulps at {described}: {value!r}, exactly {expected}"


def exactly(function, *inputs):
    """The oracle's value for each example (the last axis of 2-D inputs holds its classes)."""
    return np.array([function(*example) for example in zip(*inputs, strict=True)], object)


# -- scalars -------------------------------------------------------------------------------------


def test_surprisal():
    agree(ce.surprisal(PROBS), exactly(lambda p: -oracles.log(p), PROBS), [PROBS])


def test_surprisal_in_bits():
    exact = exactly(lambda p: -oracles.log(p) / oracles.mpmath.log(2), PROBS)
    agree(ce.surprisal(PROBS, base=2), exact, [PROBS])


@pytest.mark.parametrize("base", [2, 2.718281828459045, 10])
def test_perplexity(base):
    losses = np.concatenate([[0.0], 10.0 ** np.arange(-20, 0), rng.uniform(0, 300, 50)])
    exact = exactly(lambda x: oracles.mpf(base) ** oracles.mpf(x), losses)
    if base == 2.718281828459045:
        exact = exactly(lambda x: oracles.mpmath.exp(oracles.mpf(x)), losses)
    agree(ce.perplexity(losses, base=base), exact, [losses])


@pytest.mark.parametrize(
    ("function", "oracle"),
    [
        (ce.sigmoid, oracles.sigmoid),
        (ce.log_sigmoid, lambda x: -oracles.softplus(-x)),
    ],
    ids=["sigmoid", "log_sigmoid"],
)
def test_one_logit(function, oracle):
    agree(function(SCORES), exactly(oracle, SCORES), [SCORES])


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize(
    ("function", "oracle", "options"),
    [
        (
            ce.binary_cross_entropy_with_logits,
            oracles.binary_cross_entropy_with_logits,
            {},
        ),
        (
            ce.binary_cross_entropy_with_logits,
            oracles.binary_cross_entropy_with_logits,
            {"label_smoothing": 0.1},
        ),
        (
            ce.binary_cross_entropy_with_logits,
            oracles.binary_cross_entropy_with_logits,
            {"positive_weight": 3.7, "label_smoothing": 0.01},
        ),
        (ce.binary_focal_loss, oracles.binary_focal_loss, {"gamma": 0.0}),
        (ce.binary_focal_loss, oracles.binary_focal_loss, {"gamma": 1.0, "alpha": 0.25}),
        (ce.binary_focal_loss, oracles.binary_focal_loss, {"gamma": 2.0}),
        (ce.binary_focal_loss, oracles.binary_focal_loss, {"gamma": 0.5, "alpha": 0.75}),
    ],
)
def test_losses_of_one_logit(label, function, oracle, options):
    labels = np.full(len(SCORES), label)
    exact = exactly(lambda y, z: oracle(y, z, **options), labels, SCORES)
    agree(function(labels, SCORES, **options, reduction="none"), exact, [SCORES])


@pytest.mark.parametrize("label", [0, 1])
def test_binary_cross_entropy(label):
    labels = np.full(len(PROBS), label)
    exact = exactly(oracles.binary_cross_entropy, labels, PROBS)
    agree(ce.binary_cross_entropy(labels, PROBS, epsilon=0, reduction="none"), exact, [PROBS])


@pytest.mark.parametrize("label", [0, 1])
def test_gradients_of_one_logit(label):
    labels = np.full(len(SCORES), label)
    exact = exactly(lambda y, z: -oracles.sigmoid(-z) if y else oracles.sigmoid(z), labels, SCORES)
    agree(ce.binary_cross_entropy_with_logits_grad(labels, SCORES), exact, [SCORES])
    exact = exactly(
        lambda y, z: (
            (-2 if y else 2)
            * oracles.sigmoid(-z if y else z) ** 2
            * oracles.sigmoid(z if y else -z)
        ),
        labels,
        SCORES,
    )
    actual = ce.squared_error_of_sigmoid_grad(labels, SCORES)
    agree(actual, exact, [SCORES], most=MOST_OF_A_GRADIENT)


def test_squared_error():
    targets, predictions = SCORES[50:-50], SCORES[50:-50][::-1] / 3
    exact = exactly(oracles.squared_error, targets, predictions)
    agree(ce.squared_error(targets, predictions, reduction="none"), exact, [targets, predictions])


# -- rows of classes -----------------------------------------------------------------------------


@for_logits
def test_logsumexp(logits):
    # Where the maximum and the logarithm cancel, the result is as good as the larger of the two.
    actual, exact = ce.logsumexp(logits), exactly(oracles.logsumexp, logits)
    size = np.maximum(np.abs(actual), np.abs(logits.max(axis=-1)))
    assert np.all(np.abs((exact - actual).astype(float)) <= MOST * np.spacing(size))


@for_logits
def test_softmax(logits):
    agree(ce.softmax(logits), np.array(list(map(oracles.softmax, logits))), [logits[..., None]])


@for_logits
def test_log_softmax(logits):
    exact = np.array(list(map(oracles.log_softmax, logits)))
    agree(ce.log_softmax(logits), exact, [logits[..., None]])


@for_logits
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_softmax_cross_entropy(logits, smoothing):
    classes = logits.shape[-1]
    targets = np.random.default_rng(classes).dirichlet(np.ones(classes), len(logits))
    if smoothing:  # a share of a class that is ruled out costs infinity
        logits = np.where(np.isinf(logits), 0.0, logits)
    targets[np.isinf(logits)] = 0
    targets /= targets.sum(axis=-1, keepdims=True)
    exact = exactly(lambda t, z: oracles.softmax_cross_entropy(t, z, smoothing), targets, logits)
    actual = ce.softmax_cross_entropy(targets, logits, label_smoothing=smoothing, reduction="none")
    agree(actual, exact, [targets, logits])


@for_logits
def test_softmax_cross_entropy_with_integer_labels(logits):
    for label in (0, 1, logits.shape[-1] - 1):
        labels = np.full(len(logits), label)
        exact = exactly(oracles.softmax_cross_entropy_with_integer_labels, labels, logits)
        actual = ce.softmax_cross_entropy_with_integer_labels(labels, logits, reduction="none")
        agree(actual, exact, [logits])


@for_logits
@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0])
def test_focal_loss(logits, gamma):
    for label in (0, 1, logits.shape[-1] - 1):
        labels = np.full(len(logits), label)
        exact = exactly(lambda y, z: oracles.focal_loss(y, z, gamma), labels, logits)
        # squaring doubles what 1 - p, a quotient of sums, is off by (at most 3.1 in 200 000 rows)
        most = MOST if gamma < 2 else 2 + 2.5 * gamma
        agree(ce.focal_loss(labels, logits, gamma=gamma, reduction="none"), exact, [logits], most)


@pytest.mark.parametrize("gamma", [3.0, 5.0, 10.0])
def test_a_power_multiplies_the_error_of_its_base(gamma):
    ones = np.ones(len(SCORES), int)
    exact = exactly(lambda y, z: oracles.binary_focal_loss(y, z, gamma), ones, SCORES)
    actual = ce.binary_focal_loss(ones, SCORES, gamma=gamma, reduction="none")
    agree(actual, exact, [SCORES], most=2 + 2.5 * gamma)


def gradient_of_labels(label, logits):
    p = oracles.softmax(logits)
    odds = oracles.odds_against(label, logits)
    p[label] = -1 / (1 + 1 / odds) if odds else 0
    return p


def gradient_of_focal_loss(label, logits):
    """For gamma = 2: the slope along the label's own logit, shared out over the others."""
    plain = gradient_of_labels(label, logits)
    miss = -plain[label]
    hit = 1 / (1 + oracles.odds_against(label, logits))
    nll = oracles.mpmath.log1p(oracles.odds_against(label, logits))
    return [g * (2 * miss * hit * nll + miss**2) for g in plain]


@for_logits
@pytest.mark.parametrize(
    ("gradient", "exact"),
    [
        (ce.softmax_cross_entropy_with_integer_labels_grad, gradient_of_labels),
        (ce.focal_loss_grad, gradient_of_focal_loss),
    ],
    ids=["cross-entropy", "focal"],
)
def test_gradients_of_many_logits(logits, gradient, exact):
    logits = np.where(np.isinf(logits), -700, logits)
    labels = np.arange(len(logits)) % logits.shape[-1]
    expected = np.array([exact(*example) for example in zip(labels, logits, strict=True)], object)
    agree(gradient(labels, logits), expected, [logits[..., None]], most=MOST_OF_A_GRADIENT)


@for_distributions
def test_entropy(pair):
    p, _ = pair
    agree(ce.entropy(p), exactly(oracles.entropy, p), [p])


@for_distributions
def test_cross_entropy(pair):
    p, q = pair
    exact = exactly(oracles.cross_entropy, p, q)
    agree(ce.cross_entropy(p, q, epsilon=0), exact, [p, q])


@for_distributions
def test_brier_score(pair):
    p, q = pair
    actual = [ce.brier_score(a, b) for a, b in zip(p, q, strict=True)]
    agree(np.array(actual), exactly(oracles.brier_score, p, q), [p, q])


@for_distributions
def test_kl_divergence_keeps_ten_digits(pair):
    p, q = pair
    exact = exactly(oracles.kl_divergence, p, q).astype(float)
    np.testing.assert_allclose(ce.kl_divergence(p, q), exact, rtol=1e-10)
