"""Runs a loader unattended, from cron for example.

Every loader can be run as `python -m kartograph.loaders.NAME …`, one of another package as
`python -m kartograph.loaders NAME …`. One load at a time works on a shop: a second one ends
at once with exit code 1. What happens is appended to a log file. Exit codes: 0 done, 1 an error that the message and
the log explain, 2 called wrongly. A dry run ends with the exit code that the load would have.
"""

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import running
from kartograph.loaders.registry import Loader
from kartograph.loaders.shared.declared import add_arguments, declared
from kartograph.loaders.shared.running import run
from kartograph.tables.errors import KartographError
from kartograph.tables.pipes import print_if_read
from kartograph.tables.report import Report
from kartograph.tables.whole import PRIVATE, make_private


def main(loader: Loader, arguments: Sequence[str] | None = None) -> int:
    """Run a loader with the arguments of the command line and return the exit code."""
    said = vars(_parser(loader).parse_args(arguments))
    try:
        home = ShopDirectory.of(said.pop("shop"))
    except KartographError as error:
        print_if_read(f"error: {error}", sys.stderr)
        return 1
    log_file = said.pop("log_file") or home.folder / "loads" / f"{loader.name}.log"
    try:
        with _log(log_file) as log:
            return _logged(loader, home, said, log)
    except OSError as error:
        print_if_read(f"error: the log file {log_file} cannot be written: {error}", sys.stderr)
        return 1


def _logged(loader: Loader, home: ShopDirectory, said: dict[str, Any], log: logging.Logger) -> int:
    log.info("began with %s", " ".join(f"{name}={value}" for name, value in said.items() if value is not None))
    try:
        report = _run(loader, home, said, log)
    except KartographError as error:
        log.error("%s", error)
        print_if_read(f"error: {error}", sys.stderr)
        return 1
    except Exception as error:
        log.exception("failed")
        print_if_read(f"error: {error!r}; the log has the details", sys.stderr)
        return 1
    summary = report.as_dict()
    log.info("done: %s", json.dumps(summary, ensure_ascii=False))
    print_if_read(json.dumps(summary, ensure_ascii=False) if said["json"] else report.in_words(), sys.stdout)
    return 1 if report.refusals else 0


def _run(loader: Loader, home: ShopDirectory, said: dict[str, Any], log: logging.Logger) -> Report:
    def progress(step: str, done: float | None = None, total: float | None = None) -> None:
        if done is None:
            log.info("%s", step)

    common = {one.name for one in fields(loader.run_options)}
    settings = loader.run_options(**{name: value for name, value in said.items() if name in common - _own(loader)})
    own = {name: value for name, value in said.items() if name in _own(loader)}
    opened = running(home) is not None
    return run(loader, home, said["path"], own, settings, lambda: Graph.local(home.shop, progress), opened, progress)


def _parser(loader: Loader) -> argparse.ArgumentParser:
    doc = "\n\n".join(filter(None, (loader.about, loader.more)))
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", help=loader.path.replace("%", "%%"))
    parser.add_argument("--shop", default="shop", help="Which shop it goes into (default: shop)")
    parser.add_argument("--log-file", type=Path, help="The log file (default: in the shop's folder)")
    if "log" not in _own(loader):
        parser.add_argument("--log", dest="log_file", type=Path, help="The same as --log-file")
    own = declared(loader.options)
    add_arguments(parser, own)
    add_arguments(parser, (one for one in declared(loader.run_options) if one.name not in _own(loader)))
    return parser


def _own(loader: Loader) -> set[str]:
    """The names of the loader's own options; they come before common ones of the same name."""
    return {one.name for one in declared(loader.options)}


@contextmanager
def _log(path: Path) -> Iterator[logging.Logger]:
    """A logger that appends to the file at `path`, and to nothing else; a new file is its owner's alone."""
    make_private(path.parent)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE))
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    log = logging.Logger("kartograph.loaders", logging.INFO)
    log.addHandler(handler)
    try:
        yield log
    finally:
        handler.close()
