"""The build refuses what a reader would meet as a defect, the first time and every time after."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from small_book import build, replace


def add_failing_cell(book: Path) -> None:
    replace(book / "book" / "one.md", "loss = cross", "raise ArithmeticError\nloss = cross")


def add_broken_reference(book: Path) -> None:
    replace(book / "book" / "one.md", "# One\n", "# One\n\nSee {ref}`ch-nowhere`.\n")


def remove_alt_text(book: Path) -> None:
    replace(book / "book" / "one.md", "A straight line that rises from zero at the left", "Plot")


def add_image_without_alt(book: Path) -> None:
    replace(book / "book" / "one.md", "# One\n", "# One\n\n![](_static/favicon.svg)\n")


def leave_chapter_out_of_toc(book: Path) -> None:
    (book / "book" / "two.md").write_text("# Two\n\nNobody finds this page.\n")


def break_package(book: Path) -> None:
    replace(book / "book" / "one.md", "print(f", "assert round(loss, 3) == 0.693\nprint(f")
    with (book / "code" / "crossentropy" / "__init__.py").open("a") as module:
        module.write("\n\ndef cross_entropy(p, q):\n    return 1.0\n")


FAULTS = {
    add_failing_cell: "ArithmeticError",
    add_broken_reference: "ch-nowhere",
    remove_alt_text: "alt text",
    add_image_without_alt: "alt text",
    leave_chapter_out_of_toc: "book/two.md is missing from _toc.yml",
    break_package: "AssertionError",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_fails_a_clean_build_and_the_next(book, fault):
    fault(book)
    for attempt in ("clean", "second"):
        result = build(book)
        assert result.returncode != 0, f"the {attempt} build passed"
        assert FAULTS[fault] in result.stdout + result.stderr, f"the {attempt} build is silent"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_fails_a_build_after_a_good_one(book, fault):
    good = build(book)
    assert good.returncode == 0, good.stdout + good.stderr
    fault(book)
    for attempt in ("first", "second"):
        result = build(book)
        assert result.returncode != 0, f"the {attempt} build after the fault passed"
        assert FAULTS[fault] in result.stdout + result.stderr, f"the {attempt} build is silent"


def test_a_changed_package_is_executed_again(book):
    page = book / "_build" / "html" / "book" / "one.html"
    assert build(book).returncode == 0
    assert "the loss is 0.693" in page.read_text()
    with (book / "code" / "crossentropy" / "__init__.py").open("a") as module:
        module.write("\n\ndef cross_entropy(p, q):\n    return 1.0\n")
    assert build(book).returncode == 0
    assert "the loss is 1.000" in page.read_text()


def test_an_unchanged_book_is_not_executed_again(book):
    assert build(book).returncode == 0
    result = build(book)
    assert result.returncode == 0
    assert "Executing notebook" not in result.stdout + result.stderr


def test_a_repaired_book_builds(book):
    leave_chapter_out_of_toc(book)
    assert build(book).returncode != 0
    (book / "book" / "two.md").unlink()
    assert build(book).returncode == 0


def wait_for(text: str, address: str, seconds: float = 120) -> None:
    """Return once the page at the address holds the text; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    page = ""
    while text not in page:
        assert time.monotonic() < deadline, f"{address} does not show {text!r}: {page[:200]}"
        time.sleep(0.5)
        with contextlib.suppress(OSError):
            page = urllib.request.urlopen(address, timeout=10).read().decode()


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
