"""What several tests of the site share."""

from pathlib import Path

import pytest
from small_book import write_book


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return the folder of a book of two pages, to build and to break."""
    write_book(tmp_path)
    return tmp_path
