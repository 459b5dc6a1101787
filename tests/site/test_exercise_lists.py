"""Exercises keep their names, and the list of all exercises is complete."""

import re
import shutil

import pytest
from bs4 import BeautifulSoup
from places import ROOT
from small_book import TOC, build_here, replace, write_book

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
def book(tmp_path_factory):
    """Return the folder of a book with exercises in two chapters, and this book's list of them."""
    folder = tmp_path_factory.mktemp("exercises")
    write_book(folder)
    (folder / "_toc.yml").write_text(TOC + "  - file: book/two\n  - file: book/exercises\n")
    chapters = {
        "one": CHAPTER.format(name="one", first="A3. *This* one", second="B1. Code"),
        "two": CHAPTER.format(name="two", first="C4. Hard", second="A12. Coins"),
        "index": "# A small book\n",
        # the chapters that the page links to are not in this book
        "exercises": re.sub(
            r"\{(ref|term)\}`([^`]*)`", r"\2", (ROOT / "book" / "exercises.md").read_text()
        ),
    }
    for name, text in chapters.items():
        (folder / "book" / f"{name}.md").write_text(text)
    return folder


def build_page(book, name):
    result = build_here(book, "dirhtml")
    assert result.exit_code == 0, result.output
    page = book / "_build" / "dirhtml" / "book" / name / "index.html"
    return BeautifulSoup(page.read_text(), "html.parser")


def listed(page):
    """Return the text and the target of each link of each list."""
    return [
        [(link.text, link["href"]) for link in series.find_all("a")]
        for series in page.select("ul.exercise-list")
    ]


ONE, TWO = ("Chapter one", "../one/"), ("Chapter two", "../two/")


def test_exercises_are_listed_by_series_and_number(book):
    assert listed(build_page(book, "exercises")) == [
        [("A3. This one", "../one/#ex-one-1"), ONE, ("A12. Coins", "../two/#ex-two-2"), TWO],
        [("B1. Code", "../one/#ex-one-2"), ONE],
        [("C4. Hard", "../two/#ex-two-1"), TWO],
    ]


def test_a_list_follows_a_change_in_a_chapter(book, tmp_path):
    copy = shutil.copytree(book, tmp_path / "copy")
    build_page(copy, "exercises")
    replace(copy / "book" / "one.md", "B1. Code", "B7. More")
    assert ("B7. More", "../one/#ex-one-2") in listed(build_page(copy, "exercises"))[1]


def test_titles_and_solutions_name_their_exercise(book):
    titles = [title.text for title in build_page(book, "one").select(".admonition-title")]
    assert titles == [
        "Exercise A3. This one",
        "Exercise B1. Code",
        "Solution to Exercise A3. This one",
    ]
