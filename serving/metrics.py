"""What Prometheus reads: latencies and lists by who served them, summed over all workers; queue, versions, age of data.

Workers count in files that are mapped into memory, so that any of them can tell the sum.
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kartograph.serving.state import ServingState

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def begin_counting(folder: Path) -> None:
    """Begin with nothing counted; before anything imports prometheus_client."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.environ[FOLDER_VARIABLE] = str(folder)


class Metrics:
    """The counters of one worker."""

    def __init__(self) -> None:
        """Make the counters."""
        from prometheus_client import CollectorRegistry, Counter, Histogram

        registry = CollectorRegistry()
        self._seconds = Histogram(
            "kartograph_request_seconds",
            "Time from the request to the answer",
            ("method", "path", "status"),
            buckets=BUCKETS,
            registry=registry,
        )
        self._served = Counter(
            "kartograph_lists_total", "Lists by who served their first item", ("served_by",), registry=registry
        )
        self._registry = registry
        self._kept: dict[tuple[str, str, str], Any] = {}
        self._lists: dict[str, Any] = {}

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count an answer; `path` is that of the call, without the ids in it."""
        labels = (method, path, str(status))
        if labels not in self._kept:
            self._kept[labels] = self._seconds.labels(*labels)
        self._kept[labels].observe(seconds)

    def listed(self, served_by: str) -> None:
        """Count a list."""
        if served_by not in self._lists:
            self._lists[served_by] = self._served.labels(served_by)
        self._lists[served_by].inc()

    def text(self, state: "ServingState") -> bytes:
        """What all workers have counted, and how things stand."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = self._registry
        if FOLDER_VARIABLE in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)
        standing = CollectorRegistry()
        standing.register(_Standing(state))
        return generate_latest(registry) + generate_latest(standing)


class _Standing:
    """How things stand at the moment."""

    def __init__(self, state: "ServingState") -> None:
        self._state = state

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        bundle, health = self._state.view.bundle.made, self._state.health()
        gauges = {
            "kartograph_queued_events": ("Events that wait for the graph", self._state.events.waiting()),
            "kartograph_queued_changes": ("Changes that wait for the graph", health.get("queued_changes", 0)),
            "kartograph_data_age_seconds": ("Age of the data read", time.time() - bundle.made / 1000),
            "kartograph_neo4j_up": ("Whether Neo4j answers", float(health.get("neo4j") == "up")),
            "kartograph_items": ("Items in the catalogue", self._state.view.catalogue.count),
        }
        for name, (words, value) in gauges.items():
            yield GaugeMetricFamily(name, words, value)
        versions = GaugeMetricFamily("kartograph_model_version", "Versions that answer", labels=("model", "version"))
        for model, version in bundle.versions.items():
            versions.add_metric((model, version), 1)
        yield versions
