"""The files of this checkout that are its own: all but what git ignores."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent


def list_files(root: Path = ROOT) -> list[str]:
    """Return the files' names, in order.

    An empty repository lists them, so that a copy without the history of this one has them, too.
    """
    with TemporaryDirectory() as empty:
        subprocess.run(["git", "init", "--quiet"], cwd=empty, check=True)
        git = ["git", f"--git-dir={Path(empty, '.git')}", f"--work-tree={root}"]
        command = [*git, "ls-files", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return sorted(listed.stdout.split("\0")[:-1])
