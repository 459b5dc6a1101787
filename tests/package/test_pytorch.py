"""PyTorch's losses and their options, on values that its version 2.13.0 gives in float64.

Each constant is what `torch.nn.functional` returns for the arguments beside it, with
`torch.set_default_dtype(torch.float64)`, on a CPU.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from oracles import near

import crossentropy as ce

SPARSE = ce.softmax_cross_entropy_with_integer_labels
LOGITS = np.array([[2.0, -1.0, 0.5], [0.0, 1.5, -0.5], [-1.0, 0.25, 3.0], [1.0, 1.0, -2.0]])
TARGETS = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0], [0.25, 0.25, 0.5], [0.0, 0.5, 0.5]])
LABELS = np.array([0, 2, 1, 1])
OF_CLASS = np.array([0.5, 2.0, 1.0])


# cross_entropy(logits, targets, weight=of_class, label_smoothing=smoothing)
@pytest.mark.parametrize(
    ("smoothing", "mean", "losses"),
    [
        (
            0.0,
            1.6770864077991356,
            [1.5551146021585835, 0.6127114244582933, 1.9639157265796119, 2.576603878000054],
        ),
        (
            0.1,
            1.7215072416138044,
            [1.677756126552727, 0.6788484484391978, 2.026745044085463, 2.5026793473778306],
        ),
    ],
)
def test_class_weights_of_distributions_and_a_mean_over_their_number(smoothing, mean, losses):
    options = {"class_weights": OF_CLASS, "label_smoothing": smoothing}
    assert_allclose(
        ce.softmax_cross_entropy(TARGETS, LOGITS, reduction="none", **options), losses, rtol=1e-13
    )
    assert ce.softmax_cross_entropy(TARGETS, LOGITS, **options) == near(mean)
    moved = TARGETS.T, LOGITS.T
    assert ce.softmax_cross_entropy(*moved, axis=0, **options) == near(mean)


# the gradient of its sum
def test_the_gradient_with_class_weights_of_distributions():
    expected = [
        [0.3177574794008845, -0.3667543127199157, 0.04899683331903118],
        [0.3285032552501756, -0.5277505513748124, 0.1992472961246366],
        [-0.10596075998792434, -0.433546522708426, 0.5395072826963503],
        [0.7317833267405526, -0.2682166732594474, -0.4635666534811052],
    ]
    gradient = ce.softmax_cross_entropy_grad(TARGETS, LOGITS, class_weights=OF_CLASS)
    assert_allclose(gradient, expected, rtol=1e-13)


# cross_entropy(logits, labels, weight=of_class, label_smoothing=smoothing)
@pytest.mark.parametrize(
    ("smoothing", "mean"), [(0.0, 1.7310101092180596), (0.1, 1.7121850798195863)]
)
def test_class_weights_of_labels_and_a_mean_over_their_sum(smoothing, mean):
    options = {"class_weights": OF_CLASS, "label_smoothing": smoothing}
    assert SPARSE(LABELS, LOGITS, **options) == near(mean)


# binary_cross_entropy_with_logits(scores, shares, pos_weight=[3.0, 0.5, 2.0])
def test_a_positive_weight_for_each_column_and_shares():
    shares = np.array([[1.0, 0.0, 0.3], [0.0, 1.0, 1.0]])
    scores = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -3.0]])
    options = {"positive_weight": [3.0, 0.5, 2.0]}
    losses = ce.binary_cross_entropy_with_logits(shares, scores, reduction="none", **options)
    expected = [
        [1.42223095254032, 0.3132616875182228, 1.5650064143558642],
        [1.7014132779827524, 0.2879697099394218, 6.097174703147484],
    ]
    assert_allclose(losses, expected, rtol=1e-13)
    mean = ce.binary_cross_entropy_with_logits(shares, scores, **options)
    assert mean == near(1.8978427909140108)
    gradient = ce.binary_cross_entropy_with_logits_grad(shares, scores, **options)
    expected = [
        [-1.132622006394436, 0.2689414213699951, 0.545036201371247],
        [0.8175744761936437, -0.21891174955710097, -1.9051482536448665],
    ]
    assert_allclose(gradient, expected, rtol=1e-13)


# cross_entropy(images, labels, weight=of_class), with its ignore_index=-100
def test_images_with_classes_first_and_ignored_pixels():
    images = 2 * np.sin(np.arange(24.0)).reshape(1, 3, 2, 4)
    labels = np.array([[[0, 1, 2, 0], [2, -100, 1, 1]]])
    options = {"axis": 1, "ignore_index": -100}
    assert SPARSE(labels, images, **options) == near(1.2241756947820295)
    assert SPARSE(labels, images, class_weights=OF_CLASS, **options) == near(1.0284440639981505)
    losses = [
        [2.1742634198076267, 1.2308737853946539, 3.4074729176542626, 0.7512868461677453],
        [0.08666483434773818, 0.0, 0.19420457417028236, 0.7244634859318975],
    ]
    assert_allclose(SPARSE(labels, images, reduction="none", **options), [losses], rtol=1e-13)
