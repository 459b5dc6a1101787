"""The pages that the build writes itself are complete: the API and the list of exercises."""

import pkgutil
import re
import shutil
import subprocess
import sys
from collections import Counter
from importlib import import_module

import pytest
from bs4 import BeautifulSoup
from places import ROOT

import crossentropy
from crossentropy.exercises import EXERCISES

PUBLIC_MODULES = sorted(
    module.name
    for module in pkgutil.iter_modules(crossentropy.__path__)
    if not module.name.startswith("_")
)

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions = [
    "myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.viewcode",
    "numpydoc", "sphinx_exercise", "exercise_titles", "exercise_list", "reference",
]
myst_enable_extensions = ["dollarmath"]
numpydoc_show_class_members = False
autodoc_typehints = "none"
default_role = "autolink"
autosummary_generate = False
autodoc_preserve_defaults = True
root_doc = "book/index"
nitpicky = True
"""
INDEX = "# Book\n\n```{toctree}\ntwo\none\nexercises\napi\n```\n"
CHAPTER = """\
# Chapter {name}

````{{exercise}} {first}
:label: ex-{name}-1
:nonumber:

What?
````

````{{exercise}} {second}
:label: ex-{name}-2
:nonumber:

How?
````

````{{solution}} ex-{name}-1
So.
````
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the folder of a small site with this book's pages `exercises` and `api`."""
    source = tmp_path_factory.mktemp("site")
    book = source / "book"
    book.mkdir()
    (source / "conf.py").write_text(CONF)
    (book / "index.md").write_text(INDEX)
    (book / "one.md").write_text(
        CHAPTER.format(name="one", first="A3. *This* one", second="B1. Code")
    )
    (book / "two.md").write_text(CHAPTER.format(name="two", first="C4. Hard", second="A12. Coins"))
    for name in ("exercises", "api"):
        # the chapters that these pages link to are not on this site
        text = (ROOT / "book" / f"{name}.md").read_text()
        (book / f"{name}.md").write_text(re.sub(r"\{(ref|term)\}`([^`]*)`", r"\2", text))
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", ".", "built"]
    result = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    yield source / "built" / "book"
    shutil.rmtree(source)


@pytest.fixture(scope="module")
def api(site):
    return BeautifulSoup((site / "api.html").read_text(), "html.parser")


def test_exercises_are_listed_by_series_and_number(site):
    page = BeautifulSoup((site / "exercises.html").read_text(), "html.parser")
    listed = [
        [(link.text, link["href"]) for link in series.find_all("a")]
        for series in page.select("ul.exercise-list")
    ]
    one, two = ("Chapter one", "one.html"), ("Chapter two", "two.html")
    assert listed == [
        [("A3. This one", "one.html#ex-one-1"), one, ("A12. Coins", "two.html#ex-two-2"), two],
        [("B1. Code", "one.html#ex-one-2"), one],
        [("C4. Hard", "two.html#ex-two-1"), two],
    ]


def test_the_page_lists_the_series_of_every_exercise():
    text = (ROOT / "book" / "exercises.md").read_text()
    assert re.findall(r"\{exercise-list\} (\w)", text) == sorted({name[0] for name in EXERCISES})


def test_each_public_name_is_documented_once(api):
    documented = Counter(
        entry["id"] for entry in api.select("dl.function > dt, dl.class > dt") if entry.get("id")
    )
    expected = [f"crossentropy.{name}" for name in crossentropy.__all__]
    alone = ["crossentropy.corpus.python_topics", "crossentropy.exercises.check"]
    assert documented == Counter([*expected, *alone])


def test_each_public_module_is_documented_and_exports_what_it_promises():
    text = (ROOT / "book" / "api.md").read_text()
    assert sorted(re.findall(r"\{reference\} (\w+)", text)) == PUBLIC_MODULES
    names = [
        name
        for module in PUBLIC_MODULES
        if module not in ("corpus", "exercises")
        for name in import_module(f"crossentropy.{module}").__all__
    ]
    assert sorted(names) == sorted(crossentropy.__all__)


def test_signatures_and_source_links(api):
    entry = api.find(id="crossentropy.cross_entropy")
    assert "(p, q, *, axis=-1, base=e, epsilon=1e-9)" in entry.text.replace("\n", "")
    assert entry.select_one("a.reference.internal")["href"].endswith(
        "crossentropy/information.html#cross_entropy"
    )


def test_each_entry_has_an_example(api):
    for entry in api.select("dl.function > dt"):
        assert ">>> " in entry.find_next_sibling("dd").text, entry["id"]


def test_names_in_docstrings_are_links(api):
    text = api.find(id="crossentropy.softmax_cross_entropy_grad").find_next_sibling("dd")
    assert text.select_one('a[href="#crossentropy.softmax_cross_entropy"]')
