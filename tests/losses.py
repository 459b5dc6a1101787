"""The table of losses that drives test_laws.py and test_precision.py: a new loss is a new row.

A row says what a loss takes, what it equals and where its gradient is; every law is then applied to
it. The table is proved complete against `crossentropy.__all__`.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import optax
import oracles
import sklearn.metrics
from oracles import from_optax, smoothed
from scipy.special import rel_entr, xlog1py, xlogy
from scipy.stats import entropy as scipy_entropy
from sklearn.metrics.pairwise import paired_euclidean_distances

import crossentropy as ce

CLASS_WEIGHTS = [0.5, 1.0, 0.25, 0.75, 0.125, 0.9]  # as many of them as there are classes


@dataclass(frozen=True)
class Loss:
    name: str
    function: Callable
    truth: str  # "bit" | "share" | "label" | "distribution" | "real"
    prediction: str  # "probability" | "logit" | "probabilities" | "logits" | "real"
    exact: Callable  # one example's loss in 50 digits
    peer: Callable | None = None  # someone else's losses of a whole batch
    options: dict = field(default_factory=dict)
    gradient: Callable | None = None
    plain: bool = True  # zero for a certain right answer; False when the labels are smoothed
    reduces: bool = True  # takes `reduction`

    @property
    def many(self):
        """Whether an example is a row of classes."""
        return self.prediction in ("probabilities", "logits")

    @property
    def has_axis(self):
        return "axis" in inspect.signature(self.function).parameters

    def __call__(self, truths, predictions, **more):
        return self.function(truths, predictions, **self._options(predictions, **more))

    def each(self, truths, predictions):
        """Each example's loss."""
        if self.name == "brier_score":
            return np.vectorize(self.function, signature="(k),(k)->()")(truths, predictions)[()]
        return self(truths, predictions, **({"reduction": "none"} if self.reduces else {}))

    def grad(self, truths, predictions, **more):
        return self.gradient(truths, predictions, **self._options(predictions, **more))

    def _options(self, predictions, **more):
        options = {**self.options, **more}
        if "class_weights" in options:
            classes = np.shape(predictions)[options.get("axis", -1)]
            options["class_weights"] = options["class_weights"][:classes]
        return options

    def in_50_digits(self, truths, predictions):
        """Each example's exact loss, as an object array of mpmath numbers."""
        rows = int(self.many)
        shape = np.shape(predictions)[: np.ndim(predictions) - rows]
        result = np.empty(shape, object)
        for place in np.ndindex(shape):
            result[place] = self.exact(truths[place], predictions[place])
        return result


def with_options(function, **options):
    return lambda truth, prediction: function(truth, prediction, **options)


def log_loss_each(labels, probs):
    return [
        sklearn.metrics.log_loss([y], [[1 - p, p]], labels=[0, 1])
        for y, p in zip(labels, probs, strict=True)
    ]


WITH_LOGITS = {
    "function": ce.binary_cross_entropy_with_logits,
    "truth": "bit",
    "prediction": "logit",
    "gradient": ce.binary_cross_entropy_with_logits_grad,
}
WITH_LOGITS_OF_SHARES = {**WITH_LOGITS, "truth": "share"}
SOFTMAX = {
    "function": ce.softmax_cross_entropy,
    "truth": "distribution",
    "prediction": "logits",
    "gradient": ce.softmax_cross_entropy_grad,
}
SPARSE = {
    "function": ce.softmax_cross_entropy_with_integer_labels,
    "truth": "label",
    "prediction": "logits",
    "gradient": ce.softmax_cross_entropy_with_integer_labels_grad,
}
BINARY_FOCAL = {
    "function": ce.binary_focal_loss,
    "truth": "bit",
    "prediction": "logit",
    "gradient": ce.binary_focal_loss_grad,
}
FOCAL = {
    "function": ce.focal_loss,
    "truth": "label",
    "prediction": "logits",
    "gradient": ce.focal_loss_grad,
}


def row(family, name, exact, peer=None, *, plain=True, **options):
    return Loss(
        name,
        exact=with_options(exact, **options),
        peer=peer,
        options=options,
        plain=plain,
        **family,
    )


LOSSES = [
    Loss(
        "cross_entropy",
        ce.cross_entropy,
        "distribution",
        "probabilities",
        oracles.cross_entropy,
        peer=lambda p, q: scipy_entropy(p, axis=-1) + scipy_entropy(p, q, axis=-1),
        options={"epsilon": 0},
        reduces=False,
    ),
    Loss(
        "cross_entropy clipped",
        ce.cross_entropy,
        "distribution",
        "probabilities",
        oracles.clipped_cross_entropy,
        reduces=False,
        plain=False,
    ),
    Loss(
        "kl_divergence",
        ce.kl_divergence,
        "distribution",
        "probabilities",
        oracles.kl_divergence,
        peer=lambda p, q: rel_entr(p, q).sum(axis=-1),
        reduces=False,
    ),
    Loss(
        "binary_cross_entropy",
        ce.binary_cross_entropy,
        "bit",
        "probability",
        oracles.binary_cross_entropy,
        peer=log_loss_each,
        options={"epsilon": 0},
    ),
    Loss(
        "binary_cross_entropy clipped",
        ce.binary_cross_entropy,
        "bit",
        "probability",
        oracles.clipped_binary_cross_entropy,
        plain=False,
    ),
    Loss(
        "binary_cross_entropy of shares",
        ce.binary_cross_entropy,
        "share",
        "probability",
        oracles.binary_cross_entropy,
        peer=lambda y, p: -xlogy(y, p) - xlog1py(1 - y, -p),
        options={"epsilon": 0},
    ),
    Loss(
        "binary_cross_entropy of shares clipped",
        ce.binary_cross_entropy,
        "share",
        "probability",
        oracles.clipped_binary_cross_entropy,
        plain=False,
    ),
    row(
        WITH_LOGITS,
        "binary_cross_entropy_with_logits",
        oracles.binary_cross_entropy_with_logits,
        from_optax(optax.sigmoid_binary_cross_entropy),
    ),
    row(
        WITH_LOGITS,
        "binary_cross_entropy_with_logits smoothed",
        oracles.binary_cross_entropy_with_logits,
        lambda y, z: np.asarray(optax.sigmoid_binary_cross_entropy(z, 0.9 * y + 0.05)),
        label_smoothing=0.1,
        plain=False,
    ),
    row(
        WITH_LOGITS,
        "binary_cross_entropy_with_logits positive",
        oracles.binary_cross_entropy_with_logits,
        lambda y, z: (
            np.where(y == 1, 3.0, 1.0) * np.asarray(optax.sigmoid_binary_cross_entropy(z, y))
        ),
        positive_weight=3.0,
    ),
    row(
        WITH_LOGITS_OF_SHARES,
        "binary_cross_entropy_with_logits of shares",
        oracles.binary_cross_entropy_with_logits,
        from_optax(optax.sigmoid_binary_cross_entropy),
    ),
    row(
        WITH_LOGITS_OF_SHARES,
        "binary_cross_entropy_with_logits of shares smoothed positive",
        oracles.binary_cross_entropy_with_logits,
        positive_weight=3.0,
        label_smoothing=0.1,
        plain=False,
    ),
    row(
        SOFTMAX,
        "softmax_cross_entropy",
        oracles.softmax_cross_entropy,
        from_optax(optax.softmax_cross_entropy),
    ),
    row(
        SOFTMAX,
        "softmax_cross_entropy smoothed",
        oracles.softmax_cross_entropy,
        smoothed(optax.softmax_cross_entropy, 0.1),
        label_smoothing=0.1,
        plain=False,
    ),
    row(
        SOFTMAX,
        "softmax_cross_entropy class weights",
        oracles.softmax_cross_entropy,
        lambda t, z: np.asarray(optax.softmax_cross_entropy(z, t * np.array(CLASS_WEIGHTS[:5]))),
        class_weights=CLASS_WEIGHTS,
    ),
    row(
        SPARSE,
        "softmax_cross_entropy_with_integer_labels",
        oracles.softmax_cross_entropy_with_integer_labels,
        from_optax(optax.softmax_cross_entropy_with_integer_labels),
    ),
    row(
        SPARSE,
        "softmax_cross_entropy_with_integer_labels smoothed",
        oracles.softmax_cross_entropy_with_integer_labels,
        lambda y, z: smoothed(optax.softmax_cross_entropy, 0.1)(np.eye(z.shape[-1])[y], z),
        label_smoothing=0.1,
        plain=False,
    ),
    row(
        BINARY_FOCAL,
        "binary_focal_loss",
        oracles.binary_focal_loss,
        from_optax(optax.sigmoid_focal_loss),
    ),
    row(
        BINARY_FOCAL,
        "binary_focal_loss alpha",
        oracles.binary_focal_loss,
        lambda y, z: np.asarray(optax.sigmoid_focal_loss(z, y, alpha=0.25, gamma=1.5)),
        gamma=1.5,
        alpha=0.25,
    ),
    row(FOCAL, "focal_loss", oracles.focal_loss),
    row(FOCAL, "focal_loss alpha", oracles.focal_loss, gamma=0.5, alpha=0.25),
    Loss(
        "squared_error",
        ce.squared_error,
        "real",
        "real",
        oracles.squared_error,
        peer=from_optax(optax.squared_error),
    ),
    Loss(
        "brier_score",
        ce.brier_score,
        "distribution",
        "probabilities",
        oracles.brier_score,
        peer=lambda t, q: paired_euclidean_distances(t, q) ** 2,
        reduces=False,
    ),
]


# -- examples ------------------------------------------------------------------------------------


def floats(low, high):
    return st.floats(low, high, allow_subnormal=False)


def normalised(weights):
    return weights / weights.sum(axis=-1, keepdims=True)


@st.composite
def distributions(draw, shape, smallest=0.0):
    """Rows that sum to 1; with smallest=0 some entries are exactly 0, and some rows one-hot."""
    weights = draw(hnp.arrays(np.float64, shape, elements=floats(smallest, 1.0)))
    hot = draw(hnp.arrays(np.int64, shape[:-1], elements=st.integers(0, shape[-1] - 1)))
    largest = np.where(np.arange(shape[-1]) == hot[..., None], 1.0, weights)
    return normalised(largest)


@st.composite
def batches(draw, loss, shape=None, classes=None, reach=50.0):
    """Truths and predictions that the loss accepts, of any batch shape, the empty one () too."""
    if shape is None:
        shape = draw(hnp.array_shapes(min_dims=0, max_dims=3, max_side=3))
    if classes is None:
        classes = draw(st.integers(2, 6))
    truths = {
        "bit": lambda: hnp.arrays(np.int64, shape, elements=st.integers(0, 1)),
        "share": lambda: hnp.arrays(np.float64, shape, elements=floats(0.0, 1.0)),
        "label": lambda: hnp.arrays(np.int64, shape, elements=st.integers(0, classes - 1)),
        "distribution": lambda: distributions((*shape, classes)),
        "real": lambda: hnp.arrays(np.float64, shape, elements=floats(-reach, reach)),
    }
    predictions = {
        "probability": lambda: hnp.arrays(np.float64, shape, elements=floats(1e-6, 1 - 1e-6)),
        "logit": lambda: hnp.arrays(np.float64, shape, elements=floats(-reach, reach)),
        "probabilities": lambda: distributions((*shape, classes), smallest=1e-3),
        "logits": lambda: hnp.arrays(np.float64, (*shape, classes), elements=floats(-reach, reach)),
        "real": lambda: hnp.arrays(np.float64, shape, elements=floats(-reach, reach)),
    }
    return draw(truths[loss.truth]()), draw(predictions[loss.prediction]())


def sample(loss, examples=64, classes=5, scale=3.0, seed=15):
    """The same for a fixed shape, from a seeded generator: JAX compiles once for each shape."""
    rng = np.random.default_rng(seed)
    truths = {
        "bit": lambda: rng.integers(0, 2, examples),
        "share": lambda: rng.uniform(0, 1, examples),
        "label": lambda: rng.integers(0, classes, examples),
        "distribution": lambda: rng.dirichlet(np.ones(classes), examples),
        "real": lambda: scale * rng.standard_normal(examples),
    }
    predictions = {
        "probability": lambda: rng.uniform(0.001, 0.999, examples),
        "logit": lambda: scale * rng.standard_normal(examples),
        "probabilities": lambda: rng.dirichlet(np.ones(classes), examples),
        "logits": lambda: scale * rng.standard_normal((examples, classes)),
        "real": lambda: scale * rng.standard_normal(examples),
    }
    return truths[loss.truth](), predictions[loss.prediction]()
