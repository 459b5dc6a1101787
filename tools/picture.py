"""Take the README's picture: a chapter of the built site, as a browser shows it."""

import io
from pathlib import Path
from urllib.parse import unquote, urlparse

from PIL import Image
from playwright.sync_api import Route, sync_playwright

from tools.browser import find_browser

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
PICTURE = (
    ROOT / ".github" / "page.webp"
)  # not among the site's files: readers of the book never load it
PAGE, SHOWN = "book/bce-versus-mse.html", "#fig-bce-mse"
WIDTH, HEIGHT, SHARPNESS = 1280, 800, 1.5
SITE_ADDRESS = "http://book.invalid/"


def serve(route: Route) -> None:
    """Answer a request of the page with the built file."""
    route.fulfill(path=SITE / unquote(urlparse(route.request.url).path).lstrip("/"))


def photograph() -> bytes:
    """Return the picture, a PNG."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            device_scale_factor=SHARPNESS,
            color_scheme="light",
            reduced_motion="reduce",
        )
        page.route("**/*", serve)
        page.goto(SITE_ADDRESS + PAGE, wait_until="networkidle")
        page.locator(SHOWN).evaluate("figure => figure.scrollIntoView({block: 'center'})")
        page.evaluate("document.fonts.ready")
        picture = page.screenshot(animations="disabled")
        browser.close()
    return picture


if __name__ == "__main__":
    Image.open(io.BytesIO(photograph())).save(PICTURE, quality=80, method=6)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size / 1024:.0f} KiB")
