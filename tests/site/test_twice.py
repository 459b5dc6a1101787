"""Two builds of one book in two folders give the same site, byte by byte."""

import shutil

import pytest
from small_book import build, write_book
from tools.twice import differences

CHAPTER = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
(ch-two)=
# Two

The loss $\\ell = -\\ln q$ of three guesses is in {eq}`eq-loss` and {ref}`fig-loss`.

$$
\\ell = -\\ln q
$$ (eq-loss)

| guess | loss  |
|------:|------:|
|   0.5 | 0.693 |

```{code-cell} ipython3
import time

import matplotlib.pyplot as plt
from crossentropy import surprisal

plt.style.use("crossentropy.book")
```

```{code-cell} ipython3
---
mystnb:
  figure:
    name: fig-loss
    caption: "The loss of three guesses falls as their probability rises."
  image:
    alt: "A line that falls from 2.3 at a probability of 0.1 to 0.1 at a probability of 0.9."
---
fig, ax = plt.subplots()
ax.plot([0.1, 0.5, 0.9], surprisal([0.1, 0.5, 0.9]), label=r"$-\\ln q$")
ax.legend()
plt.show()
```

```{code-cell} ipython3
---
tags: [varies]
mystnb:
  image:
    alt: "A point at the time of the build, which nobody can know before it is drawn."
---
now = time.time_ns()
fig, ax = plt.subplots()
ax.plot([now % 1_000_003], "o")
plt.show()
```

## Exercises

````{exercise} A1. A guess
:label: ex-a1
:nonumber:

What is the loss of 0.5?
````

````{solution-start} ex-a1
:class: dropdown
````

It is 0.693.

````{solution-end}
````
"""


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Build one book in two folders, and return the two sites."""
    built = []
    for name in ("one", "the-other/deeper"):
        folder = tmp_path_factory.mktemp("books") / name
        folder.mkdir(parents=True)
        write_book(folder)
        with (folder / "_toc.yml").open("a") as toc:
            toc.write("  - file: book/two\n")
        (folder / "book" / "two.md").write_text(CHAPTER)
        result = build(folder)
        assert result.returncode == 0, result.stdout + result.stderr
        built.append(folder / "_build" / "html")
    return built


def test_nothing_differs_but_what_varies(sites):
    assert differences(*sites) == []


def test_what_varies_has_varied(sites):
    for name in ("book/two.html", "notebooks/two.ipynb", "notebooks.zip"):
        one, other = ((site / name).read_bytes() for site in sites)
        assert one != other, name


def test_what_differs_without_the_tag_is_named(sites, tmp_path):
    untagged = []
    for site in sites:
        copy = tmp_path / str(len(untagged))
        shutil.copytree(site, copy)
        for name, tag in {"book/two.html": "tag_varies", "notebooks/two.ipynb": '"varies"'}.items():
            page = copy / name
            page.write_text(page.read_text().replace(tag, '"other"'))
        untagged.append(copy)
    (untagged[0] / "more.txt").touch()
    named = differences(*untagged)
    assert [name for name in named if not name.startswith("_images/")] == [
        "book/two.html",
        "more.txt",
        "notebooks/two.ipynb",
    ]
    assert len(named) == 5  # and the picture of either
