"""Edge lists of items, properties and values, as public benchmarks have them, as an ontology with its individuals.

    python -m kartograph.loaders.properties kg.tsv --out kg.ttl --dry-run     # --dry-run: the file alone, no shop

Layouts: a file with a row `item property value` (tab, comma or blanks between; KGAT's `kg_final.txt` too), or a folder
with a file per property, `director.edgelist`, and rows `item value` (entity2rec). A property whose values are all
numbers is compared as numbers, every other one by the identity of its values: a linked individual is its name.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pandas as pd
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from kartograph.graph.connection import Graph as Shop
from kartograph.loaders import ontology
from kartograph.loaders.shared.computed import compute, counts_of
from kartograph.loaders.shared.dry_run import refusals_of
from kartograph.loaders.shared.recognizing.match import Match
from kartograph.loaders.shared.recognizing.seen import Seen
from kartograph.loaders.specifications.properties import LOADER, PropertiesOptions
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.contents import contents_of
from kartograph.ontology.files.iris import local_name
from kartograph.ontology.files.writing import write_rdf
from kartograph.ontology.graph.write import write_ontology
from kartograph.ontology.vocabulary import KG
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.rejects import Reject, RejectLimit, Rejects
from kartograph.tables.report import FileReport, Report

BASE = "urn:kartograph:properties#"
SHOWN = 5


@dataclass(frozen=True)
class Edges:
    """What edge lists hold."""

    rows: pd.DataFrame
    """`item, property, value`, each edge once."""
    files: tuple[Path, ...]
    rejected: tuple[Reject, ...]
    """Rows that are no edge."""


def read(path: Path) -> Edges:
    """The edges of a file or of a folder of `PROPERTY.edgelist` files.

    Rows that do not have the fields of the layout are rejected, the others kept; blank lines and lines that begin with
    # count for nothing. Raises `BadInput` where there is no edge at all.
    """
    if path.is_dir():
        files = sorted(path.glob("*.edgelist"))
        if not files:
            raise BadInput(f"{path} has no file that ends in .edgelist; name a folder of these, or a file of edges")
        parts = [_read(file, file.stem) for file in files]
    elif path.is_file():
        parts = [_read(path, None)]
    else:
        raise BadInput(f"there is no {path}; name a file of edges, or a folder of .edgelist files")
    rows = pd.concat([part.rows for part in parts], ignore_index=True).drop_duplicates(ignore_index=True)
    read_files = tuple(file for part in parts for file in part.files)
    rejected = tuple(row for part in parts for row in part.rejected)
    if rows.empty:
        raise BadInput(
            f"{path} has no edge; rows are `item property value`. First rejected: "
            f"{'; '.join(map(str, rejected[:SHOWN])) or 'none'}"
        )
    return Edges(rows, read_files, rejected)


def _read(file: Path, name: str | None) -> Edges:
    try:
        lines = pd.Series(file.read_text("utf-8-sig").splitlines(), dtype=object)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file.name} cannot be read: {error}; give text in UTF-8") from error
    kept = lines[(lines.str.strip() != "") & ~lines.str.startswith("#")].str.strip()
    wanted = 3 if name is None else 2
    # The last field may hold blanks where tabs or commas part the fields.
    split = kept.str.split("\t" if kept.str.contains("\t").any() else "," if kept.str.contains(",").any() else None)
    good = split.map(len) == wanted
    fields = pd.DataFrame(split[good].to_list(), columns=["item", "property", "value"][3 - wanted :], dtype=object)
    if name is not None:
        fields = fields.set_axis(["item", "value"], axis=1).assign(property=name)
    fields = fields[["item", "property", "value"]].apply(lambda column: column.str.strip().str.strip('"<>'))
    if name is None and len(fields) and tuple(fields.iloc[0].str.lower()) == ("item", "property", "value"):
        fields = fields.iloc[1:]
    whole = (fields != "").all(axis=1) if len(fields) else pd.Series([], dtype=bool)
    places = (kept[~good].index.to_numpy(dtype=int) + 1).tolist()
    bad = [
        Reject(file, place, "", text, f"not {wanted} fields") for place, text in zip(places, kept[~good], strict=True)
    ]
    return Edges(fields[whole].reset_index(drop=True), (file,), tuple(bad))


def rdf_of(edges: Edges, base: str = BASE) -> Graph:
    """An annotated ontology with the items as individuals; IRIs stay as they are, other names get the base."""
    rdf, target = Graph(), URIRef(f"{base}Item")
    rdf.add((URIRef(base.rstrip("#/")), RDF.type, OWL.Ontology))
    for predicate, value in ((RDF.type, OWL.Class), (RDFS.label, Literal("item")), (KG.isTarget, Literal(True))):
        rdf.add((target, predicate, value))
    items = {item: _iri(item, base) for item in edges.rows["item"].unique()}
    for item, iri in items.items():
        rdf.add((iri, RDF.type, target))
        rdf.add((iri, RDFS.label, Literal(_words(item))))
    for name, of in edges.rows.groupby("property", sort=True):
        prop = _iri(str(name), base)
        numbers = pd.to_numeric(of["value"], errors="coerce")
        single = not of["item"].duplicated().any()
        is_number = bool(numbers.notna().all()) and bool(numbers.abs().lt(float("inf")).all())
        kind = (KG.Numeric if single else KG.NumericSet) if is_number else (KG.Nominal if single else KG.NominalSet)
        for predicate, said in (
            (RDF.type, OWL.DatatypeProperty),
            (RDFS.label, Literal(_words(str(name)))),
            (RDFS.domain, target),
            (RDFS.range, XSD.double if is_number else XSD.string),
            (KG.kind, kind),
        ):
            rdf.add((prop, predicate, said))
        values = numbers.astype(float) if is_number else of["value"].map(_words)
        for item, value in zip(of["item"], values, strict=True):
            rdf.add((items[item], prop, Literal(value, datatype=XSD.double if is_number else XSD.string)))
    return rdf


def _iri(name: str, base: str) -> URIRef:
    return URIRef(name if re.match(r"[a-z][a-z0-9+.-]*:", name) else base + quote(name, safe="-._~"))


def _words(name: str) -> str:
    """The last part of an IRI without underscores; other names as they are."""
    return local_name(name).replace("_", " ") if "://" in name else name


def write(
    graph: Shop | None,
    path: str | Path,
    options: PropertiesOptions | None = None,
    progress: Progress = silent,
    *,
    dry_run: bool = False,
) -> Report:
    """Read edge lists and write them into a graph as an ontology; a dry run only says what the load would come to.

    Raises `BadInput` as `read` and `ontology.write` do, and where too many rows are no edges.
    """
    options, report = options or PropertiesOptions(), Report(source=LOADER.name)
    measure, limit = Measure.named(options.measure), RejectLimit.parse(options.max_rejects)
    progress(f"Reading {Path(path).name}")
    edges = read(Path(path))
    count = len(edges.rejected)
    reasons = dict(pd.Series([row.reason for row in edges.rejected], dtype=object).value_counts())
    report.reads["edges"] = FileReport(list(edges.files), len(edges.rows) + count, reasons)
    rejects = Rejects(options.rejects or Path("rejects.csv"), RejectLimit(share=1) if dry_run else limit)
    rejects.add(edges.rejected)
    report.rejects_file = rejects.path if count else None
    rejects.check("edges", count, report.rows)
    rdf = rdf_of(edges)
    if options.out is not None:
        write_rdf(rdf, options.out)
    if graph is None or dry_run:
        contents = contents_of(rdf)
        passed = limit.passed("edges", count, report.rows, count)
        report.counts["items"] = len(contents.catalogue.items)
        report.refusals = [
            *([passed] if passed else []),
            *refusals_of(ontology.loss_of(graph, contents, options.allow_shrink)),
        ]
    else:
        written, contents = write_ontology(graph, rdf, allow_shrink=options.allow_shrink, progress=progress)
        report.counts |= counts_of(written)
        report.counts |= compute(graph, contents.catalogue, measure, options.neighbours, options.clusters, progress)
    report.counts |= {"properties": int(edges.rows["property"].nunique()), "edges": len(edges.rows)}
    report.counts |= {"rows rejected": count} if count else {}
    report.remarks += [f"rejected: {row}" for row in edges.rejected[:SHOWN]]
    report.finish()
    return report


load = LOADER.load


def recognize(seen: Seen) -> Sequence[Match]:
    """Recognise a folder of `.edgelist` files, or a table of `item, property, value`."""
    if seen.files and all(file.suffix == ".edgelist" for file in seen.files):
        return [Match(f"{len(seen.files):,} files that end in .edgelist")]
    tables = [tuple(column.lower() for column in table.columns) for table in seen.tables]
    wanted = ("item", "property", "value")
    return [Match("the columns item, property, value")] if tables == [wanted] else []


if __name__ == "__main__":
    sys.exit(LOADER.main())
