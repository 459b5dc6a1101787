"""The reference pages are complete: each public name, and each series of exercises."""

import inspect
import pkgutil
import re
from importlib import import_module

from places import BOOK

import crossentropy
from crossentropy.exercises import EXERCISES

API = (BOOK / "api.md").read_text()
MODULES = sorted(
    module.name
    for module in pkgutil.iter_modules(crossentropy.__path__)
    if not module.name.startswith("_")
)


def documented(text):
    """Return the names that each block of a page documents, in order."""
    blocks = re.findall(r"^```\{eval-rst\}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [
        re.findall(r"^\.\. auto(?:function|class):: (\S+)$", block, re.MULTILINE)
        for block in blocks
    ]


def in_order_of_source(module):
    """Return the names that a module exports, as readers import them, in its own order."""
    names = sorted(
        module.__all__, key=lambda name: inspect.getsourcelines(getattr(module, name))[1]
    )
    home = "crossentropy" if set(names) <= set(crossentropy.__all__) else module.__name__
    return [f"{home}.{name}" for name in names]


EXPECTED = [in_order_of_source(import_module(f"crossentropy.{name}")) for name in MODULES]


def test_each_module_is_documented_whole_once_and_in_the_order_of_its_source():
    assert sorted(documented(API)) == sorted(EXPECTED)


def test_each_name_of_the_package_belongs_to_a_module():
    names = {name for block in EXPECTED for name in block}
    assert names >= {f"crossentropy.{name}" for name in crossentropy.__all__}


def test_the_members_of_a_class_are_documented():
    for name in re.findall(r"^\.\. autoclass:: (\S+)$", API, re.MULTILINE):
        assert f".. autoclass:: {name}\n   :members:\n" in API


def test_the_list_of_exercises_has_every_series():
    text = (BOOK / "exercises.md").read_text()
    assert re.findall(r"\{exercise-list\} (\w)", text) == sorted({name[0] for name in EXERCISES})
