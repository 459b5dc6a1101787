"""From a page to the cells of its notebook."""

import ast
import sys
from collections.abc import Iterable
from functools import partial
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import cast
from urllib.parse import urljoin

import nbformat
from docutils import nodes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import logging

from tutorial.execution import cell_index, executed_path, is_code_cell
from tutorial.exercises import is_exercise, is_solution, parts_of_solution
from tutorial.notebooks.bundle import FOLDER, chapter_requirements, wheel_name
from tutorial.notebooks.markdown import MarkdownWriter, quote

logger = logging.getLogger(__name__)

# Undocumented, seen in Sphinx 7.4.7: the HTML builder's `fignumbers`, {kind: {id: numbers}}.

FOLDED = "jp-MarkdownHeadingCollapsed"  # to JupyterLab and Notebook 7; elsewhere it does nothing
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
SETUP = Path(__file__).with_name("setup_cell.py")


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
            elif is_exercise(node):
                title, *content = node.children
                self.write_heading(title, level + 1)
                self.text.append(quote(self.markdown.blocks(content)))
            elif is_solution(node):
                self.write_solution(node, level)
            else:
                self.text.append(self.markdown.write(node))

    def write_heading(self, title: nodes.Node, level: int, **metadata: object) -> None:
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
        later = node.next_node(descend=False, siblings=True, ascend=False)
        folded = later is None or is_exercise(later)
        self.write_heading(node.children[0], level + 2, **({FOLDED: True} if folded else {}))
        self.write_nodes(parts_of_solution(node), level + 2)

    def write_code(self, node: nodes.Element) -> None:
        """Add a cell, then the captions of its figures."""
        self.end_text()
        self.write_cells_up_to(cell_index(node))
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


def number(app: Sphinx, kind: str, node: nodes.Element) -> str:
    """Return the number of a figure or an equation, as the page shows it, or ""."""
    numbers = cast(StandaloneHTMLBuilder, app.builder).fignumbers.get(kind, {})
    found = numbers.get(node["ids"][0], ()) if node["ids"] else ()
    return ".".join(map(str, found))


def figure_name(app: Sphinx, node: nodes.Element) -> str:
    """Return "Fig. 3" as the page shows it, or ""."""
    found = number(app, "figure", node)
    return str(app.config.numfig_format["figure"] % found) if found else ""


def modules_needed(sources: Iterable[str]) -> dict[str, str]:
    """Return the distribution of each module that cells import, less the standard library's."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse("\n".join(sources))):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module)
    names = {module.split(".")[0] for module in imported}
    if any(module.startswith("dask.distributed") for module in imported):
        names.add("distributed")
    known = packages_distributions()
    return {name: known.get(name, [name])[0] for name in sorted(names - sys.stdlib_module_names)}


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
    arguments = {
        "wheel": wheel_name(root),
        "site": urljoin(app.config.html_baseurl, f"{FOLDER}/"),
        "needs": needs,
    }
    lines = [f"    {name}={value!r},\n" for name, value in arguments.items()]
    call = f"install_missing(\n{''.join(lines)})"
    cell: nbformat.NotebookNode = new_code_cell(f"{SETUP.read_text()}\n\n{call}")
    return cell


def new_notebook_of(app: Sphinx, docname: str, doctree: nodes.document) -> nbformat.NotebookNode:
    """Return the notebook of a page."""
    executed = nbformat.read(executed_path(app, docname), as_version=4)
    site = app.config.html_baseurl
    markdown = MarkdownWriter(
        page=urljoin(site, app.builder.get_target_uri(docname)),
        equation_number=partial(number, app, "displaymath"),
        figure_name=partial(figure_name, app),
    )
    sources = [cell.source for cell in executed.cells if cell.cell_type == "code"]
    cells = [setup_cell(app, docname, sources), *NotebookWriter(markdown, executed).write(doctree)]
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i}"  # nbformat's are random: the same chapter, the same file
    notebook: nbformat.NotebookNode = new_notebook(cells=cells, metadata=METADATA)
    return notebook
