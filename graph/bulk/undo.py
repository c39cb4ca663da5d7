"""Undoes a bulk load or a restored backup."""

from dataclasses import dataclass

from kartograph.graph.ledger import Entry, active_folder, read_ledger
from kartograph.graph.managed.generations import build_lock, reactivate
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import running, start_again
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Undone:
    """What an `undo_load` did."""

    undone: list[Entry]
    """The loads that the shop no longer shows, live ones since the bulk load included."""
    back: list[Entry]
    """Those that it shows again; none where no load of this release brought them."""


def undo_load(home: ShopDirectory, progress: Progress = silent) -> Undone:
    """Bring back the database that the last bulk load, or restored backup, replaced; a server that ran runs again.

    What was loaded, enriched and written into the graph since goes with the present database, which is kept in its
    turn: undone twice, all is as before. The next load keeps the one of the two that is active then.

    Raises:
        NothingThere: no former database is kept.
        BadInput: a load is at work on the shop.
    """
    with build_lock(home, "load"), build_lock(home):
        undone, former = read_ledger(active_folder(home)), running(home)
        reactivate(home, progress)
        back = read_ledger(active_folder(home))
    if former:
        start_again(home, former, progress)
    return Undone(undone, back)
