"""List the book's exercises of one series with links: `{exercise-list} A`.

The list is made from the exercises that sphinx-exercise has met, so it is complete. It goes by
number: the first numbers belong to exercises that the chapters refer to by name.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode


class exercise_list(nodes.General, nodes.Element):
    """Where the list goes."""


class ExerciseList(SphinxDirective):
    """Mark the place of a list."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        return [exercise_list(series=self.arguments[0])]


def exercises(env: BuildEnvironment, series: str) -> dict[int, tuple[str, str, nodes.Element]]:
    """Return page, label and title of the exercises of a series by number, in its order."""
    found: dict[int, tuple[str, str, nodes.Element]] = {}
    for label, entry in getattr(env, "sphinx_exercise_registry", {}).items():
        title = entry["node"].children[0].children[-1]
        name, _, _ = title.astext().partition(".")
        if entry["type"] == "exercise" and name.startswith(series):
            found[int(name.removeprefix(series))] = entry["docname"], label, title
    return dict(sorted(found.items()))


class FillExerciseLists(SphinxPostTransform):
    """Put the list in its place once all pages are read."""

    default_priority = 25

    def run(self) -> None:
        for place in list(self.document.findall(exercise_list)):
            found = exercises(self.env, place["series"]).values()
            items = [self.item(page, label, title) for page, label, title in found]
            place.replace_self(nodes.bullet_list("", *items, classes=["exercise-list"]))

    def item(self, page: str, label: str, title: nodes.Element) -> nodes.list_item:
        words = [child.deepcopy() for child in title.children]
        chapter = nodes.Text(self.env.titles[page].astext())
        parts = [self.link(page, label, *words), nodes.Text(" · "), self.link(page, "", chapter)]
        return nodes.list_item("", nodes.paragraph("", "", *parts))

    def link(self, page: str, label: str, *words: nodes.Node) -> nodes.reference:
        return make_refnode(self.app.builder, self.env.docname, page, label, list(words))


def refresh(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the pages with a list anew in each build, since any chapter may have changed it."""
    return [page for page in env.found_docs if page == "book/exercises"]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(exercise_list)
    app.add_directive("exercise-list", ExerciseList)
    app.add_post_transform(FillExerciseLists)
    app.connect("env-updated", refresh)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
