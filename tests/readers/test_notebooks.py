"""The notebooks that the site offers, on a machine that has never seen this repository."""

import http.server
import re
import shutil
import socket
import subprocess
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import jupytext
import nbformat
import pytest
from bs4 import BeautifulSoup
from places import ROOT, site_address
from tools.run_notebooks import CLIENT, execute, make_environment

CHAPTERS = sorted(
    path.stem for path in (ROOT / "book").glob("*.md") if "```{code-cell}" in path.read_text()
)
PLAIN = ("numpy", "matplotlib", "seaborn")
HEAVY = {
    "scipy": r"\bscipy\b",
    "scikit-learn": r"\bsklearn\b",
    "dask": r"\bdask\b",
    "distributed": r"\bdask\b",
}
SITE = site_address()
LOCKED = ("--constraint", str(ROOT / "requirements.txt"))

LEFTOVERS = {
    "a role": r"\{[\w:-]+\}`",
    "a colon fence": r"^:::",
    "a directive": r"```\s*\{",
    "a target": r"^\([\w-]+\)=",
    "a label": r"\$\$\s*\([\w-]+\)",
    "an option": r"^:(label|name|class|nonumber):",
    "an unresolved number": r"%s|\{number\}",
    "a node": r"<(Element|pending_xref|math_block)",
}

# Whatever asks for another machine fails at once, in every process of the environment.
CUT_OFF = """\
import socket

connect, find = socket.socket.connect, socket.getaddrinfo
HERE = ("127.0.0.1", "::1", "localhost")


def connect_here(self, address):
    over_tcp = self.family != socket.AF_UNIX and self.type == socket.SOCK_STREAM
    if over_tcp and address[0] not in HERE:
        raise OSError("the network is cut")
    return connect(self, address)


def find_here(host, *args, **kwargs):
    if host not in (None, "", "0.0.0.0", socket.gethostname(), *HERE):
        raise socket.gaierror("the network is cut")
    return find(host, *args, **kwargs)


socket.socket.connect, socket.getaddrinfo = connect_here, find_here
"""


def source(name):
    """Return the chapter as its author wrote it."""
    return jupytext.read(ROOT / "book" / f"{name}.md")


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def needs_of(name):
    """Return the packages that a chapter's own imports name, besides the plain ones."""
    code = "\n".join(cell.source for cell in code_of(source(name)))
    imports = "\n".join(re.findall(r"^\s*(?:import|from) .*", code, re.MULTILINE))
    return [package for package, pattern in HEAVY.items() if re.search(pattern, imports)]


def shown(cell):
    """Return what a cell's outputs show, with the pieces of a stream joined."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream" and parts and parts[-1][0] == output.name:
            parts[-1] = (output.name, parts[-1][1] + output.text)
        elif output.output_type == "stream":
            parts.append((output.name, output.text))
        else:
            parts.append((output.output_type, dict(output.get("data", output))))
    return parts


@pytest.fixture(scope="module")
def notebooks(built_site):
    return {path.stem: path for path in (built_site / "notebooks").glob("*.ipynb")}


@pytest.fixture(scope="module")
def site(built_site):
    """Serve the built site on a free port of the loopback interface, and return its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    handler = partial(Quiet, directory=str(built_site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def fresh_environment(folder, *packages):
    """Create an environment without the book's package and without a way out."""
    programs = make_environment(folder, *CLIENT, *packages, options=LOCKED)
    site_packages = next(folder.glob("[Ll]ib*/**/site-packages"))
    (site_packages / "sitecustomize.py").write_text(CUT_OFF)
    return programs


@pytest.fixture(scope="module")
def plain_environment(tmp_path_factory):
    """Return the programs of an environment that lacks the book's package."""
    return fresh_environment(tmp_path_factory.mktemp("plain"), *PLAIN)


@pytest.fixture(scope="module")
def fonts(plain_environment, tmp_path_factory):
    """Return a folder with Matplotlib's list of fonts, which it announces on stderr when slow."""
    folder = tmp_path_factory.mktemp("fonts")
    command = [plain_environment / "python", "-c", "import matplotlib.font_manager"]
    subprocess.run(command, env={"MPLCONFIGDIR": str(folder)}, check=True, capture_output=True)
    return {"MPLCONFIGDIR": str(folder)}


@pytest.fixture(scope="module")
def busy_port():
    """Keep the port that a Dask cluster takes by default, as a reader's other cluster would."""
    with socket.socket() as listener:
        with suppress(OSError):  # somebody else has it: just as good
            listener.bind(("127.0.0.1", 8787))
            listener.listen()
        yield


@pytest.fixture(scope="module")
def executed(notebooks, site, fonts, busy_port, tmp_path_factory):
    """Execute a copy of each notebook, alone in a folder, two at a time.

    The site's address in it becomes the local server's, and nothing else changes. The figures are
    drawn in the format of the site's, so that they can be compared.
    """
    base = tmp_path_factory.mktemp("alone")

    def run(name):
        folder = base / name
        folder.mkdir()
        programs = fresh_environment(base / f"{name}-environment", *PLAIN, *needs_of(name))
        text = notebooks[name].read_text()
        assert f"site='{SITE}notebooks/'" in text
        notebook = folder / f"{name}.ipynb"
        notebook.write_text(text.replace(SITE, site))
        profile = folder / ".ipython" / "profile_default"
        profile.mkdir(parents=True)
        shutil.copy(ROOT / "book" / "_ipython" / "ipython_kernel_config.py", profile)
        return name, (notebook, execute(notebook, programs, **fonts))

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(run, notebooks))


# What is in them


def test_every_chapter_with_code_has_a_notebook(notebooks):
    assert sorted(notebooks) == CHAPTERS


@pytest.mark.parametrize("name", CHAPTERS)
def test_notebook_is_valid_and_complete(notebooks, name):
    notebook = nbformat.read(notebooks[name], as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec == {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    setup, *cells = code_of(notebook)
    assert notebook.cells[0] == setup
    assert [cell.source for cell in cells] == [cell.source for cell in code_of(source(name))]
    assert all(cell.execution_count for cell in cells)
    assert any(cell.outputs for cell in cells)


@pytest.mark.parametrize("name", CHAPTERS)
def test_notebook_keeps_nothing_of_myst(notebooks, name):
    notebook = nbformat.read(notebooks[name], as_version=4)
    found = [
        f"{what} in: {cell.source}"
        for cell in notebook.cells
        for what, pattern in LEFTOVERS.items()
        if cell.cell_type == "markdown" and re.search(pattern, cell.source, re.MULTILINE)
    ]
    assert found == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_notebook_says_what_the_page_says(notebooks, built_site, name):
    """Words, headings, equations and figures arrive, whatever the converter has to do for it."""
    page = BeautifulSoup((built_site / "book" / f"{name}.html").read_text(), "html.parser").article
    notebook = nbformat.read(notebooks[name], as_version=4)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for heading in page.find_all(["h1", "h2", "h3"]):
        words = heading.find(string=True).strip()
        assert re.search(rf"^#+ {re.escape(words)}", text, re.MULTILINE), words
    for paragraph in page.select("section > p, li > p, .admonition p"):
        for extra in paragraph.select(".math, .katex, a.headerlink"):
            extra.replace_with(" \0 ")
        for phrase in paragraph.get_text().split("\0"):
            words = [word for word in re.findall(r"[^\W\d_]{3,}", phrase) if word not in "http"]
            assert all(word in text for word in words), f"{words} of {paragraph}"
    assert len(page.select("div.math, .math-block")) == text.count("$$\n") / 2
    figures = sum(
        "image/svg+xml" in o.get("data", {}) for c in code_of(notebook) for o in c.outputs
    )
    assert len(page.select(".cell_output img")) == figures
    captions = [caption.get_text().strip() for caption in page.select("figcaption .caption-number")]
    assert captions == re.findall(r"^\*\*(Fig\. [\d.]+)\.\*\*", text, re.MULTILINE)


# How they run


def squeeze(text):
    """Return `text` with every run of white space as one space."""
    return " ".join(text.split())


@pytest.mark.parametrize("name", CHAPTERS)
def test_notebook_alone_runs_and_shows_what_the_page_shows(executed, notebooks, built_site, name):
    path, result = executed[name]
    assert result.returncode == 0, result.stderr
    setup, *cells = code_of(nbformat.read(path, as_version=4))
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


def test_setup_cell_is_silent_where_all_is_there(executed, notebooks, fonts, tmp_path):
    path, _ = executed["index"]
    programs = path.parent.with_name("index-environment") / "bin"
    copy = Path(shutil.copy(notebooks["index"], tmp_path))
    assert execute(copy, programs, **fonts).returncode == 0
    assert code_of(nbformat.read(copy, as_version=4))[0].outputs == []


def run_setup_cell(notebook, programs, folder):
    """Run the first cell of `notebook` as a script, and return what it prints."""
    cell = code_of(nbformat.read(notebook, as_version=4))[0]
    result = subprocess.run(
        [programs / "python", "-c", cell.source],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


def test_setup_cell_offline_says_so_plainly(notebooks, plain_environment, tmp_path):
    said = run_setup_cell(notebooks["index"], plain_environment, tmp_path)
    assert "Is there a network?" in said
    assert "crossentropy-" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) == 4


def test_archive_holds_everything_once(built_site, notebooks):
    with zipfile.ZipFile(built_site / "notebooks.zip") as archive:
        names = [Path(name).name for name in archive.namelist()]
        folders = {Path(name).parent.as_posix() for name in archive.namelist()}
        requirements = archive.read(f"{next(iter(folders))}/requirements.txt").decode().split()
    assert folders == {"cross-entropy-notebooks"}
    wheel = next(name for name in names if name.endswith(".whl"))
    expected = [f"{name}.ipynb" for name in notebooks] + [wheel, "README.md", "requirements.txt"]
    assert sorted(names) == sorted(expected)
    assert requirements[0] == f"./{wheel}"
    assert {re.split("[><=]", line)[0] for line in requirements[1:]} >= {*PLAIN, *HEAVY}


def test_archive_runs_with_the_network_cut(built_site, fonts, tmp_path):
    with zipfile.ZipFile(built_site / "notebooks.zip") as archive:
        archive.extractall(tmp_path)
    programs = fresh_environment(tmp_path / "environment", *PLAIN)
    notebook = tmp_path / "cross-entropy-notebooks" / "bce-versus-mse.ipynb"
    result = execute(notebook, programs, **fonts)
    assert result.returncode == 0, result.stderr
    setup = code_of(nbformat.read(notebook, as_version=4))[0]
    assert "".join(part[1] for part in shown(setup)).startswith("Installing crossentropy-")


def test_wheel_is_the_package(built_site):
    wheel = next((built_site / "notebooks").glob("*.whl"))
    package = ROOT / "code" / "crossentropy"
    with zipfile.ZipFile(wheel) as archive:
        for path in package.rglob("*.*"):
            if path.suffix != ".pyc":
                name = path.relative_to(package.parent).as_posix()
                assert archive.read(name) == path.read_bytes()
