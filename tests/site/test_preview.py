"""The live preview follows an edit."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from small_book import replace


def wait_for(text: str, address: str, seconds: float = 120) -> None:
    """Return once the page at the address holds the text; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    page = ""
    while text not in page:
        assert time.monotonic() < deadline, f"{address} does not show {text!r}: {page[:200]}"
        time.sleep(0.5)
        with contextlib.suppress(OSError):
            page = urllib.request.urlopen(address, timeout=10).read().decode()


def wait_until_nothing_listens(port: int, seconds: float = 60) -> None:
    """Return once the last process of the server is gone; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    with contextlib.suppress(ConnectionRefusedError):
        while time.monotonic() < deadline:
            socket.create_connection(("127.0.0.1", port)).close()
            time.sleep(0.1)
        raise AssertionError("a process of the server was left behind")


def test_the_live_preview_follows_an_edit(book):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}/book/index.html"
    command = [sys.executable, str(book / "tools" / "serve.py"), str(port)]
    silent = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=book, stdout=silent, stderr=silent)
    try:
        wait_for("A small book", address)
        replace(book / "book" / "index.md", "A small book", "A changed book")
        wait_for("A changed book", address)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)
    assert not (book / "conf.py").exists()
    wait_until_nothing_listens(port)
