"""Opening the bundle in use while others replace it."""

import pytest

from kartograph.serving.bundle.opened import Bundle
from kartograph.serving.paths import ServingPaths
from kartograph.tables.errors import ServerError


@pytest.fixture
def paths(tmp_path) -> ServingPaths:
    paths = ServingPaths(tmp_path / "serving")
    paths.create()
    paths.current.write_text("first")
    return paths


def test_a_bundle_that_is_replaced_while_it_is_opened_is_let_go_for_the_next(paths, monkeypatch) -> None:
    second = object()

    def of(folder, before):
        if folder.name == "first":
            paths.current.write_text("second")
            raise FileNotFoundError(folder)
        return second

    monkeypatch.setattr(Bundle, "of", of)
    assert Bundle.open(paths) is second


def test_a_bundle_that_is_broken_is_named(paths) -> None:
    with pytest.raises(ServerError, match=r"bundles/first cannot be read"):
        Bundle.open(paths)
