"""What the tests of texts share."""

import re

import pytest
from places import ROOT


@pytest.fixture(scope="session")
def make_targets() -> set[str]:
    """Return the targets that the Makefile offers."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return set(phony[1].split())
