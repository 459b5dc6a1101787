"""Find the Chrome or Chromium that the browser tests drive, and print its path."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome")


def find_browser() -> str | None:
    """Return the path of a browser: $CHROME, one on the PATH, or Playwright's own; else None."""
    if chosen := os.environ.get("CHROME"):
        return shutil.which(chosen)
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    browser = find_browser()
    if browser is None:
        sys.exit(1)
    print(f"Browser for the tests: {browser}")
