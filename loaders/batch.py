"""Runs a loader unattended, from cron for example.

Every loader can be run as `python -m kartograph.loaders.NAME …`. One load at a time works on a shop: a second one ends
at once with exit code 1. What happens is appended to a log file. Exit codes: 0 done, 1 an error that the message and
the log explain, 2 called wrongly. A dry run ends with the exit code that the load would have.
"""

import argparse
import json
import logging
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kartograph.graph.connection import Graph
from kartograph.graph.managed.generations import only_builder
from kartograph.graph.managed.home import Home
from kartograph.loaders.shared.dry_run import EVERY_ROW, dry_run
from kartograph.loaders.shared.guard import Allowed
from kartograph.tables.derived.derive import DeriveOptions
from kartograph.tables.derived.sessions import SessionOptions
from kartograph.tables.engine import EngineOptions
from kartograph.tables.errors import KartographError
from kartograph.tables.rejects import RejectLimit
from kartograph.tables.report import Report
from kartograph.tables.whole import PRIVATE


@dataclass(frozen=True)
class Batch:
    """What one loader brings to its command line."""

    name: str
    doc: str
    """The loader's module docstring, shown by `--help`."""
    read: Callable[..., Any]
    """Reads a path with options and progress into a `Source`."""
    options: Callable[..., Any]
    """Makes the loader's options from the common ones and from those that it adds, by keyword."""
    add_arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    """Adds arguments of the loader's own; their names are those of its options."""
    then: Callable[..., Mapping[str, int]] | None = None
    """Writes more into the shop's graph once it is loaded, from the path and the options; returns counts by name."""

    def main(self, argv: Sequence[str] | None = None) -> int:
        """Run with the arguments of the command line and return the exit code."""
        arguments = vars(self._parser().parse_args(argv))
        try:
            home = Home.of(arguments.pop("shop"))
        except KartographError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        log_file = arguments.pop("log_file") or home.folder / "loads" / f"{self.name}.log"
        try:
            with _log(log_file) as log:
                return self._logged(home, arguments, log)
        except OSError as error:
            print(f"error: the log file {log_file} cannot be written: {error}", file=sys.stderr)
            return 1

    def _logged(self, home: Home, arguments: dict[str, Any], log: logging.Logger) -> int:
        log.info("began with %s", " ".join(f"{name}={value}" for name, value in arguments.items() if value is not None))
        try:
            dry, as_json = arguments.pop("dry_run"), arguments.pop("json")
            report = self._run(home, arguments, dry, log)
        except KartographError as error:
            log.error("%s", error)
            print(f"error: {error}", file=sys.stderr)
            return 1
        except Exception as error:
            log.exception("failed")
            print(f"error: {error!r}; the log has the details", file=sys.stderr)
            return 1
        summary = report.as_dict()
        log.info("done: %s", json.dumps(summary, ensure_ascii=False))
        print(json.dumps(summary, ensure_ascii=False) if as_json else report.in_words())
        return 1 if report.refusals else 0

    def _run(self, home: Home, arguments: dict[str, Any], dry: bool, log: logging.Logger) -> Report:
        path = arguments.pop("path")
        rejects = arguments.pop("rejects") or home.folder / "loads" / f"{self.name}-rejects.csv"
        limit = RejectLimit.parse(arguments.pop("max_rejects"))
        allowed = Allowed(arguments.pop("allow_empty"), arguments.pop("allow_shrink"))
        derive_options = DeriveOptions(sessions=SessionOptions(gap_minutes=arguments.pop("session_gap")))
        engine = EngineOptions(memory=arguments.pop("memory"), threads=arguments.pop("threads"))
        reading = EVERY_ROW if dry else limit
        options = self.options(rejects=rejects, limit=reading, engine=engine, **arguments)

        def progress(step: str, done: float | None = None, total: float | None = None) -> None:
            if done is None:
                log.info("%s", step)

        if dry:
            return dry_run(self.read(path, options, progress), limit, home, allowed, progress)
        from kartograph.loaders.shared.into_graph import into_graph

        with only_builder(home, "load"):
            source = self.read(path, options, progress)
            report = into_graph(source, home, derive_options, progress, allowed=allowed)
        if self.then is not None:
            with Graph.local(home.shop, progress) as graph:
                report.counts |= self.then(graph, path, options, progress, allow_shrink=allowed.shrink)
        return report

    def _parser(self) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(
            prog=f"python -m kartograph.loaders.{self.name.replace('-', '_')}",
            description=self.doc,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("path", help="the file, folder or pattern to load")
        parser.add_argument("--shop", default="shop", help="which shop it goes into (default: shop)")
        parser.add_argument(
            "--dry-run", action="store_true", help="read and check only: what is there, and whether it would load"
        )
        self._common(parser)
        parser.add_argument("--log-file", type=Path, help="the log file (default: in the shop's folder)")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")
        self.add_arguments(parser)
        return parser

    def _common(self, parser: argparse.ArgumentParser) -> None:
        """Add the options that all loads of events share."""
        parser.add_argument("--log", dest="log_file", type=Path, help="the same as --log-file")
        parser.add_argument("--rejects", type=Path, help="where bad rows go (default: in the shop's folder)")
        parser.add_argument("--max-rejects", default="10%", help="how many are borne, as 10%% or 500 (default: 10%%)")
        parser.add_argument("--allow-empty", action="store_true", help="load a source without any event")
        parser.add_argument(
            "--allow-shrink", action="store_true", help="load less than half of what the shop holds of the source"
        )
        parser.add_argument("--session-gap", type=_finite, default=30, help="minutes of rest that end a session (30)")
        parser.add_argument("--memory", default="3GB", help="memory of the tables before they spill (default: 3GB)")
        parser.add_argument("--threads", type=int, default=2, help="threads that work at once (default: 2)")


@dataclass(frozen=True)
class GraphBatch(Batch):
    """What a loader without events brings to its command line: it writes into a graph beside what that holds.

    `read` is the loader's `load(graph, path, options, progress)`, which only checks where the graph is None.
    """

    read: Callable[..., Mapping[str, int]]

    def _run(self, home: Home, arguments: dict[str, Any], dry: bool, log: logging.Logger) -> Report:
        path, report = arguments.pop("path"), Report(source=self.name)
        options = self.options(**arguments)

        def progress(step: str, done: float | None = None, total: float | None = None) -> None:
            if done is None:
                log.info("%s", step)

        if dry:
            report.counts |= self.read(None, path, options, progress)
        else:
            with only_builder(home, "load"), Graph.local(home.shop, progress) as graph:
                report.counts |= self.read(graph, path, options, progress)
        report.finish()
        return report

    def _common(self, parser: argparse.ArgumentParser) -> None:
        """Loads without events have none of the options that are for these."""


def _finite(text: str) -> float:
    """A number of the command line that is neither NaN nor an infinity."""
    value = float(text)
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text} is no finite number")
    return value


@contextmanager
def _log(path: Path) -> Iterator[logging.Logger]:
    """A logger that appends to the file at `path`, and to nothing else; a new file is its owner's alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE))
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    log = logging.Logger("kartograph.loaders", logging.INFO)
    log.addHandler(handler)
    try:
        yield log
    finally:
        handler.close()
