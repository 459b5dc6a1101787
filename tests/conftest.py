"""Settings and fixtures that tests of several rooms share."""

import functools
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from places import ROOT
from playwright.sync_api import Browser, sync_playwright
from tools.browser import find_browser

# The same examples on every run and machine, so that a failure in CI is a failure at home, by the
# same command: Hypothesis also draws numbers that it finds in the modules that are loaded, so that
# one file alone may have others. HYPOTHESIS_PROFILE=explore draws new ones.
settings.register_profile(
    "repeatable", derandomize=True, database=None, deadline=None, max_examples=16
)
settings.register_profile("explore", database=None, deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


# A run of minutes names what fails when it fails, not only in its last lines.


class FailuresAtOnce:
    def __init__(self, terminal):
        self.terminal = terminal

    def pytest_runtest_logreport(self, report):
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            reason = f": {crash.message.splitlines()[0]}" if crash else ""
            self.terminal.write(f"\nFAILED {report.nodeid}{reason}\n", red=True)


@pytest.hookimpl(trylast=True)  # when there is a terminal
def pytest_configure(config):
    # The processes that test for another have no terminal. One that names every test needs no more.
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal and terminal.verbosity == 0:
        config.pluginmanager.register(FailuresAtOnce(terminal))


# What is dear is made once, however many processes test side by side.


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, worker_id) -> Callable[[str, Callable[[Path], object]], Path]:
    """Return a function that has a folder filled by the process that comes first.

    The others wait for it, and all get the folder. Where filling it failed, it fails for all.
    """
    run = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        run = run.parent

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder, failure = run / name, run / f"{name}.failure"
        with FileLock(run / f"{name}.lock"):
            if failure.exists():
                pytest.fail(f"{name} failed before: {failure.read_text()}")
            if not folder.exists():
                folder.mkdir()
                try:
                    fill(folder)
                except BaseException as error:
                    failure.write_text(str(error))
                    raise
        return folder

    return make


@pytest.fixture(scope="session")
def built_site(made_once) -> Path:
    """Build the book as `make book` does, and return the folder of its pages."""
    build = ROOT / "_build"

    def fill(_: Path) -> None:
        build.mkdir(exist_ok=True)
        jupyter_book = Path(sys.executable).with_name("jupyter-book")
        command = [jupyter_book, "build", ".", "-W", "--keep-going"]
        with FileLock(build / "tests.lock"):  # against another run of the tests
            result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert result.returncode == 0, result.stdout + result.stderr

    made_once("site", fill)
    return build / "html"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def address(built_site) -> Iterator[str]:
    """Serve the built site on a free port of the loopback interface, and return its address."""
    handler = functools.partial(QuietHandler, directory=str(built_site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


# Playwright keeps an event loop running, which would be in the way of what executes notebooks:
# it is gone when the tests of one file are over.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
