"""Bad input is refused at the door: ValueError for values, TypeError for kinds, named, no warning.

Each public function has one valid call. Every argument in it is replaced, one at a time, by all
values that its kind forbids; what concerns several arguments at once is listed by hand.
"""

import inspect
import re
from dataclasses import dataclass

import numpy as np
import pytest

import crossentropy as ce

NAN, INF = np.nan, np.inf
REFUSED = (ValueError, TypeError)

# Arguments that are no numbers: flags, functions, and what has its own tests below.
UNCHECKED = {"keepdims", "loss", "map", "blocks", "other"}

ROW = [0.2, 0.5, 0.3]
LOGITS = [[0.5, -1.0, 2.0], [1.0, 0.0, -1.0]]

# Each argument's kind, then a value that is right.
CALLS = {
    "surprisal": {"p": ("probability", [0.5, 1.0])},
    "entropy": {"p": ("distribution", [ROW, ROW])},
    "cross_entropy": {"p": ("distribution", [ROW, ROW]), "q": ("distribution", [ROW, ROW])},
    "kl_divergence": {"p": ("distribution", [ROW, ROW]), "q": ("distribution", [ROW, ROW])},
    "perplexity": {"mean_loss": ("mean loss", 1.5)},
    "sigmoid": {"logits": ("number", [0.5, 1.0])},
    "log_sigmoid": {"logits": ("number", [0.5, 1.0])},
    "logsumexp": {"logits": ("logits", LOGITS)},
    "softmax": {"logits": ("logits", LOGITS)},
    "log_softmax": {"logits": ("logits", LOGITS)},
    "binary_cross_entropy": {
        "labels": ("probability", [0, 0.3, 1]),
        "probs": ("probability", [0.2, 0.5, 1.0]),
        "weights": ("weights", [1, 2, 3]),
    },
    "binary_cross_entropy_with_logits": {
        "labels": ("probability", [0, 0.3, 1]),
        "logits": ("number", [0.5, -1.0, 2.0]),
        "weights": ("weights", [1, 2, 3]),
    },
    "softmax_cross_entropy": {
        "targets": ("distribution", [ROW, ROW]),
        "logits": ("logits", LOGITS),
        "weights": ("weights", [1, 2]),
    },
    "softmax_cross_entropy_with_integer_labels": {
        "labels": ("labels", [0, 2]),
        "logits": ("logits", LOGITS),
        "weights": ("weights", [1, 2]),
    },
    "binary_focal_loss": {
        "labels": ("bits", [0, 1, 1]),
        "logits": ("number", [0.5, -1.0, 2.0]),
        "alpha": ("share", 0.25),
        "weights": ("weights", [1, 2, 3]),
    },
    "focal_loss": {
        "labels": ("labels", [0, 2]),
        "logits": ("logits", LOGITS),
        "weights": ("weights", [1, 2]),
    },
    "smooth_labels": {"targets": ("distribution", [ROW, ROW]), "smoothing": ("smoothing", 0.1)},
    "squared_error": {
        "targets": ("finite", [1.0, 2.0]),
        "predictions": ("finite", [0.0, 2.0]),
    },
    "brier_score": {
        "targets": ("distribution", [ROW, ROW]),
        "probs": ("distribution", [ROW, ROW]),
    },
    "squared_error_of_sigmoid_grad": {
        "labels": ("bits", [0, 1, 1]),
        "logits": ("number", [0.5, -1.0, 2.0]),
    },
    "reliability_curve": {
        "labels": ("bits", [0, 1, 1]),
        "probs": ("probability", [0.2, 0.5, 1.0]),
    },
    "expected_calibration_error": {
        "labels": ("labels", [0, 1]),
        "probs": ("distribution", [ROW, ROW]),
    },
    "fit_temperature": {"labels": ("labels", [2, 1]), "logits": ("logits", LOGITS)},
    "RunningMean.update": {
        "losses": ("number", [1.0, 2.0]),
        "weights": ("weights", [1, 2]),
    },
    "mean_loss": {"labels": ("labels", [0, 2]), "logits": ("logits", LOGITS)},
}
for loss in (
    "binary_cross_entropy_with_logits",
    "softmax_cross_entropy",
    "softmax_cross_entropy_with_integer_labels",
    "binary_focal_loss",
    "focal_loss",
):
    CALLS[f"{loss}_grad"] = CALLS[loss]

# Options that every function which has them treats alike.
OPTIONS = {
    "axis": "axis",
    "base": "base",
    "epsilon": "epsilon",
    "reduction": "reduction",
    "label_smoothing": "smoothing",
    "positive_weight": "column weights",
    "gamma": "not negative",
    "class_weights": "class weights",
    "ignore_index": "integer",
    "bins": "count",
    "alpha": "class weights",
}

NOT_NUMBERS = {
    "strings": ["a", "b"],
    "a string": "0.5",
    "None": None,
    "complex": [1j, 0j],
    "a dict": {"a": 1},
    "objects": [object(), object()],
    "dates": np.array(["2020-01-01"], "M8[D]"),
    "a masked array": np.ma.masked_invalid([0.5, NAN]),
}
RAGGED = {"ragged": [[0.5, 0.5], [1.0]]}
NOT_ONE_NUMBER = {"a string": "x", "None": None, "complex": 1j, "a list": [0.1, 0.2]}

# kind: (values of a wrong kind, wrong values)
WRONG = {
    "number": (NOT_NUMBERS, {**RAGGED, "NaN": NAN}),
    "mean loss": (NOT_NUMBERS, {**RAGGED, "NaN": NAN, "negative": [1.0, -0.1], "-inf": -INF}),
    "finite": (NOT_NUMBERS, {**RAGGED, "NaN": [NAN, 0.0], "inf": [0.0, INF], "-inf": [-INF, 0]}),
    "probability": (
        NOT_NUMBERS,
        {**RAGGED, "NaN": [NAN], "inf": [INF], "below 0": [-0.1], "above 1": [0.5, 1.1]},
    ),
    "distribution": (
        NOT_NUMBERS,
        {
            **RAGGED,
            "NaN": [[NAN, 0.5, 0.5]] * 2,
            "inf": [[INF, 0.5, 0.5]] * 2,
            "below 0": [[-0.5, 0.5, 1.0]] * 2,
            "above 1": [[1.5, 0.0, 0.0]] * 2,
            "above 1, below 0": [[1.5, -0.5, 0.0]] * 2,
            "too little": [[0.2, 0.5, 0.2]] * 2,
            "too much": [[0.2, 0.5, 0.4]] * 2,
            "all zero": [[0.0, 0.0, 0.0]] * 2,
            "percent": [[20, 50, 30]] * 2,
            "one number": 0.5,
            "no classes": np.zeros((2, 0)),
        },
    ),
    "logits": (
        NOT_NUMBERS,
        {
            **RAGGED,
            "NaN": [[0.0, NAN, 0.0]] * 2,
            "inf": [[0.0, INF, 0.0], [0.0, 0.0, 0.0]],
            "inf twice": [[0.0, 0.0, 0.0], [INF, INF, 0.0]],
            "inf and -inf": [[0.0, 0.0, 0.0], [INF, -INF, 0.0]],
            "only -inf": [[0.0, 0.0, 0.0], [-INF, -INF, -INF]],
            "one number": 0.5,
            "no classes": np.zeros((2, 0)),
        },
    ),
    "bits": (
        NOT_NUMBERS,
        {
            **RAGGED,
            "2": [0, 1, 2],
            "-1": [-1, 1, 1],
            "a fraction": [0.5, 1, 1],
            "NaN": [NAN, 1, 1],
            "inf": [0, INF, 1],
        },
    ),
    "labels": (
        {**NOT_NUMBERS, "floats": [0.0, 1.0], "fractions": [0.5, 1.0], "booleans": [True, False]},
        {**RAGGED, "too large": [0, 3], "negative": [-1, 0], "-100": [0, -100]},
    ),
    "weights": (
        {k: v for k, v in NOT_NUMBERS.items() if k != "None"},
        {
            **RAGGED,
            "negative": [1, -1, 1],
            "NaN": [NAN, 1, 1],
            "inf": [INF, 1, 1],
            "too many": [1, 1, 1, 1],
            "too few": [1],
            "one more axis": [[1, 1, 1]],
        },
    ),
    "class weights": (
        {"a string": "x", "strings": ["a", "b", "c"], "complex": [1j, 1, 1]},
        {
            "negative": [1, -1, 1],
            "NaN": [1, NAN, 1],
            "inf": [1, INF, 1],
            "too many": [1, 1, 1, 1],
            "too few": [1, 1],
            "a matrix": np.ones((2, 3)),
        },
    ),
    "column weights": (
        {"a string": "x", "None": None, "complex": 1j, "strings": ["a", "b", "c"]},
        {
            "negative": -1.0,
            "a negative one": [1, -1, 1],
            "NaN": NAN,
            "one NaN": [1, NAN, 1],
            "inf": INF,
            "one inf": [1, INF, 1],
            "too many": [1, 1, 1, 1],
            "too few": [0.1, 0.2],
            "a matrix": np.ones((2, 3)),
        },
    ),
    "axis": (
        {"a float": 0.5, "a string": "0", "None": None, "a boolean": True, "a pair": (0, 1)},
        {"too large": 5, "too small": -5},
    ),
    "base": (
        NOT_ONE_NUMBER,
        {"0": 0, "1": 1, "negative": -2, "NaN": NAN, "inf": INF},
    ),
    "epsilon": (
        NOT_ONE_NUMBER,
        {"negative": -1e-9, "a half": 0.5, "1": 1, "NaN": NAN, "inf": INF},
    ),
    "smoothing": (
        NOT_ONE_NUMBER,
        {"negative": -0.1, "1": 1.0, "above 1": 1.5, "NaN": NAN, "inf": INF},
    ),
    "share": (
        {k: v for k, v in NOT_ONE_NUMBER.items() if k != "None"},
        {"negative": -0.1, "above 1": 1.1, "NaN": NAN, "inf": INF},
    ),
    "not negative": (NOT_ONE_NUMBER, {"negative": -1.0, "NaN": NAN, "inf": INF}),
    "integer": (
        {"a float": 1.0, "a string": "x", "a boolean": True, "a list": [1, 2], "NaN": NAN},
        {},
    ),
    "count": (
        {"a float": 10.0, "a string": "10", "None": None, "a boolean": True, "a list": [3]},
        {"0": 0, "negative": -1},
    ),
    "reduction": (
        {"None": None, "a number": 1, "a boolean": True, "a list": ["mean"]},
        {"unknown": "average", "capital": "Mean", "empty": ""},
    ),
}


@dataclass(frozen=True)
class Case:
    function: str
    what: str
    arguments: dict
    error: type
    words: tuple  # what the message must contain: the names of the arguments, as patterns
    whole: bool = False  # or the words are the whole message

    def __str__(self):
        return f"{self.function}-{self.what}"


def parameters(name):
    """The arguments of a function that are checked, `self` and blocks left out."""
    function = ce.RunningMean.update if name == "RunningMean.update" else getattr(ce, name)
    kinds = inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL
    signature = inspect.signature(function).parameters.values()
    names = [p.name for p in signature if p.kind not in kinds and p.name != "self"]
    return [n for n in names if n not in UNCHECKED]


def call(function, arguments):
    if function == "RunningMean.update":
        return ce.RunningMean().update(**arguments)
    if function == "mean_loss":
        arguments = dict(arguments)
        block = arguments.pop("labels"), arguments.pop("logits")
        return ce.mean_loss([block], **arguments)
    return getattr(ce, function)(**arguments)


def one_at_a_time():
    for function, kinds in CALLS.items():
        right = {name: value for name, (_, value) in kinds.items()}
        options = {n: OPTIONS[n] for n in parameters(function) if n not in kinds}
        for name, kind in {**{n: k for n, (k, _) in kinds.items()}, **options}.items():
            wrong_kinds, wrong_values = WRONG[kind]
            for what, value in wrong_kinds.items():
                yield Case(function, f"{name}-{what}", {**right, name: value}, TypeError, (name,))
            for what, value in wrong_values.items():
                yield Case(function, f"{name}-{what}", {**right, name: value}, ValueError, (name,))


def case(function, what, error, *words, whole=False, **arguments):
    return Case(function, what, arguments, error, words, whole)


def mismatched():
    """Shapes that don't belong together; the message names both arguments."""
    three, four = [0.5] * 3, [0.5] * 4
    for f in ("cross_entropy", "kl_divergence"):
        yield case(f, "classes", ValueError, "p", "q", p=[0.5, 0.5], q=ROW)
        yield case(f, "rows", ValueError, "p", "q", p=[ROW] * 2, q=[ROW] * 3)
        yield case(f, "one row for many", ValueError, "p", "q", p=ROW, q=[ROW] * 2)
    yield case(
        "binary_cross_entropy",
        "length",
        ValueError,
        "labels",
        "probs",
        labels=[0, 1, 1],
        probs=four,
    )
    for f in (
        "binary_cross_entropy_with_logits",
        "binary_focal_loss",
        "binary_cross_entropy_with_logits_grad",
        "binary_focal_loss_grad",
        "squared_error_of_sigmoid_grad",
    ):
        yield case(f, "length", ValueError, "labels", "logits", labels=[0, 1, 1], logits=four)
        yield case(
            f, "column", ValueError, "labels", "logits", labels=[0, 1, 1], logits=np.zeros((3, 1))
        )
    for f in ("softmax_cross_entropy", "softmax_cross_entropy_grad"):
        yield case(f, "classes", ValueError, "targets", "logits", targets=[ROW], logits=[four])
        yield case(
            f, "rows", ValueError, "targets", "logits", targets=[ROW] * 2, logits=[three] * 3
        )
        yield case(
            f, "labels for targets", ValueError, "targets", targets=[0, 1], logits=[[0.0, 1.0]] * 2
        )
    for f in (
        "softmax_cross_entropy_with_integer_labels",
        "focal_loss",
        "softmax_cross_entropy_with_integer_labels_grad",
        "focal_loss_grad",
        "fit_temperature",
        "mean_loss",
    ):
        yield case(f, "rows", ValueError, "labels", "logits", labels=[0, 1], logits=[three] * 3)
        yield case(f, "one-hot", REFUSED, "labels", labels=np.eye(3, dtype=int), logits=[three] * 3)
        yield case(
            f, "column", ValueError, "labels", "logits", labels=[[0], [1]], logits=[three] * 2
        )
    yield case(
        "squared_error",
        "column",
        ValueError,
        "targets",
        "predictions",
        targets=[1.0, 2.0],
        predictions=[[1.0], [2.0]],
    )
    yield case(
        "brier_score", "classes", ValueError, "targets", "probs", targets=[[0.5, 0.5]], probs=[ROW]
    )
    yield case(
        "brier_score", "labels for targets", ValueError, "targets", targets=[0, 1], probs=[ROW, ROW]
    )
    for f in ("reliability_curve", "expected_calibration_error"):
        yield case(f, "length", ValueError, "labels", "probs", labels=[0, 1, 1], probs=four)
        yield case(f, "rows", ValueError, "labels", "probs", labels=[0, 1, 1], probs=[ROW] * 2)
        yield case(f, "class out of range", ValueError, "labels", labels=[0, 3], probs=[ROW] * 2)


def empty():
    """A mean of nothing, and nothing but ignored labels or weights of 0."""
    none, no_rows = np.zeros(0), np.zeros((0, 3))
    no_labels = np.zeros(0, int)
    for f in ("binary_cross_entropy_with_logits", "binary_focal_loss"):
        yield case(f, "empty", ValueError, "labels", labels=no_labels, logits=none)
    yield case("binary_cross_entropy", "empty", ValueError, "labels", labels=no_labels, probs=none)
    for f in ("softmax_cross_entropy_with_integer_labels", "focal_loss", "fit_temperature"):
        yield case(f, "empty", ValueError, "labels", labels=no_labels, logits=no_rows)
    yield case(
        "softmax_cross_entropy", "empty", ValueError, "targets", targets=no_rows, logits=no_rows
    )
    yield case("squared_error", "empty", ValueError, "targets", targets=none, predictions=none)
    yield case("brier_score", "empty", ValueError, "targets", targets=no_rows, probs=no_rows)
    for f in ("reliability_curve", "expected_calibration_error"):
        yield case(f, "empty", ValueError, "labels", labels=no_labels, probs=none)
    for f in ("entropy",):
        yield case(f, "empty", ValueError, "p", p=[])
    for f in ("cross_entropy", "kl_divergence"):
        yield case(f, "empty", ValueError, "p", p=[], q=[])
    for f in ("softmax", "log_softmax", "logsumexp"):
        yield case(f, "empty", ValueError, "logits", logits=[])

    sparse = "softmax_cross_entropy_with_integer_labels"
    for f in (sparse, "mean_loss"):
        yield case(
            f,
            "all ignored",
            ValueError,
            "labels: .* ignore_index=1" if f == sparse else "losses",
            labels=[1, 1],
            logits=[[0.0, 1.0]] * 2,
            ignore_index=1,
        )
    yield case(
        sparse,
        "no class counts",
        ValueError,
        "(labels|class_weights)",
        labels=[1, 1],
        logits=[[0.0, 1.0]] * 2,
        class_weights=[1, 0],
    )
    yield case(
        "binary_cross_entropy",
        "no weight",
        ValueError,
        "weights",
        labels=[0, 1],
        probs=[0.5, 0.5],
        weights=[0, 0],
    )
    yield case(
        "binary_cross_entropy_with_logits",
        "no weight",
        ValueError,
        "weights",
        labels=[0, 1],
        logits=[0.5, 0.5],
        weights=[0, 0],
    )
    yield case(
        "softmax_cross_entropy",
        "no weight",
        ValueError,
        "weights",
        targets=[[0, 1]],
        logits=[[0.5, 0.5]],
        weights=[0],
    )


def whole_messages():
    yield case(
        "cross_entropy",
        "row 3",
        ValueError,
        "q: row 3 sums to 0.9, expected 1",
        whole=True,
        p=[[0, 1]] * 5,
        q=[[0.5, 0.5]] * 3 + [[0.5, 0.4]] + [[0.5, 0.5]],
    )
    yield case(
        "softmax_cross_entropy",
        "design",
        ValueError,
        "targets (4, 3) and logits (4, 5) differ in the number of classes",
        whole=True,
        targets=[ROW] * 4,
        logits=np.zeros((4, 5)),
    )


CASES = [*one_at_a_time(), *mismatched(), *empty(), *whole_messages()]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_refused(case):
    with pytest.raises(REFUSED) as caught:
        call(case.function, case.arguments)
    assert isinstance(caught.value, case.error), repr(caught.value)
    for words in case.words:
        if case.whole:
            assert str(caught.value) == words
        else:
            assert re.search(rf"\b{words}\b", str(caught.value)), repr(caught.value)


def test_there_are_at_least_200_cases_all_different():
    assert len(CASES) >= 200
    assert len({str(case) for case in CASES}) == len(CASES)


def test_every_public_function_is_in_the_table():
    tabled = {function.split(".")[0] for function in CALLS}
    assert tabled == set(ce.__all__) - {"ReliabilityCurve"}


@pytest.mark.parametrize("function", CALLS)
def test_every_argument_of_a_function_is_in_the_table(function):
    wrong = {case.what.split("-")[0] for case in CASES if case.function == function}
    assert set(parameters(function)) <= wrong


@pytest.mark.parametrize("function", CALLS)
def test_the_calls_that_the_cases_spoil_are_right(function):
    call(function, {name: value for name, (_, value) in CALLS[function].items()})


@pytest.mark.parametrize("function", CALLS)
def test_arguments_are_left_as_they_were(function):
    arguments = {name: np.array(value) for name, (_, value) in CALLS[function].items()}
    before = {name: value.copy() for name, value in arguments.items()}
    for value in arguments.values():
        value.flags.writeable = False
    result = call(function, arguments)
    for name, value in arguments.items():
        assert np.array_equal(value, before[name])
        for part in result if isinstance(result, tuple) else (result,):
            assert part is None or not np.shares_memory(part, value)


# -- what does not fit the table -----------------------------------------------------------------


def test_arguments_are_checked_even_where_they_would_not_be_used():
    with pytest.raises(ValueError, match="q"):
        ce.cross_entropy([0, 1], [NAN, 1])  # 0 times anything
    with pytest.raises(ValueError, match="logits"):
        ce.softmax_cross_entropy_with_integer_labels(
            [0, 1], [[0.0, NAN], [0.0, 0.0]], class_weights=[0, 1]
        )
    with pytest.raises(ValueError, match="reduction"):
        ce.squared_error([], [], reduction="average")


def test_options_are_by_keyword_only():
    with pytest.raises(TypeError):
        ce.cross_entropy([0, 1], [0.5, 0.5], -1)
    with pytest.raises(TypeError):
        ce.softmax_cross_entropy([[0, 1]], [[0.5, 0.5]], "sum")


def test_the_place_of_the_first_wrong_value_is_named():
    with pytest.raises(ValueError, match=r"q.*-0\.5.*\(1, 0\)"):
        ce.cross_entropy([[0, 1]] * 2, [[0.5, 0.5], [-0.5, 1.5]])
    with pytest.raises(ValueError, match=r"labels.*7.*index 2"):
        ce.softmax_cross_entropy_with_integer_labels([0, 1, 7, 9], np.zeros((4, 3)))
    with pytest.raises(ValueError, match=r"labels.*7.*index 1"):
        ce.softmax_cross_entropy_with_integer_labels([-1, 7], np.zeros((2, 3)), ignore_index=-1)
    # far beyond the first block of rows
    labels = np.zeros(100_000, int)
    labels[77_777] = 5
    with pytest.raises(ValueError, match=r"labels.*5.*77777"):
        ce.softmax_cross_entropy_with_integer_labels(labels, np.zeros((100_000, 3)))
    logits = np.zeros((100_000, 3))
    logits[77_777] = -INF
    with pytest.raises(ValueError, match=r"logits.*77777.*-inf"):
        ce.softmax_cross_entropy_with_integer_labels(np.zeros(100_000, int), logits)


@pytest.mark.parametrize(
    ("dtype", "right", "wrong"),
    [(np.float64, 9e-7, 2e-6), (np.float32, 3e-4, 4e-4), (np.float16, 0.02, 0.04)],
)
def test_rows_sum_to_one_within_the_root_of_eps_or_1e_6(dtype, right, wrong):
    p = np.array([0.5, 0.5], dtype)
    for sign in (-1, 1):
        ce.cross_entropy(p, np.array([0.5, 0.5 + sign * right], dtype))
        with pytest.raises(ValueError, match="q: sums to"):
            ce.cross_entropy(p, np.array([0.5, 0.5 + sign * wrong], dtype))


def test_a_rounding_above_one_counts_as_one():
    for dtype in (np.float16, np.float32, np.float64):
        eps = float(max(np.finfo(dtype).eps, np.finfo(np.float32).eps))
        above = np.array([1 + 4 * eps, 0.0], dtype)
        assert above[0] > 1
        assert ce.binary_cross_entropy([1, 0], above, epsilon=0) == 0
        assert ce.binary_cross_entropy([0, 0], above, epsilon=0) == INF
        assert ce.binary_cross_entropy(above, [1.0, 0.0], epsilon=0) == 0
        assert ce.surprisal(above)[0] == 0
        assert ce.reliability_curve([1, 0], above).confidence.max() == 1
        for function in (ce.cross_entropy, ce.kl_divergence, ce.brier_score):
            assert function([1, 0], above, **CLIP.get(function, {})) == 0
        assert ce.softmax_cross_entropy(above, [0.0, -INF]) == 0
        wrong = np.array([1 + 9 * eps, 0.0], dtype)
        with pytest.raises(ValueError, match=r"p: 1.* at index 0, expected a probability"):
            ce.surprisal(wrong)
        with pytest.raises(ValueError, match=r"labels: 1.* at index 0, expected a probability"):
            ce.binary_cross_entropy(wrong, [0.5, 0.5])


CLIP = {ce.cross_entropy: {"epsilon": 0}}


def test_probabilities_of_float32_may_be_passed_on_as_float64():
    rng = np.random.default_rng(16)
    logits = 4 * rng.standard_normal((3000, 300)).astype(np.float32)
    exponentials = np.exp(logits)
    probs = (exponentials / exponentials.sum(axis=-1, keepdims=True)).astype(np.float64)
    off = np.abs(probs.sum(axis=-1) - 1)
    assert 1e-7 < off.max() < 1e-6
    for result in (ce.entropy(probs), ce.cross_entropy(probs, probs), ce.brier_score(probs, probs)):
        assert np.isfinite(result).all()


def test_a_focal_loss_takes_no_shares():
    for function in (ce.binary_focal_loss, ce.binary_focal_loss_grad):
        with pytest.raises(ValueError, match=r"labels: 0\.5 at index 1, expected 0 or 1"):
            function([0, 0.5], [0.0, 0.0])


@pytest.mark.parametrize("labels", [[-0.1, 1.0], [0.5, 1.5], [NAN, 0.5], [0.5, INF]])
def test_a_share_is_a_probability(labels):
    for call in (
        lambda: ce.binary_cross_entropy(labels, [0.5, 0.5]),
        lambda: ce.binary_cross_entropy_with_logits(labels, [0.5, 0.5]),
        lambda: ce.binary_cross_entropy_with_logits_grad(labels, [0.5, 0.5]),
    ):
        with pytest.raises(ValueError, match=r"labels: .* at index [01], expected a probability"):
            call()


def test_an_error_leaves_a_running_mean_as_it_was():
    mean = ce.RunningMean()
    mean.update([1.0, 3.0])
    for losses, weights in (([NAN], None), ([1.0], [-1.0]), ([1.0], [1.0, 2.0])):
        with pytest.raises(ValueError, match=r"losses|weights"):
            mean.update(losses, weights)
    assert mean.value == 2


def test_a_running_mean_merges_with_its_like_only():
    with pytest.raises(TypeError, match="other"):
        ce.RunningMean().merge(3.0)


def test_blocks_of_a_mean_loss_are_tuples():
    with pytest.raises(TypeError, match="blocks"):
        ce.mean_loss(3.0)
    with pytest.raises(TypeError, match="reduction"):
        ce.mean_loss([([0], [[0.0, 1.0]])], reduction="sum")


def test_infinite_logits_of_one_class_are_welcome():
    assert ce.binary_cross_entropy_with_logits([1, 0], [INF, -INF]) == 0
    assert ce.binary_cross_entropy_with_logits([1, 0], [-INF, -INF]) == INF


# -- at the edge of what is right ----------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_row_that_sums_to_almost_too_much_is_taken_or_refused_in_words(dtype):
    rng = np.random.default_rng(15)
    limit = max(np.sqrt(np.finfo(dtype).eps), 1e-6)
    rows = (rng.dirichlet(np.ones(5), 2000) * (1 + limit)).astype(dtype)
    exact = np.abs(rows.sum(axis=-1, dtype=np.float64) - 1) <= limit
    assert exact.any()
    assert not exact.all()
    for row in rows[exact]:
        assert np.isfinite(ce.entropy(row))
    for row in rows[~exact]:
        with pytest.raises(ValueError, match=r"^p: sums to 1\.\d+, expected 1$"):
            ce.entropy(row)


def test_places_and_shapes_are_those_that_were_given_whatever_the_axis():
    p = np.full((3, 4), 1 / 3)
    wrong = p.copy()
    wrong[2, 1] = 1.5
    with pytest.raises(ValueError, match=r"q: 1\.5 at index \(2, 1\)"):
        ce.cross_entropy(p, wrong, axis=0)
    with pytest.raises(ValueError, match=r"p \(3, 4\) and q \(5, 4\)"):
        ce.cross_entropy(p, np.full((5, 4), 0.2), axis=0)
    with pytest.raises(ValueError, match=r"logits \(3, 4\).*expected weights \(4,\)"):
        ce.softmax_cross_entropy(p, np.zeros((3, 4)), axis=0, weights=[1, 2])


@pytest.mark.parametrize("empty", [(), [], np.empty(0, int)])
def test_no_labels_may_be_given_as_any_sequence(empty):
    loss = ce.softmax_cross_entropy_with_integer_labels
    assert loss(empty, np.zeros((0, 3)), reduction="sum") == 0
    assert loss([[], []], np.zeros((2, 0, 3)), reduction="sum") == 0


LARGE = float(np.finfo(np.float64).max)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: ce.binary_cross_entropy([1, 0], [0.5, 0.5], weights=[LARGE, LARGE]),
            "labels: the",
        ),
        (
            lambda: ce.focal_loss([1], np.zeros((1, 2), np.float32), alpha=1e39),
            r"alpha: 1e\+39, expected at most 3\.4",
        ),
        (
            lambda: ce.binary_focal_loss([1], np.zeros(1, np.float32), gamma=1e39),
            r"gamma: 1e\+39, expected a number in \[0, 3\.4",
        ),
        (
            lambda: ce.binary_cross_entropy_with_logits([1], np.float32([1]), positive_weight=1e39),
            "positive_weight: 1e",
        ),
    ],
)
def test_weights_that_overflow_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_no_weight_makes_nan_of_a_slope_of_zero():
    slope = ce.binary_cross_entropy_with_logits_grad([1], np.float32([200]), weights=[1e39])
    assert slope == 0


def test_a_longdouble_beyond_float64_is_its_limit_and_warns_nobody():
    assert ce.sigmoid(np.longdouble("1e300") * np.longdouble("1e300")) == 1


@pytest.mark.parametrize("size", [1e-320, 1e307])
def test_a_temperature_is_found_for_logits_of_any_size(size):
    logits = np.array([[1.0, -1.0]] * 3 + [[-1.0, 1.0]]) * size
    assert 0 < ce.fit_temperature([0, 0, 1, 1], logits) < INF


def test_no_temperature_makes_a_label_possible_that_is_ruled_out():
    with pytest.raises(ValueError, match="logits: -inf at a label"):
        ce.fit_temperature([0, 1, 1], [[-INF, 0], [0, 1], [0, 1]])


def test_a_running_mean_refuses_a_loss_below_all_bounds():
    with pytest.raises(ValueError, match="losses: -inf at index 1"):
        ce.RunningMean().update([INF, -INF])


@pytest.mark.parametrize("block", [([1],), ([1], [0.0], [1.0], [1.0])])
def test_a_block_of_a_mean_loss_has_two_entries_or_three(block):
    with pytest.raises(ValueError, match=f"blocks: one has {len(block)} entries"):
        ce.mean_loss([block], loss=ce.binary_cross_entropy_with_logits)


def test_weights_come_with_the_blocks_or_as_an_option():
    block = ([1], [0.0], [1.0])
    with pytest.raises(TypeError, match="weights: given in a block and as an option"):
        ce.mean_loss([block], loss=ce.binary_cross_entropy_with_logits, weights=[1.0])


def test_all_the_weight_may_lie_on_one_label():
    losses = ce.binary_focal_loss([1, 0], [0.0, 0.0], gamma=0, alpha=1.0, reduction="none")
    np.testing.assert_allclose(losses, [np.log(2), 0], rtol=1e-15)


# -- messages and warnings -----------------------------------------------------------------------

LOSS = ce.softmax_cross_entropy_with_integer_labels
GRADIENT = ce.softmax_cross_entropy_with_integer_labels_grad


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ce.squared_error([0.0, np.nan], [0.0, 0.0]), "targets: nan at index 1, "),
        (
            lambda: ce.binary_cross_entropy([0, 1], [0.5, 0.5], weights=[0, -1]),
            "weights: -1.0 at index 1, expected at least 0",
        ),
        (lambda: LOSS([0.0], [[0.0, 1.0]]), "labels: expected integers, got floats"),
        (lambda: LOSS([0], [["a", "b"]]), "logits: expected real numbers, got strings"),
        (
            lambda: LOSS(np.zeros((1, 2), int), [[[0.0, 0.0, 0.0], [0.0, 0.0, np.nan]]]),
            r"logits: nan at index \(0, 1, 2\), expected a number",
        ),
        (
            lambda: ce.softmax([[0.0, 0.0], [0.0, 0.0], [0.0, np.inf]], axis=0),
            r"logits: inf at index \(2, 1\), expected below infinity",
        ),
        (
            lambda: ce.softmax_cross_entropy(
                [[1, 1], [0, 0], [0, 0]], [[0.0, 0.0], [0.0, 0.0], [0.0, np.inf]], axis=0
            ),
            r"logits: inf at index \(2, 1\), expected below infinity",
        ),
        (
            lambda: LOSS([0, 0], [[0.0, 0.0], [0.0, 0.0], [0.0, np.inf]], axis=0),
            r"logits: inf at index \(2, 1\), expected below infinity",
        ),
        (
            lambda: LOSS([0, 1, 2], np.zeros((2, 3, 5)), axis=1),
            r"labels \(3,\) and logits \(2, 3, 5\) differ in batch shape, expected labels \(2, 5\)",
        ),
        (
            lambda: ce.binary_cross_entropy_with_logits(
                np.zeros((2, 3)), np.zeros((2, 3)), positive_weight=[1, 2]
            ),
            r"positive_weight: shape \(2,\), expected one per column \(3,\)",
        ),
        (
            lambda: ce.softmax_cross_entropy(np.eye(3), np.eye(3), class_weights=[1, 2]),
            r"class_weights: shape \(2,\), expected one per class \(3,\)",
        ),
        (
            lambda: LOSS([0, 1], np.zeros((3, 2)), axis=0, weights=[1, 2, 3]),
            r"weights \(3,\) and logits \(3, 2\) .* expected weights \(2,\)",
        ),
        (
            lambda: LOSS([[0, 1, 2], [3, 4, 5]], np.zeros((2, 3, 5))),
            r"labels: 5 at index \(1, 2\), expected a class in 0\.\.4",
        ),
        (
            lambda: LOSS(
                np.zeros((2, 3), int), np.where(np.arange(6) < 5, 0, -np.inf).reshape(2, 3, 1)
            ),
            r"logits: row \(1, 2\) is -inf throughout",
        ),
        (
            lambda: ce.brier_score(np.full((2, 3, 4), 0.25), np.full((2, 5, 4), 0.25)),
            r"targets \(2, 3, 4\) and probs \(2, 5, 4\) differ in shape",
        ),
        (
            lambda: ce.binary_cross_entropy_with_logits([1, 0, 2], np.zeros(3)),
            "labels: 2 at index 2, expected 0 or 1",
        ),
        (
            lambda: ce.mean_loss([([0], [[0.0, 0.0]])], reduction="sum"),
            "reduction: always the mean here",
        ),
        (
            lambda: ce.squared_error([1.0, 2.0], [1.0]),
            r"targets \(2,\) and predictions \(1,\) differ in shape",
        ),
        (
            lambda: ce.squared_error(np.ones((2, 3)), np.ones((3, 3))),
            r"targets \(2, 3\) and predictions \(3, 3\) differ in shape",
        ),
        (
            lambda: ce.softmax_cross_entropy(np.eye(4)[:, :3][:3], np.ones((3, 5))),
            r"targets \(3, 3\) and logits \(3, 5\) differ in the number of classes",
        ),
    ],
)
def test_a_message_names_the_place(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_nothing_warns_even_where_numpy_is_told_to_raise():
    far = [-1e4, -745.0, 0.0, 745.0, 1e4]
    rows = [[-np.inf, 0.0, 1e4], [0.0, -1e4, 700.0]]
    one_hot = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    with np.errstate(all="raise"):
        for function in (ce.sigmoid, ce.log_sigmoid):
            function(far)
        for function in (ce.softmax, ce.log_softmax, ce.logsumexp):
            function(rows)
        for function in (ce.entropy, ce.surprisal):
            function([1e-320, 0.0, 1.0])
        ce.cross_entropy(one_hot, one_hot, epsilon=0)
        ce.kl_divergence(one_hot, [[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])
        ce.perplexity([1e4, 0.0, 1e-320])
        for function in (LOSS, GRADIENT, ce.focal_loss, ce.focal_loss_grad):
            function([0, 1], rows)
        for function in (ce.softmax_cross_entropy, ce.softmax_cross_entropy_grad):
            function(one_hot, rows)
        for function in (
            ce.binary_cross_entropy_with_logits,
            ce.binary_cross_entropy_with_logits_grad,
            ce.binary_focal_loss,
            ce.binary_focal_loss_grad,
            ce.squared_error_of_sigmoid_grad,
        ):
            function([0, 1, 0, 1, 1], far)
        ce.squared_error([1e300], [-1e300])
        ce.RunningMean().update([1e308, 1e308, np.inf], [0.0, 1e300, 1.0])
        ce.fit_temperature([0, 1, 0], [[0.0, -np.inf, -9.0], [1.0, 0.0, -1e4], [3.0, 1.0, 0.0]])
