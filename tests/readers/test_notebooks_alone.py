"""A notebook runs alone, on a machine that has never seen this repository."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from cells import code_of, shown
from places import CHAPTERS, ROOT, site_address
from tools.run_notebooks import clean_environ, execute

SITE = site_address()


@pytest.fixture
def busy_port() -> Iterator[None]:
    """Keep the port that a Dask cluster takes by default, as a reader's other cluster would."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # by several tests at a time
        with suppress(OSError):  # somebody else has it: just as good
            listener.bind(("127.0.0.1", 8787))
            listener.listen()
        yield


@pytest.fixture
def downloaded(notebooks, address, tmp_path):
    """Return a function that puts a copy of a chapter's notebook alone into a folder.

    The site's address in it becomes the local server's, and nothing else changes.
    """

    def download(name: str) -> Path:
        text = notebooks[name].read_text()
        assert f"site='{SITE}notebooks/'" in text
        folder = tmp_path / "alone"
        folder.mkdir()
        notebook = folder / f"{name}.ipynb"
        notebook.write_text(text.replace(SITE, address))
        return notebook

    return download


def squeeze(text: str) -> str:
    """Return `text` with every run of white space as one space."""
    return " ".join(text.split())


# The build gives BLAS one thread, as kernels run side by side; a reader's machine gives it more.
RUNS = [pytest.param(name, 1, id=name) for name in CHAPTERS]
RUNS.append(pytest.param("calibration", 2, id="calibration, with two threads"))


@pytest.mark.parametrize(("name", "threads"), RUNS)
def test_it_shows_what_the_page_shows(
    name, threads, downloaded, fresh_environment, fonts, busy_port, notebooks, built_site, tmp_path
):
    notebook = downloaded(name)
    # figures in the format of the site's, to compare them
    profile = notebook.parent / ".ipython" / "profile_default"
    profile.mkdir(parents=True)
    shutil.copy(ROOT / "book" / "_ipython" / "ipython_kernel_config.py", profile)
    programs = fresh_environment(tmp_path / "environment", name)
    result = execute(notebook, programs, OPENBLAS_NUM_THREADS=str(threads), **fonts)
    assert result.returncode == 0, result.stderr

    setup, *cells = code_of(nbformat.read(notebook, as_version=4))
    assert "Installing" in shown(setup)[0][1], (
        "the package was there already: the test proves nothing"
    )
    offered = code_of(nbformat.read(notebooks[name], as_version=4))[1:]
    page = BeautifulSoup((built_site / "book" / f"{name}.html").read_text(), "html.parser")
    on_page = squeeze(" ".join(block.get_text() for block in page.select(".cell_output")))
    for cell, twin in zip(cells, offered, strict=True):
        if "varies" in cell.metadata.get("tags", []):  # timings, say
            continue
        assert shown(cell) == shown(twin), cell.source
        for kind, what in shown(cell):
            text = what if isinstance(what, str) else what["text/plain"]
            if kind in ("stdout", "stderr") or "image/svg+xml" not in what:
                assert squeeze(text) in on_page


def run_setup_cell(notebook: Path, programs: Path, folder: Path) -> str:
    """Run the first cell of `notebook` as a script, and return what it prints."""
    cell = code_of(nbformat.read(notebook, as_version=4))[0]
    result = subprocess.run(
        [programs / "python", "-c", cell.source],
        cwd=folder,
        env=clean_environ(programs, home=folder),
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


def test_its_first_cell_is_silent_where_all_is_there(downloaded, fresh_environment, tmp_path):
    notebook = downloaded("index")
    programs = fresh_environment(tmp_path / "environment", "index")
    assert run_setup_cell(notebook, programs, tmp_path).startswith("Installing")
    assert run_setup_cell(notebook, programs, tmp_path) == ""


def test_its_first_cell_offline_says_so_plainly(notebooks, fresh_environment, tmp_path):
    programs = fresh_environment(tmp_path / "environment", "index")
    said = run_setup_cell(notebooks["index"], programs, tmp_path)
    assert "Is there a network?" in said
    assert "crossentropy-" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) == 4
