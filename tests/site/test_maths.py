"""Formulas are rendered on a busy machine, too."""

import socket
import sys
import threading

import pytest
from places import ROOT


@pytest.fixture
def maths(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    import maths

    yield maths
    sys.modules.pop("maths")


@pytest.fixture
def server(tmp_path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "katex.sock"))
        yield server


def test_a_server_that_does_not_listen_yet_is_waited_for(maths, server):
    with socket.socket(socket.AF_UNIX) as hasty, pytest.raises(ConnectionRefusedError):
        hasty.connect(server.getsockname())
    threading.Timer(0.2, server.listen).start()
    with maths.PatientSocket(socket.AF_UNIX) as patient:
        patient.connect(server.getsockname())


def test_patience_ends(maths, server, monkeypatch):
    monkeypatch.setattr(maths, "PATIENCE", 0.1)
    with maths.PatientSocket(socket.AF_UNIX) as patient, pytest.raises(ConnectionRefusedError):
        patient.connect(server.getsockname())
