"""Give every link to the repository the right address.

`_config.yml` names it once. On GitHub the environment names it too, and wins, so that a fork's
site links to the fork.
"""

import os

from sphinx.application import Sphinx
from sphinx.config import Config


def pages_address(repository: str) -> str:
    """Return the GitHub Pages address of `https://github.com/OWNER/NAME`."""
    owner, name = repository.rstrip("/").split("/")[-2:]
    return f"https://{owner.lower()}.github.io/{name}/"


def configure(app: Sphinx, config: Config) -> None:
    """Let GITHUB_REPOSITORY win over `_config.yml`, and derive the site's address."""
    options = config.html_theme_options
    if name := os.environ.get("GITHUB_REPOSITORY"):
        server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
        options["repository_url"] = f"{server}/{name}"
    config.html_baseurl = pages_address(options["repository_url"])


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", configure, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
