"""Where things are on the web: the repository, the site, and each chapter on Binder and Colab.

`_config.yml` names the repository once. On GitHub the environment names it too, and wins, so that
a fork's site links to the fork. All other addresses follow from it.
"""

import os
import subprocess
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

NOTEBOOKS_BRANCH = "notebooks"  # Colab opens only what a repository holds: publish.yml fills it


def repository_address(configured: str) -> str:
    """Return the address that GitHub gives in the environment, or else the configured one."""
    if name := os.environ.get("GITHUB_REPOSITORY"):
        server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
        return f"{server}/{name}"
    return configured.rstrip("/")


def site_address(repository: str) -> str:
    """Return the GitHub Pages address of `https://github.com/OWNER/NAME`."""
    owner, name = repository.split("/")[-2:]
    return f"https://{owner.lower()}.github.io/{name}/"


def built_from(root: Path, branch: str) -> str:
    """Return the commit that `root` holds, or `branch` where the files are no commit's."""
    if commit := os.environ.get("GITHUB_SHA"):
        return commit

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(root), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    try:
        top, commit = git("rev-parse", "--show-toplevel", "HEAD").split("\n")[:2]
        is_clean = not git("status", "--porcelain")
    except (OSError, subprocess.CalledProcessError):
        return branch
    return commit if is_clean and Path(top) == root.resolve() else branch


def binder_address(config: Config, docname: str) -> str:
    """Return where Binder opens a chapter, in an image of the commit that the page is from."""
    owner, name = config.html_theme_options["repository_url"].split("/")[-2:]
    server = config.launch_services["binderhub_url"]
    return f"{server}/v2/gh/{owner}/{name}/{config.built_from}?urlpath=lab/tree/{docname}.md"


def colab_address(config: Config, docname: str) -> str:
    """Return where Colab opens a chapter's notebook."""
    owner, name = config.html_theme_options["repository_url"].split("/")[-2:]
    server, notebook = config.launch_services["colab_url"], f"{Path(docname).name}.ipynb"
    return f"{server}/github/{owner}/{name}/blob/{NOTEBOOKS_BRANCH}/{notebook}"


def configure(app: Sphinx, config: Config) -> None:
    """Settle every address once."""
    options = config.html_theme_options
    options["repository_url"] = repository_address(options["repository_url"])
    config.html_baseurl = site_address(options["repository_url"])
    config.built_from = built_from(Path(app.srcdir), options.get("repository_branch") or "main")
    # taken away from the theme: its Binder link names a branch, which moves on while a page stays,
    # and its Colab link a file that Colab cannot open
    config.launch_services = options.pop("launch_buttons", {})


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("launch_services", {}, rebuild="html")
    app.add_config_value("built_from", "", rebuild="html")
    app.connect("config-inited", configure, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
