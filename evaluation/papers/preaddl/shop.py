"""The events of a file or folder as the models of pairs take them."""

from pathlib import Path

from kartograph.evaluation.shop_tables import holds_sessions, read_source
from kartograph.models.preaddl.shop_events import ShopEvents, from_retailrocket, from_sequences, from_source
from kartograph.tables.contents.sequences import read_sequences
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


def read_shop(data: Path, progress: Progress = silent) -> ShopEvents:
    """The events of a file or folder, with dated properties where it is RetailRocket's folder.

    A session without a user is a visitor; without times, the order of the clicks is their time.
    """
    if not data.exists():
        raise BadInput(f"{data} does not exist. Name a file of interactions or a folder of a known layout.")
    if data.is_dir() and any(data.glob("events.csv*")):
        return from_retailrocket(data, progress)
    if data.is_file() and holds_sessions(data):
        return from_sequences(read_sequences(data))
    return from_source(read_source(data, progress))
