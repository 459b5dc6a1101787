"""Wrong answers by the thousand: right ones with one thing changed. No grader takes any of them.

A change that makes no difference for what the exercise admits is listed in `EQUAL`, with the
reason, and has to agree with the reference wherever it is tried. `pytest -s` on this file tells
how many wrong answers each grader has refused.
"""

import ast
import copy
import itertools
import math
import re
from contextlib import suppress
from functools import cache
from importlib import import_module

import jupytext
import numpy as np
import pytest
from mutants import mutants_of, variables_of, with_ticks
from places import BOOK

from crossentropy.exercises import BY_CHAPTER, EXERCISES
from crossentropy.exercises._calls import call, case
from crossentropy.exercises._graders import Function, Number, Parts


def parts_of(grader):
    return list(grader.parts.values()) if isinstance(grader, Parts) else [grader]


FUNCTIONS = {
    name: part
    for name, grader in EXERCISES.items()
    for part in parts_of(grader)
    if isinstance(part, Function)
}
CHAPTER_OF = {name: chapter for chapter, graders in BY_CHAPTER.items() for name in graders}
MOST_TURNS = 2_000
IMPORTED = ("numpy", "math", "heapq", "crossentropy")


class Source:
    """A module, or a page with its imports and functions, as a tree and as a namespace."""

    def __init__(self, text, namespace):
        self.functions = {
            node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)
        }
        self.tree, self.namespace = ast.parse(text), namespace

    def assigned(self, name):
        """Return what is assigned to a name."""
        return next(
            node.value
            for node in self.tree.body
            if isinstance(node, (ast.Assign, ast.AnnAssign))
            and name in [ast.unparse(target) for target in getattr(node, "targets", [])]
        )

    def reached_by(self, node):
        """Return the functions that a node's code leads to."""
        found, left = [], [node]
        while left:
            for inner in ast.walk(left.pop()):
                function = self.functions.get(getattr(inner, "id", None))
                if function is not None and function not in found:
                    found.append(function)
                    left.append(function)
        return found

    def mutants(self, answer):
        """Yield each change of an answer, a name or a lambda, with the function that it makes."""
        functions = self.reached_by(answer)
        for function in functions:
            others = [ast.unparse(other) for other in functions if other is not function]
            for change, source in mutants_of(copy.deepcopy(function), variables_of(function)):
                yield change, self.evaluated(answer, [source, *others])
        if isinstance(answer, ast.Lambda):
            names = [argument.arg for argument in answer.args.args]
            for change, source in mutants_of(copy.deepcopy(answer), names):
                yield change, self.evaluated(ast.parse(source, mode="eval").body, [])

    def evaluated(self, answer, sources):
        """Return the function that these sources make. Its loops end, changed as they may be."""
        turns = itertools.count()

        def tick():
            assert next(turns) < MOST_TURNS, "this loop never ends"

        names = {**self.namespace, "tick": tick}
        for source in sources:
            exec(with_ticks(source), names)
        return eval(ast.unparse(answer), names)


@cache
def module(name):
    imported = import_module(name)
    with open(imported.__file__, encoding="utf-8") as file:
        return Source(file.read(), vars(imported))


@cache
def page(chapter):
    """Return the code of a page that defines something, without what takes long."""
    name = chapter.replace("_", "-")
    cells = jupytext.read(BOOK / f"{name}.md").cells
    nodes = ast.parse("\n".join(cell.source for cell in cells if cell.cell_type == "code")).body
    kept = [
        node
        for node in nodes
        if isinstance(node, ast.FunctionDef)
        or (isinstance(node, ast.Import) and node.names[0].name in IMPORTED)
        or (isinstance(node, ast.ImportFrom) and node.module.split(".")[0] in IMPORTED)
    ]
    for node in kept:  # a default may need what a cell computes
        if isinstance(node, ast.FunctionDef):
            node.args.defaults = []
    text = ast.unparse(ast.Module(kept, []))
    names = {}
    exec(text, names)
    return Source(text, names)


def answers_to(name):
    """Yield the right answers: the page's, those in the tests' tables, and the reference."""
    chapter = CHAPTER_OF[name]
    yield page(chapter), ast.Name(f"solution_{name.lower()}", ast.Load())
    table = module(f"answers.{chapter}")
    right = dict(
        zip(
            map(ast.literal_eval, table.assigned("RIGHT").keys),
            table.assigned("RIGHT").values,
            strict=True,
        )
    )
    for element in right[name].elts:
        answer = element.elts[0] if isinstance(element, ast.Tuple) else element
        yield table, answer
    graders = module(f"crossentropy.exercises.{chapter}")
    made = next(
        node
        for node in ast.walk(graders.assigned(name))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Function"
    )
    yield graders, made.args[0]


# What makes no difference: the exercises, the change, and why.
EQUAL = [
    ("B1|B2|B3|B4", r"np\.asarray\((\w+).*\) -> .*\b\1\b.*", "an array is given"),
    ("C1|C3|C9|C11", r"float\((.*)\) -> .*", "it is a float already"),
    ("B2|B17", r"np\.array\((\[.*\])\) -> \1", "a list does as well"),
    ("B3|B4|B5|B16", r"(\w+) > 0 -> \1 != 0", "nothing here is below 0"),
    ("B16", r"counts > 0 -> means > 0", "a loss of 0 adds nothing"),
    ("C1", r"len\((\w+)\) (>|==) 1 -> len\(\1\) (!=|<=) 1", "the length is 1 or more"),
    ("B4", r"(if )?(np\.any\()?q\[happens\].* -> .*", "p / 0 is infinite without the question"),
    (
        "C3|B6|B10|B11|B17|C11",
        r"(len\()?(labels|right)\b.* -> (len\()?"
        r"(groups|probs|q|inputs|targets|errors|logits|expected|confidence|bins|inside)\b.*",
        "these have as many rows",
    ),
    ("C3", r"max\((\w+)\) -> sum\(\1\)|max\((\w+)\) \+ 1 -> .* \+ 2", "empty rows are left out"),
    ("C3", r"\(:, 0\) -> \(:, -1\)", "there is one column"),
    ("B1|B6", r"np\.clip\((\w+), (\S+), (.*)\) -> np\.clip\(\2, \1, \3\)", "the middle of three"),
    ("B9|B17", r"(\S+)\((.*), (.*)\) -> \1\(\3, \2\)", "in any order"),
    ("C3|C11", r"(.*) @ (.*) -> \2 @ \1", "a product of two rows"),
    ("B17", r"\((.*)\) & \((.*)\) -> .*", "both, said in another way"),
    ("B6", r"np\.sum\((.*)\) -> np\.min\(\1\)", "all the other terms are 0"),
    ("B2|C12", r"(\w+) - (\w+) -> \2 - \1", "the difference is squared"),
    ("B17", r"(.*) - (.*) -> \2 - \1", "its size is taken"),
    ("B17", r"return (.*) -> return -\(\1\)", "its size is taken"),
    ("B17", r"(gap|signed_gap)\((.*), (.*)\) -> \1\(\3, \2\)", "its size is taken"),
    ("B17", r"chosen\.sum\(\) -> chosen\.mean\(\)", "the shares weigh as the numbers do"),
    ("B17", r"(range|np\.arange)\(10\) -> \1\((11|20)\)", "the bins above 1 are empty"),
    ("B17", r"confidence (>|==) (low|0) -> confidence (>=|<=) \2", "none lies on an inner edge"),
    ("B17", r"low == 0 -> (low <= 0|total == 0)", "the first bin, or a gap of 0"),
    ("B17", r"(\w+) \|= (.*) -> \1 \+= \2", "either, said in another way"),
    ("B7", r"math\.exp\(-z\) -> math\.exp2\(-z\)", "one half is passed at 0 in any base"),
    ("B8|B11|C3|C11", r"(axis=1|-1) -> (axis=-1|axis=1|--1)", "the last of two axes"),
    ("B10", r"weights\.shape\[1\] -> weights\.shape\[-1\]", "the last of two"),
    ("B18", r"(first|second)\[1\] -> \1\[-1\]", "the last of two"),
    (
        "B18",
        r".* if weight else 0\.0 -> .* if total else 0\.0",
        "a mean of 0 is returned for either",
    ),
    ("B8", r".*\bshift\b.* -> .*", "no shift is given"),
    ("C10", r".*\b(peek|ahead)\b.* -> .*", "these are 0 unless the answer is to be wrong"),
    ("C10", r"np\.zeros\(256\) -> np\.zeros\((257|512)\)", "there are no bytes above 255"),
    ("C7", r"(np\.diag\(.*\)) - (np\.outer\(.*\)) -> \2 - \1", "the sizes of the eigenvalues stay"),
    ("B12", r"(np\.bincount\(labels), .*\) -> \1\)", "every class occurs"),
    (
        "C9",
        r"(return )?(gamma .* / a) -> "
        r"(return -?\(\2\)( \* .*)?|\(1 - a\) \*\* gamma / a - gamma .*)",
        "a common factor of the slopes cancels",
    ),
]


def agrees_everywhere(grader, function, count=80):
    """Compare with the reference on many more cases than a reader's answer meets."""
    rng = np.random.default_rng(0)
    drawn = [case(*grader.draw(rng)) for _ in range(count if grader.draw else 0)]
    for trial in [*grader.cases, *drawn]:
        outcome, expected = call(function, trial), call(grader.reference, trial).result
        if outcome.error is not None or outcome.result is None:
            return False
        if grader._difference(outcome.result, expected) is not None:
            return False
    return True


@pytest.fixture
def without_words(monkeypatch):
    """Find no words for what is wrong: that takes longer than to see it."""
    monkeypatch.setattr(Function, "_diagnosis", lambda *args: "")


@cache
def trials_of(name):
    """Return the number of mutants, and those that are taken with whether they agree."""
    grader, count, taken = FUNCTIONS[name], 0, {}
    for source, answer in answers_to(name):
        right = source.evaluated(answer, map(ast.unparse, source.reached_by(answer)))
        assert grader(right) is None, ast.unparse(answer)
        for change, function in source.mutants(answer):
            count += 1
            if grader(function) is None:
                taken[change] = agrees_everywhere(grader, function)
    return count, taken


def reasons_for(name):
    return {pattern: reason for names, pattern, reason in EQUAL if name in names.split("|")}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_mutant_of_a_right_function_is_taken(name, without_words):
    count, taken = trials_of(name)
    print(f"\n{name}: {count - len(taken)} wrong functions refused, {len(taken)} are not wrong")
    assert count > 20
    assert [change for change, same in taken.items() if not same] == [], "a wrong answer is taken"
    matches = {
        change: [pattern for pattern in reasons_for(name) if re.fullmatch(pattern, change)]
        for change in taken
    }
    assert [change for change, patterns in matches.items() if not patterns] == [], (
        "add a case that tells these from a right answer, or the reason why nothing does to EQUAL"
    )
    used = {pattern for patterns in matches.values() for pattern in patterns}
    assert set(reasons_for(name)) - used == set(), "these reasons explain nothing any more"


# -- numbers -------------------------------------------------------------------------------------


MATHS = {
    name: getattr(math, name)
    for name in ("log", "log2", "log10", "log1p", "exp", "exp2", "expm1", "ceil", "floor")
}


def numbers_of(name):
    return [part for part in parts_of(EXERCISES[name]) if isinstance(part, Number)]


def formulas_of(name):
    return module(f"answers.{CHAPTER_OF[name]}").namespace["FORMULAS"].get(name, [])


NUMBERS = [
    pytest.param(number, formula, id=f"{name}-{place}")
    for name in EXERCISES
    for place, (number, formula) in enumerate(
        zip(numbers_of(name), formulas_of(name), strict=False)
    )
]


def test_each_number_has_a_formula():
    without = [name for name in EXERCISES if len(numbers_of(name)) != len(formulas_of(name))]
    assert without == ["B7"], "add FORMULAS to tests/answers"  # whose steps are counted


def values_of(formula):
    """Return what comes of each change of a formula, where something does."""
    for change, source in mutants_of(ast.parse(formula, mode="eval").body, []):
        with suppress(ArithmeticError, ValueError, TypeError):
            yield change, float(eval(source, MATHS))


@pytest.mark.parametrize(("number", "formula"), NUMBERS)
def test_no_mutant_of_a_formula_is_taken(number, formula):
    right = eval(formula, MATHS)
    assert number(right) is None
    honest = {round(right, places) for places in range(2, 9)}
    tried = taken = 0
    for change, value in values_of(formula):
        if math.isclose(value, right, rel_tol=1e-6, abs_tol=1e-9):
            continue
        tried += 1
        if round(value, number.decimals) == round(right, number.decimals):
            taken += 1  # nobody could tell them apart
            continue
        for places in (2, number.decimals, 8):
            answer = round(value, places)
            assert answer in honest or number(answer) is not None, (change, answer)
    print(f"\n{tried - taken} wrong numbers refused, {taken} are the same when rounded: {formula}")
    assert tried > 5
    assert taken <= tried / 10
