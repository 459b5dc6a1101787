"""The launch and download buttons lead to something that the build made, or to this repository."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, unquote, urljoin, urlparse

import pytest
from bs4 import BeautifulSoup
from places import ROOT, repository_address
from tutorial.addresses import NOTEBOOKS_BRANCH, built_from

OWNER, NAME = repository_address().split("/")[-2:]
CHAPTERS = {
    path.stem for path in (ROOT / "book").glob("*.md") if "kernelspec:" in path.read_text()[:300]
}


def git(*arguments, cwd=ROOT):
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def pages(built_site):
    """Return each page's header buttons, by the page's path on the site."""
    return {
        path.relative_to(built_site).as_posix(): BeautifulSoup(
            path.read_text(encoding="utf8"), "html.parser"
        ).select(".article-header-buttons a")
        for path in built_site.glob("book/*.html")
    }


def stem(page):
    return Path(page).stem


def test_pages_with_code_have_all_buttons_and_the_others_none(pages):
    assert {stem(page) for page in pages} > CHAPTERS
    for page, links in pages.items():
        hosts = sorted(urlparse(link["href"]).netloc for link in links if "http" in link["href"])
        launches = [host for host in hosts if host != "github.com"]
        downloads = [link["download"] for link in links if link.has_attr("download")]
        if stem(page) in CHAPTERS:
            assert launches == ["colab.research.google.com", "mybinder.org"], page
            assert downloads == [f"{stem(page)}.ipynb", "notebooks.zip"], page
        else:
            assert launches == downloads == [], page


def test_downloads_exist(pages, built_site):
    for page, links in pages.items():
        for link in links:
            if link.has_attr("download"):
                target = built_site / urljoin(page, link["href"])
                assert target.name == link["download"]
                assert target.stat().st_size > 1000


def test_binder_opens_a_file_of_the_commit(pages):
    expected = os.environ.get("GITHUB_SHA") or built_from(ROOT, "main")
    for page, links in pages.items():
        for link in links:
            address = urlparse(link["href"])
            if address.netloc == "mybinder.org":
                assert address.path == f"/v2/gh/{OWNER}/{NAME}/{expected}"
                (path,) = parse_qs(address.query)["urlpath"]
                assert path == f"lab/tree/book/{stem(page)}.md"
                assert (ROOT / path.removeprefix("lab/tree/")).exists()


def test_colab_opens_a_notebook_that_is_pushed(pages, built_site, tmp_path):
    git("init", "--quiet", "--bare", str(tmp_path))
    push = ["sh", "tools/push.sh", "notebooks", tmp_path]
    subprocess.run(push, cwd=ROOT, check=True, capture_output=True)
    subprocess.run(push, cwd=ROOT, check=True, capture_output=True)  # over what is there
    pushed = git("ls-tree", "--name-only", NOTEBOOKS_BRANCH, cwd=tmp_path).split()
    assert sorted(pushed) == sorted(path.name for path in (built_site / "notebooks").iterdir())
    assert git("rev-list", "--count", NOTEBOOKS_BRANCH, cwd=tmp_path).strip() == "1"
    for page, links in pages.items():
        for link in links:
            address = urlparse(link["href"])
            if address.netloc == "colab.research.google.com":
                start, file = address.path.split(f"/blob/{NOTEBOOKS_BRANCH}/")
                assert start == f"/github/{OWNER}/{NAME}"
                assert file == f"{stem(page)}.ipynb"
                assert file in pushed


def test_repository_links_lead_to_files_that_exist(pages):
    for links in pages.values():
        for link in links:
            address = urlparse(link["href"])
            if address.netloc == "github.com":
                assert address.path.startswith(f"/{OWNER}/{NAME}")
                if "/edit/" in address.path:
                    _, file = unquote(address.path).split("/edit/main/")
                    assert (ROOT / file).exists(), file


def test_nothing_offers_a_source_to_a_notebook_service(built_site):
    for path in built_site.glob("**/*.html"):
        text = path.read_text(encoding="utf8")
        assert not re.search(r'href="[^"]*(colab|deepnote)[^"]*\.md', text), path
        assert "_sources/" not in text
