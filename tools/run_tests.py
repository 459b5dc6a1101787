"""Run what `make check` or `make test` promises, unless it passed on exactly these files before.

    python -m tools.run_tests check    # audit, tests of the package and of the texts, doctests
    python -m tools.run_tests test     # these, then the site, and what its readers do with it

Where CI is set, all runs.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tools.sources import ROOT, list_files

BIN = Path(sys.executable).parent
STAMPS = ROOT / "_build" / "passed"  # a file for each part: the state in which it passed
COVERAGE = ROOT / "_build" / "coverage"


class FailedError(Exception):
    """A command failed, and has said why."""


def find_state(root: Path = ROOT) -> str:
    """Return a hash of all that decides whether the tests pass.

    It is each file's name, mode and content, the Python, and what the environment tells pytest.
    """
    state = hashlib.sha256(sys.version.encode())
    for variable in ("PYTEST_ADDOPTS", "HYPOTHESIS_PROFILE", "CHROME"):
        state.update(f"{variable}={os.environ.get(variable)}\n".encode())
    for name in list_files(root):
        path = root / name
        content = os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
        state.update(f"{name} {path.lstat().st_mode} {len(content)}\n".encode() + content)
    return state.hexdigest()


def run(*command: str | Path, advice: str = "") -> None:
    if subprocess.run(command, cwd=ROOT).returncode:
        raise FailedError(advice)


def run_tests(part: str, *arguments: str) -> None:
    """Run tests side by side, and keep which lines of the package and the extension they reach."""
    pytest = [sys.executable, "-m", "pytest", "--numprocesses=auto", "--maxprocesses=4"]
    python = os.path.relpath(sys.executable)
    again = f"The list above names what failed. Again: {python} -m pytest --last-failed"
    run(*pytest, "--cov", "--cov-report=", *arguments, advice=again)
    COVERAGE.mkdir(parents=True, exist_ok=True)
    (ROOT / ".coverage").replace(COVERAGE / part)


def report_coverage(data: Path, folder: str, least: int) -> None:
    options = ["--skip-covered", "--show-missing", f"--include={folder}/*"]
    run(
        *[BIN / "coverage", "report", f"--data-file={data}", *options, f"--fail-under={least}"],
        advice=f"The tests must reach {least} % of {folder}.",
    )


def check() -> None:
    """Run what is quick."""
    run("sh", "tools/audit.sh", BIN, advice="The audit alone: make audit")
    print("Testing the package and the texts ...", flush=True)
    run_tests("check", "tests/package", "tests/text", "code")
    report_coverage(COVERAGE / "check", "code", least=100)


def test() -> None:
    """Run the rest."""
    run("sh", "tools/browser.sh", sys.executable)
    run("make", "--no-print-directory", "book")
    print("Testing notebooks, Binder and the site, for minutes ...", flush=True)
    # one by one and in this order: the long ones come first, and no process has to end alone
    one_by_one = ("--maxschedchunk=1", "--verbose", "--durations=20")
    run_tests("test", *one_by_one, "tests/readers", "tests/site")
    parts, both = [COVERAGE / "check", COVERAGE / "test"], COVERAGE / "both"
    run(BIN / "coverage", "combine", "--quiet", "--keep", f"--data-file={both}", *parts)
    report_coverage(both, "book/_ext", least=95)


PARTS = {check: "audit, package, texts, doctests", test: "make check, notebooks, Binder, site"}


def main(target: str) -> int:
    for part, content in PARTS.items():
        name, stamp, state = part.__name__, STAMPS / part.__name__, find_state()
        if not os.environ.get("CI") and stamp.exists() and stamp.read_text() == state:
            print(f"make {name}: nothing changed since all passed ({content}).")
            print(f"To repeat it: rm {os.path.relpath(stamp)}")
        else:
            try:
                part()
            except FailedError as error:
                print(f"make {name} failed. {error}", file=sys.stderr)
                return 1
            print(f"make {name}: all passed ({content}).")
            stamp.parent.mkdir(parents=True, exist_ok=True)
            if find_state() == state:  # not where somebody wrote while the tests ran
                stamp.write_text(state)
        if name == target:
            break
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
