"""What `.binder/` describes opens every chapter as a notebook that runs from top to bottom."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request

import pytest
from places import ROOT
from playwright.sync_api import Error, sync_playwright
from tools.browser import find_browser
from tools.run_notebooks import clean_environ, make_environment

CHAPTERS = sorted(
    path.stem for path in (ROOT / "book").glob("*.md") if "```{code-cell}" in path.read_text()
)
MATHS = ".jp-MarkdownCell .katex, .jp-MarkdownCell mjx-container"
PATIENCE = 120_000  # milliseconds, for one chapter on a busy machine

# Begun in one page, it goes on while another page is opened.
RUN_ALL = """() => {
  const run = async () => {
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
  };
  window.cells = run();
}"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a folder with the repository's files as Binder checks them out."""
    folder = tmp_path_factory.mktemp("binder")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name, follow_symlinks=False)
    return folder


@pytest.fixture(scope="module")
def lab(home, tmp_path_factory):
    """Build what `.binder/` describes, start its JupyterLab, and return the address."""
    base = tmp_path_factory.mktemp("image")
    requirements = ("--require-hashes", "--requirement", str(home / ".binder" / "requirements.txt"))
    programs = make_environment(base / "environment", options=requirements)
    environ = clean_environ(programs, home=home)
    subprocess.run([home / ".binder" / "postBuild"], cwd=home, env=environ, check=True)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token="]
    options += ["--LabApp.expose_app_in_browser=True", "--allow-root"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [programs / "jupyter-lab", *options]
    server = subprocess.Popen(command, cwd=home, env=environ, **quiet)
    address = f"http://127.0.0.1:{port}/"
    try:
        wait_for(f"{address}api")
        yield address
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address):
    for _ in range(300):
        try:
            return urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)


@pytest.fixture(scope="module")
def ran(lab):
    """Open each chapter as Binder's link does, run all its cells, and return them and the maths.

    Two chapters run at a time. One that cannot be opened or run has the error instead.
    """
    results = {}
    with sync_playwright() as playwright:
        arguments = {"executable_path": find_browser(), "args": ["--no-sandbox", "--disable-gpu"]}
        browser = playwright.chromium.launch(**arguments)
        for start in range(0, len(CHAPTERS), 2):
            pages = {}
            for name in CHAPTERS[start : start + 2]:
                # a workspace of its own, or Lab would bring back what the other page shows
                pages[name] = browser.new_context().new_page()
                pages[name].set_default_timeout(PATIENCE)
                try:
                    pages[name].goto(f"{lab}lab/workspaces/{name}/tree/book/{name}.md")
                    pages[name].wait_for_selector(".jp-NotebookPanel .jp-Cell")
                    pages[name].evaluate(RUN_ALL)
                except Error as error:
                    results[name] = error
            for name, page in pages.items():
                try:
                    cells = page.evaluate("() => window.cells")
                    results.setdefault(name, (cells, page.locator(MATHS).count()))
                except Error as error:
                    results.setdefault(name, error)
                page.context.close()
        browser.close()
    return results


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_launched_chapter_is_a_notebook_and_runs(ran, name):
    assert not isinstance(ran[name], Error), ran[name]
    cells, formulas = ran[name]
    written = (ROOT / "book" / f"{name}.md").read_text()
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
