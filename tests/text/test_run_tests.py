"""`make check` and `make test` repeat nothing in vain, and leave out nothing that has changed."""

import os
import subprocess
import sys

import pytest
from places import ROOT
from tools import run_tests
from tools.run_tests import FailedError, find_state, main


@pytest.fixture
def ran(monkeypatch, tmp_path):
    """Let the parts of the tests only say their names, over files in a folder; return what ran."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(run_tests, "STAMPS", tmp_path / "passed")
    monkeypatch.setattr(run_tests, "find_state", lambda: find_state(tmp_path))
    (tmp_path / ".gitignore").write_text("passed\n")
    (tmp_path / "module.py").write_text("one = 1\n")
    ran = []

    def check():
        ran.append("check")

    def test():
        ran.append("test")

    monkeypatch.setattr(run_tests, "PARTS", {check: "some", test: "others"})
    return ran


def test_nothing_is_repeated_in_vain(ran):
    assert main("check") == main("check") == 0
    assert ran == ["check"]
    assert main("test") == main("test") == main("check") == 0
    assert ran == ["check", "test"]


def edit(folder):
    (folder / "module.py").write_text("one = 2\n")


def add(folder):
    (folder / "another.py").touch()


def remove(folder):
    (folder / "module.py").unlink()


def rename(folder):
    (folder / "module.py").rename(folder / "another.py")


def make_executable(folder):
    (folder / "module.py").chmod(0o755)


@pytest.mark.parametrize("change", [edit, add, remove, rename, make_executable])
def test_any_change_repeats_all(ran, tmp_path, change):
    main("test")
    change(tmp_path)
    assert main("test") == 0
    assert ran == 2 * ["check", "test"]


@pytest.mark.parametrize("variable", ["CI", "PYTEST_ADDOPTS", "HYPOTHESIS_PROFILE"])
def test_another_environment_repeats_all(ran, monkeypatch, variable):
    main("test")
    monkeypatch.setenv(variable, "-k nothing")
    main("test")
    assert ran == 2 * ["check", "test"]


def test_an_empty_stamp_is_no_stamp(ran, tmp_path):
    main("check")
    (tmp_path / "passed" / "check").write_text("")
    main("check")
    assert ran == 2 * ["check"]


def test_a_failure_ends_the_run_and_is_met_again(ran, monkeypatch, capsys):
    def check():
        ran.append("check")
        raise FailedError("The list above names what failed.")

    monkeypatch.setattr(run_tests, "PARTS", {check: "some"} | run_tests.PARTS)
    assert main("test") == main("test") == 1
    assert ran == 2 * ["check"]
    assert "make check failed. The list above names what failed." in capsys.readouterr().err


def test_what_passed_before_an_edit_is_not_taken_for_passed(ran, monkeypatch, tmp_path):
    def check():
        ran.append("check")
        edit(tmp_path)

    monkeypatch.setattr(run_tests, "PARTS", {check: "some"})
    main("check")
    (tmp_path / "module.py").write_text("one = 1\n")
    main("check")
    assert ran == 2 * ["check"]


def test_a_command_that_fails_is_a_failure():
    with pytest.raises(FailedError, match="what to do"):
        run_tests.run("sh", "-c", "exit 3", advice="what to do")


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_failure_is_named_when_it_happens(tmp_path, processes):
    (tmp_path / "test_sample.py").write_text("def test_bad():\n    assert False, 'why'\n")
    options = ["-p", "conftest", "-p", "no:cacheprovider", "--numprocesses", processes]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--rootdir=.", "test_sample.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT)])},
        capture_output=True,
        text=True,
    )
    progress, _ = result.stdout.split("= FAILURES =")
    assert "\nFAILED test_sample.py::test_bad: AssertionError: why\n" in progress
