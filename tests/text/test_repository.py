"""The repository: its commands, its lock, its set-up, and what no source may hold."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from places import ROOT, make_targets
from tools.sources import list_files
from tutorial.addresses import repository_address, site_address


@pytest.fixture(scope="session")
def files() -> list[str]:
    """Return the names of all files but those that git ignores."""
    return list_files()


@pytest.fixture(scope="session")
def sources(files) -> dict[str, str]:
    """Return the text of each file that is text and our own."""
    texts = {}
    for name in files:
        content = (ROOT / name).read_bytes()
        if b"\0" not in content and not name.startswith("book/_static/katex/"):
            texts[name] = content.decode("utf8")
    return texts


def test_make_alone_lists_every_target_with_a_line():
    result = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = re.findall(r"^  make (\S+) +\S.{10,}$", result.stdout, re.MULTILINE)
    assert set(listed) == make_targets()


def test_the_folder_code_shadows_no_module_of_python():
    assert not (ROOT / "code" / "__init__.py").exists()
    command = [sys.executable, "-c", "import code, pdb; code.InteractiveConsole"]
    subprocess.run(command, cwd=ROOT, check=True)


@pytest.mark.parametrize("name", ["requirements.txt", ".binder/requirements.txt"])
def test_the_lock_has_versions_and_hashes_and_no_address(name):
    text = (ROOT / name).read_text()
    packages = re.findall(r"^[A-Za-z0-9][\w.\[\]-]*.*$", text, re.MULTILINE)
    assert len(packages) > 50
    assert all("==" in package for package in packages)
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) >= len(packages)
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_the_locked_versions_go_together():
    """They may not where lines of the lock were edited: `make lock` mends it."""
    check = [Path(sys.executable).with_name("uv"), "pip", "check", "--python", sys.executable]
    result = subprocess.run(check, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_the_lock_holds_the_first_jupyter_book():
    assert re.search(r"^jupyter-book==1\.", (ROOT / "requirements.txt").read_text(), re.MULTILINE)


def test_the_address_stands_in_one_place(sources):
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    owner, name = config["repository"]["url"].split("/")[-2:]
    holders = [file for file, text in sources.items() if f"{owner}/{name}" in text]
    assert holders == ["_config.yml"]


def test_a_fork_is_built_with_its_own_addresses(monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    configured = repository_address("https://github.com/someone/book/")
    assert configured == "https://github.com/someone/book"
    assert site_address(configured) == "https://someone.github.io/book/"
    monkeypatch.setenv("GITHUB_REPOSITORY", "Reader/my-fork")
    fork = repository_address("https://github.com/someone/book")
    assert fork == "https://github.com/Reader/my-fork"
    assert site_address(fork) == "https://reader.github.io/my-fork/"


FORBIDDEN = {
    "a path of one machine": r"/home/\w+/|/root/|/Users/\w+/|[^\w.]/work/",
    "the host of a registry": r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org",
    "a secret": r"gh[pousr]_[A-Za-z0-9]{20,}|AKIA[A-Z0-9]{16}|BEGIN (RSA |EC )?PRIVATE KEY",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_source_holds(what, sources):
    own = Path(__file__).relative_to(ROOT).as_posix()
    assert own in sources
    hits = [
        f"{name}: {match[0]}"
        for name, text in sources.items()
        if name != own and (match := re.search(FORBIDDEN[what], text))
    ]
    assert hits == []


def test_the_citation_is_of_this_book_and_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    assert citation["title"] == config["title"]
    assert citation["authors"] == [{"name": config["author"]}]
    assert citation["version"] == project["version"]
    assert citation["license"] in project["license"].split(" AND ")


def test_vendored_style_sheets_keep_their_licence():
    for folder in {path.parent for path in (ROOT / "book" / "_static").glob("*/*.css")}:
        assert (folder / "LICENSE").exists(), folder


def test_the_setup_says_what_is_wrong_with_an_old_python(tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.8.0" && exit 0\nexit 1\n')
    old.chmod(0o755)
    environment = os.environ | {"PYTHON": str(old)}
    result = subprocess.run(
        ["sh", "tools/setup.sh", str(tmp_path / "venv")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert "Python 3.8.0 is too old" in result.stderr
    assert not (tmp_path / "venv").exists()
