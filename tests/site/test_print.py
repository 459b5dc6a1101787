"""A page on paper: the chapter alone, readable, with its solutions open."""

import pytest
from places import BOOK

FURNITURE = (
    ".bd-sidebar-primary",
    ".bd-sidebar-secondary",
    ".bd-header-article",
    ".prev-next-footer",
    "#jb-print-docs-body",
    "button.toggle-button",
    "button.copybtn",
)
# An A4 page less its margins, in the pixels of a style sheet.
PAPER = {"width": 660, "height": 1000}


@pytest.fixture(scope="module", params=["light", "dark"])
def paper(request, browser, built_site):
    """Return a chapter as a browser lays it out for print, without the clicks of a script."""
    page = browser.new_page(viewport=PAPER)
    page.emulate_media(color_scheme=request.param)
    page.goto((built_site / "book" / "bce-versus-mse.html").as_uri())
    page.wait_for_selector(".toggle-hidden", state="attached")
    page.emulate_media(media="print", color_scheme=request.param)
    page.wait_for_timeout(500)  # the theme fades folded boxes in
    yield page
    page.close()


def test_nothing_but_the_chapter_is_printed(paper):
    for selector in FURNITURE:
        for part in paper.locator(selector).all():
            assert not part.is_visible(), selector
    assert sum(title.is_visible() for title in paper.locator("h1").all()) == 1
    assert paper.locator("article, .bd-article").first.bounding_box()["width"] > 600
    assert paper.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]


def test_solutions_are_open(paper):
    solutions = paper.locator(".solution.toggle-hidden").all()
    assert len(solutions) == (BOOK / "bce-versus-mse.md").read_text().count("{solution-start}")
    for solution in solutions:
        for part in solution.locator(".cell_input, .cell_output").all():
            assert part.bounding_box()["height"] > 10
            assert part.evaluate("part => getComputedStyle(part).visibility") == "visible"
        for part in solution.locator("section").all():
            assert part.evaluate("part => getComputedStyle(part).opacity") == "1"


def test_ink_is_dark_on_white(paper):
    colours = paper.evaluate(
        """() => [...document.querySelectorAll('.bd-article p, .bd-article h2, .highlight span')]
            .map(part => getComputedStyle(part).color.match(/\\d+/g).map(Number))"""
    )
    assert len(colours) > 100
    for red, green, blue in (colour[:3] for colour in colours):
        assert 0.299 * red + 0.587 * green + 0.114 * blue < 150
    ground = paper.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
