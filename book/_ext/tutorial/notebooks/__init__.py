"""Give every executable chapter a notebook that runs anywhere, and all of them in one archive.

A notebook is written when its page is. It has the page's text as plain Markdown, the chapter's
cells with the outputs that the page shows, and in front a cell that installs what is missing:
the book's package comes from the wheel beside the notebooks, on the site and in the archive.

`cells` makes the notebook, `markdown` its text, `bundle` what lies beside it; the first cell is
`setup_cell.py`.
"""

from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from tutorial.execution import is_executable
from tutorial.notebooks.bundle import ARCHIVE, FOLDER, archive, complete
from tutorial.notebooks.cells import new_notebook_of


def notebook_name(docname: str) -> str:
    """Return the file name of a chapter's notebook."""
    return f"{Path(docname).name}.ipynb"


def write_notebook(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the page's notebook beside the others."""
    if doctree is None or not is_executable(app, pagename):
        return
    path = Path(app.outdir, FOLDER, notebook_name(pagename))
    path.parent.mkdir(exist_ok=True)
    notebook = new_notebook_of(app, pagename, doctree)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def pack(app: Sphinx, exception: Exception | None) -> None:
    """Complete the folder of notebooks, and archive it."""
    if exception or app.builder.name != "html":
        return
    folder = Path(app.outdir, FOLDER)
    chapters = {notebook_name(name) for name in app.env.found_docs if is_executable(app, name)}
    about = {"title": app.config.project, "site": app.config.html_baseurl}
    complete(folder, Path(app.srcdir), chapters, **about)
    archive(folder, Path(app.outdir, ARCHIVE))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", write_notebook)
    app.connect("build-finished", pack)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
