"""Each construct of a chapter arrives in its notebook, as plain Markdown."""

import shutil

import nbformat
from places import site_address
from small_book import build

SITE = site_address()

CONSTRUCTS = r"""---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
(ch-one)=
# Code `x` and $x_1$ in a title

Stars \*, \_under\_, \$5, snake_case, 1 < 2, \[no\](link), ``x`y``. A URL https://example.org/a_b,
{ref}`ch-index`, {ref}`words <ch-index>`, {doc}`index`, {numref}`fig-line`, {term}`surprise`.
{eq}`eq-one` and a footnote[^one], **bold *and italic* text**, a hard\
break,
2\\. is no list.

[^one]: The *text* of a note.

:::{note}
A note:

- one
- two
:::

::::{admonition} Own *title*
:class: tip dropdown

Text.

:::{warning}
Nested.
:::
::::

```{math}
:label: eq-one
a = b
```

\begin{align}
a &= b \\\\
c &= d
\end{align}

| Symbol | Meaning |
|--------|---------|
| $\|x\|$ | a \| {ref}`ch-index` |

1. First

   ```python
   x = 1
   ```

2. Second
   - nested

> A quotation.

```{glossary}
surprise
  Minus the logarithm of a probability.
```

```{code-cell} ipython3
:tags: [remove-cell]
hidden = 1
```

```{code-cell} ipython3
---
mystnb:
  figure:
    name: fig-line
    caption: "A line, *of course*, $y = x$."
  image:
    alt: "A straight line that rises from zero at the left to one at the right."
---
import matplotlib.pyplot as plt

plt.plot([0, hidden])
plt.show()
```

```{figure} _static/favicon.svg
:alt: The mark of the book, a falling red curve above a dashed blue one, in a square.

A static figure.
```

:::{dropdown} Fold me
Unfolded text.
:::

## Exercises

````{exercise} A1. First
:label: ex-a1
:nonumber:

What is $x$?
````

````{solution-start} ex-a1
:class: dropdown
````

So it is.

```{code-cell} ipython3
print("sent first", flush=True)
print("sent next", flush=True)
hidden
```

````{solution-end}
````

## Where to go next

On.
""".replace("\\\\", "\\")

WRITTEN = [
    "# Code `x` and $x_1$ in a title",
    r"Stars \*, \_under\_, \$5, snake_case, 1 &lt; 2, [no\](link), `` x`y ``.",
    "A URL <https://example.org/a_b>,",
    f"[A small book]({SITE}book/index.html#ch-index), [words]({SITE}book/index.html#ch-index),",
    f"[Fig. 1]({SITE}book/one.html#fig-line), [surprise]({SITE}book/one.html#term-surprise).",
    f"[(1)]({SITE}book/one.html#equation-eq-one) and a footnote",
    f"a footnote<sup>[1]({SITE}book/one.html#one)</sup>",
    "**bold *and italic* text**, a hard  \nbreak,\n2\\. is no list.",
    "<sup>1</sup> The *text* of a note.",
    "> **Note**\n>\n> A note:\n>\n> - one\n> - two",
    "> **Own *title***\n>\n> Text.\n>\n> > **Warning**\n> >\n> > Nested.",
    "$$\na = b \\tag{1}\n$$",
    "$$\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}",
    f"| $\\vert x\\vert $ | a \\| [A small book]({SITE}book/index.html#ch-index) |",
    "1. First\n\n   ```python\n   x = 1\n   ```\n2. Second\n\n   - nested",
    "\n> A quotation.",
    "**surprise**\n\n> Minus the logarithm of a probability.",
    "**Fig. 1.** A line, *of course*, $y = x$.",
    f"in a square.]({SITE}_images/favicon.svg)\n\n**Fig. 2.** A static figure.",
    "> **Fold me**\n>\n> Unfolded text.",
    "### Exercise A1. First\n\n> What is $x$?",
    f"#### Solution to [Exercise A1. First]({SITE}book/one.html#ex-a1)",
    "So it is.",
]


def test_every_construct_becomes_plain_markdown_and_outputs_survive_the_cache(book):
    (book / "book" / "one.md").write_text(CONSTRUCTS)
    made = book / "_build" / "html" / "notebooks" / "one.ipynb"
    first = build(book)
    assert first.returncode == 0, first.stdout + first.stderr
    content = made.read_bytes()
    notebook = nbformat.read(made, as_version=4)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for expected in WRITTEN:
        assert expected in text
    solution = next(cell for cell in notebook.cells if cell.source.startswith("####"))
    assert solution.metadata["jp-MarkdownHeadingCollapsed"]
    _, *cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source.split("\n")[0] for cell in cells] == [
        "hidden = 1",
        "import matplotlib.pyplot as plt",
        'print("sent first", flush=True)',
    ]
    assert [len(cell.outputs) for cell in cells] == [0, 1, 2]
    assert cells[-1].outputs[0].text == "sent first\nsent next\n"
    page = (book / "_build" / "html" / "book" / "one.html").read_text()
    assert "sent first\nsent next\n" in page

    for leftover in ("html", ".doctrees", "jupyter_execute"):
        shutil.rmtree(book / "_build" / leftover)
    second = build(book)
    assert second.returncode == 0, second.stdout + second.stderr
    assert "executed [" not in second.stdout + second.stderr
    assert made.read_bytes() == content


def test_an_undeclared_import_fails_the_build(book):
    page = book / "book" / "one.md"
    page.write_text(page.read_text().replace("loss = cross", "import docutils\nloss = cross"))
    result = build(book)
    assert result.returncode != 0
    assert "book/one imports docutils" in result.stdout + result.stderr
