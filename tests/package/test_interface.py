"""The package as a whole: its names and signatures, its documentation, its size, its imports."""

import ast
import importlib
import inspect
import math
import pkgutil
import statistics
import subprocess
import sys
import typing

import numpydoc.validate
import pytest
from places import ROOT

import crossentropy as ce

SOURCES = sorted((ROOT / "code/crossentropy").rglob("*.py"))
MODULES = [name for _, name, _ in pkgutil.iter_modules(ce.__path__) if not name.startswith("_")]

# As the book's readers know them: additions are welcome, a changed line breaks their code.
SIGNATURES = """
information.surprisal(p, *, base=e)
information.entropy(p, *, axis=-1, base=e)
information.cross_entropy(p, q, *, axis=-1, base=e, epsilon=1e-09)
information.kl_divergence(p, q, *, axis=-1, base=e)
information.perplexity(mean_loss, *, base=e)
activations.sigmoid(logits)
activations.log_sigmoid(logits)
activations.logsumexp(logits, *, axis=-1, keepdims=False)
activations.softmax(logits, *, axis=-1)
activations.log_softmax(logits, *, axis=-1)
classification.binary_cross_entropy(labels, probs, *, epsilon=1e-09, weights=None, reduction='mean')
classification.binary_cross_entropy_with_logits(labels, logits, *, positive_weight=1.0, \
label_smoothing=0.0, weights=None, reduction='mean')
classification.softmax_cross_entropy(targets, logits, *, axis=-1, class_weights=None, \
label_smoothing=0.0, weights=None, reduction='mean')
classification.softmax_cross_entropy_with_integer_labels(labels, logits, *, axis=-1, \
class_weights=None, ignore_index=None, label_smoothing=0.0, weights=None, reduction='mean')
classification.binary_focal_loss(labels, logits, *, gamma=2.0, alpha=None, weights=None, \
reduction='mean')
classification.focal_loss(labels, logits, *, axis=-1, gamma=2.0, alpha=None, weights=None, \
reduction='mean')
classification.smooth_labels(targets, smoothing)
regression.squared_error(targets, predictions, *, reduction='mean')
regression.brier_score(targets, probs)
gradients.squared_error_of_sigmoid_grad(labels, logits)
calibration.reliability_curve(labels, probs, *, bins=10)
calibration.expected_calibration_error(labels, probs, *, bins=10)
calibration.fit_temperature(labels, logits)
streaming.RunningMean()
exercises.check(name, answer)
""".strip().splitlines()

GRADIENTS = sorted(name for name in ce.__all__ if name.endswith("_grad"))


def signature(function):
    """The signature without its annotations, e for Euler's number."""
    bare = inspect.signature(function)
    bare = bare.replace(
        parameters=[
            p.replace(annotation=p.empty, default="e" if p.default == math.e else p.default)
            for p in bare.parameters.values()
        ],
        return_annotation=bare.empty,
    )
    return str(bare).replace("'e'", "e")


# -- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", SIGNATURES, ids=lambda line: line.split("(")[0])
def test_signatures_stay(line):
    module, name = line.split("(")[0].split(".")
    function = getattr(importlib.import_module(f"crossentropy.{module}"), name)
    assert f"{module}.{name}{signature(function)}" == line
    if module != "exercises":
        assert getattr(ce, name) is function


# That of the squared error of a sigmoid belongs to no loss of the package.
@pytest.mark.parametrize("name", sorted({*GRADIENTS} - {"squared_error_of_sigmoid_grad"}))
def test_a_gradient_takes_what_its_loss_takes_less_the_reduction(name):
    of_loss = dict(inspect.signature(getattr(ce, name.removesuffix("_grad"))).parameters)
    of_loss.pop("reduction")
    assert dict(inspect.signature(getattr(ce, name)).parameters) == of_loss


@pytest.mark.parametrize("name", sorted({*ce.__all__} - {"ReliabilityCurve", "RunningMean"}))
def test_a_function_says_what_it_returns_and_which_reductions_it_knows(name):
    types = typing.get_type_hints(getattr(ce, name))
    assert types["return"] is not typing.Any
    if "reduction" in types:
        assert set(typing.get_args(types["reduction"])) == {"none", "mean", "sum"}


def test_all_is_sorted_and_true():
    assert list(ce.__all__) == sorted(set(ce.__all__))
    for name in ce.__all__:
        assert getattr(ce, name).__module__.startswith("crossentropy.")


def test_all_holds_whatever_the_modules_make_public():
    public = {
        name
        for module in MODULES
        if module not in ("corpus", "exercises")
        for name in importlib.import_module(f"crossentropy.{module}").__all__
    }
    assert public == set(ce.__all__)


# -- documentation -------------------------------------------------------------------------------

# Of numpydoc's checks those about content; layout is ruff's business. No example is a fault too.
FAULTS = {
    "GL08": "no docstring",
    "SS01": "no summary",
    "SS02": "summary in lower case",
    "SS03": "summary without full stop",
    "SS04": "summary indented",
    "SS06": "summary of more than a line",
    "PR01": "parameter not documented",
    "PR02": "unknown parameter documented",
    "PR03": "wrong order",
    "PR04": "no type",
    "PR07": "no description",
    "RT01": "no Returns section",
    "RT03": "return value without description",
    "EX01": "no example",
}


@pytest.mark.parametrize("name", [*ce.__all__, "exercises.check"])
def test_docstrings_are_complete(name):
    report = numpydoc.validate.validate(f"crossentropy.{name}")
    faults = {code: text for code, text in report["errors"] if code in FAULTS}
    if name == "ReliabilityCurve":  # a result, never built by its reader: it lists Attributes
        assert set(faults) <= {"PR01", "EX01"}
    else:
        assert not faults


@pytest.mark.parametrize("name", ce.__all__)
def test_functions_say_what_they_refuse(name):
    if name not in ("ReliabilityCurve", "RunningMean"):
        assert "    Raises\n    ------" in getattr(ce, name).__doc__


# -- size ----------------------------------------------------------------------------------------


def lengths():
    """Lines of each function's body, its docstring left out."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                first = body[0].lineno if body else node.end_lineno + 1
                yield f"{source.relative_to(ROOT)}:{node.name}", node.end_lineno - first + 1


def test_no_function_is_long_and_most_are_short():
    measured = dict(lengths())
    assert len(measured) > 40
    assert {name: lines for name, lines in measured.items() if lines > 25} == {}
    assert statistics.median(measured.values()) <= 8


# -- imports -------------------------------------------------------------------------------------


def run(code, cwd):
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def test_numpy_is_all_it_needs(tmp_path):
    loaded = "{name.split('.')[0] for name in sys.modules}"
    code = f"import sys, crossentropy.exercises; print(*{loaded} - set(sys.stdlib_module_names))"
    needed = {name for name in run(code, tmp_path).split() if not name.startswith("_")}
    assert needed == {"crossentropy", "numpy"}


def test_the_folder_code_shadows_nothing():
    assert not (ROOT / "code/__init__.py").exists()
    assert "InteractiveConsole" in run("import code; print(dir(code))", ROOT)
    run("import pdb", ROOT / "code")


def test_it_is_marked_as_typed():
    assert (ROOT / "code/crossentropy/py.typed").exists()
