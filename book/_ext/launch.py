"""Offer each executable chapter to Binder, to Colab and for download.

The theme's own buttons are not used: its Binder link names a branch, which moves on while a page
stays, its Colab link names a file that Colab cannot open, and its notebook keeps MyST in it.
"""

import os
import subprocess
from pathlib import Path

from docutils import nodes
from notebooks import FOLDER, is_executable
from sphinx.application import Sphinx
from sphinx.config import Config

BRANCH = "notebooks"  # of the same repository: publish.yml pushes the site's notebooks there


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


def configure(app: Sphinx, config: Config) -> None:
    """Take the launch buttons over from the theme."""
    config.launch_buttons = config.html_theme_options.pop("launch_buttons", {})
    branch = config.html_theme_options.get("repository_branch") or "main"
    config.built_from = built_from(Path(app.srcdir), branch)


def launch_buttons(app: Sphinx, docname: str) -> list[dict[str, str]]:
    """Return the buttons that open a chapter as a live notebook somewhere else."""
    owner, name = app.config.html_theme_options["repository_url"].rstrip("/").split("/")[-2:]
    settings, chapter = app.config.launch_buttons, Path(docname).name
    addresses = {
        "Binder": f"{settings['binderhub_url']}/v2/gh/{owner}/{name}/{app.config.built_from}"
        f"?urlpath=lab/tree/{docname}.md",
        "Colab": f"{settings['colab_url']}/github/{owner}/{name}/blob/{BRANCH}/{chapter}.ipynb",
    }
    icons = {"Binder": "_static/images/logo_binder.svg", "Colab": "_static/images/logo_colab.png"}
    return [
        {
            "type": "link",
            "text": service,
            "tooltip": f"Run this chapter on {service}",
            "icon": icons[service],
            "url": address,
            "label": f"launch-{service.lower()}",
        }
        for service, address in addresses.items()
    ]


def download_buttons(pathto, docname: str) -> list[dict[str, str]]:
    """Return the buttons that download this chapter's notebook, and all of them."""
    files = {
        "Notebook (.ipynb)": f"{FOLDER}/{Path(docname).name}.ipynb",
        "All notebooks (.zip)": f"{FOLDER}.zip",
    }
    return [
        {
            "type": "link",
            "text": text,
            "tooltip": f"Download {Path(file).name}",
            "icon": "fas fa-download",
            # the theme's template has no place for `download`, but writes an address as it is
            "url": f'{pathto(file, 1)}" download="{Path(file).name}',
            "label": "download-notebook-button",
        }
        for text, file in files.items()
    ]


def set_buttons(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Put the book's own launch and download buttons into a page's header."""
    buttons = context.get("header_buttons", [])
    for group in buttons:
        if group.get("label") == "download-buttons":
            # a chapter's source is a click away in the repository, which explains it as well
            printing = [b for b in group["buttons"] if b["label"] == "download-pdf-button"]
            downloads = (
                download_buttons(context["pathto"], pagename)
                if doctree and is_executable(app, pagename)
                else []
            )
            group["buttons"] = downloads + printing
    if doctree and is_executable(app, pagename):
        launches = launch_buttons(app, pagename)
        buttons.insert(
            0,
            {
                "type": "group",
                "tooltip": "Run this chapter",
                "icon": "fas fa-rocket",
                "buttons": launches,
                "label": "launch-buttons",
            },
        )


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("launch_buttons", {}, rebuild="html")
    app.add_config_value("built_from", "", rebuild="html")
    app.connect("config-inited", configure, priority=200)
    app.connect("html-page-context", set_buttons, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
