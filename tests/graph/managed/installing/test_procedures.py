"""The plugins in which Neo4j looks for procedures."""

import sys
import zipfile

import pytest

from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.installing.artifacts import PLUGINS
from kartograph.graph.managed.installing.class_archive import make
from kartograph.graph.managed.installing.install import install
from kartograph.graph.managed.installing.procedures import PROCEDURES, collect
from kartograph.graph.managed.lifecycle import bound_servers, start, stop
from kartograph.graph.managed.memory import Memory

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no archives of classes")
SHOWN = "SHOW {kind} YIELD signature AS one RETURN one ORDER BY one"


def test_plugins_with_an_annotated_class_are_linked_and_the_others_are_not(tmp_path) -> None:
    classes = {
        "procedure": b"..Lorg/neo4j/procedure/Procedure;..",
        "function": b"..Lorg/neo4j/procedure/UserFunction;..",
        "aggregation": b"..Lorg/neo4j/procedure/UserAggregationFunction;..",
        "neither": b"..Lorg/neo4j/procedure/Name;..",
    }
    (tmp_path / PLUGINS).mkdir()
    for name, content in classes.items():
        with zipfile.ZipFile(tmp_path / PLUGINS / f"{name}.jar", "w") as jar:
            jar.writestr("a/Nothing.class", b"")
            jar.writestr("a/Thing.class", content)
            jar.writestr("notes.txt", "Lorg/neo4j/procedure/Procedure;")
    collect(tmp_path)
    linked = sorted((tmp_path / PROCEDURES).iterdir())
    assert [jar.name for jar in linked] == ["aggregation.jar", "function.jar", "procedure.jar"]
    assert all(jar.resolve() == tmp_path / PLUGINS / jar.name for jar in linked)
    assert sorted(folder.name for folder in tmp_path.iterdir()) == [PLUGINS, PROCEDURES]


@pytest.mark.slow
@pytest.mark.server
def test_a_server_that_looks_into_few_plugins_has_the_procedures_of_all(home, monkeypatch) -> None:
    server, shown = install(home), []
    assert make(server, patience=600)
    shop = ShopDirectory.of("plugins", root=home)
    for folder in (PROCEDURES, PLUGINS):
        monkeypatch.setattr("kartograph.graph.managed.configuration.PROCEDURES", folder)
        with bound_servers():
            running = start(shop, memory=Memory(heap_mib=512, page_cache_mib=64))
        assert f"/{folder}\n" in (shop.paths.conf / "neo4j.conf").read_text("utf-8")
        with Graph.connect(running.uri, auth=running.auth) as graph:
            shown.append([[*graph.query(SHOWN.format(kind=kind)).one] for kind in ("PROCEDURES", "FUNCTIONS")])
        stop(shop)
    assert shown[0] == shown[1]
    assert any(one.startswith("gds.pageRank.write(") for one in shown[0][0])
