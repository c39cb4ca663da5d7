"""The site builds without a warning and without network, and loads nothing from elsewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOADED = re.compile(r"<(?:script|img|iframe|link(?=[^>]*stylesheet))[^>]*?(?:src|href)=\"(?:https?:)?//[^\"]*\"")
NO_NETWORK = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **NO_NETWORK}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_and_every_file_it_links_to_is_in_the_site(site):
    assert (site / "index.html").is_file()
    for page in (ROOT / "docs").rglob("*.md"):
        assert (site / page.relative_to(ROOT / "docs")).with_suffix(".html").is_file(), page
    assert (site / "queries" / "index.html").is_file()
    assert (site / "queries" / "explore" / "funnel.cypher").read_text() == (
        ROOT / "queries" / "explore" / "funnel.cypher"
    ).read_text()
    assert (site / "ontology" / "vocabulary.ttl").is_file()


def test_links_out_of_the_folder_of_pages_are_made_to_work(site):
    assert 'href="queries/index.html"' in (site / "pipeline.html").read_text()
    assert 'href="conventions.html"' in (site / "CONTRIBUTING.html").read_text()


def test_no_page_loads_anything_from_elsewhere(site):
    loaded = {found for page in site.rglob("*.html") for found in LOADED.findall(page.read_text())}
    assert loaded == set()
