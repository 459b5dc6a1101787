"""Fail the build on whatever a reader would meet as a defect, every time it is built.

Sphinx reports a warning only for the pages that it reads, so a second build after a failed one
would pass. Here a build with warnings fails, and forgets the pages that it read, so that the next
one reads them again.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

# Undocumented, seen in Sphinx 7.4.7: `app._warncount`, the warnings so far less the suppressed
# ones; `app.statuscode`; and ENV_PICKLE_FILENAME, where Sphinx remembers the pages that it read.

# In characters. A shorter alternative text names the figure but teaches nothing.
MIN_ALT_LENGTH = 40


def check_alt_texts(app: Sphinx, doctree: nodes.document) -> None:
    """Warn about each image without an alternative text of substance."""
    for image in doctree.findall(nodes.image):
        alt = image.get("alt", "").strip()
        if len(alt) < MIN_ALT_LENGTH:
            logger.warning(
                "image %s: its alt text is %r, expected at least %d characters on what it shows",
                image.get("uri"),
                alt,
                MIN_ALT_LENGTH,
                location=image if image.line else app.env.docname,
            )


def check_every_chapter_is_listed(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn about each chapter that `_toc.yml` does not name."""
    for path in sorted(Path(app.srcdir, "book").glob("*.md")):
        name = f"book/{path.stem}"
        if name not in env.found_docs:
            logger.warning("book/%s is missing from _toc.yml", path.name)


def check_warnings(app: Sphinx, exception: Exception | None) -> None:
    """Fail a build that warned, and make the next build read every page again."""
    if exception or not app._warncount:
        return
    Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink()
    app.statuscode = 1
    logger.error("Build not clean: %d warning(s), listed above; none is allowed", app._warncount)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("doctree-read", check_alt_texts)
    app.connect("env-check-consistency", check_every_chapter_is_listed)
    app.connect("build-finished", check_warnings, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
