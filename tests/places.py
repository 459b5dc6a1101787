"""Where things are: in this checkout, and on the web."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"
# the chapters that a kernel executes
CHAPTERS = sorted(
    path.stem for path in BOOK.glob("*.md") if "```{code-cell}" in path.read_text(encoding="utf8")
)


def repository_address():
    """Return the address that the build takes for the repository's."""
    from tutorial import addresses  # with Sphinx, which few tests need

    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    return addresses.repository_address(config["repository"]["url"])


def site_address():
    """Return the address that the build gives the site."""
    from tutorial import addresses

    return addresses.site_address(repository_address())


def make_targets() -> set[str]:
    """Return the targets that the Makefile offers."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return set(phony[1].split())
