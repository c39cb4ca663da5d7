"""Which individuals of a graph are wrong, in which triple and why; and what are the others?

The shapes are those that the annotations imply, checked attribute by attribute while the columns are made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite

import numpy as np
from rdflib import RDF, Graph, Literal, Node, URIRef

from kartograph.ontology.individuals import SINGLE, Catalogue, Cells, Individuals
from kartograph.ontology.numbers import literal_number
from kartograph.ontology.schema import Attribute, ClassDescription, Schema
from kartograph.ontology.vocabulary import Kind
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class Violation:
    """One triple that cannot be used, and the reason."""

    subject: str
    predicate: str
    object: str
    reason: str

    def __str__(self) -> str:
        """The triple as it would stand in a file, and the reason."""
        return f"<{self.subject}> <{self.predicate}> {self.object[:200]!r}: {self.reason}"


def individuals_of(graph: Graph, schema: Schema) -> tuple[Catalogue, tuple[Violation, ...]]:
    """The individuals of all classes of the schema, and what had to be left out.

    An individual is what has an `rdf:type` of its class or of one below it. A wrong value is left out and its
    individual stays; of several values where one is allowed all are left out, because any choice would be a guess.
    Rows are in the order of the IRIs.
    """
    rows = {name: _rows(graph, description) for name, description in schema.classes.items()}
    labels = _labels(graph, schema)
    violations: list[Violation] = _misspelt(graph, schema, rows)
    classes = {}
    for name, description in schema.classes.items():
        cells = {}
        for attribute in description.attributes:
            found, wrong = _cells(graph, attribute, rows[name], rows.get(attribute.linked or ""), description.label)
            violations += wrong
            if len(found.rows):
                cells[attribute.name] = found
        ids = np.array([str(node) for node in rows[name]], dtype=object)
        names = np.array([labels.get(node, str(node)) for node in rows[name]], dtype=object)
        classes[name] = Individuals(ids, names, cells)
    if not len(classes[schema.target]):
        raise BadInput(f"there is no individual of <{schema.classes[schema.target].iri}>; give some an rdf:type of it")
    return Catalogue(schema, classes), tuple(violations)


def refuse(violations: tuple[Violation, ...], *, shown: int = 10) -> None:
    """Raise a BadInput that names the first wrong triples, if there are any."""
    if violations:
        lines = "\n  ".join(str(v) for v in violations[:shown])
        more = f"\n  and {len(violations) - shown} more" if len(violations) > shown else ""
        raise BadInput(f"{len(violations)} triples do not fit the ontology; correct or remove them:\n  {lines}{more}")


def _rows(graph: Graph, description: ClassDescription) -> dict[Node, int]:
    nodes = {s for iri in description.types for s in graph.subjects(RDF.type, URIRef(iri))}
    return {node: row for row, node in enumerate(sorted(nodes, key=str))}


def _labels(graph: Graph, schema: Schema) -> dict[Node, str]:
    labels: dict[Node, str] = {}
    for iri in schema.label_properties:
        for subject, label in graph.subject_objects(URIRef(iri)):
            labels[subject] = min(labels.get(subject, str(label)), str(label))
    return labels


def _cells(
    graph: Graph, attribute: Attribute, rows: Mapping[Node, int], linked: Mapping[Node, int] | None, class_label: str
) -> tuple[Cells, list[Violation]]:
    read = _reader(attribute, linked)
    violations: list[Violation] = []
    subjects: list[int] = []
    values: list[object] = []
    for subject, value in graph.subject_objects(URIRef(attribute.iri)):
        row = rows.get(subject)
        try:
            if row is None:
                raise ValueError(f"the subject is no individual of the class {class_label}; give it that rdf:type")
            values.append(read(value))
            subjects.append(row)
        except ValueError as error:
            violations.append(Violation(str(subject), attribute.iri, str(value), str(error)))
    cells = Cells.of(subjects, values, attribute.kind)
    if attribute.kind in SINGLE:
        counts = np.bincount(cells.rows, minlength=len(rows))
        several = counts[cells.rows] > 1
        nodes = list(rows) if several.any() else []
        for row in np.unique(cells.rows[several]):
            given = sorted(str(v) for v in cells.values[cells.rows == row])
            reason = f"{attribute.label} takes one value and has {len(given)}: {given[:5]}; keep one"
            violations.append(Violation(str(nodes[row]), attribute.iri, given[0], reason))
        cells = Cells(cells.rows[~several], cells.values[~several])
    return cells, sorted(violations, key=lambda v: (v.subject, v.object))


def _reader(attribute: Attribute, linked: Mapping[Node, int] | None) -> Callable[[Node], object]:
    if attribute.kind in (Kind.NUMERIC, Kind.NUMERIC_SET):
        return lambda value: _read_number(attribute, value)
    if attribute.kind is Kind.BOOLEAN:
        return lambda value: _read_boolean(attribute, value)
    if attribute.kind is Kind.ORDINAL:
        return lambda value: _read_level(attribute, value)
    if attribute.kind is Kind.LINKED:
        return lambda value: _read_link(attribute, value, linked or {})
    return lambda value: _read_name(attribute, value)


def _read_number(attribute: Attribute, value: Node) -> float:
    number = literal_number(value) if isinstance(value, Literal) else None
    if number is None or not isfinite(number):
        raise ValueError(f"{attribute.label} takes a number or a date")
    low, high = attribute.minimum, attribute.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise ValueError(f"{attribute.label} lies outside {low if low is not None else '…'} to {high or '…'}")
    return number


def _read_boolean(attribute: Attribute, value: Node) -> bool:
    if str(value) not in ("true", "false", "1", "0"):
        raise ValueError(f"{attribute.label} takes true or false")
    return str(value) in ("true", "1")


def _read_level(attribute: Attribute, value: Node) -> str:
    if str(value) not in attribute.levels:
        raise ValueError(f"{attribute.label} takes one of {sorted(attribute.levels)}")
    return str(value)


def _read_name(attribute: Attribute, value: Node) -> str:
    if not str(value).strip():
        raise ValueError(f"{attribute.label} is empty")
    return str(value)


def _read_link(attribute: Attribute, value: Node, linked: Mapping[Node, int]) -> int:
    row = linked.get(value)
    if row is None:
        raise ValueError(f"the object is no individual of the class {attribute.linked}; give it that rdf:type")
    return row


def _misspelt(graph: Graph, schema: Schema, rows: Mapping[str, Mapping[Node, int]]) -> list[Violation]:
    """Predicates of individuals that lie in the attributes' own namespace and that the ontology does not declare."""
    attributes = [a.iri for description in schema.classes.values() for a in description.attributes]
    namespaces = tuple({iri[: max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1] for iri in attributes})
    undeclared = {
        str(p): get_close_matches(str(p), sorted(schema.declared), n=1)
        for p in graph.predicates(unique=True)
        if str(p) not in schema.declared and str(p).startswith(namespaces)
    }
    violations = []
    for predicate, near in sorted(undeclared.items()):
        hint = f"; did you mean <{near[0]}>?" if near else ""
        for subject, value in graph.subject_objects(URIRef(predicate)):
            if any(subject in nodes for nodes in rows.values()):
                reason = f"the ontology declares no such property{hint}"
                violations.append(Violation(str(subject), predicate, str(value), reason))
    return sorted(violations, key=lambda v: (v.subject, v.object))
