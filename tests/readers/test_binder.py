"""What `.binder/` describes opens every chapter as a notebook that runs from top to bottom."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import BOOK, CHAPTERS, ROOT
from tools.run_notebooks import clean_environ, make_environment
from tools.sources import list_files

MATHS = ".jp-MarkdownCell .katex, .jp-MarkdownCell mjx-container"
PATIENCE = 120_000  # milliseconds, for one chapter on a busy machine

# What a person does with the menu Run, and sees afterwards.
RUN_ALL = """async () => {
  const app = window.jupyterapp;
  await app.restored;
  const notebook = app.shell.currentWidget;
  await notebook.sessionContext.ready;
  await app.commands.execute('notebook:run-all-cells');
  const cells = notebook.content.widgets.filter(cell => cell.model.type === 'code');
  return cells.map(cell => ({
    source: cell.model.sharedModel.getSource(),
    count: cell.model.executionCount,
    outputs: cell.model.outputs.toJSON(),
  }));
}"""


@pytest.fixture(scope="session")
def image(made_once) -> Path:
    """Build what `.binder/` describes; return a folder with the checkout and the environment."""

    def fill(folder: Path) -> None:
        checkout = folder / "checkout"
        for name in list_files():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, checkout / name, follow_symlinks=False)
        lock = str(checkout / ".binder" / "requirements.txt")
        options = ("--require-hashes", "--requirement", lock)
        programs = make_environment(folder / "environment", options=options)
        environ = clean_environ(programs, home=checkout)
        subprocess.run([checkout / ".binder" / "postBuild"], cwd=checkout, env=environ, check=True)

    return made_once("image", fill)


@pytest.fixture(scope="session")
def lab(image, tmp_path_factory) -> Iterator[str]:
    """Start the image's JupyterLab, and return its address."""
    home = tmp_path_factory.mktemp("container") / "home"
    shutil.copytree(image / "checkout", home)
    programs = image / "environment" / "bin"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token="]
    options += ["--LabApp.expose_app_in_browser=True", "--allow-root"]
    server = subprocess.Popen(
        [programs / "jupyter-lab", *options],
        cwd=home,
        env=clean_environ(programs, home=home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        wait_for(f"{address}api")
        yield address
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).read()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_launched_chapter_is_a_notebook_and_runs(lab, browser, name):
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        # a workspace of its own, or Lab would bring back what another page shows
        page.goto(f"{lab}lab/workspaces/{name}/tree/book/{name}.md")
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        cells = page.evaluate(RUN_ALL)
        formulas = page.locator(MATHS).count()
    written = (BOOK / f"{name}.md").read_text()
    assert len(cells) == len(re.findall(r"^```\{code-cell\}", written, re.MULTILINE))
    for cell in cells:
        errors = [output for output in cell["outputs"] if output["output_type"] == "error"]
        assert errors == [], cell["source"]
        assert cell["count"], cell["source"]
    assert formulas > 0 or "$" not in written


def test_the_image_holds_what_chapters_need_and_no_more():
    locked = (ROOT / ".binder" / "requirements.txt").read_text()
    names = set(re.findall(r"^([a-z0-9-]+)==", locked, re.MULTILINE))
    assert {"jupytext", "jupyterlab", "jupyterlab-myst", "numpy", "scikit-learn"} <= names
    assert not names & {"jax", "jaxlib", "optax", "pytest", "playwright", "sphinx", "mypy", "uv"}
    everything = (ROOT / "requirements.txt").read_text()
    for pin in re.findall(r"^\S+==\S+", locked, re.MULTILINE):
        assert re.search(rf"^{re.escape(pin)}\b", everything, re.MULTILINE) or not re.search(
            rf"^{re.escape(pin.split('==')[0])}==", everything, re.MULTILINE
        ), f"{pin} differs from the book's own lock"


def test_binder_finds_only_what_it_knows():
    files = {path.name for path in (ROOT / ".binder").iterdir()}
    assert files == {"requirements.txt", "runtime.txt", "postBuild"}
    assert os.access(ROOT / ".binder" / "postBuild", os.X_OK)
    version = (ROOT / ".binder" / "runtime.txt").read_text().strip()
    assert re.fullmatch(r"python-3\.1[1-3]", version)
