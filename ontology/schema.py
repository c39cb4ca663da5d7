"""What does an annotated ontology say: which class is recommended, and how is each attribute compared?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph, Literal, Node, URIRef

from kartograph.ontology.limits import Limits
from kartograph.ontology.numbers import literal_number
from kartograph.ontology.reading import read_rdf
from kartograph.ontology.vocabulary import KG, Kind
from kartograph.tables.errors import BadInput

NUMBERS = (Kind.NUMERIC, Kind.NUMERIC_SET)


@dataclass(frozen=True)
class Attribute:
    """One property of a class and how its values are compared."""

    iri: str
    name: str
    """The last part of the IRI: the property's name in tables, in weights and in the graph."""
    label: str
    """What a person reads in a reason."""
    kind: Kind
    compared: bool = True
    """Whether the measures use it unasked."""
    minimum: float | None = None
    maximum: float | None = None
    floor: float | None = None
    ceiling: float | None = None
    levels: Mapping[str, float] = field(default_factory=dict)
    """Ordinal: position of every level, between 0 and 1."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Grouped: the group of every value that has one; a group's own name belongs to it too."""
    linked: str | None = None
    """Linked: the name of the class whose individuals it leads to."""


@dataclass(frozen=True)
class ClassDescription:
    """One class with its attributes, inherited ones included, in the order of their names."""

    iri: str
    name: str
    label: str
    attributes: tuple[Attribute, ...]
    types: frozenset[str]
    """IRIs of the class and of all classes below it: whatever has one of these types is an individual of it."""

    def attribute(self, name: str) -> Attribute:
        """The attribute with that name; a BadInput that lists the names where there is none."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise BadInput(f"{self.label} has no attribute {name!r}; it has {[a.name for a in self.attributes]}")


@dataclass(frozen=True)
class Schema:
    """The target class and every class that it links to, directly or through others."""

    target: str
    """Name of the class whose individuals are recommended."""
    classes: Mapping[str, ClassDescription]
    label_properties: tuple[str, ...]
    """IRIs whose values name an individual: `rdfs:label` and what is below it."""
    declared: frozenset[str]
    """IRIs of all properties that the ontology declares, compared or not."""

    def with_attribute(self, class_name: str, attribute: Attribute) -> "Schema":
        """The same schema with one attribute replaced: another floor for another shop, say."""
        description = self.classes[class_name]
        description.attribute(attribute.name)
        changed = tuple(attribute if a.name == attribute.name else a for a in description.attributes)
        return replace(self, classes={**self.classes, class_name: replace(description, attributes=changed)})


def read_schema(path: Path, *, limits: Limits | None = None) -> Schema:
    """The schema in an ontology file; see `schema_of`."""
    return schema_of(read_rdf(path, limits=limits))


def schema_of(graph: Graph) -> Schema:
    """The schema in a graph that holds an annotated ontology (and individuals, maybe).

    A property belongs to the classes of its `rdfs:domain` and to all classes below them.

    Raises
    ------
    BadInput
        No target class or several, a term that the vocabulary lacks, an attribute whose kind and other annotations do
        not fit, a linked class that is not declared, or subclasses in a circle.
    """
    _check_terms(graph)
    parents = _parents(graph)
    targets = sorted({str(s) for s, o in graph.subject_objects(KG.isTarget) if _is_true(s, o)})
    if len(targets) != 1:
        raise BadInput(
            f"the ontology marks {len(targets)} classes as target ({targets}); mark exactly one: "
            f"`:Book <{KG.isTarget}> true`"
        )
    attributes: dict[str, list[Attribute]] = {}
    for iri in sorted({s for s in graph.subjects(KG.kind)}, key=str):
        attribute = _attribute(graph, iri)
        domains = [str(d) for d in graph.objects(iri, RDFS.domain)]
        if not domains:
            raise BadInput(f"the property <{iri}> has no rdfs:domain; say which class it belongs to")
        for domain in domains:
            attributes.setdefault(domain, []).append(attribute)
    classes: dict[str, ClassDescription] = {}
    waiting = [targets[0]]
    while waiting:
        iri = waiting.pop()
        description = _describe(graph, iri, parents, attributes)
        if description.name in classes:
            if classes[description.name].iri != iri:
                raise BadInput(
                    f"two classes are called {description.name!r}: <{classes[description.name].iri}>, <{iri}>"
                )
            continue
        classes[description.name] = description
        waiting += [str(graph.value(URIRef(a.iri), RDFS.range)) for a in description.attributes if a.linked]
    declared = {
        str(s)
        for kind in (OWL.DatatypeProperty, OWL.ObjectProperty, OWL.AnnotationProperty, RDF.Property)
        for s in graph.subjects(RDF.type, kind)
    }
    labels = tuple(sorted(str(p) for p in graph.transitive_subjects(RDFS.subPropertyOf, RDFS.label)))
    return Schema(_local(targets[0]), classes, labels, frozenset(declared))


def _describe(
    graph: Graph, iri: str, parents: Mapping[str, set[str]], attributes: Mapping[str, list[Attribute]]
) -> ClassDescription:
    if (URIRef(iri), RDF.type, OWL.Class) not in graph and (URIRef(iri), RDF.type, RDFS.Class) not in graph:
        raise BadInput(f"<{iri}> is used as a class but not declared; add `<{iri}> a owl:Class`")
    above = _closure(iri, parents)
    children: dict[str, set[str]] = {}
    for child, its_parents in parents.items():
        for parent in its_parents:
            children.setdefault(parent, set()).add(child)
    below = _closure(iri, children)
    # A property of a class below is an attribute too: it is missing on the individuals that are not of that class.
    mine = {a.iri: a for c in above | below for a in attributes.get(c, [])}
    names = [a.name for a in mine.values()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(f"<{iri}> has several attributes called {twice}; give them different names")
    return ClassDescription(
        iri=iri,
        name=_local(iri),
        label=_label(graph, URIRef(iri)),
        attributes=tuple(sorted(mine.values(), key=lambda a: a.name)),
        types=frozenset(below),
    )


def _attribute(graph: Graph, iri: Node) -> Attribute:
    kinds = list(graph.objects(iri, KG.kind))
    try:
        (kind,) = (Kind(_local(str(k))) for k in kinds)
    except ValueError as error:
        allowed = [f"kg:{kind}" for kind in Kind]
        raise BadInput(f"<{iri}> has the kinds {[str(k) for k in kinds]}; give one of {allowed}") from error
    bounds = {name: _number(graph, iri, KG[name]) for name in ("minimum", "maximum", "floor", "ceiling")}
    given = [name for name, value in bounds.items() if value is not None]
    if given and kind not in NUMBERS:
        raise BadInput(f"<{iri}> is {kind} and has {given}; only Numeric and NumericSet have them")
    for low, high in (("minimum", "maximum"), ("floor", "ceiling")):
        a, b = bounds[low], bounds[high]
        if a is not None and b is not None and a >= b:
            raise BadInput(f"<{iri}> has the {low} {a} and the {high} {b}; the {low} has to be smaller")
    ranges = list(graph.objects(iri, RDFS.range))
    if kind is Kind.LINKED and (len(ranges) != 1 or not isinstance(ranges[0], URIRef)):
        raise BadInput(f"<{iri}> is Linked and has {len(ranges)} ranges; give one class as its rdfs:range")
    compared = graph.value(iri, KG.compared)
    return Attribute(
        iri=str(iri),
        name=_local(str(iri)),
        label=_label(graph, iri),
        kind=kind,
        compared=compared is None or _is_true(iri, compared),
        levels=_levels(graph, iri, kind),
        groups=_groups(graph, iri, kind),
        linked=_local(str(ranges[0])) if kind is Kind.LINKED else None,
        **bounds,
    )


def _levels(graph: Graph, iri: Node, kind: Kind) -> dict[str, float]:
    nodes = list(graph.objects(iri, KG.level))
    if bool(nodes) != (kind is Kind.ORDINAL):
        raise BadInput(f"<{iri}> is {kind} and has {len(nodes)} levels; Ordinal needs them, no other kind has them")
    levels = {}
    for node in nodes:
        value, position = graph.value(node, KG.value), graph.value(node, KG.position)
        number = literal_number(position) if isinstance(position, Literal) else None
        if value is None or number is None or not 0 <= number <= 1:
            raise BadInput(f"<{iri}> has a level {value!s} at {position!s}; give kg:value, and kg:position from 0 to 1")
        levels[str(value)] = number
    return levels


def _groups(graph: Graph, iri: Node, kind: Kind) -> dict[str, str]:
    nodes = list(graph.objects(iri, KG.group))
    if nodes and kind is not Kind.GROUPED:
        raise BadInput(f"<{iri}> is {kind} and has groups; only Grouped has them")
    groups: dict[str, str] = {}
    for node in nodes:
        name = graph.value(node, RDFS.label)
        if name is None:
            raise BadInput(f"<{iri}> has a group without a name; give it an rdfs:label")
        for member in [name, *graph.objects(node, KG.member)]:
            if groups.setdefault(str(member), str(name)) != str(name):
                raise BadInput(
                    f"<{iri}> puts {str(member)!r} into the groups {groups[str(member)]!r} and {str(name)!r}"
                )
    return groups


def _parents(graph: Graph) -> dict[str, set[str]]:
    """Direct parents of every class; a class below itself is said in a message with the whole circle."""
    parents: dict[str, set[str]] = {}
    for child, parent in graph.subject_objects(RDFS.subClassOf):
        if isinstance(child, URIRef) and isinstance(parent, URIRef) and child != parent:
            parents.setdefault(str(child), set()).add(str(parent))
    done: set[str] = set()
    for start in sorted(parents):
        path: dict[str, None] = {}
        branches = [iter([start])]
        while branches:
            node = next(branches[-1], None)
            if node is None:
                branches.pop()
                if path:
                    done.add(path.popitem()[0])
            elif node in path:
                nodes = list(path)
                circle = " -> ".join(f"<{c}>" for c in [*nodes[nodes.index(node) :], node][:20])
                raise BadInput(f"subclasses run in a circle: {circle}; remove one rdfs:subClassOf")
            elif node not in done:
                path[node] = None
                branches.append(iter(sorted(parents.get(node, ()))))
    return parents


def _closure(iri: str, step: Mapping[str, set[str]]) -> set[str]:
    seen, waiting = {iri}, [iri]
    while waiting:
        for other in step.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def _check_terms(graph: Graph) -> None:
    namespace = str(KG._NS)
    known = {str(KG[name]) for name in KG.__annotations__ if not name.startswith("_")}
    for triple in graph:
        for term in triple:
            if isinstance(term, URIRef) and term.startswith(namespace) and str(term) not in known:
                near = get_close_matches(str(term), sorted(known), n=1)
                hint = f"; did you mean <{near[0]}>?" if near else f"; the terms are {sorted(map(_local, known))}"
                raise BadInput(f"<{term}> on <{triple[0]}> is no term of the vocabulary{hint}")


def _is_true(subject: Node, value: Node) -> bool:
    if str(value) not in ("true", "false", "1", "0"):
        raise BadInput(f"<{subject}> is annotated with {str(value)!r}; write true or false")
    return str(value) in ("true", "1")


def _number(graph: Graph, iri: Node, term: URIRef) -> float | None:
    value = graph.value(iri, term)
    if value is None:
        return None
    number = literal_number(value) if isinstance(value, Literal) else None
    if number is None or number != number or abs(number) == float("inf"):
        raise BadInput(f"<{iri}> has the {_local(str(term))} {str(value)!r}; give a number")
    return number


def _label(graph: Graph, iri: Node) -> str:
    """The label, in English where there are several languages, else the first in order; else the name in the IRI."""
    labels = [label for label in graph.objects(iri, RDFS.label) if isinstance(label, Literal)]
    return str(min(labels, key=lambda x: (x.language not in (None, "en"), str(x)))) if labels else _local(str(iri))


def _local(iri: str) -> str:
    """The name in an IRI: what follows the last `#`, `/` or `:`."""
    return iri.rstrip("#/").replace("#", "/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]
