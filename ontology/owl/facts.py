"""What follows from the triples of a graph by the rules of OWL that are followed: who is of a class, and which values a
property has.

Followed, by their names in the profile OWL 2 RL (W3C 2012, section 4.3): `cax-sco`, `cax-eqc`, `scm-int`, `scm-uni`,
`cls-oo`, `cls-hv1`, `prp-spo1`, `prp-eqp`, `prp-inv`, `prp-symp`, `prp-trp`, `eq-sym`, `eq-trans`, `eq-rep`, and
`prp-dom` and `prp-rng` for what has no type at all. RDF lists and containers stand for their members. All else is left
alone: property chains, keys, functional properties, complements, and the restrictions that name no value.
"""

from collections import Counter
from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, Graph, Literal, Node, URIRef

from kartograph.ontology.files.iris import namespace_of
from kartograph.ontology.owl.hierarchy import CONTAINERS, Hierarchy, is_list, list_members
from kartograph.ontology.vocabulary import KG

Pair = tuple[Node, Node]
NO_TYPES = frozenset({OWL.NamedIndividual, OWL.Thing, RDFS.Resource})
"""Types that say nothing of what a thing is."""
LEFT_ALONE = {
    OWL.propertyChainAxiom: "owl:propertyChainAxiom",
    OWL.hasKey: "owl:hasKey",
    OWL.complementOf: "owl:complementOf",
    OWL.hasSelf: "owl:hasSelf",
    OWL.someValuesFrom: "owl:someValuesFrom",
    OWL.allValuesFrom: "owl:allValuesFrom",
}


class Facts:
    """The types and the values of a graph, closed under the rules."""

    def __init__(self, graph: Graph) -> None:
        """Reads the classes; values are read property by property."""
        self.graph = graph
        self.hierarchy = Hierarchy(graph)
        self.same = _same(graph)
        self._lists = (None, RDF.first, None) in graph or any((None, RDF.type, kind) in graph for kind in CONTAINERS)
        self._lists |= (None, None, RDF.nil) in graph
        self._pairs: dict[Node, list[Pair]] = {}
        self._types: dict[str, set[Node]] = {}
        self._typed: set[Node] = set()
        for subject, kind in graph.subject_objects(RDF.type):
            if kind not in NO_TYPES:
                node = self.same.get(subject, subject)
                self._typed.add(node)
                self._types.setdefault(str(kind), set()).add(node)
        for kind, members in graph.subject_objects(OWL.oneOf):
            nodes = {self.same.get(node, node) for node in list_members(graph, members)}
            self._types.setdefault(str(kind), set()).update(node for node in nodes if not isinstance(node, Literal))
            self._typed |= nodes
        self._class_items = self._items_that_are_classes()

    def members(self, types: frozenset[str]) -> set[Node]:
        """The individuals that have one of the types."""
        return set().union(*(self._types.get(kind, ()) for kind in types))

    def add_untyped(self, kind: str, node: Node) -> None:
        """Give a thing that has no type, but triples of its own, the type that a domain or a range says it has."""
        if self.is_untyped(node):
            self._types.setdefault(kind, set()).add(node)

    def is_untyped(self, node: Node) -> bool:
        """Whether a thing has no type, but triples of its own: a domain or a range gives it one."""
        return node not in self._typed and not isinstance(node, Literal) and (node, None, None) in self.graph

    def pairs(self, prop: Node) -> list[Pair]:
        """The subjects and objects of a property, each pair once."""
        if prop not in self._pairs:
            self._pairs[prop] = self._pairs_of(prop)
        return self._pairs[prop]

    def _pairs_of(self, prop: Node) -> list[Pair]:
        sources = self._sources(prop)
        pairs = dict.fromkeys(self._stated(sources))
        if (None, OWL.onProperty, None) in self.graph:
            pairs |= dict.fromkeys(self._of_classes(sources))
        if prop == RDF.type:
            pairs |= {(one, kind): None for one in self._class_items for kind in self.hierarchy.above(one) - {one}}
        if (prop, RDF.type, OWL.TransitiveProperty) in self.graph:
            pairs = dict.fromkeys(_closed(list(pairs)))
        return list(pairs)

    def sources(self, prop: Node) -> set[Node]:
        """The properties whose values are values of a property: itself, those below it, equal and inverse ones."""
        return {one for one, _ in self._sources(prop)}

    def left_alone(self) -> dict[str, int]:
        """Constructs of OWL in the graph that no rule follows, and how often each occurs."""
        counts = Counter({name: sum(1 for _ in self.graph.subjects(term)) for term, name in LEFT_ALONE.items()})
        if self._class_items:
            counts.pop("owl:someValuesFrom")
        counts["owl:InverseFunctionalProperty"] = sum(
            1 for _ in self.graph.subjects(RDF.type, OWL.InverseFunctionalProperty)
        )
        return {name: count for name, count in counts.items() if count}

    def _sources(self, prop: Node) -> list[tuple[Node, bool]]:
        """The properties whose values imply values of one, each with whether subject and object change places."""
        graph = self.graph
        seen = {(prop, False): None}
        waiting = [(prop, False)]
        while waiting:
            one, inverted = waiting.pop()
            following = [(other, inverted) for other in graph.subjects(RDFS.subPropertyOf, one)]
            for other in (*graph.subjects(OWL.equivalentProperty, one), *graph.objects(one, OWL.equivalentProperty)):
                following.append((other, inverted))
            for other in (*graph.subjects(OWL.inverseOf, one), *graph.objects(one, OWL.inverseOf)):
                following.append((other, not inverted))
            if (one, RDF.type, OWL.SymmetricProperty) in graph:
                following.append((one, not inverted))
            for state in following:
                if state not in seen:
                    seen[state] = None
                    waiting.append(state)
        return list(seen)

    def _stated(self, sources: list[tuple[Node, bool]]) -> Iterator[Pair]:
        same = self.same
        for prop, inverted in sources:
            for subject, value in self.graph.subject_objects(prop):
                for one in list_members(self.graph, value) if self._lists and is_list(self.graph, value) else (value,):
                    pair = (same.get(subject, subject), same.get(one, one))
                    if not inverted:
                        yield pair
                    elif not isinstance(one, Literal):
                        yield pair[1], pair[0]

    def _of_classes(self, sources: list[tuple[Node, bool]]) -> Iterator[Pair]:
        """The values of restrictions on classes: of `hasValue` for individuals, of `someValuesFrom` for class items."""
        source_kinds = dict(sources)
        for kind in (OWL.hasValue, OWL.someValuesFrom):
            for node, prop, value in self.hierarchy.restrictions(kind):
                if prop not in source_kinds:
                    continue
                below = self.hierarchy.below(node)
                subjects = self._class_items & below
                if kind == OWL.hasValue:
                    subjects = subjects | self.members(frozenset(map(str, below)))
                values = self._fillers(value) if kind == OWL.someValuesFrom else [self.same.get(value, value)]
                for subject in subjects:
                    for one in values:
                        if not source_kinds[prop]:
                            yield subject, one
                        elif not isinstance(one, Literal):
                            yield one, subject

    def _fillers(self, node: Node) -> list[Node]:
        return [URIRef(name) for name in sorted(self.hierarchy.named(node)) if name != str(OWL.Thing)]

    def _items_that_are_classes(self) -> set[Node]:
        """The leaves below a target whose classes are items; each has the type of the target."""
        items: set[Node] = set()
        for target, value in self.graph.subject_objects(KG.classesAreItems):
            if str(value) in ("true", "1"):
                leaves = self.hierarchy.leaves(target)
                items.update(leaves)
                self._types.setdefault(str(target), set()).update(leaves)
        return items


def _closed(pairs: list[Pair]) -> Iterator[Pair]:
    """The transitive closure of pairs."""
    step: dict[Node, list[Node]] = {}
    for one, other in pairs:
        step.setdefault(one, []).append(other)
    for start in step:
        seen: dict[Node, None] = {}
        waiting = list(step[start])
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen[node] = None
                waiting += step.get(node, ())
        yield from ((start, node) for node in seen)


def _same(graph: Graph) -> dict[Node, Node]:
    """From every other name of an individual to the one it is known by.

    That is a name with an `rdf:type`, in the namespace of the target class before others, an IRI before a blank node,
    then the first in order.
    """
    parent: dict[Node, Node] = {}

    def root(node: Node) -> Node:
        while parent.setdefault(node, node) != node:
            parent[node] = node = parent[parent[node]]
        return node

    for one, other in graph.subject_objects(OWL.sameAs):
        if not isinstance(other, Literal):
            parent[root(one)] = root(other)
    homes = {namespace_of(str(target)) for target in graph.subjects(KG.isTarget)}
    groups: dict[Node, list[Node]] = {}
    for node in list(parent):
        groups.setdefault(root(node), []).append(node)
    same: dict[Node, Node] = {}
    for nodes in groups.values():
        known = min(
            nodes,
            key=lambda node: (
                (node, RDF.type, None) not in graph,
                namespace_of(str(node)) not in homes,
                not isinstance(node, URIRef),
                str(node),
            ),
        )
        same |= {node: known for node in nodes if node != known}
    return same
