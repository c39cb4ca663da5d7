"""Where does a shop come from when there is none at hand: a generated one in RetailRocket's layout and shape.

    python -m kartograph.loaders.sample FOLDER --scale 0.015 --seed 7

writes `events.csv`, `item_properties_part1.csv`, `item_properties_part2.csv` and `category_tree.csv`. The same seed and
scale give the same bytes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import typer

from kartograph.loaders.generated.sample_catalogue import catalogue, property_tables, tree_table
from kartograph.loaders.generated.sample_events import event_table
from kartograph.loaders.generated.sample_names import category_names_table, names_table
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

FULL_USERS = 1_407_580
FULL_ITEMS = 417_053
FULL_ACTIVE_ITEMS = 235_061
FULL_EVENTS = 2_756_101
FULL_PROPERTY_ROWS = 20_275_902
FULL_CATEGORIES = 1_669
PART1_SHARE = 0.5425
"""Of the property rows; an item's history runs through both files."""
SMALLEST_SCALE = 0.0002


@dataclass(frozen=True)
class SampleSize:
    """How large a generated shop is; all of it follows from the scale."""

    users: int
    items: int
    active_items: int
    """Items that somebody touches at least once."""
    events: int
    property_rows: int
    categories: int
    """Grows with the square root of the scale, so that small shops keep categories of a useful size."""

    @staticmethod
    def of(scale: float) -> "SampleSize":
        """The size at `scale`; 1.0 is RetailRocket's own.

        Raises:
            BadInput: a scale below 0.0002, which leaves too few events for a funnel.
        """
        if not scale >= SMALLEST_SCALE:
            raise BadInput(f"scale is {scale}; a shop needs a scale of {SMALLEST_SCALE} or more, 1.0 is the full size.")
        return SampleSize(
            users=round(FULL_USERS * scale),
            items=round(FULL_ITEMS * scale),
            active_items=round(FULL_ACTIVE_ITEMS * scale),
            events=round(FULL_EVENTS * scale),
            property_rows=round(FULL_PROPERTY_ROWS * scale),
            categories=max(50, round(FULL_CATEGORIES * scale**0.5)),
        )


def generate(
    folder: Path, scale: float = 0.015, seed: int = 7, progress: Progress = silent, named: bool = False
) -> SampleSize:
    """Write a shop of `scale` times RetailRocket's size into `folder` and return its size.

    Users have tastes that a recommender can recover: see `sample_events`. Files of the same names are replaced.
    With `named` two further files give every item a title, a brand, a price and a picture, and every category a name.

    Raises:
        BadInput: the scale is too small or the folder cannot be written.
    """
    size = SampleSize.of(scale)
    shop_rng, event_rng, property_rng = (
        np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(3)
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        progress("Generating the catalogue")
        shop = catalogue(size.categories, size.items, size.active_items, shop_rng)
        _write(tree_table(shop), folder / "category_tree.csv")
        progress("Generating the events")
        _write(event_table(shop, size.users, size.events, event_rng), folder / "events.csv")
        _write_properties(
            property_tables(shop, size.property_rows, property_rng), folder, size.property_rows, property_rng, progress
        )
        names, categories = folder / "item_properties_names.csv", folder / "category_names.csv"
        for file in (names, categories):
            file.unlink(missing_ok=True)
        if named:
            _write(names_table(shop, np.random.default_rng(seed)), names, quoted=True)
            _write(category_names_table(shop), categories, quoted=True)
    except OSError as error:
        raise BadInput(f"The sample shop cannot be written into {folder}: {error}. Name a folder with room.") from error
    return size


@contextmanager
def _writer(file: Path, schema: pa.Schema, *, quoted: bool = False) -> Iterator[csv.CSVWriter]:
    """A writer of bare values below a bare header (Arrow's own header is always quoted); `quoted` quotes texts."""
    options = csv.WriteOptions(include_header=False, quoting_style="needed" if quoted else "none")
    with file.open("wb") as sink:
        sink.write((",".join(schema.names) + "\n").encode())
        with csv.CSVWriter(sink, schema, write_options=options) as writer:
            yield writer


def _write(table: pa.Table, file: Path, *, quoted: bool = False) -> None:
    with _writer(file, table.schema, quoted=quoted) as writer:
        writer.write_table(table)


def _write_properties(
    tables: Iterator[pa.Table], folder: Path, rows: int, rng: np.random.Generator, progress: Progress
) -> None:
    """Deal the rows out to the two files."""
    schema = pa.schema({"timestamp": pa.int64(), "itemid": pa.int64(), "property": pa.string(), "value": pa.string()})
    done = 0
    with (
        _writer(folder / "item_properties_part1.csv", schema) as part1,
        _writer(folder / "item_properties_part2.csv", schema) as part2,
    ):
        for table in tables:
            in_part1 = rng.random(len(table)) < PART1_SHARE
            part1.write_table(table.filter(pa.array(in_part1)))
            part2.write_table(table.filter(pa.array(~in_part1)))
            done += len(table)
            progress("Writing the property rows", done, rows)


def main(
    folder: Annotated[Path, typer.Argument(help="Where the four files go.")],
    scale: Annotated[float, typer.Option(help="1.0 is RetailRocket's full size: 2.8 M events, 1.4 GB.")] = 0.015,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 7,
) -> None:
    """Generate a shop. Example: python -m kartograph.loaders.sample my-shop --scale 0.1"""
    size = generate(folder, scale, seed)
    typer.echo(
        f"{folder}: {size.events:,} events of {size.users:,} users on {size.active_items:,} of {size.items:,} items, "
        f"{size.property_rows:,} property rows, {size.categories:,} categories"
    )


if __name__ == "__main__":
    typer.run(main)
