"""The options of the commands that read an ontology from a file, and what these say of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kartograph.cli.shared.console import notes

if TYPE_CHECKING:
    from rdflib import Graph

    from kartograph.ontology.contents import Contents

Annotations = Annotated[
    Path | None,
    typer.Option("--annotations", help="A file of annotations for the ontology, as `kartograph annotate` proposes it."),
]
Language = Annotated[
    str,
    typer.Option(help="Languages of labels and values, in order of preference: en, or de,en."),
]


def read_annotated(file: Path, annotations: Path | None) -> "Graph":
    """The triples of an ontology file, with those of its annotations."""
    from kartograph.ontology.files.reading import merged, read_rdf

    rdf = read_rdf(file)
    return rdf if annotations is None else merged(rdf, read_rdf(annotations))


def show_remarks(contents: "Contents") -> None:
    """Say what was rejected, a line for each cause, and what was left alone."""
    if contents.rejected:
        count = f"{len(contents.rejected):,} individual{'s' if len(contents.rejected) > 1 else ''}"
        notes.print(f"[yellow]warning:[/] {count} rejected:", highlight=False)
        for cause in contents.causes():
            notes.print(f"  {cause}", markup=False, highlight=False)
    for note in contents.notes:
        notes.print(f"note: {note}", markup=False, highlight=False)
