"""Write an exercise's own name in its title: "Exercise A3. The one-hot banana".

sphinx-exercise numbers exercises by their place, or sets the title in parentheses; this book's
exercises keep their names wherever they stand.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import is_extension_node


class NameExercises(SphinxPostTransform):
    """Take the parentheses out of the titles that sphinx-exercise has resolved."""

    default_priority = 25  # after sphinx-exercise's own transforms, which end at 22

    def run(self) -> None:
        for node in self.document.findall(is_extension_node):
            for text in list(node.children[0].findall(nodes.Text)):
                if text == " (":
                    text.parent.replace(text, nodes.Text(" "))
                elif text == ")":
                    text.parent.remove(text)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_post_transform(NameExercises)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
