"""What the extension takes from other packages, without their promise, is still there.

Where one of these fails after an update, its message names the module of `book/_ext/tutorial` that
no longer works: there a comment that begins with "Undocumented" says what it relies on.
"""

import inspect
from importlib.metadata import version
from pathlib import Path

import pytest
import sphinx_book_theme
import sphinxcontrib.katex as katex
from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import create_nb_reader
from nbformat.v4 import new_code_cell, new_notebook, new_output
from probe import kept
from small_book import build_here, replace, write_book
from sphinx.application import ENV_PICKLE_FILENAME
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

PAGE = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
# One

$$
a = b
$$ (eq-one)

```{figure} _static/favicon.svg
:name: fig-one
:alt: The mark of the book, a falling red curve above a dashed blue one, in a square.

The mark.
```

```{code-cell} ipython3
first = 1
```

Text.

```{code-cell} ipython3
second = 2
```

````{exercise} A1. First
:label: ex-a1
:nonumber:

What?
````

````{solution-start} ex-a1
````

So.

````{solution-end}
````
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """Return Sphinx's application after it has built a page, without executing it."""
    book = tmp_path_factory.mktemp("foreign")
    write_book(book)
    (book / "book" / "one.md").write_text(PAGE)
    (book / "book" / "index.md").write_text("# A small book\n")
    replace(book / "_config.yml", "execute_notebooks: cache", "execute_notebooks: off")
    replace(book / "_config.yml", "    - numpydoc\n", "    - numpydoc\n    - probe\n")
    result = build_here(book, "dirhtml", strict=False)
    assert "build finished" in result.output, result.output
    return kept["app"]


def holds(fact, module, package, what):
    """Assert a fact about a package, on which a module relies."""
    assert fact, f"tutorial/{module} is broken by {package} {version(package)}: {what}"


def test_sphinx_counts_warnings_and_keeps_its_environment_in_a_file(app):
    broken = ("build.py", "sphinx")
    holds(isinstance(getattr(app, "_warncount", None), int), *broken, "no `app._warncount`")
    holds(app._warncount > 0, *broken, "`app._warncount` does not count what it prints")
    holds(app.statuscode == 1, *broken, "`app.statuscode` is not the exit status")
    environment = Path(app.doctreedir, ENV_PICKLE_FILENAME)
    holds(not environment.exists(), *broken, f"another file than {ENV_PICKLE_FILENAME}")


def test_sphinx_numbers_figures_and_equations_by_their_id(app):
    numbers = getattr(app.builder, "fignumbers", {})
    holds(
        numbers.get("figure") == {"fig-one": (1,)}
        and numbers.get("displaymath") == {"equation-eq-one": (1,)},
        *("notebooks/cells.py", "sphinx", "the builder's `fignumbers` are not what they were"),
    )


def test_sphinx_gives_a_page_its_scripts_and_tags(app):
    broken = ("theme.py", "sphinx")
    context = kept["contexts"]["book/one"]
    holds(isinstance(context.get("metatags"), str), *broken, "a page has no `metatags`")
    for kind in ("script_files", "css_files"):
        assert context[kind]
        for asset in context[kind]:
            known = hasattr(asset, "filename") and hasattr(asset, "attributes")
            holds(known, *broken, f"{kind} without `filename` and `attributes`")


def test_the_theme_has_the_template_the_classes_and_the_icons():
    broken = ("theme.py (and its template)", "sphinx-book-theme")
    theme = sphinx_book_theme.get_html_theme_path()
    header = theme / "components" / "article-header-buttons.html"
    holds(header.exists(), *broken, f"no {header.name}")
    holds('class="article-header-buttons"' in header.read_text(), *broken, "another class")
    buttons = (theme / "macros" / "buttons.html").read_text()
    for name in ("dropdown-toggle", "dropdown-menu", "btn__icon-container", "btn__text-container"):
        holds(name in buttons, *broken, f"its buttons have no class {name}")
    for icon in ("logo_binder.svg", "logo_colab.png"):
        holds((theme / "static" / "images" / icon).exists(), *broken, f"no {icon}")


def test_myst_nb_reads_a_notebook_as_it_did(app):
    broken = ("execution.py", "myst-nb")
    for name in ("myst_config", "mystnb_config"):
        holds(hasattr(app.env, name), *broken, f"the environment has no `{name}`")
    arguments = list(inspect.signature(create_nb_reader).parameters)
    expected = ["path", "md_config", "nb_config", "content"]
    holds(arguments == expected, *broken, f"`create_nb_reader` takes {arguments}")
    text = "---\nfile_format: mystnb\n---\n```{code-cell}\n1\n```\n"
    reader = create_nb_reader("one.md", app.env.myst_config, app.env.mystnb_config, text)
    cells = [cell.source for cell in reader.read(text).cells]
    holds(cells == ["1"], *broken, f"`read` finds the cells {cells}")
    plain = create_nb_reader("one.md", app.env.myst_config, app.env.mystnb_config, "# Title\n")
    holds(plain is None, *broken, "`create_nb_reader` takes any page for a notebook")


def test_myst_nb_marks_pages_and_cells_as_it_did(app):
    broken = ("execution.py", "myst-nb")
    with_kernel = {page for page, data in app.env.metadata.items() if "kernelspec" in data}
    holds(with_kernel == {"book/one"}, *broken, "pages with cells have no `kernelspec`")
    cells = [
        node["cell_index"]
        for node in app.env.get_doctree("book/one").findall(nodes.container)
        if node.get("nb_element") == "cell_code"
    ]
    holds(cells == [1, 3], *broken, "code cells are not marked by `nb_element` and `cell_index`")
    notebook = Path(app.env.mystnb_config.output_folder, "book/one.ipynb")
    holds(notebook.exists(), *broken, "the executed notebook is not in `output_folder`")


def test_jupyter_cache_keeps_outputs_as_it_did(tmp_path):
    broken = ("execution.py", "jupyter-cache")
    cache = get_cache(tmp_path)
    source = new_notebook(cells=[new_code_cell("1")])
    try:
        cache.match_cache_notebook(source)
        unknown = False
    except KeyError:
        unknown = True
    holds(unknown, *broken, "`match_cache_notebook` raises no KeyError")
    output = new_output("stream", name="stdout", text="1")
    executed = new_notebook(cells=[new_code_cell("1", execution_count=1, outputs=[output])])
    bundle = CacheBundleIn(executed, "one.md", data={"execution_seconds": 1.0})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    _, merged = cache.merge_match_into_notebook(source)
    holds(merged.cells[0].outputs == [output], *broken, "it does not give outputs back")


def test_sphinx_exercise_registers_and_titles_exercises_as_it_did(app):
    broken = ("exercises.py", "sphinx-exercise")
    registry = getattr(app.env, "sphinx_exercise_registry", {})
    entry = registry.get("ex-a1", {})
    facts = (entry.get("type"), entry.get("docname"))
    holds(facts == ("exercise", "book/one"), *broken, "another `sphinx_exercise_registry`")
    holds(is_exercise_node(entry["node"]), *broken, "it registers no exercise node")
    words = entry["node"].children[0].children[-1].astext()
    holds(words == "A1. First", *broken, "a title does not end in the exercise's name")
    titles = [["Exercise", " (", "A1. First", ")"], ["Solution to", " Exercise (A1. First)"]]
    holds(kept["titles"] == titles, *broken, f"titles are resolved as {kept['titles']}")
    (solution,) = app.env.get_doctree("book/one").findall(is_solution_node)
    holds(
        isinstance(solution.children[1], nodes.section) and len(solution.children) == 2,
        *broken,
        "a solution's content is not in a section",
    )


def test_katex_starts_its_server_as_it_did():
    broken = ("maths.py", "sphinxcontrib-katex")
    server = katex.KaTeXServer
    holds(hasattr(server, "katex_server"), *broken, "no `KaTeXServer.katex_server`")
    arguments = list(inspect.signature(server.start_server_process).parameters)
    expected = ["rundir", "timeout"]
    holds(arguments == expected, *broken, f"`start_server_process` takes {arguments}")
    command = server.build_command(socket="address")
    holds("--socket address" in " ".join(command), *broken, f"the command is {command}")
