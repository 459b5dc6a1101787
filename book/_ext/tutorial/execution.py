"""Execute chapters side by side, and anew whenever something they depend on has changed.

myst-nb's cache knows a chapter by its cells alone. Here the cache is kept apart for each state
of the package, the style and the locked requirements, and a new state makes Sphinx read every
chapter again. What is missing from the cache is executed before Sphinx reads the first page.

What other modules have to know about an executed chapter, they ask here.
"""

import asyncio
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TypeGuard, cast

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from myst_nb.core.read import create_nb_reader
from myst_nb.sphinx_ import SphinxEnvType
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

# Undocumented, seen in myst-nb 1.4.0: what SphinxEnvType adds to the environment, the metadata's
# `kernelspec`, `create_nb_reader`, code cells as containers with `nb_element` and `cell_index`, and
# that the notebook in `output_folder` has no outputs where they are from the cache.
# Undocumented, seen in jupyter-cache 1.0.1: `match_cache_notebook` raises KeyError, and the `data`
# and options of `cache_notebook_bundle`.

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
    env: SphinxEnvType, docnames: list[str], cache: JupyterCacheAbstract
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


async def execute_into(
    cache: JupyterCacheAbstract, notebooks: list[tuple[Path, NotebookNode]], timeout: int
) -> None:
    """Execute notebooks, as many at a time as there are processors, and cache their outputs.

    A kernel keeps one processor busy, since BLAS has a single thread: fewer would leave some idle,
    and more would only share them.
    """
    free = asyncio.Semaphore(os.cpu_count() or 1)
    counter = count(1)

    async def execute(path: Path, notebook: NotebookNode) -> None:
        async with free:
            started = time.monotonic()
            where = {"metadata": {"path": str(path.parent)}}
            client = NotebookClient(notebook, timeout=timeout, resources=where, record_timing=False)
            try:
                await client.async_execute()
            except (CellExecutionError, CellTimeoutError):
                return  # fails again where Sphinx reads it, and is reported there
        seconds = time.monotonic() - started
        join_streams(notebook)
        bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        progress = f"[{next(counter)}/{len(notebooks)}]"
        logger.info("executed %s %s in %.1f s", progress, path.name, seconds)

    async with asyncio.TaskGroup() as group:
        for path, notebook in notebooks:
            group.create_task(execute(path, notebook))


def fill_cache(app: Sphinx, env: SphinxEnvType, docnames: list[str]) -> None:
    """Execute what the cache lacks, before Sphinx reads the first page."""
    if app.config.nb_execution_mode != "cache":
        return
    cache = get_cache(app.config.nb_execution_cache_path)
    missing = list(missing_notebooks(env, docnames, cache))
    asyncio.run(execute_into(cache, missing, app.config.nb_execution_timeout))


def is_executable(app: Sphinx, docname: str) -> bool:
    """Return whether a page has cells to run."""
    return "kernelspec" in app.env.metadata.get(docname, {})


def is_code_cell(node: nodes.Node) -> TypeGuard[nodes.Element]:
    """Return whether a node is a code cell with its outputs."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def cell_index(node: nodes.Element) -> int:
    """Return which of the notebook's cells a code cell is."""
    index: int = node["cell_index"]
    return index


def executed_path(app: Sphinx, docname: str) -> Path:
    """Return where the executed chapter is kept."""
    env = cast(SphinxEnvType, app.env)
    return Path(env.mystnb_config.output_folder, f"{docname}.ipynb")


def restore_outputs(app: Sphinx, doctree: nodes.document) -> None:
    """Put the outputs back that myst-nb leaves out of its notebook on a cache hit."""
    if not is_executable(app, app.env.docname):
        return
    path = executed_path(app, app.env.docname)
    notebook = nbformat.read(path, as_version=4)
    with suppress(KeyError):  # not executed by way of the cache
        cached = get_cache(app.config.nb_execution_cache_path)
        _, notebook = cached.merge_match_into_notebook(notebook)
    nbformat.write(notebook, path)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("execution_fingerprint", "", rebuild="env")
    app.connect("config-inited", configure, priority=100)  # before myst-nb reads its settings
    app.connect("env-before-read-docs", fill_cache)
    app.connect("doctree-read", restore_outputs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
