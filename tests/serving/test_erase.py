"""Nothing of an erased user is left in the graph or in any file of ours, and no load brings the user back."""

import errno
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kartograph.graph.erasure.suppression import read_suppression
from kartograph.graph.schema import apply_schema
from kartograph.loaders import interactions
from kartograph.models.registry import make
from kartograph.models.saved.version_files import places
from kartograph.models.saved.versions import keep
from kartograph.serving import erase
from kartograph.serving.bundle.making import make_bundle
from kartograph.serving.erase import erase_suppressed_versions, erase_user, export_user
from kartograph.serving.events.log import EventLog, LoggedEvent
from kartograph.serving.reach import Shop
from kartograph.tables.errors import NothingThere, ServerError

pytestmark = [pytest.mark.server, pytest.mark.slow]
PERSON = "person-7788-of-nowhere"
DAY, START = 86_400_000, 1_700_000_000_000
ROWS = [
    (user, item, "buy" if number == 2 else "view", START + number * DAY)
    for user, items in {PERSON: "abca", "2": "abd", "3": "bcd", "4": "acd"}.items()
    for number, item in enumerate(items)
]
EVENTS = pd.DataFrame(ROWS, columns=["user_id", "item_id", "event", "timestamp"])


@pytest.fixture
def shop(graph, server, home, monkeypatch) -> Shop:
    """A shop of four users with two versions, a bundle and a logged event."""
    monkeypatch.setenv("NEO4J_URI", server.uri)
    monkeypatch.setenv("NEO4J_USERNAME", server.auth[0])
    monkeypatch.setenv("NEO4J_PASSWORD", server.auth[1])
    apply_schema(graph)
    interactions.load(graph, EVENTS)
    shop = Shop("shop")
    for name in ("hsprec", "item-knn"):
        keep(graph, shop.models, name, make(name).fit(graph))
    shop.paths.create()
    make_bundle(graph, shop.models, shop.paths)
    log = EventLog(shop.paths.events)
    log.append([[LoggedEvent("e", PERSON, "s", "d", "buy", START + 9 * DAY, None)]])
    log.close()
    return shop


def files_that_hold(folder: Path, text: str) -> list[Path]:
    """Files of ours with the text as UTF-8, or as the wide characters of an array of texts."""
    wide = np.array([text]).tobytes()
    files = [path for path in folder.rglob("*") if path.is_file() and "servers" not in path.parts]
    return [path for path in files if any(one in path.read_bytes() for one in (text.encode(), wide))]


def test_nothing_of_an_erased_user_is_left_and_no_load_brings_the_user_back(shop, graph, home) -> None:
    held = export_user(shop, graph, PERSON)
    assert [event["item_id"] for event in held["events"]] == list("abca")
    assert [event["item_id"] for event in held["logged_events"]] == ["d"]
    assert files_that_hold(home, PERSON), "or the search below proves nothing"

    receipt = erase_user(shop, graph, PERSON)
    assert (receipt["graph"]["users"], receipt["graph"]["events"], receipt["logged_events"]) == (1, 4, 1)
    assert [version.partition("-")[0] for version in receipt["versions"]] == ["hsprec"]
    assert [place.parent.name for place in places(shop.models)] == ["item-knn"]
    assert files_that_hold(home, PERSON) == []
    assert mentions(graph) == 0
    popularity = graph.query("MATCH (i:Item) RETURN i.id AS id, i.popularity AS n ORDER BY id")
    assert popularity["n"].tolist() == [2, 2, 2, 3], "a, b, c, d without the four events"

    report = interactions.load(graph, EVENTS.assign(timestamp=EVENTS["timestamp"] + 1))
    assert any("erased" in note for note in map(str, report.notes))
    assert mentions(graph) == 0
    with pytest.raises(NothingThere, match="holds no data"):
        export_user(shop, graph, PERSON)
    assert read_suppression(shop.suppression).holds(PERSON)
    assert erase_user(shop, graph, PERSON)["graph"]["users"] == 0


def test_what_of_a_user_cannot_be_removed_is_named_and_the_next_erasure_goes_on(shop, graph, home, monkeypatch) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", full)
        with pytest.raises(ServerError, match=r"not wholly erased yet: .*hsprec.* cannot be removed .*: it goes on"):
            erase_user(shop, graph, PERSON)
    assert files_that_hold(home, PERSON)
    erase_user(shop, graph, PERSON)
    assert files_that_hold(home, PERSON) == []


def test_a_folder_that_somebody_else_writes_into_is_removed_once_they_are_done(tmp_path, monkeypatch) -> None:
    folder, remove, busy = tmp_path / "snapshot", shutil.rmtree, [0, 1, 2]
    folder.mkdir()

    def removed_in_vain(path: Path) -> None:
        if busy.pop():
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(path))
        remove(path)

    monkeypatch.setattr(shutil, "rmtree", removed_in_vain)
    assert erase._removed(folder)
    assert (busy, folder.exists()) == ([], False)


def test_a_restored_version_that_holds_an_erased_user_goes_again(shop, graph, tmp_path) -> None:
    shutil.copytree(shop.models, tmp_path / "kept")
    erase_user(shop, graph, PERSON)
    shutil.copytree(tmp_path / "kept", shop.models, dirs_exist_ok=True)
    assert {place.parent.name for place in places(shop.models)} == {"hsprec", "item-knn"}

    erased = erase_suppressed_versions(shop.models, graph)

    assert [version.partition("-")[0] for version in erased] == ["hsprec"]
    assert [place.parent.name for place in places(shop.models)] == ["item-knn"]


def mentions(graph) -> int:
    """Nodes and relationships that hold the id in any property."""
    statement = """
        CALL () {
          MATCH (n) WHERE any(key IN keys(n) WHERE toStringOrNull(n[key]) CONTAINS $id) RETURN n AS x
          UNION ALL
          MATCH ()-[r]->() WHERE any(key IN keys(r) WHERE toStringOrNull(r[key]) CONTAINS $id) RETURN r AS x
        }
        RETURN count(*) AS n
    """
    return int(graph.query(statement, id=PERSON)["n"][0])
