"""Which commit a page is built from, and where a chapter is opened."""

import subprocess
from types import SimpleNamespace

import pytest
from tutorial.addresses import binder_address, built_from, colab_address

CONFIG = SimpleNamespace(
    html_theme_options={"repository_url": "https://github.com/Someone/book"},
    launch_services={
        "binderhub_url": "https://binder.example",
        "colab_url": "https://colab.example",
    },
    built_from="0123abc",
)


def test_binder_is_given_the_commit_and_the_chapter():
    assert (
        binder_address(CONFIG, "book/logits")
        == "https://binder.example/v2/gh/Someone/book/0123abc?urlpath=lab/tree/book/logits.md"
    )


def test_colab_is_given_the_branch_of_notebooks():
    assert (
        colab_address(CONFIG, "book/logits")
        == "https://colab.example/github/Someone/book/blob/notebooks/logits.ipynb"
    )


def git(*arguments, cwd):
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_SHA", raising=False)
    git("init", "--quiet", cwd=tmp_path)
    (tmp_path / "page.md").write_text("one")
    git("add", ".", cwd=tmp_path)
    git("commit", "--quiet", "-m", "One", cwd=tmp_path)
    return tmp_path


def test_a_clean_checkout_is_its_commit(checkout):
    assert built_from(checkout, "main") == git("rev-parse", "HEAD", cwd=checkout).strip()


def test_changed_files_are_no_commit(checkout):
    (checkout / "page.md").write_text("two")
    assert built_from(checkout, "main") == "main"


def test_a_folder_inside_another_repository_is_none_of_its_commits(checkout):
    (checkout / "book").mkdir()
    assert built_from(checkout / "book", "main") == "main"


def test_a_folder_outside_every_repository_is_the_branch(tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_SHA", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert built_from(tmp_path, "main") == "main"


def test_without_git_it_is_the_branch(checkout, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert built_from(checkout, "main") == "main"


def test_the_workflow_names_the_commit(checkout, monkeypatch):
    monkeypatch.setenv("GITHUB_SHA", "0123abc")
    assert built_from(checkout, "main") == "0123abc"
