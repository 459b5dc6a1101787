"""Build the book of the present commit twice, in two folders, and name each file that differs.

None may, but for the pictures of cells that are tagged `varies`. What such a cell prints would be
in the search index, which would be named.
"""

import json
import os
import subprocess
import sys
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent
NOT_PUBLISHED = {".buildinfo"}  # Sphinx's note of its settings, with the folder among them
BUILD = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "--keep-going"]


def read_site(site: Path) -> dict[str, bytes]:
    """Return what each file of a site holds, those in archives as well, less what may vary."""
    files = {}
    for path in site.rglob("*"):
        name = path.relative_to(site).as_posix()
        if path.is_file() and name not in NOT_PUBLISHED:
            files |= (
                read_archive(name, path) if path.suffix == ".zip" else {name: path.read_bytes()}
            )
    varying = set()
    for name, content in files.items():
        if name.endswith(".html") and b"tag_varies" in content:
            files[name], pictures = steady_page(content)
            varying |= pictures
        elif name.endswith(".ipynb") and b'"varies"' in content:
            files[name] = steady_notebook(content)
    return {name: files[name] for name in files if PurePosixPath(name).name not in varying}


def read_file(name: str, path: Path) -> dict[str, bytes]:
    return {name: path.read_bytes()}


def read_archive(name: str, path: Path) -> dict[str, bytes]:
    """Return what an archive lists, and what each file in it holds."""
    with ZipFile(path) as archive:
        listed = [(member.filename, member.date_time) for member in archive.infolist()]
        held = {f"{name}/{member}": archive.read(member) for member, _ in listed}
    return {name: repr(listed).encode()} | held


def steady_page(content: bytes) -> tuple[bytes, set[str]]:
    """Return a page without its varying outputs, and the file names of their pictures."""
    page = BeautifulSoup(content, "html.parser")
    pictures = set()
    for output in page.select(".tag_varies .cell_output"):
        pictures |= {PurePosixPath(image["src"]).name for image in output.select("img")}
        output.decompose()
    return page.encode(), pictures


def steady_notebook(content: bytes) -> bytes:
    """Return a notebook without its varying outputs."""
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        if "varies" in cell["metadata"].get("tags", []):
            del cell["outputs"]
    return json.dumps(notebook).encode()


def differences(one: Path, other: Path) -> list[str]:
    """Return the names of the files that differ between two sites, or that one of them lacks."""
    ours, theirs = read_site(one), read_site(other)
    return sorted(name for name in ours | theirs if ours.get(name) != theirs.get(name))


def build(folder: Path) -> Path:
    """Build the present commit in a folder, and return the site."""
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    environ = os.environ | {"PYTHONPATH": str(folder / "code")}
    subprocess.run(BUILD, cwd=folder, env=environ, check=True, stdout=subprocess.DEVNULL)
    return folder / "_build" / "html"


def main() -> int:
    with TemporaryDirectory() as temporary:
        sites = [build(Path(temporary, name)) for name in ("one", "the-other/deeper")]
        differing = differences(*sites)
        count = len(read_site(sites[0]))
    for name in differing:
        print(f"differs: {name}", file=sys.stderr)
    print(f"{count - len(differing)} of {count} files are the same in both builds.")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main())
