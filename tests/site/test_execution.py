"""Chapters are executed when something they depend on has changed, and only then."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from places import ROOT
from small_book import build, build_here, replace
from tutorial.execution import configure, fingerprint, join_streams


def change_package(book: Path) -> None:
    with (book / "code" / "crossentropy" / "__init__.py").open("a") as module:
        module.write("\n\ndef cross_entropy(p, q):\n    return 1.0\n")


def test_a_chapter_is_executed_when_the_package_has_changed_and_only_then(book):
    page = book / "_build" / "html" / "book" / "one.html"

    first = build(book)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "executed [1/1] one.md in " in first.stdout
    assert "the loss is 0.693" in page.read_text()

    again = build(book)
    assert again.returncode == 0
    assert "executed [" not in again.stdout

    change_package(book)
    changed = build(book)
    assert changed.returncode == 0
    assert "executed [1/1] one.md in " in changed.stdout
    assert "the loss is 1.000" in page.read_text()


def add_failing_cell(book: Path) -> None:
    replace(book / "book" / "one.md", "loss = cross", "raise ArithmeticError\nloss = cross")


def remove_alt_text(book: Path) -> None:
    replace(book / "book" / "one.md", "A straight line that rises from zero at the left", "Plot")


def break_package(book: Path) -> None:
    replace(book / "book" / "one.md", "print(f", "assert round(loss, 3) == 0.693\nprint(f")
    change_package(book)


FAULTS = {
    add_failing_cell: "ArithmeticError",
    remove_alt_text: "its alt text is 'Plot to one at the right.'",
    break_package: "AssertionError",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_in_what_is_executed_fails_every_build(book, fault):
    good = build_here(book, "dummy")
    assert good.exit_code == 0, good.output
    assert "executed [1/1] one.md in " in good.output
    fault(book)
    for attempt in ("first", "second"):
        result = build_here(book, "dummy")
        assert result.exit_code != 0, f"the {attempt} build after the fault passed"
        assert FAULTS[fault] in result.output, f"the {attempt} build is silent"


def test_the_command_fails_on_a_failing_cell_in_a_clean_build_and_the_next(book):
    add_failing_cell(book)
    for attempt in ("clean", "second"):
        result = build(book)
        assert result.returncode != 0, f"the {attempt} build passed"
        assert "ArithmeticError" in result.stderr, f"the {attempt} build is silent"


def test_nothing_is_executed_where_execution_is_off(book):
    replace(book / "_config.yml", "execute_notebooks: cache", "execute_notebooks: off")
    result = build_here(book, "dummy")
    assert "build finished" in result.output
    assert "executed [" not in result.output


@pytest.fixture
def sources(tmp_path):
    """Return a folder with what the output of chapters depends on."""
    for name in ("code/crossentropy", "book/_ipython"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "book/_ipython/ipython_kernel_config.py",
        "code/crossentropy/book.mplstyle",
        "code/crossentropy/information.py",
        "code/crossentropy/exercises/__init__.py",
    ],
)
def test_the_fingerprint_follows_what_outputs_depend_on(sources, name):
    before = fingerprint(sources)
    with (sources / name).open("a") as file:
        file.write("\n")
    assert fingerprint(sources) != before


def test_the_fingerprint_follows_python(sources, monkeypatch):
    before = fingerprint(sources)
    monkeypatch.setattr("sys.version", "4.0")
    assert fingerprint(sources) != before


def test_the_fingerprint_knows_a_name_and_not_what_python_compiled(tmp_path):
    package = tmp_path / "code" / "crossentropy"
    package.mkdir(parents=True)
    (package / "one.py").write_text("pass")
    before = fingerprint(tmp_path)
    (package / "one.pyc").write_text("compiled")
    assert fingerprint(tmp_path) == before
    (package / "one.py").rename(package / "two.py")
    assert fingerprint(tmp_path) != before


def test_kernels_get_the_settings_of_the_book_and_one_thread_each(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", "somebody's own")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    configure(SimpleNamespace(srcdir=ROOT, outdir=tmp_path / "html"), SimpleNamespace())
    settings = Path(os.environ["IPYTHONDIR"], "profile_default", "ipython_kernel_config.py")
    assert tmp_path in settings.parents
    assert settings.read_text() == (ROOT / "book" / "_ipython" / settings.name).read_text()
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"


def test_pieces_of_a_stream_are_joined_and_nothing_else_is():
    out, err = (
        lambda text, name=name: new_output("stream", name=name, text=text)
        for name in ("stdout", "stderr")
    )
    result = new_output("execute_result", data={"text/plain": "3"})
    pieces = [out("a\n"), out("b\n"), err("c\n"), out("d\n"), result, out("e\n")]
    notebook = new_notebook(cells=[new_code_cell("pass", outputs=pieces)])
    join_streams(notebook)
    outputs = notebook.cells[0].outputs
    assert [output.get("text", "-") for output in outputs] == ["a\nb\n", "c\n", "d\n", "-", "e\n"]
