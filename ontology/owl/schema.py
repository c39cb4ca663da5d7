"""What an annotated ontology says: which class is recommended, and how each attribute is compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, Node, URIRef

from kartograph.ontology.files.iris import local_name, namespace_of, unique_names
from kartograph.ontology.files.limits import Limits
from kartograph.ontology.files.numbers import literal_number
from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.owl.hierarchy import Hierarchy
from kartograph.ontology.owl.labels import ENGLISH, Labels, label_properties
from kartograph.ontology.vocabulary import KG, Kind
from kartograph.tables.errors import BadInput

NUMBERS = (Kind.NUMERIC, Kind.NUMERIC_SET)


@dataclass(frozen=True)
class Attribute:
    """One property of a class and how its values are compared."""

    iri: str
    name: str
    """The property's name in tables, in weights and in the graph: the last part of the IRI, see `iris.unique_names`."""
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
    above: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Hierarchical, and `rdf:type`: of every class that can be a value the class itself and the named classes above it;
    of `rdf:type` those below the target alone, for the others hold of all items. Concepts of SKOS count as classes,
    broader ones lie above; `rdf:type` has none."""
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
    merged: bool = False
    """It stands for the classes of a link that leads to several, or to an enumeration; its IRI is that of the first."""

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


def schema_of(graph: Graph, languages: Sequence[str] = (ENGLISH,)) -> Schema:
    """The schema in a graph that holds an annotated ontology (and individuals, maybe).

    A property belongs to the classes of its `rdfs:domain` (to each one of a union or an intersection) and to all
    classes below them. Of several ranges of a link those are left out that lie above another one.

    Raises
    ------
    BadInput
        No target class or several, a term that the vocabulary lacks, an attribute whose kind and other annotations do
        not fit, or a linked class that is not declared.
    """
    _check_terms(graph)
    targets = sorted({str(s) for s, o in graph.subject_objects(KG.isTarget) if _is_true(s, o)})
    if len(targets) != 1:
        marked = f"{len(targets)} classes as target ({', '.join(targets)})" if targets else "no class as target"
        raise BadInput(
            f"the ontology marks {marked}; mark exactly one: "
            f"`:Book <{KG.isTarget}> true`, or let `kartograph annotate FILE` propose the annotations"
        )
    return _SchemaBuilder(graph, targets[0], languages).schema()


class _SchemaBuilder:
    """Makes the schema of one graph."""

    def __init__(self, graph: Graph, target: str, languages: Sequence[str]) -> None:
        self._graph, self._target = graph, target
        self._hierarchy = Hierarchy(graph)
        self._labels = Labels(graph, languages)
        self._kinded = sorted(set(graph.subjects(KG.kind)), key=str)
        nameless = [iri for iri in self._kinded if not isinstance(iri, URIRef)]
        if nameless:
            kinds = sorted(str(kind) for node in nameless for kind in graph.objects(node, KG.kind))
            raise BadInput(f"blank nodes have kinds ({kinds}); give each of these properties an IRI")
        home = namespace_of(target)
        self._names = unique_names(map(str, self._kinded), home)
        ranges = {iri: self._range(iri) for iri in self._kinded if (iri, KG.kind, KG.Linked) in graph}
        self._ranges = ranges
        self._class_names = unique_names([target, *(c for classes in ranges.values() for c in classes)], home)

    def schema(self) -> Schema:
        by_domain: dict[str, list[Attribute]] = {}
        for iri in self._kinded:
            attribute = self._attribute(iri)
            domains = {c for d in self._graph.objects(iri, RDFS.domain) for c in self._hierarchy.named(d)}
            if iri == RDF.type:  # of everything, by RDF itself; what is compared is the items' types
                domains = {self._target}
            if not domains:
                raise BadInput(f"the property <{iri}> has no rdfs:domain; say which class it belongs to")
            for domain in domains:
                by_domain.setdefault(domain, []).append(attribute)
        classes: dict[str, ClassDescription] = {}
        waiting = [(self._target,)]
        while waiting:
            iris = waiting.pop()
            name = self._class_name(iris)
            if name not in classes:
                classes[name] = self._describe(name, iris, by_domain)
                waiting += [self._ranges[URIRef(a.iri)] for a in classes[name].attributes if a.linked]
        labels = tuple(sorted(map(str, label_properties(self._graph))))
        return Schema(self._class_name((self._target,)), classes, labels, _declared(self._graph))

    def _class_name(self, iris: tuple[str, ...]) -> str:
        return "_or_".join(self._class_names[iri] for iri in iris)

    def _range(self, iri: Node) -> tuple[str, ...]:
        """The classes that a link leads to."""
        classes = sorted({c for r in self._graph.objects(iri, RDFS.range) for c in self._range_classes(r)})
        if len(list(self._graph.objects(iri, RDFS.range))) > 1:
            classes = self._lowest(classes)
        if not classes:
            raise BadInput(f"<{iri}> is Linked and has no class as its rdfs:range; give one")
        return tuple(classes)

    def _lowest(self, classes: list[str]) -> list[str]:
        """The classes that lie above no other one; of equal ones the first."""
        below = {c: self._hierarchy.below(URIRef(c)) for c in classes}
        return [
            c
            for c in classes
            if all(
                c < other and URIRef(c) in below[other] for other in classes if other != c and URIRef(other) in below[c]
            )
        ]

    def _range_classes(self, node: Node) -> set[str]:
        """Named classes; of an enumeration (`owl:oneOf`) the expression itself."""
        if isinstance(node, BNode) and (node, OWL.oneOf, None) in self._graph:
            return {str(node)}
        return set() if isinstance(node, Literal) else self._hierarchy.named(node)

    def _describe(self, name: str, iris: tuple[str, ...], by_domain: Mapping[str, list[Attribute]]) -> ClassDescription:
        nodes = [BNode(iri) if ":" not in iri else URIRef(iri) for iri in iris]
        for node in nodes:
            if isinstance(node, URIRef) and not self._hierarchy.is_class(node):
                raise BadInput(f"<{node}> is used as a class but not declared; add `<{node}> a owl:Class`")
        above = set().union(*(self._hierarchy.above(node) for node in nodes))
        below = set().union(*(self._hierarchy.below(node) for node in nodes))
        # A property of a class below is an attribute too: it is missing on the individuals that are not of that class.
        mine = {a.iri: a for c in above | below for a in by_domain.get(str(c), [])}
        return ClassDescription(
            iri=iris[0],
            name=name,
            label=" or ".join(self._labels.of(node) for node in nodes),
            attributes=tuple(sorted(mine.values(), key=lambda a: a.name)),
            types=frozenset(map(str, below)),
            merged=len(nodes) > 1 or isinstance(nodes[0], BNode),
        )

    def _attribute(self, iri: Node) -> Attribute:
        graph = self._graph
        kinds = list(graph.objects(iri, KG.kind))
        terms: dict[Node, Kind] = {KG[kind]: kind for kind in Kind}
        if len(kinds) != 1 or kinds[0] not in terms:
            raise BadInput(f"<{iri}> has the kinds {[str(k) for k in kinds]}; give one of {sorted(map(str, terms))}")
        kind = terms[kinds[0]]
        bounds = {name: _number(graph, iri, KG[name]) for name in ("minimum", "maximum", "floor", "ceiling")}
        present = [name for name, value in bounds.items() if value is not None]
        if present and kind not in NUMBERS:
            raise BadInput(f"<{iri}> is {kind} and has {present}; only Numeric and NumericSet have them")
        for low, high in (("minimum", "maximum"), ("floor", "ceiling")):
            a, b = bounds[low], bounds[high]
            if a is not None and b is not None and a >= b:
                raise BadInput(f"<{iri}> has the {low} {a} and the {high} {b}; the {low} has to be smaller")
        compared = graph.value(iri, KG.compared)
        name = self._names[str(iri)]
        return Attribute(
            iri=str(iri),
            name=name,
            label=self._labels.label_in_graph(iri) or name,
            kind=kind,
            compared=compared is None or _is_true(iri, compared),
            levels=_levels(graph, iri, kind),
            groups=_groups(graph, iri, kind),
            above=self._above(iri, kind),
            linked=self._class_name(self._ranges[iri]) if kind is Kind.LINKED else None,
            **bounds,
        )

    def _above(self, iri: Node, kind: Kind) -> dict[str, frozenset[str]]:
        if iri != RDF.type and kind is not Kind.HIERARCHICAL:
            return {}
        target = URIRef(self._target)
        hierarchy = self._hierarchy if iri == RDF.type else Hierarchy(self._graph, concepts=True)
        classes = hierarchy.below(target) - hierarchy.above(target) if iri == RDF.type else hierarchy.classes()
        named = {one for one in classes if isinstance(one, URIRef)}
        return {str(one): frozenset(map(str, hierarchy.above(one) & named)) for one in named}


def _declared(graph: Graph) -> frozenset[str]:
    """IRIs of everything that the graph declares or describes as a property."""
    kinds = (OWL.DatatypeProperty, OWL.ObjectProperty, OWL.AnnotationProperty, RDF.Property, OWL.FunctionalProperty)
    declared = {str(s) for kind in kinds for s in graph.subjects(RDF.type, kind)}
    for term in (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf):
        declared |= {str(node) for pair in graph.subject_objects(term) for node in pair}
    for term in (RDFS.domain, RDFS.range, KG.kind):
        declared |= {str(s) for s in graph.subjects(term)}
    return frozenset(declared)


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


def _check_terms(graph: Graph) -> None:
    namespace = str(KG._NS)
    known = {str(KG[name]) for name in KG.__annotations__ if not name.startswith("_")}
    predicates = [p for p in set(graph.predicates()) if str(p).startswith(namespace)]
    used = {(p, s) for p in predicates for s in graph.subjects(p)}
    used |= {(o, s) for p in predicates for s, o in graph.subject_objects(p) if str(o).startswith(namespace)}
    for term, subject in sorted(used, key=str):
        if str(term) not in known:
            near = get_close_matches(str(term), sorted(known), n=1)
            hint = f"; did you mean <{near[0]}>?" if near else f"; the terms are {sorted(map(local_name, known))}"
            raise BadInput(f"<{term}> on <{subject}> is no term of the vocabulary{hint}")


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
        raise BadInput(f"<{iri}> has the {local_name(str(term))} {str(value)!r}; give a number")
    return number
