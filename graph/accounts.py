"""What a shop's database must hold, by its own accounts: the number of its events and a checksum of their keys.

generations/<id>/tally.json     {"events": 120, "total": 257698037760, "open": ["load-…"]}

Whatever changes events (a load, an erasure, an expiry) opens the account before and enters the change after. Where one
was killed in between, the account stays open: then nobody knows what the database must hold until it is counted.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock
import pydantic
from pydantic.dataclasses import dataclass

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.ledger import active_folder
from kartograph.queries import Statement
from kartograph.tables.contents.tally import Tally
from kartograph.tables.errors import ServerError, in_lines
from kartograph.tables.whole import write_whole

ACCOUNT = "tally.json"


@dataclass(frozen=True)
class Account:
    """What a generation must hold; nobody knows while changes are open."""

    events: pydantic.NonNegativeInt
    total: pydantic.NonNegativeInt
    open: tuple[str, ...] = ()
    """Names of changes under way, or interrupted."""

    @property
    def known(self) -> Tally | None:
        """The tally, where nothing is open."""
        return None if self.open else Tally(self.events, self.total)


_ACCOUNT = pydantic.TypeAdapter(Account)


def read_account(generation: Path) -> Account | None:
    """The account in a generation's folder; None where there is none, as in one that a former release made."""
    file = generation / ACCOUNT
    try:
        return _ACCOUNT.validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, pydantic.ValidationError) as error:
        is_known = in_lines(error) if isinstance(error, pydantic.ValidationError) else str(error)
        raise ServerError(
            f"{file}, which says what the shop must hold, cannot be read; remove the file, and events are counted "
            f"again:\n{is_known}"
        ) from error


def write_account(generation: Path, tally: Tally, still_open: tuple[str, ...] = ()) -> None:
    """Replace the account of a generation."""
    write_whole(
        generation / ACCOUNT, json.dumps({"events": tally.events, "total": tally.total, "open": list(still_open)})
    )


def tally_in(graph: Graph, statement: Statement | None = None, **parameters: Any) -> Tally:
    """Count the events in a graph, or those that a statement with the same columns finds."""
    keys = graph.query(statement or queries.load("operate/event_keys"), **parameters)
    return Tally(int(keys["events"].iloc[0]), int(keys["checksum"].iloc[0]))


class Changing:
    """A change of events under way."""

    def __init__(self, before: Tally | None = None):
        """Begin with what the graph must hold before, where that is known."""
        self.before = before
        self._change: Callable[[Tally], Tally] | None = None

    def adds(self, tally: Tally) -> None:
        """Say which events come."""
        self._change = lambda before: before + tally

    def takes(self, tally: Tally) -> None:
        """Say which events go."""
        self._change = lambda before: before - tally

    @property
    def is_known(self) -> bool:
        """Whether it was said what comes or goes."""
        return self._change is not None

    def after(self, before: Tally | None = None) -> Tally | None:
        """What the graph must hold afterwards; None where it has to be counted."""
        before = before or self.before
        return self._change(before) if self._change and before else None


@contextmanager
def changing(graph: Graph, name: str, alone: bool = False) -> Iterator[Changing]:
    """Keep the account of a shop right while its events change in a `with` block; nothing happens without a shop.

    `alone` says that the caller holds the claim on the graph: then what interrupted changes left open is counted
    first. The change is entered where the block ends well; otherwise it stays open.
    """
    if graph.home is None:
        yield Changing()
        return
    folder = active_folder(graph.home)
    if alone and ((account := read_account(folder)) is None or account.open):
        tally = tally_in(graph)
        with _account_lock(folder):
            write_account(folder, tally)
    with _account_lock(folder):
        account = read_account(folder)
        if account:
            write_account(folder, Tally(account.events, account.total), (*account.open, name))
    changed = Changing(account.known if account else None)
    yield changed
    counted = None if changed.is_known else tally_in(graph)
    with _account_lock(folder):
        account = read_account(folder)
        if account is None or name not in account.open:  # counted anew meanwhile
            return
        after = counted or changed.after(Tally(account.events, account.total)) or Tally()
        write_account(folder, after, tuple(one for one in account.open if one != name))


def _account_lock(folder: Path) -> filelock.BaseFileLock:
    return filelock.FileLock(folder / f"{ACCOUNT}.lock")
