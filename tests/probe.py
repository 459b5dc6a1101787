"""A Sphinx extension that keeps what a build leaves behind, for tests to look at."""

from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import is_extension_node
from tutorial.exercises import AFTER_TITLES

kept = {}


class KeepTitles(SphinxPostTransform):
    """Keep the titles of exercises as sphinx-exercise leaves them."""

    default_priority = AFTER_TITLES - 1

    def run(self, **kwargs):
        kept["titles"] += [
            [part.astext() for part in node.children[0].children]
            for node in self.document.findall(is_extension_node)
        ]


def keep_context(app, pagename, templatename, context, doctree):
    kept["contexts"][pagename] = context


def setup(app):
    kept.update(app=app, titles=[], contexts={})
    app.add_post_transform(KeepTitles)
    app.connect("html-page-context", keep_context)
