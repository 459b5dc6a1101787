"""The notebooks that the site offers say what its pages say, in plain Markdown."""

import re

import jupytext
import nbformat
import pytest
from bs4 import BeautifulSoup
from cells import code_of
from places import BOOK, CHAPTERS

LEFTOVERS = {
    "a role": r"\{[\w:-]+\}`",
    "a colon fence": r"^:::",
    "a directive": r"```\s*\{",
    "a target": r"^\([\w-]+\)=",
    "a label": r"\$\$\s*\([\w-]+\)",
    "an option": r"^:(label|name|class|nonumber):",
    "an unresolved number": r"%s|\{number\}",
    "a node": r"<(Element|pending_xref|math_block)",
}


def test_every_chapter_with_code_has_a_notebook(notebooks):
    assert sorted(notebooks) == CHAPTERS


@pytest.mark.parametrize("name", CHAPTERS)
def test_notebook_is_valid_and_complete(notebooks, name):
    notebook = nbformat.read(notebooks[name], as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec == {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    setup, *cells = code_of(notebook)
    written = jupytext.read(BOOK / f"{name}.md")
    assert notebook.cells[0] == setup
    assert [cell.source for cell in cells] == [cell.source for cell in code_of(written)]
    assert all(cell.execution_count for cell in cells)
    assert any(cell.outputs for cell in cells)


@pytest.mark.parametrize("name", CHAPTERS)
def test_notebook_keeps_nothing_of_myst(notebooks, name):
    notebook = nbformat.read(notebooks[name], as_version=4)
    found = [
        f"{what} in: {cell.source}"
        for cell in notebook.cells
        for what, pattern in LEFTOVERS.items()
        if cell.cell_type == "markdown" and re.search(pattern, cell.source, re.MULTILINE)
    ]
    assert found == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_notebook_says_what_the_page_says(notebooks, built_site, name):
    """Words, headings, equations and figures arrive, whatever the converter has to do for it."""
    page = BeautifulSoup((built_site / "book" / f"{name}.html").read_text(), "html.parser").article
    notebook = nbformat.read(notebooks[name], as_version=4)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for heading in page.find_all(["h1", "h2", "h3"]):
        words = heading.find(string=True).strip()
        assert re.search(rf"^#+ {re.escape(words)}", text, re.MULTILINE), words
    for paragraph in page.select("section > p, li > p, .admonition p"):
        for extra in paragraph.select(".math, .katex, a.headerlink"):
            extra.replace_with(" \0 ")
        for phrase in paragraph.get_text().split("\0"):
            words = [word for word in re.findall(r"[^\W\d_]{3,}", phrase) if word not in "http"]
            assert all(word in text for word in words), f"{words} of {paragraph}"
    assert len(page.select("div.math, .math-block")) == text.count("$$\n") / 2
    figures = sum(
        "image/svg+xml" in o.get("data", {}) for c in code_of(notebook) for o in c.outputs
    )
    assert len(page.select(".cell_output img")) == figures
    captions = [caption.get_text().strip() for caption in page.select("figcaption .caption-number")]
    assert captions == re.findall(r"^\*\*(Fig\. [\d.]+)\.\*\*", text, re.MULTILINE)
