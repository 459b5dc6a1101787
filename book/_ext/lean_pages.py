"""Leave out of each page the scripts that it never uses.

Jupyter Book brings sphinx-thebe, whose script names a server of its own and declares its
constants twice, even where the book does not offer live cells.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def is_used(asset: Any) -> bool:
    """Return whether a script or style sheet belongs to something other than thebe."""
    return "thebe" not in f"{asset.filename} {asset.attributes.get('body', '')}".lower()


def drop_unused(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Keep only what the page uses among its scripts and style sheets."""
    for kind in ("script_files", "css_files"):
        context[kind] = [asset for asset in context[kind] if is_used(asset)]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", drop_unused, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
