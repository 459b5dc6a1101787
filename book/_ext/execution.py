"""Execute chapters, two at a time, and anew whenever something they depend on has changed.

myst-nb's cache knows a chapter by its cells alone. Here the cache is kept apart for each state
of the package, the style and the locked requirements, and a new state makes Sphinx read every
chapter again. What is missing from the cache is executed before Sphinx reads the first page.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

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
    # kernels run side by side: threads of BLAS that wait for each other cost a factor of 20
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def missing_notebooks(
    env: BuildEnvironment, docnames: list[str], cache: JupyterCacheAbstract
) -> Iterator[tuple[Path, NotebookNode]]:
    """Yield each of the pages that is a notebook and has no outputs in the cache."""
    for docname in docnames:
        path = Path(env.doc2path(docname))
        text = path.read_text(encoding="utf8")
        reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
        if reader is None:
            continue
        notebook = reader.read(text)
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            yield path, notebook


def join_streams(notebook: NotebookNode) -> None:
    """Join what a cell prints where the kernel sent it in pieces, as it does when it is busy.

    myst-nb joins them as well, but with an empty line between.
    """
    for cell in notebook.cells:
        joined: list[NotebookNode] = []
        for output in cell.get("outputs", []):
            last = joined[-1] if joined else {}
            if output.output_type == "stream" and last.get("name") == output.name:
                last["text"] += output.text
            else:
                joined.append(output)
        if "outputs" in cell:
            cell.outputs = joined


def fill_cache(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Execute what the cache lacks, as many chapters at a time as there are processors.

    A chapter that fails is left out: it fails again where Sphinx reads it, and is reported there.
    """
    cache = get_cache(app.config.nb_execution_cache_path)
    missing = list(missing_notebooks(env, docnames, cache))
    timeout = app.config.nb_execution_timeout
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {
            pool.submit(single_nb_execution, notebook, str(path.parent), timeout, False): path
            for path, notebook in missing
        }
        for count, future in enumerate(as_completed(running), start=1):
            path, result = running[future], future.result()
            if result.err is not None:
                continue
            join_streams(result.nb)
            data = {"execution_seconds": result.time}
            bundle = CacheBundleIn(result.nb, str(path), data=data)
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
            progress = f"[{count}/{len(missing)}]"
            logger.info("executed %s %s in %.1f s", progress, path.name, result.time)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("execution_fingerprint", "", rebuild="env")
    app.connect("config-inited", configure, priority=100)  # before myst-nb reads its settings
    app.connect("env-before-read-docs", fill_cache)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
