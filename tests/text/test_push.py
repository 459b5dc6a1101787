"""Pushing what a workflow has made. The notebooks' own test is with the buttons that open them."""

import base64
import http.server
import os
import subprocess
import threading
from pathlib import Path

import pytest
from places import ROOT

LOCK = ("requirements.txt", ".binder/requirements.txt")


def git(*arguments: str, cwd: Path) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True).stdout


def push_lock(checkout: Path, remote: str | Path, **environ: str) -> subprocess.CompletedProcess:
    """Push the lock as a workflow does, which has no terminal to ask for a password."""
    command = ["sh", ROOT / "tools" / "push.sh", "lock", remote]
    environ = os.environ | {"GIT_TERMINAL_PROMPT": "0"} | environ
    return subprocess.run(command, cwd=checkout, env=environ, capture_output=True, text=True)


@pytest.fixture
def checkout(tmp_path):
    """Return a checkout of one commit that holds a lock."""
    folder = tmp_path / "checkout"
    (folder / ".binder").mkdir(parents=True)
    for name in (*LOCK, "other"):
        (folder / name).write_text("old\n")
    git("init", "--quiet", cwd=folder)
    git("add", ".", cwd=folder)
    git("commit", "--quiet", "-m", "One", cwd=folder)
    return folder


@pytest.fixture
def remote(tmp_path):
    git("init", "--quiet", "--bare", "remote", cwd=tmp_path)
    return tmp_path / "remote"


def test_a_new_lock_is_one_commit_on_top(checkout, remote):
    for text in ("new\n", "newer\n"):  # the second push replaces the first
        for name in (*LOCK, "other"):
            (checkout / name).write_text(text)
        assert push_lock(checkout, remote).returncode == 0
    assert git("rev-parse", "lock^", cwd=remote) == git("rev-parse", "HEAD", cwd=checkout)
    changed = git("diff", "--name-only", "lock^", "lock", cwd=remote).split()
    assert sorted(changed) == sorted(LOCK)
    assert git("show", "lock:requirements.txt", cwd=remote) == "newer\n"
    assert git("status", "--porcelain", cwd=checkout).count(" M ") == 3  # the index is as it was


def test_an_old_lock_is_not_pushed(checkout, remote):
    (checkout / "other").write_text("new\n")
    assert push_lock(checkout, remote).returncode == 0
    assert git("branch", "--all", cwd=remote) == ""


class Gate(http.server.BaseHTTPRequestHandler):
    """A server that asks whoever comes for a password, and lets nobody in."""

    def do_GET(self):
        self.server.seen.append(self.headers["Authorization"])
        self.send_response(401)
        self.send_header("WWW-Authenticate", "Basic realm=gate")
        self.end_headers()

    def log_message(self, *args):
        pass


def test_a_workflow_shows_its_token_when_asked(checkout):
    (checkout / "requirements.txt").write_text("new\n")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gate) as server:
        server.seen = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/remote"
        result = push_lock(checkout, address, GITHUB_TOKEN="a-token")
        server.shutdown()
    assert result.returncode != 0
    assert "a-token" not in result.stdout + result.stderr
    assert server.seen[0] is None
    kind, credentials = server.seen[1].split()
    assert kind == "Basic"
    assert base64.b64decode(credentials) == b"x-access-token:a-token"
