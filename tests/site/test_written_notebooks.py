"""Each construct of a chapter arrives in its notebook, as plain Markdown."""

import importlib.util
import shutil
import subprocess
import zipfile

import nbformat
import pytest
from places import site_address
from small_book import build_here, replace, write_book
from tutorial.notebooks.bundle import build_wheel
from tutorial.notebooks.cells import modules_needed
from tutorial.notebooks.setup_cell import install_missing

SITE = site_address()

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
2\\. is no list. H{sub}`2`O, r{sup}`2`, <kbd>Enter</kbd>, <!-- nothing --> <br>next.

<button>Press me</button>

[![The mark of the book, a red curve above a blue one.](_static/favicon.svg)](https://example.org)

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

$$
a = b \\\\
b = c
$$

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

```{epigraph}
Said well.

-- Somebody
```

```{eval-rst}
| One line,
| the next.
```

```{glossary}
surprise
  Minus the logarithm of a probability.
```

```{code-cell} ipython3
:tags: [remove-cell]
from crossentropy import entropy
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

WRITTEN = [
    "# Code `x` and $x_1$ in a title",
    r"Stars \*, \_under\_, \$5, snake_case, 1 &lt; 2, [no\](link), `` x`y ``.",
    "A URL <https://example.org/a_b>,",
    f"[A small book]({SITE}book/index.html#ch-index), [words]({SITE}book/index.html#ch-index),",
    f"[Fig. 1]({SITE}book/one.html#fig-line), [surprise]({SITE}book/one.html#term-surprise).",
    f"[(1)]({SITE}book/one.html#equation-eq-one) and a footnote",
    f"a footnote<sup>[1]({SITE}book/one.html#one)</sup>",
    "**bold *and italic* text**, a hard  \nbreak,\n2\\. is no list.",
    "is no list. H<sub>2</sub>O, r<sup>2</sup>, <kbd>Enter</kbd>,    \nnext.",
    f"[This part is interactive: try it on the page.]({SITE}book/one.html)",
    f"![The mark of the book, a red curve above a blue one.]({SITE}_images/favicon.svg)\n\n",
    "<sup>1</sup> The *text* of a note.",
    "> **Note**\n>\n> A note:\n>\n> - one\n> - two",
    "> **Own *title***\n>\n> Text.\n>\n> > **Warning**\n> >\n> > Nested.",
    "$$\na = b \\tag{1}\n$$",
    "$$\n\\begin{aligned}\na = b \\\\\nb = c\n\\end{aligned}\n$$",
    "$$\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}",
    f"| $\\vert x\\vert $ | a \\| [A small book]({SITE}book/index.html#ch-index) |",
    "1. First\n\n   ```python\n   x = 1\n   ```\n2. Second\n\n   - nested",
    "\n> A quotation.",
    "> Said well.\n>\n> -- Somebody",
    "One line,  \nthe next.  ",
    "**surprise**\n\n> Minus the logarithm of a probability.",
    "**Fig. 1.** A line, *of course*, $y = x$.",
    f"in a square.]({SITE}_images/favicon.svg)\n\n**Fig. 2.** A static figure.",
    "> **Fold me**\n>\n> Unfolded text.",
    "### Exercise A1. First\n\n> What is $x$?",
    f"#### Solution to [Exercise A1. First]({SITE}book/one.html#ex-a1)",
    "So it is.",
]


@pytest.fixture(scope="module")
def book(made_once):
    """Return the folder of a built book with every construct."""

    def fill(folder):
        write_book(folder)
        (folder / "book" / "one.md").write_text(CONSTRUCTS)
        result = build_here(folder)
        assert result.exit_code == 0, result.output

    return made_once("constructs", fill)


def made(book):
    return book / "_build" / "html" / "notebooks" / "one.ipynb"


@pytest.fixture(scope="module")
def notebook(book):
    return nbformat.read(made(book), as_version=4)


@pytest.mark.parametrize("expected", WRITTEN)
def test_a_construct_becomes_plain_markdown(notebook, expected):
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert expected in text


def test_a_solution_is_folded(notebook):
    solution = next(cell for cell in notebook.cells if cell.source.startswith("####"))
    assert solution.metadata["jp-MarkdownHeadingCollapsed"]


def test_every_cell_arrives_with_its_outputs(book, notebook):
    _, *cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source.split("\n")[0] for cell in cells] == [
        "from crossentropy import entropy",
        "import matplotlib.pyplot as plt",
        'print("sent first", flush=True)',
    ]
    assert [len(cell.outputs) for cell in cells] == [0, 1, 2]
    assert cells[-1].outputs[0].text == "sent first\nsent next\n"
    page = (book / "_build" / "html" / "book" / "one.html").read_text()
    assert "sent first\nsent next\n" in page


def test_outputs_survive_the_cache(book, tmp_path):
    copy = shutil.copytree(book, tmp_path / "copy")
    for leftover in ("html", ".doctrees", "jupyter_execute"):
        shutil.rmtree(copy / "_build" / leftover)
    second = build_here(copy)
    assert second.exit_code == 0, second.output
    assert "executed [" not in second.output
    assert made(copy).read_bytes() == made(book).read_bytes()


def import_undeclared(book):
    replace(book / "book" / "one.md", "hidden = 1\n```", "import docutils\nhidden = 1\n```")


def use_unknown_construct(book):
    replace(book / "book" / "one.md", "On.\n", ":::{hlist}\n- one\n- two\n:::\n")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (import_undeclared, "book/one imports docutils, which pyproject's group chapters lacks"),
        (use_unknown_construct, "hlist: no Markdown for it in notebooks"),
    ],
)
def test_what_no_reader_could_run_or_read_fails_the_build(book, tmp_path, fault, expected):
    copy = shutil.copytree(book, tmp_path / "copy")
    fault(copy)
    result = build_here(copy)
    assert result.exit_code != 0
    assert expected in result.output


def test_the_folder_holds_what_there_is_and_nothing_else(book, tmp_path):
    copy = shutil.copytree(book, tmp_path / "copy")
    folder = copy / "_build" / "html" / "notebooks"
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "README.md"
    assert names[1].endswith(".whl")
    assert names[2:] == ["one.ipynb", "requirements.txt"]
    (folder / "gone.ipynb").write_text("of a chapter that was renamed")
    (copy / "code" / "crossentropy" / "added.py").write_text("")
    assert build_here(copy).exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == names
    with zipfile.ZipFile(folder / names[1]) as wheel:
        assert "crossentropy/added.py" in wheel.namelist()
    with zipfile.ZipFile(folder.with_suffix(".zip")) as archive:
        assert archive.namelist() == [f"cross-entropy-notebooks/{name}" for name in names]


def test_a_wheel_that_cannot_be_built_is_an_error(tmp_path):
    write_book(tmp_path)
    replace(tmp_path / "pyproject.toml", 'version = "', 'version = "no ')
    with pytest.raises(RuntimeError, match="building the package's wheel failed"):
        build_wheel(tmp_path, tmp_path)


# The set-up cell


def test_the_setup_cell_needs_what_the_cells_import():
    cells = [
        "import os, sys\nimport numpy as np",
        "from sklearn.datasets import load_digits\nfrom dask.distributed import Client",
        "from crossentropy.exercises import check",
    ]
    assert modules_needed(cells) == {
        "numpy": "numpy",
        "sklearn": "scikit-learn",
        "dask": "dask",
        "distributed": "distributed",
        "crossentropy": "crossentropy",
    }


def test_the_setup_cell_does_nothing_where_nothing_is_missing(capsys):
    install_missing("crossentropy.whl", "https://example.org/", {"numpy": "numpy"})
    assert capsys.readouterr().out == ""


def test_the_setup_cell_installs_the_package_from_beside_it_or_from_the_site(
    tmp_path, monkeypatch, capsys
):
    asked = []

    def run(command, **options):
        asked.append(command[-1])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    wheel = tmp_path / "some.whl"
    install_missing(str(wheel), "https://example.org/", {})
    wheel.touch()
    install_missing(str(wheel), "https://example.org/", {})
    assert asked == [f"https://example.org/{wheel}", str(wheel)]
    assert capsys.readouterr().out.split() == ["Installing", asked[0], "Installing", asked[1]]


def test_the_setup_cell_says_what_the_installer_said(tmp_path, capsys):
    wheel = tmp_path / "broken-1-py3-none-any.whl"
    wheel.touch()
    install_missing(str(wheel), "", {"no_such_module": str(wheel)})
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"Installing {wheel}"
    assert said[1].startswith("That did not work. Is there a network?")
    assert said[-1].startswith("ERROR: ")
