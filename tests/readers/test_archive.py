"""The archive of all notebooks, and the package's wheel in it."""

import re
import zipfile
from pathlib import Path

import nbformat
from cells import code_of, shown
from places import ROOT
from tools.run_notebooks import execute

NEEDED = {"numpy", "matplotlib", "seaborn", "scipy", "scikit-learn", "dask", "distributed"}


def test_archive_holds_everything_once(built_site, notebooks):
    with zipfile.ZipFile(built_site / "notebooks.zip") as archive:
        names = [Path(name).name for name in archive.namelist()]
        folders = {Path(name).parent.as_posix() for name in archive.namelist()}
        requirements = archive.read(f"{next(iter(folders))}/requirements.txt").decode().split()
    assert folders == {"cross-entropy-notebooks"}
    wheel = next(name for name in names if name.endswith(".whl"))
    expected = [f"{name}.ipynb" for name in notebooks] + [wheel, "README.md", "requirements.txt"]
    assert sorted(names) == sorted(expected)
    assert requirements[0] == f"./{wheel}"
    assert {re.split("[><=]", line)[0] for line in requirements[1:]} >= NEEDED


def test_archive_runs_with_the_network_cut(built_site, fresh_environment, fonts, tmp_path):
    with zipfile.ZipFile(built_site / "notebooks.zip") as archive:
        archive.extractall(tmp_path)
    programs = fresh_environment(tmp_path / "environment", "bce-versus-mse")
    notebook = tmp_path / "cross-entropy-notebooks" / "bce-versus-mse.ipynb"
    result = execute(notebook, programs, **fonts)
    assert result.returncode == 0, result.stderr
    setup = code_of(nbformat.read(notebook, as_version=4))[0]
    assert "".join(part[1] for part in shown(setup)).startswith("Installing crossentropy-")


def test_wheel_is_the_package(built_site):
    wheel = next((built_site / "notebooks").glob("*.whl"))
    package = ROOT / "code" / "crossentropy"
    files = [path for path in package.rglob("*.*") if path.suffix != ".pyc"]
    assert len(files) > 10
    with zipfile.ZipFile(wheel) as archive:
        for path in files:
            name = path.relative_to(package.parent).as_posix()
            assert archive.read(name) == path.read_bytes(), name
