"""Events of one instant lie in one session of the graph: in bulk and live, with any number of threads."""

import random
from pathlib import Path

import pytest
from tests.graph.live.whole_graph import assert_same, content_of

from kartograph.graph.bulk import BulkOptions, LoadRecord, bulk_load
from kartograph.graph.connection import Graph
from kartograph.graph.live import LiveOptions, live_load
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.loaders import interactions
from kartograph.loaders.interactions import InteractionOptions
from kartograph.tables.derived.derive import derive
from kartograph.tables.engine_options import EngineOptions

pytestmark = [pytest.mark.server, pytest.mark.timeout(600)]

SMALL = Memory(heap_mib=512, page_cache_mib=64)
SESSIONS = "MATCH (u:User)-[:HAD]->(s:Session) RETURN count(DISTINCT u) AS users, count(s) AS sessions"


def days_only(file: Path) -> tuple[int, int]:
    """Views of 40 users on 3 days, many a day; how many users there are, and how many pairs of a user and a day."""
    rng = random.Random(1)
    rows = [(f"u{rng.randrange(40)}", f"i{rng.randrange(9)}", f"2024-01-1{rng.randrange(3)}") for _ in range(3_000)]
    file.write_text("user,item,time\n" + "".join(f"{','.join(row)}\n" for row in rows))
    return len({user for user, _, _ in rows}), len({(user, day) for user, _, day in rows})


def one_second(file: Path) -> tuple[int, int]:
    """Views of 40 users at two instants a second apart: a session for each user."""
    rng = random.Random(1)
    rows = [f"u{n % 40},i{rng.randrange(9)},{1_700_000_000 + (n >= 1_500)}\n" for n in range(3_000)]
    file.write_text("user,item,time\n" + "".join(rows))
    return 40, 40


@pytest.mark.slow
@pytest.mark.parametrize("make", [days_only, one_second])
def test_every_number_of_threads_gives_the_same_sessions_in_bulk_and_live(graph, home, tmp_path, make):
    users, sessions = make(file := tmp_path / "events.csv")

    def read(threads: int):
        return interactions.read(
            file, InteractionOptions(rejects=tmp_path / "rejects.csv", engine=EngineOptions(threads=threads))
        )

    contents = []
    for threads in (1, 2, 8):
        graph.query("MATCH (n) DETACH DELETE n", write=True)
        live_load(read(threads), graph, LoadRecord("interactions", []), LiveOptions())
        assert graph.query(SESSIONS).to_numpy().tolist() == [[users, sessions]]
        contents.append(content_of(graph))
    place = ShopDirectory.of("ties", root=home)
    bulk_load(derive(read(8)), place, options=BulkOptions(import_memory=SMALL, index_memory=SMALL, server_memory=SMALL))
    server = start(place, SMALL)
    try:
        with Graph.connect(server.uri, server.auth) as loaded:
            assert loaded.query(SESSIONS).to_numpy().tolist() == [[users, sessions]]
            contents.append(content_of(loaded))
    finally:
        stop(place)
    for content in contents[1:]:
        assert_same(content, contents[0])
