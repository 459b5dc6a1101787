"""A book of two pages, with this repository's settings and package, to build and to break."""

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

from click.testing import CliRunner, Result
from places import ROOT

BUILD = [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-W", "--keep-going"]

TOC = """\
format: jb-book
root: book/index
chapters:
  - file: book/one
"""
INDEX = "(ch-index)=\n# A small book\n\n{ref}`ch-one`\n"
CHAPTER = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
(ch-one)=
# One

```{code-cell} ipython3
from crossentropy import cross_entropy

loss = cross_entropy([0, 1, 0], [0.2, 0.5, 0.3])
print(f"the loss is {loss:.3f}")
```

```{code-cell} ipython3
---
mystnb:
  image:
    alt: "A straight line that rises from zero at the left to one at the right."
---
class Line:
    def __repr__(self):
        return "a line"

    def _repr_svg_(self):
        return '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 9 L9 0"/></svg>'


Line()
```
"""


def write_book(folder: Path) -> None:
    """Write the book into a folder."""
    for name in ("_config.yml", "requirements.txt", "pyproject.toml", "README.md", "LICENSE-CODE"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("book/_ext", "book/_static", "book/_ipython", "code", "tools"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
    (folder / "book" / "references.bib").write_text("")
    (folder / "_toc.yml").write_text(TOC)
    (folder / "book" / "index.md").write_text(INDEX)
    (folder / "book" / "one.md").write_text(CHAPTER)


def build(book: Path) -> subprocess.CompletedProcess:
    """Build as `make book` does, with the kernels importing the copied package."""
    environment = os.environ | {"PYTHONPATH": str(book / "code"), "NO_COLOR": "1"}
    return subprocess.run(
        BUILD, cwd=book, env=environment, capture_output=True, text=True, timeout=300
    )


def build_here(book: Path, builder: str = "html", strict: bool = True) -> Result:
    """Build in this process, by the checkout's extension: quickly, and under coverage's eyes.

    The builder "dummy" writes nothing, which is enough to see what is refused.
    """
    command = ["build", str(book), "--builder", "custom", "--custom-builder", builder]
    environment = {"PYTHONPATH": str(book / "code"), "IPYTHONDIR": "", "OPENBLAS_NUM_THREADS": "1"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what other packages tell their developers
        warnings.filterwarnings("error", module="tutorial")
        from jupyter_book.cli.main import main

        return CliRunner(env=environment).invoke(main, command + ["-W", "--keep-going"] * strict)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
