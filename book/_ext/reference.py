"""Write a module's reference from its docstrings: `{reference} information`.

Every name in the module's `__all__` appears, in the order of the source, under the name that a
reader imports it by: `crossentropy.entropy`, not `crossentropy.information.entropy`.
"""

import inspect
from importlib import import_module

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import crossentropy


def public_names(module_name: str) -> list[str]:
    """Return the full names of a module's public objects, in the order of the source."""
    module = import_module(f"crossentropy.{module_name}")
    source = inspect.getsource(module)
    found = sorted(module.__all__, key=lambda name: source.index(f" {name}("))
    home = "crossentropy" if set(found) <= set(crossentropy.__all__) else module.__name__
    return [f"{home}.{name}" for name in found]


def markup(full_name: str) -> list[str]:
    """Return the lines that document an object, in reStructuredText inside MyST."""
    home, name = full_name.rsplit(".", 1)
    is_class = inspect.isclass(getattr(import_module(home), name))
    kind, options = ("class", ["   :members:"]) if is_class else ("function", [])
    return ["```{eval-rst}", f".. auto{kind}:: {full_name}", *options, "```", ""]


class Reference(SphinxDirective):
    """Document each public object of one of the package's modules."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        section = nodes.container(classes=["reference"])
        lines = [line for name in public_names(self.arguments[0]) for line in markup(name)]
        self.state.nested_parse(StringList(lines), self.content_offset, section)
        return section.children


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("reference", Reference)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
