"""The book's own Sphinx extension: one module for each system that it has to do with.

Each module says in one comment what it takes from another package without that package's promise,
and in which version that was seen; `tests/site/test_foreign.py` tells which module breaks.
"""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

PARTS = (
    "build",  # Sphinx: warnings, alternative texts and forgotten chapters fail a build
    "addresses",  # GitHub, Binder, Colab: where the repository, the site and a chapter are
    "execution",  # myst-nb and jupyter-cache: run the chapters, side by side and when it matters
    "exercises",  # sphinx-exercise: titles, and the lists of all exercises
    "maths",  # KaTeX: formulas
    "theme",  # sphinx-book-theme: buttons, descriptions, scripts
    "notebooks",  # Jupyter: a notebook for each chapter, and all of them in an archive
)


def setup(app: Sphinx) -> ExtensionMetadata:
    for part in PARTS:
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
