"""The figures of the nightly pipeline for Prometheus: a file that its textfile collector reads."""

from pathlib import Path

from kartograph.pipeline.journal import Journals
from kartograph.tables.errors import ServerError
from kartograph.tables.extras import naming_the_extra


def write_metrics(path: Path, shop: str, journals: Journals) -> None:
    """Write the file whole; raises `ServerError` where it cannot be written, `ExtraMissing` without `serve`."""
    with naming_the_extra("the file of metrics"):
        from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry = CollectorRegistry()

    def gauge(name: str, words: str, value: float, **labels: str) -> None:
        one = _gauges.get(name) or Gauge(f"kartograph_run_{name}", words, ["shop", *labels], registry=registry)
        _gauges[name] = one
        one.labels(shop=shop, **labels).set(value)

    _gauges: dict[str, Gauge] = {}
    gauge("failures_in_a_row", "Runs that failed since the last one that got through.", journals.failures_in_a_row())
    if success := journals.last_success():
        gauge("last_success_timestamp_seconds", "When the last successful run ended.", (success.finished or 0) / 1000)
    if last := journals.last():
        gauge("last_timestamp_seconds", "When the last run began.", last.started / 1000)
        for name, step in last.steps.items():
            gauge("step_seconds", "How long each step of the last run took.", step.seconds, step=name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_to_textfile(str(path), registry)
    except OSError as error:
        raise ServerError(f"{path} cannot be written: {error.strerror}. See `metrics` below [publish].") from None
