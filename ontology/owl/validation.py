"""The individuals of a graph as columns, and those that are wrong: in which triple and why.

The shapes are those that the annotations imply, checked attribute by attribute while the columns are made.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from rdflib import OWL, RDF, RDFS, Graph, Literal, Node, URIRef

from kartograph.ontology.files.numbers import measured, prevailing_unit
from kartograph.ontology.owl.facts import Facts, Pair
from kartograph.ontology.owl.individuals import SINGLE, Catalogue, Cells, Individuals
from kartograph.ontology.owl.labels import Labels
from kartograph.ontology.owl.schema import Attribute, Schema
from kartograph.ontology.vocabulary import Kind
from kartograph.tables.errors import BadInput

TEXTS = (Kind.NOMINAL, Kind.GROUPED, Kind.NOMINAL_SET, Kind.HIERARCHICAL)


@dataclass(frozen=True)
class Violation:
    """One triple that cannot be used, and the reason."""

    subject: str
    predicate: str
    object: str
    reason: str
    """The same words for all triples of one cause."""

    def __str__(self) -> str:
        """The triple as it would stand in a file, and the reason."""
        return f"<{self.subject}> <{self.predicate}> {self.object[:200]!r}: {self.reason}"


def individuals_of(
    graph: Graph,
    schema: Schema,
    *,
    facts: Facts | None = None,
    labels: Labels | None = None,
    rejected: Collection[str] = (),
) -> tuple[Catalogue, tuple[Violation, ...]]:
    """The individuals of all classes of the schema, and what had to be left out.

    An individual is what has an `rdf:type` of its class or of one below it; see `facts`. A wrong value is left out and
    its individual stays; of several values where one is allowed all are left out, because any choice would be a guess.
    Rows are in the order of the IRIs.

    Parameters
    ----------
    rejected
        Individuals to leave out; links to them are left out as well and are no violations.
    """
    facts = facts or Facts(graph)
    labels = labels or Labels(graph, same=facts.same)
    attributes = {a.iri: a for description in schema.classes.values() for a in description.attributes}
    pairs = {iri: values_of(facts, attribute, labels) for iri, attribute in attributes.items()}
    _add_untyped(facts, schema, pairs)
    left_out = frozenset(rejected)
    rows = {
        name: _rows(node for node in facts.members(description.types) if str(node) not in left_out)
        for name, description in schema.classes.items()
    }
    violations: list[Violation] = []
    cells: dict[str, dict[str, Cells]] = {name: {} for name in schema.classes}
    for iri, attribute in attributes.items():
        linked = rows.get(attribute.linked or "")
        read = _memo(_reader(attribute, pairs[iri], linked, labels, left_out))
        for name, description in schema.classes.items():
            if attribute in description.attributes:
                column, wrong = _cells(attribute, pairs[iri], rows[name], read)
                violations += wrong
                if len(column.rows):
                    cells[name][attribute.name] = column
    classes = {}
    for name, nodes in rows.items():
        ids = np.array([str(node) for node in nodes], dtype=object)
        classes[name] = Individuals(ids, np.array([labels.of(node) for node in nodes], dtype=object), cells[name])
    if not len(classes[schema.target]) and not left_out:
        raise BadInput(f"there is no individual of <{schema.classes[schema.target].iri}>; give some an rdf:type of it")
    texts = {iri for iri, attribute in attributes.items() if attribute.kind in TEXTS}
    names = {str(value): labels.of(value) for iri in texts for _, value in pairs[iri] if isinstance(value, URIRef)}
    unique = dict.fromkeys(violations)
    return Catalogue(schema, classes, names), tuple(sorted(unique, key=lambda v: (v.subject, v.predicate, v.object)))


def outside(facts: Facts, schema: Schema) -> dict[str, int]:
    """By the IRI of an attribute how many values stand on things that are of none of the classes of its domain."""
    counts: dict[str, int] = {}
    hierarchy = facts.hierarchy
    for iri in {a.iri for description in schema.classes.values() for a in description.attributes}:
        if iri == str(RDF.type):
            continue
        domains = {c for d in facts.graph.objects(URIRef(iri), RDFS.domain) for c in hierarchy.named(d)}
        if str(OWL.Thing) in domains:
            continue
        types = {str(below) for c in domains for below in hierarchy.below(URIRef(c))}
        types.update(*(d.types for d in schema.classes.values() if any(a.iri == iri for a in d.attributes)))
        members = facts.members(frozenset(types))
        count = sum(1 for subject, _ in facts.pairs(URIRef(iri)) if subject not in members)
        if count:
            counts[iri] = count
    return counts


def _rows(nodes: Iterable[Node]) -> dict[Node, int]:
    return {node: row for row, node in enumerate(sorted(nodes, key=str))}


def values_of(facts: Facts, attribute: Attribute, labels: Labels) -> list[Pair]:
    """The subjects and values of an attribute; of texts in several languages those in the most wanted one.

    Of classes that lie above another one of the same subject only the lowest count.
    """
    pairs = facts.pairs(URIRef(attribute.iri))
    if attribute.above:
        pairs = _lowest(pairs, attribute)
    if attribute.kind not in TEXTS:
        return pairs
    languages = {str(v.language).lower() for _, v in pairs if isinstance(v, Literal) and v.language}
    if len(languages) < 2:
        return pairs
    by_subject: dict[Node, list[Node]] = {}
    for subject, value in pairs:
        by_subject.setdefault(subject, []).append(value)
    return [(subject, value) for subject, values in by_subject.items() for value in labels.in_one_language(values)]


def _lowest(pairs: list[Pair], attribute: Attribute) -> list[Pair]:
    """The pairs whose class lies above no other of its subject; of `rdf:type` the classes below the target alone."""
    above, none = attribute.above, frozenset[str]()
    of_subject: dict[Node, list[Node]] = {}
    for subject, value in pairs:
        if str(value) in above or attribute.iri != str(RDF.type):
            of_subject.setdefault(subject, []).append(value)
    return [
        (subject, value)
        for subject, values in of_subject.items()
        for value in values
        if not any(
            str(value) in above.get(str(other), none) and str(other) not in above.get(str(value), none)
            for other in values
            if other != value
        )
    ]


def _add_untyped(facts: Facts, schema: Schema, pairs: Mapping[str, list[Pair]]) -> None:
    """Things without a type are of the class that a property's only domain, or a link's range, says."""
    owners: dict[str, list[str]] = {}
    for description in schema.classes.values():
        for attribute in description.attributes:
            if attribute.iri == str(RDF.type):
                continue  # whoever has a value of it has a type
            owners.setdefault(attribute.iri, []).append(description.iri)
            if attribute.linked:
                for _, value in pairs[attribute.iri]:
                    facts.add_untyped(schema.classes[attribute.linked].iri, value)
    for iri, classes in owners.items():
        if len(classes) == 1:
            for subject, _ in pairs[iri]:
                facts.add_untyped(classes[0], subject)


def _cells(
    attribute: Attribute, pairs: list[Pair], rows: Mapping[Node, int], read: Callable[[Node], object]
) -> tuple[Cells, list[Violation]]:
    violations: list[Violation] = []
    subjects: list[int] = []
    values: list[object] = []
    for subject, value in pairs:
        row = rows.get(subject)
        if row is None:
            continue
        converted = read(value)
        if isinstance(converted, _Wrong):
            violations.append(Violation(str(subject), attribute.iri, str(value), converted.reason))
        elif converted is not None:
            values.append(converted)
            subjects.append(row)
    cells = Cells.of(subjects, values, attribute.kind)
    if attribute.kind in SINGLE:
        several = np.bincount(cells.rows, minlength=len(rows))[cells.rows] > 1
        nodes = list(rows) if several.any() else []
        for row in np.unique(cells.rows[several]):
            present = ", ".join(sorted(_shown(v) for v in cells.values[cells.rows == row]))
            reason = f"{attribute.label} takes one value and has several; keep one, or declare it as a set"
            violations.append(Violation(str(nodes[row]), attribute.iri, present, reason))
        cells = Cells(cells.rows[~several], cells.values[~several])
    return cells, violations


def _shown(value: object) -> str:
    if isinstance(value, np.bool_):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class _Wrong:
    reason: str


def _memo(read: Callable[[Node], object]) -> Callable[[Node], object]:
    """The same function for values that come again and again; a ValueError becomes a `_Wrong`."""
    known: dict[Node, object] = {}

    def reading(value: Node) -> object:
        if value not in known:
            try:
                known[value] = read(value)
            except ValueError as error:
                known[value] = _Wrong(str(error))
        return known[value]

    return reading


def _reader(
    attribute: Attribute,
    pairs: list[Pair],
    linked: Mapping[Node, int] | None,
    labels: Labels,
    rejected: frozenset[str],
) -> Callable[[Node], object]:
    if attribute.kind in (Kind.NUMERIC, Kind.NUMERIC_SET):
        unit = prevailing_unit(value for _, value in pairs)
        return lambda value: _read_number(attribute, value, unit)
    if attribute.kind is Kind.BOOLEAN:
        return lambda value: _read_boolean(attribute, value)
    if attribute.kind is Kind.ORDINAL:
        return lambda value: _read_level(attribute, value, labels)
    if attribute.kind is Kind.LINKED:
        return lambda value: _read_link(attribute, value, linked or {}, rejected)
    return lambda value: _read_name(attribute, value)


def _read_number(attribute: Attribute, value: Node, unit: str) -> float:
    number, other = measured(value)
    if number is None:
        raise ValueError(f"{attribute.label} takes a number or a date with a year")
    if other != unit:
        raise ValueError(f"{attribute.label} has mostly {unit}, and {other} cannot be compared with them")
    low, high = attribute.minimum, attribute.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        ends = ["…" if end is None else f"{end:g}" for end in (low, high)]
        raise ValueError(f"{attribute.label} lies outside {ends[0]} to {ends[1]}")
    return number


def _read_boolean(attribute: Attribute, value: Node) -> bool:
    if str(value) not in ("true", "false", "1", "0"):
        raise ValueError(f"{attribute.label} takes true or false")
    return str(value) in ("true", "1")


def _read_level(attribute: Attribute, value: Node, labels: Labels) -> str:
    for text in (str(value), labels.of(value)):
        if text in attribute.levels:
            return text
    raise ValueError(f"{attribute.label} takes one of {sorted(attribute.levels)}")


def _read_name(attribute: Attribute, value: Node) -> str:
    if not str(value).strip():
        raise ValueError(f"{attribute.label} is empty")
    return str(value)


def _read_link(attribute: Attribute, value: Node, linked: Mapping[Node, int], rejected: frozenset[str]) -> int | None:
    """The row of the linked individual; None where it was rejected."""
    row = linked.get(value)
    if row is None and str(value) not in rejected:
        raise ValueError(f"the object of {attribute.label} is no individual of the class {attribute.linked}")
    return row
