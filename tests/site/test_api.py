"""The page of the package, made from its docstrings."""

from collections import Counter

import pytest
from bs4 import BeautifulSoup

import crossentropy


@pytest.fixture(scope="module")
def api(built_site):
    return BeautifulSoup((built_site / "book" / "api.html").read_text(), "html.parser")


def test_each_public_name_is_documented_once(api):
    documented = Counter(
        entry["id"] for entry in api.select("dl.function > dt, dl.class > dt") if entry.get("id")
    )
    expected = {f"crossentropy.{name}" for name in crossentropy.__all__}
    others = {"crossentropy.exercises.check", "crossentropy.corpus.python_topics"}
    assert documented == Counter(expected | others)


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
