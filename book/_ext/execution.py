"""Execute chapters anew whenever something that they depend on has changed.

myst-nb's cache knows a chapter by its cells alone. Here the cache is kept apart for each state
of the package, the style and the locked requirements, and a new state makes Sphinx read every
chapter again.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

# What a chapter's output depends on, besides its cells.
DEPENDENCIES = ("code/crossentropy/**/*", "book/_ipython/*.py", "requirements.txt")


def fingerprint(root: Path) -> str:
    """Return a short hash of Python's version and of the files that chapters depend on."""
    digest = hashlib.sha256(sys.version.encode())
    for pattern in DEPENDENCIES:
        for path in sorted(root.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def configure(app: Sphinx, config: Config) -> None:
    """Point the cache at the present state's folder, and the kernels at the book's settings."""
    config.execution_fingerprint = fingerprint(Path(app.srcdir))
    cache = Path(app.outdir).parent / ".jupyter_cache" / config.execution_fingerprint
    config.nb_execution_cache_path = str(cache)
    # IPython writes into its folder, so it gets a copy
    ipython = Path(app.outdir).parent / ".ipython"
    profile = ipython / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(app.srcdir, "book", "_ipython", "ipython_kernel_config.py"), profile)
    os.environ["IPYTHONDIR"] = str(ipython)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("execution_fingerprint", "", rebuild="env")
    app.connect("config-inited", configure, priority=100)  # before myst-nb reads its settings
    return {"parallel_read_safe": True, "parallel_write_safe": True}
