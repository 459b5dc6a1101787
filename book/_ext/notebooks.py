"""Give every executable chapter a notebook that runs anywhere, and all of them in one archive.

A notebook is written when its page is. It has the page's text as plain Markdown, the chapter's
cells with the outputs that the page shows, and in front a cell that installs what is missing:
the book's package comes from the wheel beside the notebooks, on the site and in the archive.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from functools import cache, partial
from importlib.metadata import packages_distributions
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from urllib.parse import urljoin

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from markdown_writer import MarkdownWriter, quote
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

logger = logging.getLogger(__name__)

FOLDER = "notebooks"  # on the site
FOLDED = "jp-MarkdownHeadingCollapsed"  # to JupyterLab and Notebook 7; elsewhere it does nothing
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
SETUP = """\
# Installs what this notebook needs and does not find. Where nothing is missing, it does nothing.
import importlib.util
import subprocess
import sys
from pathlib import Path


def install_missing(wheel, site, needs):
    needs["crossentropy"] = wheel if Path(wheel).exists() else site + wheel
    missing = [needs[name] for name in needs if importlib.util.find_spec(name) is None]
    if not missing:
        return
    print("Installing", *missing)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--retries=1", *missing]
    pip = subprocess.run(pip, capture_output=True, text=True)
    importlib.invalidate_caches()
    if pip.returncode:
        print("That did not work. Is there a network? Run this cell again when there is one, or")
        print("install by hand what the line above names. The installer said:")
        print(*pip.stderr.strip().splitlines()[-1:])


install_missing(
    wheel={wheel!r},
    site={site!r},
    needs={needs!r},
)"""
README = """\
# {title}: the notebooks

Every executable chapter of the book at {site}, with its outputs.

1. Install what the chapters use, once: `python -m pip install -r requirements.txt`
   (in this folder: the book's own package is the `.whl` file beside this text).
2. Install a notebook viewer if you have none, for example `python -m pip install jupyterlab`.
3. Open the notebooks in this folder, for example with `jupyter lab`.

From then on no network is needed. Text CC BY 4.0, code MIT.
"""


# The package and what the chapters need


@cache
def project(root: Path) -> dict:
    """Return what `pyproject.toml` says."""
    return tomllib.loads((root / "pyproject.toml").read_text())


def chapter_requirements(root: Path) -> dict[str, str]:
    """Return what pyproject's group `chapters` asks for, by the distribution's name."""
    requirements = project(root)["dependency-groups"]["chapters"]
    return {re.match(r"[\w-]+", requirement)[0]: requirement for requirement in requirements}


def wheel_name(root: Path) -> str:
    """Return the file name of the package's wheel."""
    about = project(root)["project"]
    return f"{about['name']}-{about['version']}-py3-none-any.whl"


def build_wheel(root: Path, folder: Path) -> None:
    """Build the package's wheel into `folder`, from a copy: setuptools leaves files behind."""
    with TemporaryDirectory() as copy:
        for name in ("pyproject.toml", "README.md", "LICENSE-CODE"):
            shutil.copy(root / name, copy)
        shutil.copytree(root / "code" / "crossentropy", Path(copy, "code", "crossentropy"))
        command = [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            folder,
            copy,
        ]
        fixed_time = os.environ | {"SOURCE_DATE_EPOCH": "315532800"}  # the same code, the same file
        done = subprocess.run(command, env=fixed_time, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"building the package's wheel failed:\n{done.stdout}{done.stderr}")


def modules_needed(sources: Iterable[str]) -> dict[str, str]:
    """Return the distribution of each module that cells import, less the standard library's."""
    names = set()
    for node in ast.walk(ast.parse("\n".join(sources))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.split(".")[0])
            names.update(["distributed"] if node.module.startswith("dask.distributed") else [])
    known = packages_distributions()
    return {name: known.get(name, [name])[0] for name in sorted(names - sys.stdlib_module_names)}


# From page to notebook


class NotebookWriter:
    """Write one page as the cells of a notebook.

    Parameters
    ----------
    markdown : MarkdownWriter
    executed : NotebookNode
        The chapter as it was executed; the page knows its cells by their index.
    """

    def __init__(self, markdown: MarkdownWriter, executed: nbformat.NotebookNode) -> None:
        self.markdown = markdown
        self.executed = executed
        self.unwritten = [i for i, cell in enumerate(executed.cells) if cell.cell_type == "code"]
        self.cells: list[nbformat.NotebookNode] = []
        self.text: list[str] = []

    def write(self, page: nodes.document) -> list[nbformat.NotebookNode]:
        """Return the cells of `page`."""
        # what stands beside the chapter's section is the theme's: scripts
        self.write_nodes((node for node in page if isinstance(node, nodes.section)), level=0)
        self.end_text()
        self.write_cells_up_to(len(self.executed.cells))
        return self.cells

    def write_nodes(self, children: Iterable[nodes.Node], level: int) -> None:
        """Add `children`, found under a heading of `level`."""
        for node in children:
            if isinstance(node, nodes.section):
                title, *content = node.children
                self.write_heading(title, level + 1)
                self.write_nodes(content, level + 1)
            elif is_code_cell(node):
                self.write_code(node)
            elif is_exercise_node(node):
                title, *content = node.children
                self.write_heading(title, level + 1)
                self.text.append(quote(self.markdown.blocks(content)))
            elif is_solution_node(node):
                self.write_solution(node, level)
            elif any(node.findall(is_code_cell)):
                self.write_nodes(node.children, level)
            else:
                self.text.append(self.markdown.write(node))

    def write_heading(self, title: nodes.Element, level: int, **metadata: object) -> None:
        """Begin a cell with a heading, so that viewers can fold what follows."""
        self.end_text()
        words = " ".join(self.markdown.inline(title.children).split())
        self.text.append(f"{'#' * level} {words}")
        if level == 1:
            page = f"[Read it on the book's site]({self.markdown.page})"
            self.text.append(f"*A chapter to run, from top to bottom. {page}.*")
        if metadata:
            self.end_text(**metadata)

    def write_solution(self, node: nodes.Element, level: int) -> None:
        """Add a solution under a heading of its own, folded where only exercises follow it."""
        title, *content = node.children
        later = node.next_node(descend=False, siblings=True, ascend=False)
        folded = later is None or is_exercise_node(later)
        self.write_heading(title, level + 2, **({FOLDED: True} if folded else {}))
        for part in content:  # sphinx-exercise wraps it in a section without a title
            inside = part.children if isinstance(part, nodes.section) else [part]
            self.write_nodes(inside, level + 2)

    def write_code(self, node: nodes.Element) -> None:
        """Add a cell, then the captions of its figures."""
        self.end_text()
        self.write_cells_up_to(node["cell_index"])
        self.text.extend(map(self.markdown.figure_caption, node.findall(nodes.figure)))

    def write_cells_up_to(self, index: int) -> None:
        """Add the cells that were not added yet: a page may hide some, a notebook needs them."""
        while self.unwritten and self.unwritten[0] <= index:
            cell = self.executed.cells[self.unwritten.pop(0)]
            tags = {"tags": cell.metadata.tags} if "tags" in cell.metadata else {}
            shown = {"outputs": cell.outputs, "execution_count": cell.execution_count}
            self.cells.append(new_code_cell(cell.source, metadata=tags, **shown))

    def end_text(self, **metadata: object) -> None:
        """Make a cell of the text gathered so far."""
        if text := "\n\n".join(filter(None, self.text)):
            self.cells.append(new_markdown_cell(text, metadata=metadata))
        self.text = []


def is_code_cell(node: nodes.Node) -> bool:
    """Return whether `node` is a code cell with its outputs."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def figure_number(app: Sphinx, node: nodes.Element) -> str:
    """Return "Fig. 3" as the page shows it, or ""."""
    numbers = app.builder.fignumbers.get("figure", {})
    number = numbers.get(node["ids"][0], ()) if node["ids"] else ()
    return app.config.numfig_format["figure"] % ".".join(map(str, number)) if number else ""


def equation_number(app: Sphinx, node: nodes.Element) -> str:
    """Return "3" as the page shows it, or ""."""
    return (
        get_node_equation_number(SimpleNamespace(builder=app.builder), node) if node["ids"] else ""
    )


def setup_cell(app: Sphinx, docname: str, sources: Iterable[str]) -> nbformat.NotebookNode:
    """Return the cell that installs what the chapter needs, and check that it is declared."""
    root = Path(app.srcdir)
    declared = chapter_requirements(root)
    needs = {"matplotlib": "matplotlib", "numpy": "numpy"}
    for module, distribution in modules_needed(sources).items():
        if module == "crossentropy":
            continue
        if distribution not in declared:
            logger.warning("%s imports %s, which pyproject's group chapters lacks", docname, module)
        needs[module] = distribution
    site = urljoin(app.config.html_baseurl, f"{FOLDER}/")
    return new_code_cell(SETUP.format(wheel=wheel_name(root), site=site, needs=needs))


def new_notebook_of(app: Sphinx, docname: str, doctree: nodes.document) -> nbformat.NotebookNode:
    """Return the notebook of a page."""
    executed = nbformat.read(executed_path(app, docname), as_version=4)
    site = app.config.html_baseurl
    markdown = MarkdownWriter(
        page=urljoin(site, app.builder.get_target_uri(docname)),
        equation_number=partial(equation_number, app),
        figure_number=partial(figure_number, app),
    )
    sources = [cell.source for cell in executed.cells if cell.cell_type == "code"]
    cells = [setup_cell(app, docname, sources), *NotebookWriter(markdown, executed).write(doctree)]
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i}"  # nbformat's are random: the same chapter, the same file
    return new_notebook(cells=cells, metadata=METADATA)


# Sphinx


def is_executable(app: Sphinx, docname: str) -> bool:
    """Return whether a page has cells to run."""
    return "kernelspec" in app.env.metadata.get(docname, {})


def executed_path(app: Sphinx, docname: str) -> Path:
    """Return where myst-nb keeps the executed chapter."""
    return Path(app.env.mystnb_config.output_folder, f"{docname}.ipynb")


def restore_outputs(app: Sphinx, doctree: nodes.document) -> None:
    """Put the outputs back that myst-nb leaves out of its notebook on a cache hit."""
    if not is_executable(app, app.env.docname):
        return
    path = executed_path(app, app.env.docname)
    notebook = nbformat.read(path, as_version=4)
    with suppress(KeyError):  # not executed by way of the cache
        cached = get_cache(app.config.nb_execution_cache_path)
        _, notebook = cached.merge_match_into_notebook(notebook)
    nbformat.write(notebook, path)


def write_notebook(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Write the page's notebook beside the others."""
    if doctree is None or not is_executable(app, pagename):
        return
    path = Path(app.outdir, FOLDER, Path(pagename).name + ".ipynb")
    path.parent.mkdir(exist_ok=True)
    notebook = new_notebook_of(app, pagename, doctree)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def pack(app: Sphinx, exception: Exception | None) -> None:
    """Complete the folder of notebooks, and archive it."""
    if exception or app.builder.name != "html":
        return
    root, folder = Path(app.srcdir), Path(app.outdir, FOLDER)
    folder.mkdir(exist_ok=True)
    wheel = folder / wheel_name(root)
    chapters = {
        f"{Path(name).name}.ipynb" for name in app.env.found_docs if is_executable(app, name)
    }
    for path in folder.iterdir():
        if path.name not in chapters | {wheel.name}:
            path.unlink()

    sources = [root / "pyproject.toml", *(root / "code" / "crossentropy").glob("*.*")]
    if not wheel.exists() or wheel.stat().st_mtime < max(path.stat().st_mtime for path in sources):
        build_wheel(root, folder)
    requirements = [f"./{wheel.name}", *chapter_requirements(root).values()]
    (folder / "requirements.txt").write_text("\n".join(requirements) + "\n")
    about = README.format(title=app.config.project, site=app.config.html_baseurl)
    (folder / "README.md").write_text(about)

    with zipfile.ZipFile(Path(app.outdir, f"{FOLDER}.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(f"cross-entropy-{FOLDER}/{path.name}")  # dated 1980, every time
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", restore_outputs)
    app.connect("html-page-context", write_notebook)
    app.connect("build-finished", pack)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
