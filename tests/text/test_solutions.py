"""The solutions on the pages: what they compute, print and write is what `check` takes.

A solution runs here alone, without the chapter around it; what it needs of that is left out.
"""

import ast
import io
import re
from contextlib import redirect_stdout, suppress
from functools import cache

import jupytext
import pytest
from places import BOOK

from crossentropy.exercises import BY_CHAPTER, EXERCISES
from crossentropy.exercises._graders import Number, Parts

CHAPTER_OF = {name: chapter for chapter, graders in BY_CHAPTER.items() for name in graders}
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:[ ,]\d{3})*(?:\.\d+)?")
AT_HAND = ("numpy", "math", "heapq", "crossentropy")


@cache
def solutions(chapter):
    """Return the text and the cells of each solution of a page."""
    found, name = {}, None
    for cell in jupytext.read(BOOK / f"{chapter.replace('_', '-')}.md").cells:
        if cell.cell_type == "code":
            if name is not None:
                found[name][1].append(cell.source)
            continue
        for line in cell.source.splitlines():
            if start := re.match(r"`+\{solution-start\} ex-(\w+)", line):
                name = start[1].upper()
                found[name] = [], []
            elif "{solution-end}" in line:
                name = None
            elif name is not None:
                found[name][0].append(line)
    return {name: ("\n".join(lines), cells) for name, (lines, cells) in found.items()}


@cache
def outputs(chapter):
    """Run a page's imports and functions, then its solutions; return what each of these prints."""
    cells = jupytext.read(BOOK / f"{chapter.replace('_', '-')}.md").cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    names, printed = {}, {}
    for statement in ast.parse(code).body:
        imported = [alias.name for alias in getattr(statement, "names", [])]
        module = getattr(statement, "module", None) or (imported or [""])[0]
        if isinstance(statement, ast.FunctionDef) or module.split(".")[0] in AT_HAND:
            run(statement, names)
    for name, (_, sources) in solutions(chapter).items():
        with redirect_stdout(io.StringIO()) as output:
            for source in sources:
                for statement in ast.parse(source).body:
                    run(statement, names)
        printed[name] = output.getvalue()
    return printed


def run(statement, names):
    with suppress(NameError, ImportError):  # what the chapter has computed, or imports for it
        exec(compile(ast.Module([statement], []), "solution", "exec"), names)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_is_right(name):
    assert f"{name}: right.\n" in outputs(CHAPTER_OF[name])[name]


def numbers_in(text):
    return [float(re.sub("[ ,]", "", number)) for number in NUMBER.findall(text)]


NUMBERS = [
    pytest.param(name, part, id=f"{name}-{label}")
    for name, grader in EXERCISES.items()
    for label, part in (grader.parts if isinstance(grader, Parts) else {"": grader}).items()
    if isinstance(part, Number)
]


@pytest.mark.parametrize(("name", "part"), NUMBERS)
def test_the_numbers_that_a_solution_shows_are_taken(name, part):
    text, _ = solutions(CHAPTER_OF[name])[name]
    shown = numbers_in(text) + numbers_in(outputs(CHAPTER_OF[name])[name])
    if part.expected % 1:
        shown = [x for x in shown if x % 1]  # whole numbers are what it was computed from
    meant = [x for x in shown if abs(x - part.expected) <= 0.03 * abs(part.expected)]
    assert meant, f"the solution of {name} does not show the number"
    assert [x for x in meant if part(x) is not None] == []
