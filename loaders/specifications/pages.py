"""Saved HTML pages as individuals of an ontology, and the pages that show them."""

from dataclasses import dataclass
from pathlib import Path

from kartograph.loaders.registry import Loader
from kartograph.loaders.shared.declared import option


@dataclass(frozen=True)
class PagesOptions:
    """Where the attributes stand on saved pages, and where results go."""

    patterns: Path | None = option(None, "A TOML file that says where the attributes stand on the pages; required.")
    table: Path | None = option(None, "Write the page-to-object table to this CSV file.", "none")
    out: Path | None = option(None, "Write the ontology with the individuals to this file.", "none")
    missing: Path | None = option(None, "Write which attributes were not found on which page to this CSV file.", "none")
    log: bool = option(False, "The source is an access log, whose pages are taken.")
    allow_shrink: bool = option(False, "Write less than half of the individuals that the graph holds.")


LOADER = Loader(
    "pages",
    "Make individuals and the page-to-object table of saved HTML pages, and write them into the shop.",
    path="A folder of saved pages, a file with an address per line, or a log.",
    example="saved/ --patterns films.toml --table pages.csv --out films-all.ttl",
    more="With --dry-run nothing is written into the shop: the table and the ontology go to files alone.",
    options=PagesOptions,
    write="kartograph.loaders.pages:write",
    recognize="kartograph.loaders.pages:recognize",
    needs=("patterns",),
)
