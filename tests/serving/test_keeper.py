"""The steps of the keeper take turns."""

from threading import Event
from typing import Any, cast

import pytest

from kartograph.serving.bundle.making import Made
from kartograph.serving.catalogue import flush as catalogue
from kartograph.serving.config import ServeConfig
from kartograph.serving.events import flush as events
from kartograph.serving.exposures import flush as exposures
from kartograph.serving.keeper import Keeper
from kartograph.serving.reach import Shop
from kartograph.tables.errors import StillChanging


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


def test_promotions_act_while_a_bundle_is_made(home, monkeypatch: pytest.MonkeyPatch) -> None:
    looked, made = Event(), Made("b", "db", "s", {}, {}, 0, 0)
    shop, graph = Shop("keeper"), cast(Any, None)
    shop.paths.create()
    keeper = Keeper(shop, ServeConfig.model_validate({"refresh": {"poll_seconds": 0.01}}))
    monkeypatch.setattr(keeper, "_promote", lambda _: looked.set())
    assert keeper._while_promoting(graph, lambda: made if looked.wait(60) else None) is made  # pyright: ignore
    with pytest.raises(StillChanging):
        keeper._while_promoting(graph, lambda: _raise(StillChanging("it changes")))


def _raise(error: Exception) -> Any:
    raise error
