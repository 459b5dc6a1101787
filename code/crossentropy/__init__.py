"""The losses that the book *Tutorial 15: Cross-Entropy* derives, in NumPy."""

from crossentropy.activations import log_sigmoid, log_softmax, logsumexp, sigmoid, softmax
from crossentropy.calibration import (
    ReliabilityCurve,
    expected_calibration_error,
    fit_temperature,
    reliability_curve,
)
from crossentropy.classification import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    binary_focal_loss,
    focal_loss,
    smooth_labels,
    softmax_cross_entropy,
    softmax_cross_entropy_with_integer_labels,
)
from crossentropy.gradients import (
    binary_cross_entropy_with_logits_grad,
    binary_focal_loss_grad,
    focal_loss_grad,
    softmax_cross_entropy_grad,
    softmax_cross_entropy_with_integer_labels_grad,
    squared_error_of_sigmoid_grad,
)
from crossentropy.information import cross_entropy, entropy, kl_divergence, perplexity, surprisal
from crossentropy.regression import brier_score, squared_error
from crossentropy.streaming import RunningMean, mean_loss

__all__ = [
    "ReliabilityCurve",
    "RunningMean",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
    "binary_focal_loss",
    "binary_focal_loss_grad",
    "brier_score",
    "cross_entropy",
    "entropy",
    "expected_calibration_error",
    "fit_temperature",
    "focal_loss",
    "focal_loss_grad",
    "kl_divergence",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "mean_loss",
    "perplexity",
    "reliability_curve",
    "sigmoid",
    "smooth_labels",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
    "softmax_cross_entropy_with_integer_labels",
    "softmax_cross_entropy_with_integer_labels_grad",
    "squared_error",
    "squared_error_of_sigmoid_grad",
    "surprisal",
]
