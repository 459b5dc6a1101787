"""Exercises under their own names, and lists of them: `{exercise-list} A`.

sphinx-exercise numbers exercises by their place, or sets the title in parentheses; this book's
keep their names wherever they stand: "Exercise A3. The one-hot banana". A list is made from the
exercises that sphinx-exercise has met, so it is complete. It goes by number: the first numbers
belong to exercises that the chapters refer to by name.
"""

from typing import Any, TypeGuard

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata
from sphinx_exercise.nodes import is_exercise_node, is_extension_node, is_solution_node

# Undocumented, seen in sphinx-exercise 1.2.1: the three functions above; the environment's
# `sphinx_exercise_registry`, {label: {"type", "docname", "node"}}; an exercise's first child is its
# title, which ends, once resolved by transforms of priority 20 to 22, in " (", the name and ")";
# what stands between `solution-start` and `solution-end` is wrapped in a section without a title.
AFTER_TITLES = 25

LISTS = "exercise_lists"  # in a page's metadata


def is_exercise(node: nodes.Node) -> TypeGuard[nodes.Element]:
    """Return whether a node is an exercise: its title, then its text."""
    return bool(is_exercise_node(node))


def is_solution(node: nodes.Node) -> TypeGuard[nodes.Element]:
    """Return whether a node is a solution: its title, then its text."""
    return bool(is_solution_node(node))


def parts_of_solution(node: nodes.Element) -> list[nodes.Node]:
    """Return what a solution holds below its title."""
    parts: list[nodes.Node] = []
    for part in node.children[1:]:
        parts.extend(part.children if isinstance(part, nodes.section) else [part])
    return parts


class NameExercises(SphinxPostTransform):
    """Take the parentheses out of the titles that sphinx-exercise has resolved."""

    default_priority = AFTER_TITLES

    def run(self, **kwargs: Any) -> None:
        for node in self.document.findall(is_extension_node):
            for text in list(node.children[0].findall(nodes.Text)):
                if text == " (":
                    text.parent.replace(text, nodes.Text(" "))
                elif text == ")":
                    text.parent.remove(text)


class exercise_list(nodes.General, nodes.Element):
    """Where the list goes."""


class ExerciseList(SphinxDirective):
    """Mark the place of a list."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][LISTS] = True
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

    default_priority = AFTER_TITLES

    def run(self, **kwargs: Any) -> None:
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
    return [page for page, metadata in env.metadata.items() if LISTS in metadata]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_post_transform(NameExercises)
    app.add_node(exercise_list)
    app.add_directive("exercise-list", ExerciseList)
    app.add_post_transform(FillExerciseLists)
    app.connect("env-updated", refresh)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
