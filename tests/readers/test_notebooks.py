"""The notebooks that the site offers, on a machine that has never seen this repository."""
# ruff: noqa: F811 (the fixture `book` is another file's)

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
from types import SimpleNamespace

import jupytext
import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from places import ROOT
from test_build import book, build  # noqa: F401
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


def site_address():
    """Return the address that the build gives the site."""
    from repository import configure

    url = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]["url"]
    config = SimpleNamespace(html_theme_options={"repository_url": url})
    configure(None, config)
    return config.html_baseurl


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


# How they are made

CONSTRUCTS = r"""---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
(ch-one)=
# Code `x` and $x_1$ in a title

Stars \*, \_under\_, \$5, snake_case, 1 < 2, \[no\](link), ``x`y``. A URL https://example.org/a_b,
{ref}`ch-index`, {ref}`words <ch-index>`, {doc}`index`, {numref}`fig-line`, {term}`surprise`.
{eq}`eq-one` and a footnote[^one], **bold *and italic* text**, a hard\
break,
2\\. is no list.

[^one]: The *text* of a note.

:::{note}
A note:

- one
- two
:::

::::{admonition} Own *title*
:class: tip dropdown

Text.

:::{warning}
Nested.
:::
::::

```{math}
:label: eq-one
a = b
```

\begin{align}
a &= b \\\\
c &= d
\end{align}

| Symbol | Meaning |
|--------|---------|
| $\|x\|$ | a \| {ref}`ch-index` |

1. First

   ```python
   x = 1
   ```

2. Second
   - nested

> A quotation.

```{glossary}
surprise
  Minus the logarithm of a probability.
```

```{code-cell} ipython3
:tags: [remove-cell]
hidden = 1
```

```{code-cell} ipython3
---
mystnb:
  figure:
    name: fig-line
    caption: "A line, *of course*, $y = x$."
  image:
    alt: "A straight line that rises from zero at the left to one at the right."
---
import matplotlib.pyplot as plt

plt.plot([0, hidden])
plt.show()
```

```{figure} _static/favicon.svg
:alt: The mark of the book, a falling red curve above a dashed blue one, in a square.

A static figure.
```

:::{dropdown} Fold me
Unfolded text.
:::

## Exercises

````{exercise} A1. First
:label: ex-a1
:nonumber:

What is $x$?
````

````{solution-start} ex-a1
:class: dropdown
````

So it is.

```{code-cell} ipython3
print("sent first", flush=True)
print("sent next", flush=True)
hidden
```

````{solution-end}
````

## Where to go next

On.
""".replace("\\\\", "\\")

SITE = site_address()
WRITTEN = [
    "# Code `x` and $x_1$ in a title",
    r"Stars \*, \_under\_, \$5, snake_case, 1 &lt; 2, [no\](link), `` x`y ``.",
    "A URL <https://example.org/a_b>,",
    f"[A small book]({SITE}book/index.html#ch-index), [words]({SITE}book/index.html#ch-index),",
    f"[Fig. 1]({SITE}book/one.html#fig-line), [surprise]({SITE}book/one.html#term-surprise).",
    f"[(1)]({SITE}book/one.html#equation-eq-one) and a footnote",
    f"a footnote<sup>[1]({SITE}book/one.html#one)</sup>",
    "**bold *and italic* text**, a hard  \nbreak,\n2\\. is no list.",
    "<sup>1</sup> The *text* of a note.",
    "> **Note**\n>\n> A note:\n>\n> - one\n> - two",
    "> **Own *title***\n>\n> Text.\n>\n> > **Warning**\n> >\n> > Nested.",
    "$$\na = b \\tag{1}\n$$",
    "$$\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}",
    f"| $\\vert x\\vert $ | a \\| [A small book]({SITE}book/index.html#ch-index) |",
    "1. First\n\n   ```python\n   x = 1\n   ```\n2. Second\n\n   - nested",
    "\n> A quotation.",
    "**surprise**\n\n> Minus the logarithm of a probability.",
    "**Fig. 1.** A line, *of course*, $y = x$.",
    f"in a square.]({SITE}_images/favicon.svg)\n\n**Fig. 2.** A static figure.",
    "> **Fold me**\n>\n> Unfolded text.",
    "### Exercise A1. First\n\n> What is $x$?",
    f"#### Solution to [Exercise A1. First]({SITE}book/one.html#ex-a1)",
    "So it is.",
]


def test_every_construct_becomes_plain_markdown_and_outputs_survive_the_cache(book):
    (book / "book" / "one.md").write_text(CONSTRUCTS)
    made = book / "_build" / "html" / "notebooks" / "one.ipynb"
    first = build(book)
    assert first.returncode == 0, first.stdout + first.stderr
    content = made.read_bytes()
    notebook = nbformat.read(made, as_version=4)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for expected in WRITTEN:
        assert expected in text
    solution = next(cell for cell in notebook.cells if cell.source.startswith("####"))
    assert solution.metadata["jp-MarkdownHeadingCollapsed"]
    _, *cells = code_of(notebook)
    assert [cell.source.split("\n")[0] for cell in cells] == [
        "hidden = 1",
        "import matplotlib.pyplot as plt",
        'print("sent first", flush=True)',
    ]
    assert [len(cell.outputs) for cell in cells] == [0, 1, 2]
    assert cells[-1].outputs[0].text == "sent first\nsent next\n"
    page = (book / "_build" / "html" / "book" / "one.html").read_text()
    assert "sent first\nsent next\n" in page

    for leftover in ("html", ".doctrees", "jupyter_execute"):
        shutil.rmtree(book / "_build" / leftover)
    second = build(book)
    assert second.returncode == 0, second.stdout + second.stderr
    assert "executed [" not in second.stdout + second.stderr
    assert made.read_bytes() == content


def test_an_undeclared_import_fails_the_build(book):
    page = book / "book" / "one.md"
    page.write_text(page.read_text().replace("loss = cross", "import docutils\nloss = cross"))
    result = build(book)
    assert result.returncode != 0
    assert "book/one imports docutils" in result.stdout + result.stderr


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
        for path in package.glob("*.*"):
            if path.suffix != ".pyc":
                assert archive.read(f"crossentropy/{path.name}") == path.read_bytes()
