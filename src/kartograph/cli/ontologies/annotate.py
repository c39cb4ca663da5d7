"""The command that proposes how a foreign ontology is annotated."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.console import out, print_frame, print_json
from kartograph.tables.errors import BadInput

SHOWN = 10


@app.command(epilog="Example: kartograph annotate wine.rdf --yes, then kartograph load ontology wine-annotated.ttl")
def annotate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="An ontology file without annotations of Kartograph.")],
    target: Annotated[
        str | None,
        typer.Option(
            help="The class whose individuals are recommended: its name, label or IRI.",
            show_default="the class of the highest score",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--out", help="The file to write.", show_default="NAME-annotations.ttl in this folder"),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            help="Accept the proposal: write the ontology together with it, to NAME-annotated.ttl without --out.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Propose which class of an ontology is recommended, and how its properties are compared.

    The proposal is a Turtle file to edit; `load ontology`, `suggest`, `compare` and `cluster` take it as --annotations.
    """
    import pandas as pd

    from kartograph.ontology.annotate import propose
    from kartograph.ontology.files.annotations import as_turtle
    from kartograph.ontology.files.iris import local_name, namespace_of, unique_names
    from kartograph.ontology.files.reading import merged, read_rdf
    from kartograph.ontology.files.writing import write_rdf

    rdf = read_rdf(file)
    name = file.name.removesuffix(".gz").rsplit(".", 1)[0]
    annotations = propose(rdf, name, target)
    path = to or Path(f"{name}-{'annotated' if yes else 'annotations'}.ttl")
    if path.exists() and not yes:
        raise BadInput(f"{path} exists and may have been edited; name another file with --out, or remove it")
    if path.exists() and path.samefile(file):
        raise BadInput(f"{path} is the ontology itself; name another file with --out")
    if yes:
        write_rdf(merged(rdf, annotations.triples), path)
    else:
        try:
            path.write_text(as_turtle(annotations, file.name), "utf-8")
        except OSError as error:
            raise BadInput(f"{path} cannot be written: {error.strerror}; name another file with --out") from error
    compared = [one.iri for one in annotations.properties if one.kind]
    names = unique_names(compared, namespace_of(annotations.target))
    rows = [
        {
            "class": local_name(one.owner),
            "property": names.get(one.iri, local_name(one.iri)),
            "kind": one.kind.value if one.kind else f"left out: {one.reason}",
            "individuals": one.known,
            "different": one.different,
            "for example": one.example,
            "in doubt": one.reason if one.kind else "",
        }
        for one in annotations.properties
    ]
    counts = [{"class": local_name(c.iri), "individuals": c.individuals} for c in annotations.classes]
    if as_json:
        print_json({"target": annotations.target, "classes": counts, "properties": rows, "file": str(path)})
        return
    print_frame(pd.DataFrame(counts[:SHOWN]))
    print_frame(pd.DataFrame(rows).drop(columns="in doubt"))
    for row in rows:
        if words := row["in doubt"]:
            out.print(f"{row['property']} is in doubt: {words}.", markup=False, highlight=False, soft_wrap=True)
    which = "the classes below" if annotations.classes_are_items else "the individuals of"
    target = local_name(annotations.target)
    out.print(f"Items are {which} {target}; --target names another class.", markup=False, soft_wrap=True)
    shop = ["--shop", context.obj] if context.obj != "shop" else []
    loaded = [str(path)] if yes else [str(file), "--annotations", str(path)]
    command = shlex.join(["kartograph", *shop, "load", "ontology", *loaded])
    out.print(f"Next: {command}", markup=False, highlight=False, soft_wrap=True)
