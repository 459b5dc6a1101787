"""What several tests of the readers' notebooks share."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jupytext
import pytest
from cells import code_of
from places import BOOK, ROOT
from tools.run_notebooks import CLIENT, clean_environ, make_environment

LOCKED = ("--constraint", str(ROOT / "requirements.txt"))
# Packages, and the modules that chapters import from them: all chapters, and some.
PLAIN = {"numpy": "numpy", "matplotlib": "matplotlib", "seaborn": "seaborn"}
HEAVY = {
    "scipy": "scipy",
    "scikit-learn": "sklearn",
    "dask": "dask",
    "distributed": "distributed",
}

# Whatever asks for another machine fails at once, in every process of the environment.
CUT_OFF = """\
import socket

connect, find = socket.socket.connect, socket.getaddrinfo
HERE = ("127.0.0.1", "::1", "localhost")


def connect_here(self, address):
    over_tcp = self.family != socket.AF_UNIX and self.type == socket.SOCK_STREAM
    if over_tcp and address[0] not in HERE:
        raise OSError("the network is cut")
    return connect(self, address)


def find_here(host, *args, **kwargs):
    if host not in (None, "", "0.0.0.0", socket.gethostname(), *HERE):
        raise socket.gaierror("the network is cut")
    return find(host, *args, **kwargs)


socket.socket.connect, socket.getaddrinfo = connect_here, find_here
"""


@pytest.fixture(scope="session")
def notebooks(built_site) -> dict[str, Path]:
    """Return the notebooks that the site offers, by the chapter's name."""
    return {path.stem: path for path in (built_site / "notebooks").glob("*.ipynb")}


def needs_of(chapter: str) -> dict[str, str]:
    """Return the packages that a chapter's own imports name, and their modules."""
    code = "\n".join(cell.source for cell in code_of(jupytext.read(BOOK / f"{chapter}.md")))
    imports = "\n".join(re.findall(r"^\s*(?:import|from) .*", code, re.MULTILINE))
    heavy = {name: module for name, module in HEAVY.items() if re.search(rf"\b{module}\b", imports)}
    return PLAIN | heavy


@pytest.fixture(scope="session")
def fresh_environment(made_once) -> Callable[[Path, str], Path]:
    """Return a function that makes an environment for a chapter and returns its programs.

    It lacks the book's package and a way out. Environments with the same packages are copies of
    one, made of links to its files: that takes a second, and Python has compiled them already.
    """

    def make(folder: Path, chapter: str) -> Path:
        packages = needs_of(chapter)

        def fill(original: Path) -> None:
            programs = make_environment(original, *CLIENT, *packages, options=LOCKED)
            site_packages = next(original.glob("[Ll]ib*/**/site-packages"))
            (site_packages / "sitecustomize.py").write_text(CUT_OFF)
            modules = ", ".join(["nbclient.cli", "ipykernel.kernelapp", *packages.values()])
            subprocess.run(
                [programs / "python", "-c", f"import {modules}"],
                env=clean_environ(programs, home=original),
                check=True,
            )

        original = made_once("environment with " + " ".join(packages), fill)
        shutil.copytree(original, folder, symlinks=True, copy_function=os.link)
        return folder / "bin"

    return make


@pytest.fixture(scope="session")
def fonts(made_once) -> dict[str, str]:
    """Return where Matplotlib finds its list of fonts, which it announces on stderr when slow."""

    def fill(folder: Path) -> None:
        command = [sys.executable, "-c", "import matplotlib.font_manager"]
        environ = os.environ | {"MPLCONFIGDIR": str(folder)}
        subprocess.run(command, env=environ, check=True, capture_output=True)

    return {"MPLCONFIGDIR": str(made_once("fonts", fill))}
