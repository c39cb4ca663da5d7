"""The steps of the keeper take turns, and promotions wait for none of them."""

from contextlib import nullcontext
from threading import Event
from typing import Any, cast

import pytest
from neo4j.exceptions import ServiceUnavailable

from kartograph.serving import keeper
from kartograph.serving.catalogue import flush as catalogue
from kartograph.serving.config import ServeConfig
from kartograph.serving.events import flush as events
from kartograph.serving.exposures import flush as exposures
from kartograph.serving.keeper import Keeper, PromotionWatch
from kartograph.serving.promotions import Promotion, read_promotions
from kartograph.serving.reach import Shop
from kartograph.tables.errors import ServerError


def test_events_that_keep_coming_in_do_not_keep_exposures_waiting(home, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def flushes(name: str, *counts: int):
        left = iter(counts)

        def flush(*_: Any) -> int:
            done.append(name)
            return next(left)

        return flush

    monkeypatch.setattr(catalogue, "flush_changes", flushes("changes", 0))
    # A full batch, so there may be more; then what came in meanwhile, and would come in for ever.
    monkeypatch.setattr(events, "flush_events", flushes("events", events.AT_ONCE, 3, 3, 3))
    monkeypatch.setattr(exposures, "flush_exposures", flushes("exposures", 3))
    shop, graph = Shop("keeper"), cast(Any, None)
    shop.paths.create()
    Keeper(shop, ServeConfig())._flush(graph)
    assert done == ["changes", "events", "events", "exposures"]


def test_promotions_are_looked_for_with_every_poll_though_the_graph_is_away_for_a_while(
    home, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Any] = [
        ServerError("away"),
        {},
        ServiceUnavailable("gone"),
        {"p": Promotion.model_validate({"action": "pin", "items": ["a"]})},
    ]
    ended = Event()

    def connect(_: Shop) -> Any:
        return nullcontext()

    def of_graph(_: Any) -> tuple[dict[str, Promotion], dict[str, str]]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if not answers:
            ended.set()
        return answer, {}

    shop = Shop("keeper")
    shop.paths.create()
    monkeypatch.setattr(Shop, "connect", connect)
    monkeypatch.setattr(keeper, "of_graph", of_graph)
    PromotionWatch(shop, 0.001).run(ended)
    assert [one.items for one in read_promotions(shop.paths.promotions)] == [("a",)]
