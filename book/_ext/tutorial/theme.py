"""The theme's pages: buttons to run and download a chapter, descriptions, no unused script.

The buttons are a template of our own, `templates/chapter-buttons.html`, which includes the theme's;
`_config.yml` puts it into the header.
"""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from tutorial.addresses import binder_address, colab_address
from tutorial.execution import is_executable
from tutorial.notebooks import notebook_name
from tutorial.notebooks.bundle import ARCHIVE, FOLDER

# Undocumented, seen in Sphinx 7.4.7: a page's `metatags`, and the `filename` and `attributes` of
# its scripts and style sheets. Seen in sphinx-book-theme 1.3.0, for the template: the file
# `article-header-buttons.html`, the classes of its buttons, the icons of Binder and Colab.

LONGEST = 300  # characters: what search engines show of a description at the most


def offer(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell the template what it offers of a page that has cells to run."""
    if doctree is None or not is_executable(app, pagename):
        return
    context["launches"] = {
        "Binder": (binder_address(app.config, pagename), "_static/images/logo_binder.svg"),
        "Colab": (colab_address(app.config, pagename), "_static/images/logo_colab.png"),
    }
    context["downloads"] = {
        "Notebook (.ipynb)": f"{FOLDER}/{notebook_name(pagename)}",
        "All notebooks (.zip)": ARCHIVE,
    }


def describe(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Describe a page to search engines and link previews by its own first paragraph."""
    paragraph = next(doctree.findall(nodes.paragraph), None) if doctree else None
    if paragraph is None:
        return
    text = " ".join(paragraph.astext().split())
    if len(text) > LONGEST:
        text = text[:LONGEST].rsplit(" ", 1)[0] + " …"
    title = app.env.titles[pagename].astext()
    tags = {"description": text, "og:title": title, "og:description": text}
    for name, content in tags.items():
        attribute = "property" if name.startswith("og:") else "name"
        tag = f'<meta {attribute}="{name}" content="{escape(content)}">'
        context["metatags"] = context.get("metatags", "") + "\n" + tag


def is_used(asset: Any) -> bool:
    """Return whether a script or style sheet belongs to something other than thebe."""
    return "thebe" not in f"{asset.filename} {asset.attributes.get('body', '')}".lower()


def drop_unused(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Leave out of a page the scripts and style sheets that it never uses.

    Jupyter Book brings sphinx-thebe, whose script names a server of its own and declares its
    constants twice, even where the book does not offer live cells.
    """
    for kind in ("script_files", "css_files"):
        context[kind] = [asset for asset in context[kind] if is_used(asset)]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", offer)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", drop_unused, priority=900)  # the theme adds some at 500
    return {"parallel_read_safe": True, "parallel_write_safe": True}
