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
    typer.Option(help="Languages of labels and values, the most wanted first: en, or de,en."),
]
MaxRejects = Annotated[
    str, typer.Option("--max-rejects", help="How many individuals may be rejected: a share as 50% or a number as 500.")
]
DEFAULT_REJECTS = "50%"


def read_annotated(file: Path, annotations: Path | None) -> "Graph":
    """The triples of an ontology file, with those of its annotations."""
    from kartograph.ontology.files.reading import merged, read_rdf

    rdf = read_rdf(file)
    return rdf if annotations is None else merged(rdf, read_rdf(annotations))


def show_remarks(contents: "Contents", rejects: Path | None = None) -> None:
    """Say what was rejected, a line for each cause, and what was left alone; `rejects` is where all triples stand."""
    if contents.rejected:
        where = f" (all in {rejects})" if rejects else ""
        count = f"{len(contents.rejected):,} individual{'s' if len(contents.rejected) > 1 else ''}"
        notes.print(f"[yellow]warning:[/] {count} rejected{where}:", highlight=False)
        for cause in contents.causes():
            notes.print(f"  {cause}", markup=False, highlight=False)
    for note in contents.notes:
        notes.print(f"note: {note}", markup=False, highlight=False)


def write_rejects(contents: "Contents", path: Path) -> None:
    """Write every triple for which an individual was rejected to a CSV file; without any, remove a former one."""
    import pandas as pd

    from kartograph.tables.errors import BadInput

    try:
        path.unlink(missing_ok=True)
        if contents.violations:
            path.parent.mkdir(parents=True, exist_ok=True)
            pd.DataFrame([vars(violation) for violation in contents.violations]).to_csv(path, index=False)
    except OSError as error:
        raise BadInput(
            f"rejected individuals cannot be written to {path}: {error.strerror}; name another file"
        ) from error
