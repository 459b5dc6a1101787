"""List the book's exercises of one series with links: `{exercise-list} A`.

The list is made from the exercises that sphinx-exercise has met, chapter by chapter in reading
order, so it is complete.
"""

from collections.abc import Iterator

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


def reading_order(env: BuildEnvironment, page: str) -> Iterator[str]:
    """Yield a page and those below it in the tables of contents, in reading order."""
    yield page
    for child in env.toctree_includes.get(page, []):
        yield from reading_order(env, child)


def exercises(env: BuildEnvironment) -> dict[str, dict[str, nodes.Element]]:
    """Return the titles of the exercises by page and label."""
    found: dict[str, dict[str, nodes.Element]] = {
        page: {} for page in reading_order(env, env.config.root_doc)
    }
    for label, entry in getattr(env, "sphinx_exercise_registry", {}).items():
        if entry["type"] == "exercise":
            title, *_ = entry["node"].children
            found[entry["docname"]][label] = title.children[-1]
    return found


class FillExerciseLists(SphinxPostTransform):
    """Put the list in its place once all pages are read."""

    default_priority = 25

    def run(self) -> None:
        for place in list(self.document.findall(exercise_list)):
            place.replace_self(self.table_of(place["series"]))

    def table_of(self, series: str) -> nodes.definition_list:
        table = nodes.definition_list(classes=["exercise-list"])
        for page, titles in exercises(self.env).items():
            chosen = {
                label: title for label, title in titles.items() if title.astext().startswith(series)
            }
            if not chosen:
                continue
            heading = nodes.Text(self.env.titles[page].astext())
            items = nodes.bullet_list(
                "", *(self.item(page, label, title) for label, title in chosen.items())
            )
            table += nodes.definition_list_item(
                "",
                nodes.term("", "", self.link(page, "", heading)),
                nodes.definition("", items),
            )
        return table

    def item(self, page: str, label: str, title: nodes.Element) -> nodes.list_item:
        words = [child.deepcopy() for child in title.children]
        return nodes.list_item("", nodes.paragraph("", "", self.link(page, label, *words)))

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
