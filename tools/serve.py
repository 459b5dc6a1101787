"""Serve the book on 127.0.0.1 and rebuild it whenever a source changes.

sphinx-autobuild needs a Sphinx conf.py, which Jupyter Book writes from _config.yml; it stands
in the root, untracked, for as long as the server runs.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WATCHED = ("book", "code/crossentropy")
UNWATCHED = ("*/__pycache__/*", "*.pyc", "_build/*", ".venv/*", ".git/*", "tests/*", "bench/*")


def serve(port: int) -> int:
    """Run the live preview until it is interrupted, and return its exit status."""
    conf = ROOT / "conf.py"
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    write_conf = [jupyter_book, "config", "sphinx", "."]
    subprocess.run(write_conf, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-m", "sphinx_autobuild", ".", "_build/html"]
    command += ["-d", "_build/.doctrees", "--port", str(port), "--keep-going"]
    for pattern in UNWATCHED:
        command += ["--ignore", pattern]
    for folder in WATCHED:
        command += ["--watch", folder]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "book" / "_ext")}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)  # what rebuilds just now ignores gentler signals
        conf.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(serve(int(sys.argv[1])))
