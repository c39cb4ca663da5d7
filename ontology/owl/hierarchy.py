"""Which classes lie below which, with what OWL says by unions, intersections, equivalence and restrictions."""

from collections.abc import Iterator, Mapping

from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Node, URIRef

CONTAINERS = (RDF.Seq, RDF.Bag, RDF.Alt)
BROADER, NARROWER = (SKOS.broader, SKOS.broaderTransitive), (SKOS.narrower, SKOS.narrowerTransitive)


def list_members(graph: Graph, node: Node) -> list[Node]:
    """The members of an RDF list or container, of nested ones too; a list that runs in a circle ends there."""
    members: list[Node] = []
    seen: set[Node] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if not is_list(graph, one):
            members.append(one)
        elif one != RDF.nil and one not in seen:
            seen.add(one)
            first, rest = graph.value(one, RDF.first), graph.value(one, RDF.rest)
            if first is None:
                numbered = [
                    (int(str(p).rpartition("_")[2]), o) for p, o in graph.predicate_objects(one) if _is_member(p)
                ]
                waiting += [value for _, value in sorted(numbered, key=lambda pair: -pair[0])]
            else:
                waiting += [first] if rest is None else [rest, first]
    return members


def is_list(graph: Graph, node: Node) -> bool:
    """Whether the node is an RDF list (the empty one too) or a container."""
    if isinstance(node, Literal):
        return False
    listed = node == RDF.nil or (node, RDF.first, None) in graph
    return listed or any(kind in CONTAINERS for kind in graph.objects(node, RDF.type))


def _is_member(predicate: Node) -> bool:
    prefix, _, number = str(predicate).rpartition("_")
    return prefix == str(RDF) and number.isdecimal()


class Hierarchy:
    """The classes of a graph, named ones and expressions, with those above and below each.

    `C ⊑ D` where the graph says `subClassOf`, `equivalentClass` (both ways), `C intersectionOf (… D …)` or
    `D unionOf (… C …)`. Classes that lie below one another are equal.
    """

    def __init__(self, graph: Graph, concepts: bool = False) -> None:
        """The edges of all classes of the graph, and with `concepts` those of SKOS: `C broader D`, `D narrower C`."""
        self.graph = graph
        self._above: dict[Node, set[Node]] = {}
        self._below: dict[Node, set[Node]] = {}
        for child, parent in graph.subject_objects(RDFS.subClassOf):
            self._add(child, parent)
        for one, other in graph.subject_objects(OWL.equivalentClass):
            self._add(one, other)
            self._add(other, one)
        for whole, parts in graph.subject_objects(OWL.intersectionOf):
            for part in list_members(graph, parts):
                self._add(whole, part)
        for whole, parts in [*graph.subject_objects(OWL.unionOf), *graph.subject_objects(OWL.disjointUnionOf)]:
            for part in list_members(graph, parts):
                self._add(part, whole)
        if concepts:
            self._add_concepts()

    def above(self, node: Node) -> set[Node]:
        """The class, all that it lies below, and `owl:Thing`."""
        return _reached(node, self._above) | {OWL.Thing}

    def below(self, node: Node) -> set[Node]:
        """The class and all that lie below it."""
        return _reached(node, self._below)

    def classes(self) -> set[Node]:
        """All classes that lie above or below another one, without `owl:Thing`."""
        return {*self._above, *self._below} - {OWL.Thing}

    def is_class(self, node: Node) -> bool:
        """Whether the graph declares it as a class, places it among classes, or gives it an individual."""
        declared = any((node, RDF.type, kind) in self.graph for kind in (OWL.Class, RDFS.Class))
        return declared or node in self._above or node in self._below or (None, RDF.type, node) in self.graph

    def named(self, node: Node) -> set[str]:
        """The named classes that a class expression is made of by unions and intersections; of a named one itself."""
        names: set[str] = set()
        seen: set[Node] = set()
        waiting = [node]
        while waiting:
            one = waiting.pop()
            if isinstance(one, URIRef):
                names.add(str(one))
            elif one not in seen:
                seen.add(one)
                parts = [part for kind in (OWL.unionOf, OWL.intersectionOf) for part in self.graph.objects(one, kind)]
                waiting += [member for part in parts for member in list_members(self.graph, part)]
        return names

    def leaves(self, node: Node) -> list[Node]:
        """The named classes below one that have no named class below them and are not defined by an expression.

        `VegetarianPizza equivalentClass [ … ]` says which pizzas are vegetarian; it is no pizza beside them.
        """
        equal = self.above(node) & self.below(node)
        below = {one for one in self.below(node) - equal if self._is_primitive(one)}
        leaves = (one for one in below if not (self.below(one) - self.above(one)) & below)
        return sorted(leaves, key=str)

    def _is_primitive(self, node: Node) -> bool:
        """Whether it is a named class that no expression defines."""
        defined = any(isinstance(one, BNode) for one in self.graph.objects(node, OWL.equivalentClass))
        expressions = (OWL.intersectionOf, OWL.unionOf, OWL.oneOf, OWL.complementOf)
        defined = defined or any((node, kind, None) in self.graph for kind in expressions)
        return isinstance(node, URIRef) and node != OWL.Nothing and not defined

    def restrictions(self, kind: URIRef) -> Iterator[tuple[Node, Node, Node]]:
        """The restrictions of one kind (`owl:hasValue`, `owl:someValuesFrom`): node, property, and value."""
        for node, value in self.graph.subject_objects(kind):
            prop = self.graph.value(node, OWL.onProperty)
            if prop is not None:
                yield node, prop, value

    def _add_concepts(self) -> None:
        for terms, upwards in ((BROADER, True), (NARROWER, False)):
            for prop in {one for term in terms for one in self.graph.transitive_subjects(RDFS.subPropertyOf, term)}:
                for one, other in self.graph.subject_objects(prop):
                    if not isinstance(other, Literal):
                        self._add(*((one, other) if upwards else (other, one)))

    def _add(self, child: Node, parent: Node) -> None:
        if child != parent:
            self._above.setdefault(child, set()).add(parent)
            self._below.setdefault(parent, set()).add(child)


def _reached(start: Node, step: Mapping[Node, set[Node]]) -> set[Node]:
    seen, waiting = {start}, [start]
    while waiting:
        for other in step.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen
