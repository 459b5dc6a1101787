"""README and CONTRIBUTING: what they link to, show and name is there, and all of it."""

import doctest
import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urldefrag, urlparse

import pytest
import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin
from PIL import Image
from places import ROOT
from tools.sources import list_files
from tutorial.addresses import site_address

GUIDES = ["README.md", "CONTRIBUTING.md"]
MARKDOWN = MarkdownIt().use(anchors_plugin, max_level=6)  # gives headings the ids of GitHub
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text())
SITE = site_address(CONFIG["repository"]["url"])


def pieces(text):
    """Yield the tokens of a Markdown text, with those inside its paragraphs."""
    for token in MARKDOWN.parse(text):
        yield token
        for child in token.children or []:
            yield child
            yield from child.children or []


def addresses(text):
    """Return what a text links to, and the pictures that it shows."""
    found = [token.attrGet("href") or token.attrGet("src") for token in pieces(text)]
    return [address for address in found if address]


def headings(text):
    return {token.attrGet("id") for token in pieces(text) if token.type == "heading_open"}


def dead_links(text):
    """Return what leads to no file, no heading, or no page of the book."""
    return [address for address in addresses(text) if not leads_somewhere(address, text)]


def leads_somewhere(address, text):
    if address.startswith(SITE):
        return (ROOT / address.removeprefix(SITE).replace(".html", ".md")).exists()
    if urlparse(address).scheme:
        return True  # somebody else's
    path, fragment = urldefrag(unquote(address))
    if not (ROOT / path).exists():
        return False
    return not fragment or fragment in headings((ROOT / path).read_text() if path else text)


@pytest.mark.parametrize("name", GUIDES)
def test_every_link_leads_somewhere(name):
    text = (ROOT / name).read_text()
    assert addresses(text)
    assert dead_links(text) == []


@pytest.mark.parametrize(
    "address", ["no-file.md", "#no-heading", "README.md#no-heading", f"{SITE}book/no-page.html"]
)
def test_a_dead_link_is_found(address):
    links = f"[one](README.md#build-it) [two](#a-heading) [![three]({address})](Makefile)"
    text = f"# A heading\n\n{links}"
    assert dead_links(text) == [address]


def test_the_readme_opens_with_what_this_is_the_site_and_its_picture():
    text = (ROOT / "README.md").read_text()
    title, what, site, picture, uses, _, commands = text.split("\n\n")[:7]
    assert title == f"# {CONFIG['title']}"
    assert "cross-entropy loss" in what
    assert addresses(site) == [SITE]
    assert addresses(picture)[-1] == ".github/page.webp"
    assert re.findall(r"^- \*\*(\w+)\.\*\*", uses, re.MULTILINE) == ["Read", "Run", "Practise"]
    assert re.findall(r"^    (make \w+)", commands, re.MULTILINE) == ["make book", "make test"]


def test_the_picture_is_sharp_small_and_described():
    path = ROOT / ".github" / "page.webp"
    assert path.stat().st_size < 150 * 1024
    with Image.open(path) as picture:
        assert picture.width >= 1600  # twice the column that GitHub shows it in
        assert len(picture.getcolors(picture.width * picture.height)) > 100  # and not blank
    (image,) = [t for t in pieces((ROOT / "README.md").read_text()) if t.type == "image"]
    assert len(image.content) > 100


def test_the_readme_computes_what_it_prints():
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert result.attempted == 3
    assert result.failed == 0


# The map


def entries(text):
    """Return the paths that the map in a text names: files, patterns, and folders with a slash."""
    found, folders = [], []
    for line in re.search(r"```\n(.*?)```", text, re.DOTALL)[1].splitlines():
        names = line.strip().split("  ")[0]
        depth = (len(line) - len(line.lstrip())) // 2
        del folders[depth:]
        found += ["".join(folders) + name for name in names.split(", ")]
        folders.append(names)
    return found


def describes(entry, file):
    if entry.endswith("/"):
        return file.startswith(entry)
    return PurePosixPath("/", file).match(f"/{entry}")


def faults_of_map(text):
    """Return the files that the map leaves out, and the lines that lead to no file."""
    named = entries(text)
    last = [entry for entry in named if not any(e != entry and e.startswith(entry) for e in named)]
    files = list_files()
    left_out = [file for file in files if not any(describes(entry, file) for entry in last)]
    return left_out + [e for e in last if not any(describes(e, file) for file in files)]


def test_the_map_leads_to_every_file_and_nowhere_else():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    assert faults_of_map(text) == []
    for folder in ("book/_ext/tutorial/", "code/crossentropy/", "tests/", "tools/"):
        assert f"{folder}__init__.py" in entries(text) or f"{folder}conftest.py" in entries(text)


@pytest.mark.parametrize(
    ("line", "instead", "fault"),
    [
        ("  serve.py ", "  server.py ", ["tools/serve.py", "tools/server.py"]),
        ("bench/ ", "book/ ", ["bench/blocks.py", "bench/losses.py"]),
        ("  losses.py, oracles.py", "  losses.py", ["tests/oracles.py"]),
    ],
)
def test_a_fault_of_the_map_is_found(line, instead, fault):
    text = (ROOT / "CONTRIBUTING.md").read_text()
    assert line in text
    assert faults_of_map(text.replace(line, instead)) == fault
