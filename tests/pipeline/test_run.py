"""Whole runs on a real server and a small shop: what is published, what is refused, and what a kill leaves."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from tests.pipeline.events import DAY, write_shop

from kartograph.graph.connection import Graph
from kartograph.graph.managed.lifecycle import RunningServer
from kartograph.models.saved.versions import current, versions
from kartograph.pipeline.declaration import Declaration, read_declaration
from kartograph.pipeline.journal import Journal
from kartograph.pipeline.run import STEPS, journals_of, pipeline_folder, run_pipeline
from kartograph.tables.errors import BadInput, ServerError

pytestmark = pytest.mark.server


class Killed(BaseException):
    """What a killed process would not get past."""


@dataclass(frozen=True)
class SmallShop:
    """Runs a declaration of the small shop on the empty database of the test server."""

    folder: Path
    server: RunningServer

    @property
    def models(self) -> Path:
        return self.folder / "models"

    @property
    def events(self) -> Path:
        return self.folder / "events.csv"

    def declared(self, models: str = '"popularity", "item-knn"', more: str = "", source: str = "") -> Declaration:
        file = self.folder / "shop.toml"
        file.write_text(
            f'[[sources]]\nloader = "interactions"\npath = "events.csv"\n{source}[train]\nmodels = [{models}]\n'
            f"[gate]\nfewest_users = 20\ndays = 4\n[publish]\ntop = 3\n{more}",
            "utf-8",
        )
        return read_declaration(file)

    def __call__(
        self, declaration: Declaration | None = None, kill: Callable[[str], bool] = lambda step: False
    ) -> Journal:
        def progress(step: str, done: float | None = None, total: float | None = None) -> None:
            if kill(step):
                raise Killed(step)

        def connect(_: object) -> Graph:
            return Graph.connect(self.server.uri, self.server.auth)

        return run_pipeline(declaration or self.declared(), connect, self.models, progress)


@pytest.fixture
def shop(tmp_path, home, graph, server):
    write_shop(tmp_path / "events.csv")
    return SmallShop(tmp_path, server)


def recommended(graph: Graph) -> pd.DataFrame:
    return graph.query(
        "MATCH (u:User)-[r:RECOMMENDED]->(i:Item) RETURN u.id AS user, r.rank AS rank, i.id AS item ORDER BY user, rank"
    )


@pytest.mark.slow
def test_nights_publish_the_best_refuse_a_bad_one_and_stop_at_a_broken_file(shop, graph, tmp_path):
    first = shop(shop.declared(more="keep_days = 6\n"))
    assert graph.query("MATCH (s:Session) RETURN max(s.ended) - min(s.ended) AS span")["span"][0] <= 6 * DAY
    content = json.loads((journals_of("shop").folder / f"{first.id}.json").read_text("utf-8"))
    assert list(content["steps"]) == list(STEPS)
    assert (first.status, first.published and first.published["model"]) == ("done", "item-knn")
    answering = current(graph, "item-knn")
    assert answering is not None
    assert first.published == {"model": "item-knn", "options": {}, "version": answering.version}
    assert answering.figures["NDCG@20"] > 0.3
    lists = recommended(graph)
    assert len(lists) > 20
    assert {row["part"] for row in first.board} >= {"all", "known users", "head items", "tail items", "long sessions"}

    second = shop(shop.declared('"popularity"', "keep_days = 6\n"))
    assert (second.status, second.published) == ("done", None)
    assert second.verdict.startswith("item-knn stays: no candidate passed (popularity: NDCG@20 lost ")
    assert current(graph, "item-knn") == answering
    assert current(graph, "popularity") is None

    rows = shop.events.read_text("utf-8").splitlines()
    shop.events.write_text("\n".join(rows[: len(rows) // 3]) + "\n", "utf-8")
    told = tmp_path / "told.txt"
    third = shop(shop.declared(more=f'on_failure = "tee {told}"\n'))
    assert third.status == "stopped"
    assert "33% of the last run's" in third.verdict
    assert "this run failed" in told.read_text("utf-8")
    shop(shop.declared(more=f'on_failure = "tee {told}"\n'))
    assert "2 runs in a row have failed" in told.read_text("utf-8")
    assert recommended(graph).equals(lists)
    assert current(graph, "item-knn") == answering
    records = graph.query(
        "MATCH (p:PipelineRun) RETURN p.status AS status, COUNT { (p)-[:PUBLISHED]->() } AS published "
        "ORDER BY p.started"
    )
    assert records["status"].tolist() == ["done", "done", "stopped", "stopped"]
    assert records["published"].tolist() == [1, 0, 0, 0]
    metrics = (pipeline_folder("shop") / "metrics.prom").read_text("utf-8")
    assert 'kartograph_run_failures_in_a_row{shop="shop"} 2.0' in metrics


@pytest.mark.slow
def test_a_run_that_is_killed_at_every_step_ends_as_one_that_is_not(shop, graph):
    whole = shop()
    expected, published = recommended(graph), whole.published
    assert published is not None
    graph.query("MATCH (n) DETACH DELETE n", write=True)
    for journal in journals_of("shop").all():
        journals_of("shop").remove(journal)

    seen: set[str] = set()

    def once(step: str) -> bool:
        """Stop at each step when it begins, and within those that work longest, once each."""
        inside = ("Writing events", "Embedding items", "Measuring item-knn", "Writing what item-knn recommends")
        if step in seen or not (step.startswith("Step ") or step in inside):
            return False
        seen.add(step)
        return True

    attempts = 0
    while True:
        attempts += 1
        try:
            journal = shop(kill=once)
            break
        except Killed:
            assert journals_of("shop").all()[-1].status == "running"
    assert len(seen) == attempts - 1 >= len(STEPS) + 3
    assert (journal.status, journal.attempts) == ("done", attempts)
    assert journal.published is not None
    assert journal.published["model"] == published["model"]
    assert recommended(graph).equals(expected)
    kept = versions(graph, shop.models, "item-knn")
    assert (kept["state"] == "whole").sum() == 1
    board = [[(row["model"], row["part"], row["value"]) for row in one.board] for one in (journal, whole)]
    assert board[0] == board[1]


@pytest.mark.slow
def test_lists_hold_what_is_available_and_a_version_with_nothing_to_recommend_replaces_nothing(shop, graph):
    def sold_out(*items: str) -> None:
        rows = [f"i{one},{f'i{one}' not in items}" for one in range(32)]
        (shop.folder / "items.csv").write_text("\n".join(["item_id,available", *rows]) + "\n", "utf-8")
        *_, last = shop.events.read_text("utf-8").splitlines()
        with shop.events.open("a", encoding="utf-8") as events:  # what a table says is of the latest event's time
            events.write(f"u0,i5,view,{int(last.rpartition(',')[2]) + 60_000}\n")

    declared = shop.declared('"item-knn"', source='items = "items.csv"\n')
    sold_out()
    shop(declared)
    assert {"i0", "i9"} <= set(recommended(graph)["item"])
    sold_out("i0", "i9")
    second = shop(declared)
    answering, lists = current(graph, "item-knn"), recommended(graph)
    assert answering is not None and second.published == {
        "model": "item-knn",
        "options": {},
        "version": answering.version,
    }
    assert len(lists) > 20 and not {"i0", "i9"} & set(lists["item"])

    sold_out(*(f"i{one}" for one in range(32)))
    third = shop(declared)
    assert (third.status, third.published) == ("failed", None)
    assert third.verdict.startswith(
        "failed in publish: item-knn is not published, and what was published stays: item-knn has nothing to write: "
        "it recommends nothing to these users"
    )
    assert current(graph, "item-knn") == answering
    assert recommended(graph).equals(lists)


def test_a_killed_run_is_not_taken_up_where_the_files_are_others(shop):
    for sessions in (300, 310):
        write_shop(shop.events, sessions)
        with pytest.raises(Killed):
            shop(kill=lambda step: step == "Step load")
    assert [(one.status, one.attempts) for one in journals_of("shop").all()] == [("abandoned", 1), ("running", 1)]


def test_a_step_that_fails_is_named_and_told_and_the_next_night_begins_anew(shop, tmp_path):
    told = tmp_path / "told.txt"
    declared = shop.declared(more=f'on_failure = "tee {told}"\n')

    def away(progress):
        raise ServerError("the server is away")

    for number in (1, 2, 3):
        failed = run_pipeline(declared, away, shop.models)
        assert (failed.status, failed.verdict, failed.attempts) == ("failed", "failed in load: the server is away", 1)
        assert (f"{number} runs in a row" if number > 1 else "this run failed") in told.read_text("utf-8")
    assert "none has got through yet" in told.read_text("utf-8")


def test_one_run_of_a_shop_at_a_time(shop):
    def second(step: str) -> bool:
        if step == "Step checks":
            with pytest.raises(BadInput, match="Another run of the shop"):
                shop()
            return True
        return False

    with pytest.raises(Killed):
        shop(kill=second)
