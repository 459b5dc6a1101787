"""Where things are: in this checkout, and on the web."""

import re
from pathlib import Path
from types import SimpleNamespace

import yaml

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"
# the chapters that a kernel executes
CHAPTERS = sorted(
    path.stem for path in BOOK.glob("*.md") if "```{code-cell}" in path.read_text(encoding="utf8")
)


def site_address():
    """Return the address that the build gives the site."""
    from repository import configure

    url = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]["url"]
    config = SimpleNamespace(html_theme_options={"repository_url": url})
    configure(None, config)
    return config.html_baseurl


def make_targets() -> set[str]:
    """Return the targets that the Makefile offers."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return set(phony[1].split())
