"""The built site, as a reader meets it in a browser."""

import functools
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest
from bs4 import BeautifulSoup
from tutorial.build import MIN_ALT_LENGTH

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 120_000  # milliseconds, on a busy machine
VIEWS = {"wide": (WIDE, "light"), "phone": (PHONE, "light"), "dark": (WIDE, "dark")}


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport=WIDE)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def chapters(built_site: Path) -> list[Path]:
    return sorted((built_site / "book").glob("*.html"))


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf8"), "html.parser")


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_whole(built_site, address, browser, view):
    viewport, scheme = VIEWS[view]
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    trouble = []
    page.on("console", lambda message: message.type == "error" and trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("requestfailed", lambda request: trouble.append(f"failed: {request.url}"))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((address, "data:", "blob:"))
            or trouble.append(f"elsewhere: {request.url}")
        ),
    )
    paths = chapters(built_site)
    assert len(paths) > 5
    for path in paths:
        page.goto(address + path.relative_to(built_site).as_posix())
        page.wait_for_load_state("networkidle")
        name = f"{path.name}, {view}"
        assert trouble == [], name
        assert page.evaluate("document.documentElement.dataset.theme") == scheme, name
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0, f"{name}: the page scrolls sideways"
        broken = "[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
        assert page.evaluate(broken) == [], name
        assert not re.search(r"\\\(|\\\[|\$\$", page.inner_text("article")), f"{name}: raw formula"
    context.close()


def test_the_seed_function_prints_its_number_twice(built_site):
    outputs = soup(built_site / "book" / "implementing-cross-entropy.html").select(".cell_output")
    verification = next(text for o in outputs if "Calculated loss" in (text := o.get_text()))
    assert re.findall(r"0\.\d+", verification.replace("-ln(0.5)", "")) == ["0.693", "0.693"]


def test_both_pictures_of_the_comparison_are_there(built_site):
    page = soup(built_site / "book" / "bce-versus-mse.html")
    for name in ("fig-bce-mse", "fig-two-slopes"):
        figure = page.find("figure", id=name) or page.find(id=name).find_parent("figure")
        assert figure.img["src"].endswith(".svg")
        assert len(figure.img["alt"]) >= MIN_ALT_LENGTH
        assert len(figure.figcaption.get_text()) > 40


def test_every_internal_link_leads_somewhere(built_site):
    anchors = {}
    for path in built_site.rglob("*.html"):
        anchors[path] = {tag["id"] for tag in soup(path).find_all(id=True)}
    checked = 0
    for path in anchors:
        for link in soup(path).find_all("a", href=True):
            target, fragment = urldefrag(link["href"])
            if urlparse(target).scheme or link["href"] in ("#", "#__top"):
                continue
            file = path if not target else (path.parent / unquote(target)).resolve()
            assert file.exists(), f"{path.name}: {link['href']}"
            if fragment and file in anchors:
                assert unquote(fragment) in anchors[file], f"{path.name}: {link['href']}"
            checked += 1
    assert checked > 100


def test_search_finds_a_chapter(address, page):
    page.goto(urljoin(address, "search.html?q=squared"))
    page.wait_for_selector("#search-results li a")
    found = page.eval_on_selector_all("#search-results li a", "links => links.map(a => a.href)")
    assert any("bce-versus-mse" in link for link in found)


def test_a_solution_is_folded_until_it_is_clicked(address, page):
    page.goto(urljoin(address, "book/implementing-cross-entropy.html"))
    solution = page.locator(".solution.dropdown").first
    code = solution.locator(".highlight").first
    assert not code.is_visible()
    solution.locator(".toggle-button").click()
    code.wait_for(state="visible")


def test_the_theme_button_turns_the_lights_out(address, page):
    page.goto(urljoin(address, "book/index.html"))
    theme = functools.partial(page.evaluate, "document.documentElement.dataset.theme")
    seen = {theme()}
    for _ in range(3):  # light, dark, as the system has it
        page.locator("button.theme-switch-button:visible").click()
        seen.add(theme())
    assert seen == {"light", "dark"}


def test_next_and_previous_walk_the_whole_book(built_site, address, page):
    page.goto(urljoin(address, "book/index.html"))
    visited = [page.url]
    while page.locator("a.right-next").count():
        page.locator("a.right-next").first.click()
        page.wait_for_load_state()
        visited.append(page.url)
    assert len(set(visited)) == len(visited) == len(chapters(built_site))
    page.locator("a.left-prev").first.click()
    page.wait_for_load_state()
    assert page.url == visited[-2]


def test_the_root_leads_to_the_first_page(address, page):
    page.goto(address)
    page.wait_for_url("**/book/index.html")
    assert "Cross-Entropy" in page.title()


def test_pages_describe_themselves(built_site):
    for path in chapters(built_site):
        head = soup(path).head
        assert head.find("link", rel="icon")
        assert head.html["lang"] == "en" if head.html else soup(path).html["lang"] == "en"
        assert len(head.find("meta", attrs={"name": "description"})["content"]) > 40, path.name
