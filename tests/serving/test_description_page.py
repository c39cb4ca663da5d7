"""The page of the OpenAPI description needs nothing from the network, and no key."""

import re

import pytest
from fastapi.testclient import TestClient

from kartograph.serving.api.access import Access
from kartograph.serving.app import described
from kartograph.serving.config import ServeConfig


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(described())


def test_every_file_that_the_page_names_comes_from_the_server_without_a_key(client) -> None:
    page = client.get("/docs").text
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(named) == 3, "a script, a style sheet, an icon"
    access = Access(ServeConfig(), [], requires_key=True)
    for path in named:
        assert client.get(path).status_code == 200, path
        assert access.refused({"method": "GET", "path": path, "headers": [], "client": ("::1", 1)}) is None
    assert "http" not in page


def test_the_files_are_no_calls_of_the_description(client) -> None:
    assert all(
        path.startswith(("/v1/", "/healthz", "/readyz", "/metrics"))
        for path in client.get("/openapi.json").json()["paths"]
    )
