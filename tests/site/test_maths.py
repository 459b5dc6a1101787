"""Formulas are rendered on a busy machine, too."""

import os
import sys
from pathlib import Path

import pytest
import sphinxcontrib.katex as katex
from small_book import build_here
from tutorial.maths import PatientServer

# Takes its address at once and listens after a while, as Node.js does where it has to share.
SLOW_SERVER = """\
#!{python}
import os, pathlib, socket, sys, time

pathlib.Path("{pid}").write_text(str(os.getpid()))
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[sys.argv.index("--socket") + 1])
time.sleep({pause})
server.listen()
time.sleep(60)
pathlib.Path("{pid}").write_text("ended by itself")
"""


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Return a function that starts a server which, in place of Node.js, pauses before it listens.

    It returns the server's process and a connection.
    """

    def start(pause, timeout):
        program, pid = tmp_path / "node", tmp_path / "pid"
        program.write_text(SLOW_SERVER.format(python=sys.executable, pause=pause, pid=pid))
        program.chmod(0o755)
        monkeypatch.setattr(katex, "NODEJS_BINARY", str(program))
        return PatientServer.start_server_process(tmp_path, timeout)

    return start


def test_a_server_that_does_not_listen_yet_is_waited_for(start):
    process, connection = start(pause=1, timeout=60)
    assert connection.getpeername().endswith("katex.sock")
    connection.close()
    process.kill()
    process.communicate()


def test_patience_ends_and_leaves_no_process_behind(start, tmp_path):
    with pytest.raises(ConnectionRefusedError):
        start(pause=60, timeout=5)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_build_starts_the_patient_server_and_no_other(book, monkeypatch):
    def refuse(rundir: Path, timeout: float):
        raise AssertionError("sphinxcontrib-katex has started its own server")

    monkeypatch.setattr(katex.KaTeXServer, "start_server_process", refuse)
    monkeypatch.setattr(katex.KaTeXServer, "katex_server", None)
    (book / "book" / "one.md").write_text("(ch-one)=\n# One\n\n$\\hat p$\n\n$$\na = b\n$$\n")
    result = build_here(book, "dirhtml")
    assert result.exit_code == 0, result.output
    page = (book / "_build" / "dirhtml" / "book" / "one" / "index.html").read_text()
    assert page.count('<span class="katex">') == 2
    assert katex.STARTUP_TIMEOUT == katex.RENDER_TIMEOUT == 60
