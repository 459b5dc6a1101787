"""Mutation testing: change one thing in the package, and see whether a test notices.

pytest collects the tests once. Each mutant then runs in a fork of that process, in which the code
of one function is exchanged; the first failing test ends it. Messages, defaults and annotations
are left alone, and so are the exercises. mutmut does the same, but needs a source folder that is
not called `code`.
"""

import argparse
import ast
import copy
import importlib
import inspect
import os
import random
import resource
import sys
import time
from dataclasses import dataclass
from types import CodeType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

# Where a mutant of a module is noticed soonest; the other tests follow.
TESTS = {
    "_arithmetic": ["arithmetic", "blocks", "activations", "streaming", "precision"],
    "_batch": ["blocks", "classification", "gradients", "streaming", "bad_input"],
    "_blocks": ["blocks", "streaming", "classification", "gradients"],
    "_doors": ["bad_input", "classification", "regression", "calibration"],
    "_softmax": ["blocks", "activations", "classification", "gradients", "precision"],
    "_targets": ["classification", "gradients", "bad_input"],
    "_validation.arrays": ["bad_input", "classification", "information"],
    "_validation.kinds": ["bad_input", "classification"],
    "_validation.messages": ["bad_input"],
    "_validation.options": ["bad_input", "classification"],
    "_validation.rows": ["bad_input", "blocks", "classification"],
    "activations": ["activations", "precision", "bad_input"],
    "calibration": ["calibration", "bad_input"],
    "classification": ["classification", "precision", "bad_input"],
    "gradients": ["gradients", "precision", "bad_input"],
    "information": ["information", "precision", "bad_input"],
    "regression": ["regression", "bad_input"],
    "streaming": ["streaming", "bad_input"],
}
LAST = ["blocks", "laws"]
SECONDS = 300  # of the processor; all tests take less

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
FUNCTIONS = {
    "np.log1p": "np.log",
    "np.expm1": "np.exp",
    "np.maximum": "np.minimum",
    "np.minimum": "np.maximum",
    "np.ones_like": "np.zeros_like",
    "np.all": "np.any",
    "np.any": "np.all",
    "math.isnan": "math.isinf",
    "math.isinf": "math.isnan",
}


@dataclass
class Mutant:
    module: str
    function: str
    line: int
    change: str
    code: CodeType

    def __str__(self):
        return f"{self.module}.py:{self.line} {self.function}: {self.change}"


def changes(node):
    """Each (description, replacement) of a node."""
    if isinstance(node, (ast.BinOp, ast.BoolOp, ast.AugAssign)) and type(node.op) in OPERATORS:
        other = copy.deepcopy(node)
        other.op = OPERATORS[type(node.op)]()
        yield other
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            other = copy.deepcopy(node)
            other.ops[place] = OPERATORS[type(operator)]()
            yield other
    if isinstance(node, ast.UnaryOp):
        yield node.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        value = (not node.value) if isinstance(node.value, bool) else node.value + 1
        yield ast.copy_location(ast.Constant(value), node)
    if isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        if name in FUNCTIONS:
            other = copy.deepcopy(node)
            other.func = ast.parse(FUNCTIONS[name], mode="eval").body
            yield other
        for place in range(len(node.keywords)):
            other = copy.deepcopy(node)
            del other.keywords[place]
            yield other
    if isinstance(node, (ast.AugAssign, ast.Raise)) or (
        isinstance(node, ast.Expr) and not isinstance(node.value, (ast.Constant, ast.Yield))
    ):
        yield ast.Pass()


def left_alone(node):
    """Messages, annotations and docstrings."""
    return isinstance(node, (ast.JoinedStr, ast.arguments, ast.arg)) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def sites(node):
    """Each child that may be replaced, as (parent, field, place or None, child)."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not left_alone(child):
                yield node, field, place, child
                yield from sites(child)


def functions(tree):
    """The functions of a module and the methods of its classes, as (name, node)."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{name}", inner) for name, inner in functions(node))


def mutants_of(module):
    path = inspect.getsourcefile(importlib.import_module(f"crossentropy.{module}"))
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    for name, function in functions(tree):
        for parent, field, place, child in sites(function):
            for replacement in changes(child):
                before = ast.unparse(child).split("\n")[0]
                new = ast.fix_missing_locations(ast.copy_location(replacement, child))
                put(parent, field, place, new)
                code = compile(tree, path, "exec")
                put(parent, field, place, child)
                after = ast.unparse(new).split("\n")[0]
                yield Mutant(
                    module, name, child.lineno, f"{before}  ->  {after}", inner_code(code, name)
                )


def put(parent, field, place, child):
    if place is None:
        setattr(parent, field, child)
    else:
        getattr(parent, field)[place] = child


def inner_code(code, name):
    """The code object of a function or method in that of its module."""
    for part in name.split("."):
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == part)
    return code


def exchange(mutant):
    """Put the mutant in its function's place, for everyone who holds the function already."""
    target: Any = importlib.import_module(f"crossentropy.{mutant.module}")
    for part in mutant.function.split("."):
        target = inspect.getattr_static(target, part)
    target = target.fget if isinstance(target, property) else inspect.unwrap(target)
    target.__code__ = mutant.code


def in_order(items, module):
    """Doctests first, then examples, then Hypothesis, which takes longer."""
    names = [f"test_{name}" for name in TESTS[module] + LAST]

    def key(item):
        if item.path.stem == module:
            return -1, 0
        drawn = hasattr(getattr(item, "obj", None), "hypothesis")
        return int(drawn), names.index(item.path.stem)

    return sorted((i for i in items if i.path.stem in [module, *names]), key=key)


class Loop:
    """A pytest plugin that runs the tests for each mutant instead of once."""

    def __init__(self, options):
        self.options = options
        self.survivors = []
        self.counts = {}

    def pytest_runtestloop(self, session):
        start = time.monotonic()
        mutants = [m for module in self.options.modules for m in mutants_of(module)]
        random.Random(self.options.seed).shuffle(mutants)
        running = {}
        number = 0
        while mutants or running:
            late = time.monotonic() - start > 60 * self.options.minutes
            if mutants and not late and len(running) < self.options.processes:
                number += 1
                mutant = mutants.pop()
                running[self.fork(mutant, session.items)] = mutant
            elif running:
                pid, status = os.wait()
                self.judge(running.pop(pid), status)
            else:
                break
        self.report(len(mutants))
        return True

    def fork(self, mutant, items):
        pid = os.fork()
        if pid:
            return pid
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))  # a mutant may hang
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        exchange(mutant)
        for item in in_order(items, mutant.module):
            reports = runtestprotocol(item, log=False, nextitem=None)
            if any(report.failed for report in reports):
                os._exit(1)
        os._exit(0)

    def judge(self, mutant, status):
        killed, total = self.counts.get(mutant.module, (0, 0))
        self.counts[mutant.module] = (killed + (status != 0), total + 1)
        if os.WIFSIGNALED(status):
            print(f"\nended by signal {os.WTERMSIG(status)}: {mutant}", end="", file=sys.__stderr__)
        if status == 0:
            self.survivors.append(mutant)
            print(f"\nsurvived: {mutant}", end="", file=sys.__stderr__, flush=True)

    def report(self, left):
        print("\n", file=sys.__stderr__)
        for module, (killed, total) in sorted(self.counts.items()):
            print(f"{module:16} {killed:4} of {total:4} killed", file=sys.__stderr__)
        killed, total = (sum(column) for column in zip(*self.counts.values(), strict=True))
        print(
            f"{'all':16} {killed:4} of {total:4} killed, {100 * killed / total:.1f} %; "
            f"{left} mutants not tried",
            file=sys.__stderr__,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20, help="time limit")
    parser.add_argument("--seed", type=int, default=15, help="order of the mutants")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("modules", nargs="*", default=list(TESTS), metavar="module")
    options = parser.parse_args()
    names = dict.fromkeys([name for module in options.modules for name in TESTS[module]] + LAST)
    files = [f"tests/package/test_{name}.py" for name in names]
    found = [file for file in files if os.path.exists(file)]
    os.environ["OMP_NUM_THREADS"] = "1"
    settings = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly"]
    sys.exit(pytest.main([*settings, "code", *found], plugins=[Loop(options)]))


if __name__ == "__main__":
    main()
