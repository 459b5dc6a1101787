"""Write a resolved page as plain Markdown, which every notebook viewer understands.

Sphinx has by now looked up each reference, number and citation, so nothing of MyST is left to
interpret: links lead to the page on the site, equations carry their number, boxes become quotes.
A kind of node that is not known here fails the build rather than leaving a hole in a notebook.
"""

import re
import textwrap
from collections.abc import Callable, Iterable
from urllib.parse import urljoin

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)

# Undocumented, seen in Sphinx 7.4.7: a page is written before its notebook is, and a note without a
# title has one then. The names below are those of classes of nodes: docutils', Sphinx's, and
# "HiddenCellNode" of sphinx-jupyterbook-latex 1.0.0, "dropdown_main" and "dropdown_title" of
# sphinx-design 0.8.0. A node by another name fails the build.
INVISIBLE = {
    "HiddenCellNode",  # a toctree, as is the next
    "compound",
    "comment",
    "index",
    "meta",
    "substitution_definition",
    "system_message",
    "tabular_col_spec",
    "target",
}
TRANSPARENT = {
    "container",
    "glossary",
    "inline",
    "legend",
    "section",
    "abbreviation",
    "title_reference",
}
SPECIAL = re.compile(r"([\\`*$]|(?<!\w)_|_(?!\w)|\](?=[(\[:]))")  # what would start markup in text
LINE_START = re.compile(r"^(\s*\d*)([#>+=-]|(?<=\d)[.)](?=\s))", re.MULTILINE)  # a list, a title
SCRIPTED = re.compile(r"<(script|canvas|input|button|iframe)\b")


def quote(text: str) -> str:
    """Return `text` as a Markdown quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def fence(text: str, language: str = "") -> str:
    """Return `text` as a fenced block, with a fence longer than any inside."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    return f"{'`' * (longest + 1)}{language}\n{text.rstrip()}\n{'`' * (longest + 1)}"


class MarkdownWriter:
    """Turn nodes of one page into Markdown.

    Parameters
    ----------
    page : str
        The page's address on the site; links are resolved against it.
    equation_number, figure_name : callable
        Return "3" and "Fig. 3" for a node as the page shows it, or "".
    """

    def __init__(
        self,
        page: str,
        equation_number: Callable[[nodes.Element], str],
        figure_name: Callable[[nodes.Element], str],
    ) -> None:
        self.page = page
        self.equation_number = equation_number
        self.figure_name = figure_name

    def write(self, node: nodes.Node) -> str:
        """Return `node` as Markdown; "" where it shows nothing."""
        for kind in type(node).__mro__:
            name = kind.__name__
            if name in INVISIBLE:
                return ""
            if name in TRANSPARENT:
                inline = isinstance(node, nodes.Inline | nodes.TextElement)
                return self.inline(node.children) if inline else self.blocks(node.children)
            if method := getattr(self, f"write_{name}", None):
                return str(method(node))
        logger.warning(
            "%s: no Markdown for it in notebooks", node.__class__.__name__, location=node
        )
        return node.astext()

    def inline(self, children: Iterable[nodes.Node]) -> str:
        """Return running text."""
        return "".join(map(self.write, children))

    def blocks(self, children: Iterable[nodes.Node], separator: str = "\n\n") -> str:
        """Return blocks, one after the other."""
        return separator.join(filter(None, map(self.write, children)))

    # Running text

    def write_Text(self, node: nodes.Text) -> str:
        return SPECIAL.sub(r"\\\1", node.astext()).replace("<", "&lt;")

    def write_emphasis(self, node: nodes.Element) -> str:
        return f"*{self.inline(node)}*"

    def write_strong(self, node: nodes.Element) -> str:
        return f"**{self.inline(node)}**"

    def write_literal(self, node: nodes.Element) -> str:
        text = node.astext()
        return f"`` {text} ``" if "`" in text else f"`{text}`"

    def write_subscript(self, node: nodes.Element) -> str:
        return f"<sub>{self.inline(node)}</sub>"

    def write_superscript(self, node: nodes.Element) -> str:
        return f"<sup>{self.inline(node)}</sup>"

    def write_math(self, node: nodes.Element) -> str:
        text = " ".join(node.astext().split())
        if any(isinstance(parent, nodes.entry) for parent in ancestors(node)):
            text = text.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
        return f"${text}$"

    def write_reference(self, node: nodes.Element) -> str:
        if node.children and isinstance(node[0], nodes.image):
            return self.inline(node)
        address = self.address(node)
        if node.astext() == address:
            return f"<{address}>"
        text = self.inline(node)
        before, after = (
            " " if text != stripped else "" for stripped in (text.lstrip(), text.rstrip())
        )
        return f"{before}[{text.strip()}]({address}){after}"

    def write_footnote_reference(self, node: nodes.Element) -> str:
        return f"<sup>[{node.astext()}]({self.address(node)})</sup>"

    def write_line(self, node: nodes.Element) -> str:
        return f"{self.inline(node)}  "

    def address(self, node: nodes.Element) -> str:
        """Return the absolute address that a reference leads to."""
        target: str = node["refuri"] if "refuri" in node else "#" + node["refid"]
        return urljoin(self.page, target)

    # Blocks

    def write_paragraph(self, node: nodes.Element) -> str:
        return LINE_START.sub(r"\1\\\2", self.inline(node).strip())

    def write_caption(self, node: nodes.Element) -> str:
        return self.inline(node).strip()

    def write_title(self, node: nodes.Element) -> str:
        return f"**{' '.join(self.inline(node).split())}**"

    write_rubric = write_title

    def write_math_block(self, node: nodes.Element) -> str:
        text = node.astext().strip()
        if node.get("nowrap"):  # an environment of amsmath, numbered by us rather than by it
            text = re.sub(r"\\(begin|end)\{(align|gather)\*?\}", r"\\\1{\2ed}", text)
        elif r"\\" in text and r"\begin" not in text:
            text = f"\\begin{{aligned}}\n{text}\n\\end{{aligned}}"
        if number := self.equation_number(node):
            text += f" \\tag{{{number}}}"
        return f"$$\n{text}\n$$"

    def write_literal_block(self, node: nodes.Element) -> str:
        language = node.get("language", "")
        return fence(
            node.astext(), "" if language in ("default", "none", "myst-ansi") else language
        )

    def write_bullet_list(self, node: nodes.Element) -> str:
        return "\n".join(self.item("- ", item) for item in node)

    def write_enumerated_list(self, node: nodes.Element) -> str:
        start = node.get("start", 1)
        return "\n".join(self.item(f"{i}. ", item) for i, item in enumerate(node, start))

    def item(self, marker: str, item: nodes.Node) -> str:
        parts = item.children
        text = self.blocks(parts, separator="\n\n" if len(parts) > 1 else "\n")
        return marker + textwrap.indent(text, " " * len(marker))[len(marker) :]

    def write_definition_list(self, node: nodes.Element) -> str:
        return self.blocks(node)

    def write_definition_list_item(self, node: nodes.Element) -> str:
        terms = [child for child in node if isinstance(child, nodes.term)]
        meaning = self.blocks(child for child in node if isinstance(child, nodes.definition))
        return f"**{', '.join(self.inline(term).strip() for term in terms)}**\n\n{quote(meaning)}"

    def write_definition(self, node: nodes.Element) -> str:
        return self.blocks(node)

    def write_block_quote(self, node: nodes.Element) -> str:
        return quote(self.blocks(node))

    def write_attribution(self, node: nodes.Element) -> str:
        return f"-- {self.inline(node)}"

    def write_line_block(self, node: nodes.Element) -> str:
        return self.blocks(node, separator="\n")

    def write_transition(self, node: nodes.Element) -> str:
        return "---"

    def write_footnote(self, node: nodes.Element) -> str:
        label, *content = node.children
        return f"<sup>{label.astext()}</sup> {self.blocks(content)}"

    write_citation = write_footnote

    def write_Admonition(self, node: nodes.Element) -> str:
        """Write every kind of box, exercises among them: a quotation that begins with its title."""
        return quote(self.blocks(node))

    write_topic = write_sidebar = write_Admonition

    def write_image(self, node: nodes.Element) -> str:
        return f"![{node.get('alt', '')}]({urljoin(self.page, node['uri'])})"

    def write_figure(self, node: nodes.Element) -> str:
        image = [child for child in node if not isinstance(child, nodes.caption)]
        return self.blocks(image) + "\n\n" + self.figure_caption(node)

    def figure_caption(self, node: nodes.Element) -> str:
        """Return the caption of a figure, with its number: the picture may be a cell's output."""
        name = self.figure_name(node)
        caption = self.blocks(child for child in node if isinstance(child, nodes.caption))
        return f"**{name}.** {caption}" if name else caption

    def write_table(self, node: nodes.Element) -> str:
        rows = [[self.cell(entry) for entry in row] for row in node.findall(nodes.row)]
        rows.insert(1, ["---"] * len(rows[0]))
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        title = self.blocks(child for child in node if isinstance(child, nodes.title))
        return f"{title}\n\n{table}" if title else table

    def cell(self, entry: nodes.Node) -> str:
        text = self.blocks(entry.children, separator="<br>").replace("\n", " ")
        return re.sub(r"(?<!\\)\|", r"\\|", text)

    def write_dropdown_main(self, node: nodes.Element) -> str:
        return quote(self.blocks(node))

    def write_dropdown_title(self, node: nodes.Element) -> str:
        return f"**{self.inline(node)}**"

    def write_raw(self, node: nodes.Element) -> str:
        """Keep HTML, which Markdown allows, and point to what only the page can show."""
        html = node.astext()
        if node["format"] != "html" or html.startswith(("<!--", "<svg")):
            return ""
        if html.startswith("<br"):
            return "  \n"
        if SCRIPTED.search(html):
            return f"[This part is interactive: try it on the page.]({self.page})"
        return html


def ancestors(node: nodes.Node) -> Iterable[nodes.Node]:
    """Yield the nodes around `node`, from the inside out."""
    while node := node.parent:
        yield node
