"""Describe each page to search engines and link previews by its own first paragraph."""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

LONGEST = 300  # characters: what search engines show of a description at the most


def describe(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Add the description and the preview's title to the head of a page that has text."""
    paragraph = next(doctree.findall(nodes.paragraph), None) if doctree else None
    if paragraph is None:
        return
    text = " ".join(paragraph.astext().split())
    if len(text) > LONGEST:
        text = text[:LONGEST].rsplit(" ", 1)[0] + " …"
    tags = {"description": text, "og:title": context.get("title", ""), "og:description": text}
    for name, content in tags.items():
        attribute = "property" if name.startswith("og:") else "name"
        tag = f'<meta {attribute}="{name}" content="{escape(content)}">'
        context["metatags"] = context.get("metatags", "") + "\n" + tag


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
