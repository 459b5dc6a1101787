"""A page describes itself, and loads only what it uses."""

import pytest
from bs4 import BeautifulSoup
from small_book import build_here, write_book
from tutorial.theme import LONGEST

FIRST = 'Words in “quotes”, with `x < "y"` & more, ' + "go on " * 60


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return a page with a long first paragraph, and one without a paragraph."""
    book = tmp_path_factory.mktemp("theme")
    write_book(book)
    (book / "book" / "one.md").write_text(f"# One *title*\n\n{FIRST}\n\nSecond.\n")
    (book / "book" / "index.md").write_text("# A small book\n")
    result = build_here(book, "dirhtml")
    assert result.exit_code == 0, result.output
    built = book / "_build" / "dirhtml" / "book"
    return [
        BeautifulSoup((built / name).read_text(), "html.parser").head
        for name in ("one/index.html", "index.html")
    ]


def test_a_long_first_paragraph_is_cut_after_a_word(pages):
    page, _ = pages
    description = page.find("meta", attrs={"name": "description"})["content"]
    assert description.startswith('Words in “quotes”, with x < "y" & more, go on go on')
    assert description.endswith((" go …", " on …"))
    assert LONGEST - 10 < len(description) <= LONGEST + 2
    assert page.find("meta", property="og:description")["content"] == description
    assert page.find("meta", property="og:title")["content"] == "One title"


def test_a_page_without_a_paragraph_has_no_description(pages):
    _, bare = pages
    assert bare.title
    assert not bare.find("meta", attrs={"name": "description"})


def test_no_page_loads_the_scripts_of_live_cells(pages):
    for page in pages:
        assert page.find_all("script")
        assert "thebe" not in str(page)
