"""Settings that every test shares."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from places import ROOT

# The same examples on every run and machine, so that a failure in CI is a failure at home.
# HYPOTHESIS_PROFILE=explore draws new ones.
settings.register_profile(
    "repeatable", derandomize=True, database=None, deadline=None, max_examples=16
)
settings.register_profile("explore", database=None, deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture(scope="session")
def built_site() -> Path:
    """Build the book as `make book` does, and return the folder of its pages.

    Test processes that run side by side take turns; all but the first find nothing to do.
    """
    build = ROOT / "_build"
    build.mkdir(exist_ok=True)
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "--keep-going"]
    with FileLock(build / "tests.lock"):
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return build / "html"
