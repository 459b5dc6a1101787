"""The repository: commands, lock, workflows, addresses, and what no source may hold."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from places import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def tracked_sources() -> dict[str, str]:
    """Return the text of every tracked file that is text, but for locks and vendored files."""
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    texts = {}
    for name in names.stdout.split():
        path = ROOT / name
        if "katex/" in name or path.suffix in {".woff2", ".png"} or not path.exists():
            continue
        texts[name] = path.read_text(encoding="utf8")
    return texts


def make_targets() -> set[str]:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return set(phony[1].split())


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


def test_jupyter_book_is_the_first():
    assert re.search(r"^jupyter-book==1\.", (ROOT / "requirements.txt").read_text(), re.MULTILINE)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_make_targets_and_pinned_actions(path):
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert "timeout-minutes" in job, name
        for step in job["steps"]:
            if "run" in step:
                assert re.fullmatch(r"make [a-z-]+", step["run"]), step["run"]
                assert step["run"].removeprefix("make ") in make_targets(), step["run"]
            else:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step["uses"]


def test_ci_runs_what_the_readme_says():
    readme = (ROOT / "README.md").read_text()
    script = (ROOT / ".ci" / "run").read_text()
    for command in ("make book", "make test"):
        assert command in readme
        assert re.search(rf"^{command}$", script, re.MULTILINE)


def test_the_address_stands_in_one_place():
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    owner, name = config["repository"]["url"].split("/")[-2:]
    holders = [file for file, text in tracked_sources().items() if f"{owner}/{name}" in text]
    assert holders == ["_config.yml"]


def test_a_fork_links_to_itself(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    import repository

    class Config:
        html_theme_options = {"repository_url": "https://github.com/someone/book"}  # noqa: RUF012

    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    repository.configure(None, Config)
    assert Config.html_baseurl == "https://someone.github.io/book/"
    monkeypatch.setenv("GITHUB_REPOSITORY", "Reader/my-fork")
    repository.configure(None, Config)
    assert Config.html_theme_options["repository_url"] == "https://github.com/Reader/my-fork"
    assert Config.html_baseurl == "https://reader.github.io/my-fork/"


FORBIDDEN = {
    "a path of one machine": r"/home/\w+/|/root/|/Users/\w+/|[^\w.]/work/",
    "the host of a registry": r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org",
    "a secret": r"gh[pousr]_[A-Za-z0-9]{20,}|AKIA[A-Z0-9]{16}|BEGIN (RSA |EC )?PRIVATE KEY",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_source_holds(what):
    own = Path(__file__).relative_to(ROOT).as_posix()
    hits = [
        f"{name}: {match[0]}"
        for name, text in tracked_sources().items()
        if name != own and (match := re.search(FORBIDDEN[what], text))
    ]
    assert hits == []


def test_vendored_files_keep_their_licence():
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
