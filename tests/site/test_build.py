"""The build refuses what a reader would meet as a defect, the first time and every time after."""

from pathlib import Path

import pytest
from small_book import build, build_here, replace
from tutorial.build import MIN_ALT_LENGTH


def add_broken_reference(book: Path) -> None:
    replace(book / "book" / "one.md", "# One\n", "# One\n\nSee {ref}`ch-nowhere`.\n")


def add_image(book: Path, alt: str) -> None:
    replace(book / "book" / "one.md", "# One\n", f"# One\n\n![{alt}](_static/favicon.svg)\n")


def add_image_without_alt(book: Path) -> None:
    add_image(book, "")


def add_image_with_a_short_alt(book: Path) -> None:
    add_image(book, "x" * (MIN_ALT_LENGTH - 1))


def leave_chapter_out_of_toc(book: Path) -> None:
    (book / "book" / "two.md").write_text("# Two\n\nNobody finds this page.\n")


FAULTS = {
    add_broken_reference: "ch-nowhere",
    add_image_without_alt: "its alt text is '', expected at least 40 characters",
    add_image_with_a_short_alt: "x', expected at least 40 characters",
    leave_chapter_out_of_toc: "book/two.md is missing from _toc.yml",
}
each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)


@pytest.fixture
def book(book):
    """Return the folder of a book that has nothing to execute."""
    (book / "book" / "one.md").write_text("(ch-one)=\n# One\n\nText.\n")
    return book


@each_fault
@pytest.mark.parametrize("strict", [True, False], ids=["-W", "plain"])
def test_a_fault_fails_a_clean_build_and_the_next(book, fault, strict):
    fault(book)
    for attempt in ("clean", "second"):
        result = build_here(book, "dummy", strict=strict)
        assert result.exit_code != 0, f"the {attempt} build passed"
        assert FAULTS[fault] in result.output, f"the {attempt} build is silent"


@each_fault
def test_a_fault_fails_a_build_after_a_good_one_until_it_is_repaired(book, fault):
    good = build_here(book, "dummy")
    assert good.exit_code == 0, good.output
    sources = {path: path.read_text() for path in book.glob("book/*.md")}
    fault(book)
    for attempt in ("first", "second"):
        result = build_here(book, "dummy")
        assert result.exit_code != 0, f"the {attempt} build after the fault passed"
        assert FAULTS[fault] in result.output, f"the {attempt} build is silent"
    for path in book.glob("book/*.md"):
        path.unlink()
    for path, text in sources.items():
        path.write_text(text)
    repaired = build_here(book, "dummy")
    assert repaired.exit_code == 0, repaired.output


def test_an_alt_text_of_substance_is_enough(book):
    add_image(book, "x" * MIN_ALT_LENGTH)
    assert build_here(book, "dummy").exit_code == 0


def test_the_command_fails_twice_and_passes_after_the_repair(book):
    leave_chapter_out_of_toc(book)
    for _ in range(2):
        result = build(book)
        assert result.returncode != 0
        assert "book/two.md is missing from _toc.yml" in result.stderr
    (book / "book" / "two.md").unlink()
    assert build(book).returncode == 0
