"""What lies beside the notebooks: the package's wheel, what to install, and an archive."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

FOLDER = "notebooks"  # on the site
ARCHIVE = f"{FOLDER}.zip"
README = Path(__file__).with_name("archive_readme.md")


@cache
def project(root: Path) -> dict[str, Any]:
    """Return what `pyproject.toml` says."""
    return tomllib.loads((root / "pyproject.toml").read_text())


def chapter_requirements(root: Path) -> dict[str, str]:
    """Return what pyproject's group `chapters` asks for, by the distribution's name."""
    requirements = project(root)["dependency-groups"]["chapters"]
    return {re.split(r"[^\w-]", requirement)[0]: requirement for requirement in requirements}


def wheel_name(root: Path) -> str:
    """Return the file name of the package's wheel."""
    about = project(root)["project"]
    return f"{about['name']}-{about['version']}-py3-none-any.whl"


def build_wheel(root: Path, folder: Path) -> None:
    """Build the package's wheel into `folder`, from a copy: setuptools leaves files behind."""
    with TemporaryDirectory() as copy:
        for name in ("pyproject.toml", "README.md", "LICENSE-CODE"):
            shutil.copy(root / name, copy)
        shutil.copytree(root / "code" / "crossentropy", Path(copy, "code", "crossentropy"))
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", copy]
        command += ["--outdir", str(folder)]
        fixed_time = os.environ | {"SOURCE_DATE_EPOCH": "315532800"}  # the same code, the same file
        done = subprocess.run(command, env=fixed_time, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"building the package's wheel failed:\n{done.stdout}{done.stderr}")


def is_outdated(wheel: Path, root: Path) -> bool:
    """Return whether the package has changed since its wheel was built."""
    if not wheel.exists():
        return True
    package = (root / "code" / "crossentropy").rglob("*.*")
    sources = [root / "pyproject.toml", *(path for path in package if path.suffix != ".pyc")]
    return wheel.stat().st_mtime < max(path.stat().st_mtime for path in sources)


def complete(folder: Path, root: Path, notebooks: set[str], title: str, site: str) -> None:
    """Leave in `folder` nothing but `notebooks` and what they need, as it is now."""
    folder.mkdir(exist_ok=True)
    wheel = folder / wheel_name(root)
    for path in folder.iterdir():
        if path.name not in notebooks | {wheel.name}:
            path.unlink()
    if is_outdated(wheel, root):
        build_wheel(root, folder)
    requirements = [f"./{wheel.name}", *chapter_requirements(root).values()]
    (folder / "requirements.txt").write_text("\n".join(requirements) + "\n")
    (folder / "README.md").write_text(README.read_text().format(title=title, site=site))


def archive(folder: Path, file: Path) -> None:
    """Put the files of `folder` into an archive; the same files make the same archive."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(f"cross-entropy-{folder.name}/{path.name}")  # dated 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
