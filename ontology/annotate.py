"""Proposals how a foreign ontology could be annotated: which class is recommended, and how its properties are compared.

The target is the class whose individuals have the most to compare:

    score(C) = Σ_p n_p² / n · log2(1 + d_p)

over the properties `p` of its `n` individuals, `n_p` of which have a value and `d_p` different ones there are; a class
whose name stands in the name of the file or of the ontology counts three times. Where no class has two individuals,
classes themselves are the items, with the values that their restrictions name.

What the items are (`rdf:type`, where the target has classes below it) and properties whose values lie in a tree of
classes, or of broader and narrower concepts, are compared by depth in the tree.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log2

from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Node, URIRef

from kartograph.ontology.files.iris import local_name
from kartograph.ontology.files.numbers import unit_of
from kartograph.ontology.naming import closest
from kartograph.ontology.outliers import is_truth, outliers
from kartograph.ontology.owl.facts import Facts, Pair
from kartograph.ontology.owl.hierarchy import Hierarchy
from kartograph.ontology.owl.labels import LINKS, Labels, label_properties
from kartograph.ontology.trees import in_a_tree, types_below
from kartograph.ontology.vocabulary import KG, Kind
from kartograph.tables.errors import BadInput

SILENT = (
    *(str(RDF), str(RDFS), str(OWL), str(KG._NS), "http://www.w3.org/2003/11/swrl"),
    "http://wikiba.se/ontology",  # there everything is an item
)
DOCUMENTATION = frozenset(
    {SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition, SKOS.note, SKOS.scopeNote, SKOS.example, SKOS.editorialNote}
)
"""Properties that explain a thing to people."""
NUMBERS = 0.95
"""Share of values that are numbers from which on a property is numeric."""
NAMES = 0.9
"""Share of different values among those of ten individuals or more from which on a text is a name, not an attribute."""
NAMES_REASON = "almost every individual has another value"
REJECTED = "mend it, or what has it is rejected"
DOUBTED: dict[Kind, str] = {
    Kind.NUMERIC: REJECTED,
    Kind.NUMERIC_SET: REJECTED,
    Kind.NOMINAL: f"{REJECTED} under another kind",
    Kind.NOMINAL_SET: f"{REJECTED} under another kind",
}
"""Kinds that few values may have decided, with what to do about these."""
LONG = 60
"""Mean number of characters from which on a text is prose."""
NAMED = 3
"""Times that a class named like the file counts."""
SHORTEST = 3
"""Letters of a class's name that can be found in the file's."""


@dataclass(frozen=True)
class ClassCount:
    """A class and how many individuals it has, those of classes below it included."""

    iri: str
    individuals: int
    score: float


@dataclass(frozen=True)
class Proposal:
    """One property of a class."""

    iri: str
    owner: str
    """The class whose individuals have it."""
    kind: Kind | None
    """None where it is left out."""
    known: int
    """How many individuals have a value."""
    different: int
    """How many different values there are."""
    example: str
    range: str | None = None
    """The class of a link."""
    reason: str = ""
    """Why it is left out; of a property with a kind, what makes one doubt it."""


@dataclass(frozen=True)
class Annotations:
    """What is proposed for one ontology."""

    target: str
    classes_are_items: bool
    classes: tuple[ClassCount, ...]
    """The most promising first."""
    properties: tuple[Proposal, ...]
    triples: Graph


def propose(rdf: Graph, name: str = "", target: str | None = None) -> Annotations:
    """Annotations for an ontology that has none.

    Parameters
    ----------
    name
        The name of its file, a hint at what it is about.
    target
        The IRI, the name or the label of the class that is recommended; chosen by the score where None.

    Raises
    ------
    BadInput
        The ontology is annotated already, the class is unknown, or there is nothing to recommend.
    """
    if (None, KG.isTarget, None) in rdf:
        raise BadInput(f"the ontology marks {next(rdf.subjects(KG.isTarget))} as its target already; load it as it is")
    facts, labels = Facts(rdf), Labels(rdf)
    hints = name.lower() + " ".join(local_name(str(one)) for one in rdf.subjects(RDF.type, OWL.Ontology)).lower()
    counter = _Counter(facts, hints)
    counts = counter.individuals()
    classes_are_items = not counts or (target is not None and not _called(target, counts, labels))
    if classes_are_items:
        counts = counter.class_items() or counts
    if not counts and (largest := counter.largest()) is not None:
        name, members = local_name(str(largest[0])), largest[1]
        raise BadInput(
            f"the ontology has no class of two individuals, {name} has one; nothing to compare"
            if members == 1
            else f"no property has different values for the individuals of a class, {name} has {members:,} of them; "
            "nothing to compare"
        )
    if not counts:
        raise BadInput(
            "the ontology has neither individuals of a class nor classes with restrictions; nothing to recommend. "
            "Classes are read from rdf:type: where another property names them, as P31 does in Wikidata, write "
            "rdf:type in its place"
        )
    chosen = counts[0].iri if target is None else _named(target, counts, labels)
    if classes_are_items:
        facts = Facts(_with(rdf, (URIRef(chosen), KG.classesAreItems, Literal(True))))
    properties = _Proposer(facts, labels).of_target(chosen)
    if not any(one.kind for one in properties):
        raise BadInput(f"the individuals of <{chosen}> have no property to compare; name another class with --target")
    triples = _triples(facts, chosen, classes_are_items, properties)
    return Annotations(chosen, classes_are_items, tuple(counts), tuple(properties), triples)


class _Counter:
    """Scores of the classes of an ontology."""

    def __init__(self, facts: Facts, hints: str) -> None:
        self._facts, self._hints = facts, hints
        graph = facts.graph
        classes = {o for o in graph.objects(None, RDF.type)} | {
            s for kind in (OWL.Class, RDFS.Class) for s in graph.subjects(RDF.type, kind)
        }
        self._classes = sorted(c for c in classes if isinstance(c, URIRef) and not str(c).startswith(SILENT))

    def individuals(self) -> list[ClassCount]:
        by_subject: dict[Node, list[tuple[Node, Node]]] = {}
        for prop in _properties(self._facts):
            for subject, value in self._facts.pairs(prop):
                by_subject.setdefault(subject, []).append((prop, value))
        members = {c: self._facts.members(frozenset(map(str, self._facts.hierarchy.below(c)))) for c in self._classes}
        return self._sorted({c: (m, by_subject) for c, m in members.items() if len(m) > 1})

    def largest(self) -> tuple[Node, int] | None:
        """The class of the most individuals, of equals the first by name, and how many it has."""
        members = {c: self._facts.members(frozenset(map(str, self._facts.hierarchy.below(c)))) for c in self._classes}
        counts = [(c, len(found)) for c, found in members.items() if found]
        return min(counts, key=lambda one: (-one[1], str(one[0])), default=None)

    def class_items(self) -> list[ClassCount]:
        hierarchy = self._facts.hierarchy
        by_node: dict[Node, list[tuple[Node, Node]]] = {}
        for kind in (OWL.someValuesFrom, OWL.hasValue):
            for node, prop, value in hierarchy.restrictions(kind):
                by_node.setdefault(node, []).append((prop, value))
        by_subject = {
            leaf: [pair for above in hierarchy.above(leaf) for pair in by_node.get(above, [])] for leaf in self._classes
        }
        leaves = {c: set(hierarchy.leaves(c)) for c in self._classes}
        return self._sorted({c: (m, by_subject) for c, m in leaves.items() if len(m) > 1})

    def _sorted(self, members: dict) -> list[ClassCount]:
        """The best first; of classes with the same individuals the one below the others."""
        counts = [ClassCount(str(c), len(m), self._score(c, m, by)) for c, (m, by) in members.items()]
        depth = {str(c): len(self._facts.hierarchy.below(c)) for c in members}
        return sorted((c for c in counts if c.score > 0), key=lambda c: (-round(c.score, 6), depth[c.iri], c.iri))

    def _score(self, iri: URIRef, members: set[Node], by_subject: dict[Node, list[tuple[Node, Node]]]) -> float:
        known: Counter[Node] = Counter()
        different: dict[Node, set[Node]] = {}
        for member in members:
            pairs = by_subject.get(member, [])
            known.update({prop for prop, _ in pairs})
            for prop, value in pairs:
                different.setdefault(prop, set()).add(value)
        score = sum(
            n**2 / len(members) * log2(1 + len(different[prop]))
            for prop, n in known.items()
            if len(different[prop]) > 1
        )
        name = local_name(str(iri)).lower()
        return score * (NAMED if len(name) >= SHORTEST and name in self._hints else 1)


class _Proposer:
    """Kinds for the properties of a class and of the classes that it links to."""

    def __init__(self, facts: Facts, labels: Labels) -> None:
        self._facts, self._labels = facts, labels
        self._trees = Hierarchy(facts.graph, concepts=True)

    def of_target(self, iri: str) -> list[Proposal]:
        """What the items are, where that tells them apart, and what they and the individuals that they link to have."""
        pairs = types_below(URIRef(iri), self._members(iri), self._facts)
        kinds = {kind for _, kind in pairs}
        if len(kinds) < 2 or (
            _are_names([kind for _, kind in pairs], len(kinds)) and not in_a_tree(kinds, self._trees)
        ):
            return self.of_class(iri)
        known, example = len({item for item, _ in pairs}), self._example(kinds)
        return [Proposal(str(RDF.type), iri, Kind.HIERARCHICAL, known, len(kinds), example), *self.of_class(iri)]

    def of_class(self, iri: str, done: frozenset[str] = frozenset()) -> list[Proposal]:
        members = self._members(iri)
        proposals: list[Proposal] = []
        for prop in _properties(self._facts):
            pairs = [pair for pair in self._facts.pairs(prop) if pair[0] in members]
            if pairs:
                proposals.append(self._proposal(prop, iri, pairs, done | {iri}))
        for link in [one for one in proposals if one.range and one.range not in done | {iri}]:
            known = {(one.iri, one.owner) for one in proposals}
            inner = self.of_class(str(link.range), done | {iri})
            proposals += [one for one in inner if (one.iri, one.owner) not in known]
        return proposals

    def _members(self, iri: str) -> set[Node]:
        return self._facts.members(frozenset(map(str, self._facts.hierarchy.below(URIRef(iri)))))

    def _proposal(self, prop: URIRef, owner: str, pairs: list[Pair], done: frozenset[str]) -> Proposal:
        values = [value for _, value in pairs]
        per_subject = Counter(subject for subject, _ in pairs)
        several = max(per_subject.values()) > 1
        different = len(set(values))
        kind, linked, reason = None, None, ""
        if all(isinstance(value, Literal) for value in values):
            kind, reason = _kind_of_literals(values, several, different)
        else:
            tree = in_a_tree(set(values), self._trees)
            linked = None if tree else self._linked(prop, values, done)
            kind = (
                Kind.HIERARCHICAL if tree else Kind.LINKED if linked else Kind.NOMINAL_SET if several else Kind.NOMINAL
            )
            back = [c for c in sorted(done - {owner}) if set(values) <= self._members(c)]
            if back:
                kind, linked, reason = None, None, f"it leads back to {local_name(back[0])}"
            elif not tree and not linked and different == len(values) and all(isinstance(v, BNode) for v in values):
                kind, reason = None, "its values are nodes without an IRI, which no other individual has"
            elif not tree and not linked and _are_names(values, different):
                kind, reason = None, NAMES_REASON
        if kind and kind in DOUBTED and (few := outliers(set(values), self._facts)):
            shown = f"{few.shape}, and {self._example(few.values)!r} is not"
            reason = f"{different - len(few.values):,} of {different:,} different values are {shown}: {DOUBTED[kind]}"
        if kind and (prop, RDFS.domain, None) not in self._facts.graph and self._is_of_untyped(prop):
            kind, linked, reason = None, None, f"things without a type have it too and would become {local_name(owner)}"
        below = [p for p in self._facts.graph.subjects(RDFS.subPropertyOf, prop) if not self._is_below(prop, p)]
        if below and set(pairs) <= {pair for one in below for pair in self._facts.pairs(one)}:
            kind, linked, reason = None, None, "its values are those of the properties below it"
        if kind and different == 1 and len(per_subject) > 1:
            kind, linked, reason = None, None, "all values are the same"
        return Proposal(str(prop), owner, kind, len(per_subject), different, self._example(values), linked, reason)

    def _example(self, values: Iterable[Node]) -> str:
        words = {str(value) if isinstance(value, Literal) else self._labels.of(value) for value in values}
        return ", ".join(sorted(words)[:3])[:80]

    def _is_of_untyped(self, prop: URIRef) -> bool:
        """Whether things without a type have a property: a domain would give them that class."""
        return any(self._facts.is_untyped(subject) for subject, _ in self._facts.pairs(prop))

    def _is_below(self, prop: URIRef, other: Node) -> bool:
        """Whether a property is another's, or one of two that lie below each other and are equal, the first by name."""
        return prop == other or ((prop, RDFS.subPropertyOf, other) in self._facts.graph and str(prop) < str(other))

    def _linked(self, prop: URIRef, values: list[Node], done: frozenset[str]) -> str | None:
        """The class that a property links to, where all values are of it and have something to compare themselves."""
        nodes = set(values)
        candidates = {c for r in self._facts.graph.objects(prop, RDFS.range) for c in self._facts.hierarchy.named(r)}
        candidates |= {
            str(kind) for node in list(nodes)[:100] for kind in self._facts.graph.objects(node, RDF.type)
            if isinstance(kind, URIRef)
        }  # fmt: skip
        fitting = [
            (len(self._members(c)), c)
            for c in candidates
            if not c.startswith(SILENT) and nodes <= self._members(c) and c not in done
        ]
        if not fitting:
            return None
        smallest = min(fitting)[1]
        members = self._members(smallest)
        has_more = any(
            subject in members and isinstance(value, Literal)
            for inner in _properties(self._facts)
            for subject, value in self._facts.pairs(inner)
        )
        return smallest if has_more else None


def _properties(facts: Facts) -> list[URIRef]:
    """The properties that may be attributes: no labels, no annotations."""
    graph = facts.graph
    left_out = {*label_properties(graph), *LINKS, *graph.subjects(RDF.type, OWL.AnnotationProperty), *DOCUMENTATION}
    used = set(graph.predicates()) | set(graph.objects(None, OWL.onProperty))
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        used |= set(graph.subjects(RDF.type, kind))
    properties = {p for p in used if isinstance(p, URIRef) and not str(p).startswith(SILENT) and p not in left_out}
    return sorted(properties)


def _kind_of_literals(values: list[Node], several: bool, different: int) -> tuple[Kind | None, str]:
    texts = [str(value) for value in values]
    if all(map(is_truth, values)):
        return (None, "several truth values") if several else (Kind.BOOLEAN, "")
    if sum(bool(unit_of(value)) for value in values) >= NUMBERS * len(values):
        return (Kind.NUMERIC_SET if several else Kind.NUMERIC), ""
    if sum(map(len, texts)) > LONG * len(texts):
        return None, "prose"
    if _are_names(values, different):
        return None, NAMES_REASON
    return _kind_of_names(several), ""


def _kind_of_names(several: bool) -> Kind:
    return Kind.NOMINAL_SET if several else Kind.NOMINAL


def _are_names(values: list[Node], different: int) -> bool:
    return len(values) >= 10 and different >= NAMES * len(values)


def _triples(facts: Facts, target: str, classes_are_items: bool, properties: Iterable[Proposal]) -> Graph:
    """The annotations, with the domains and ranges that they need and the ontology lacks."""
    graph, triples = facts.graph, Graph()
    triples.add((URIRef(target), KG.isTarget, Literal(True)))
    if classes_are_items:
        triples.add((URIRef(target), KG.classesAreItems, Literal(True)))
    proposed = [one for one in properties if one.kind]
    for iri in {target, *(one.range for one in proposed if one.range)}:
        if (URIRef(iri), RDF.type, None) not in graph:
            triples.add((URIRef(iri), RDF.type, OWL.Class))
    for one in proposed:
        iri, owner = URIRef(one.iri), URIRef(one.owner)
        if (iri, KG.kind, None) in triples:  # a property of two classes has the kind of the first
            triples.add((iri, RDFS.domain, owner))
            continue
        triples.add((iri, KG.kind, KG[str(one.kind)]))
        if iri == RDF.type:  # of everything, by RDF itself
            continue
        domains = {URIRef(c) for d in graph.objects(iri, RDFS.domain) for c in facts.hierarchy.named(d)}
        if not domains & (facts.hierarchy.above(owner) | facts.hierarchy.below(owner)):
            triples.add((iri, RDFS.domain, owner))
        if one.range and {str(r) for r in graph.objects(iri, RDFS.range)} != {one.range}:
            triples.add((iri, RDFS.range, URIRef(one.range)))
    return triples


def _with(graph: Graph, triple: tuple[Node, Node, Node]) -> Graph:
    copy = Graph(store="SimpleMemory")
    for one in graph:
        copy.add(one)
    copy.add(triple)
    return copy


def _named(text: str, counts: list[ClassCount], labels: Labels) -> str:
    iri = _called(text, counts, labels)
    if len(iri) == 1:
        return iri[0]
    names = [local_name(one.iri) for one in counts]
    hint = closest(text, names) or f"there are {', '.join(names[:10])}"
    if iri:
        raise BadInput(f"{len(iri)} classes are called {text!r}; give the IRI: {', '.join(iri)}")
    raise BadInput(f"there is no class {text!r} with individuals to compare; {hint}")


def _called(text: str, counts: list[ClassCount], labels: Labels) -> list[str]:
    """The classes with this IRI, else with this name, else with this label."""
    for name in (lambda iri: iri, local_name, lambda iri: labels.of(URIRef(iri))):
        if matches := [one.iri for one in counts if name(one.iri) == text]:
            return matches
    return []
