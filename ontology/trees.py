"""Whether the values of a property lie in a tree of classes or concepts that tells near ones from far ones."""

from collections import Counter
from collections.abc import Collection

from rdflib import RDF, Node, URIRef

from kartograph.ontology.owl.facts import Facts, Pair
from kartograph.ontology.owl.hierarchy import Hierarchy


def in_a_tree(values: Collection[Node], hierarchy: Hierarchy) -> bool:
    """Whether some of the values are nearer to each other than to the rest.

    That is so where a class or concept lies above two or more of the values but not above all, or is one of them and
    lies above another. Values that all lie directly below the same classes are told apart as well by their names.
    """
    different = {value for value in values if isinstance(value, URIRef)}
    named = {one for one in hierarchy.classes() if isinstance(one, URIRef)}
    counts = Counter(one for value in different for one in (hierarchy.above(value) & named) | {value})
    return any(count > 1 and (count < len(different) or one in different) for one, count in counts.items())


def types_below(target: URIRef, members: Collection[Node], facts: Facts) -> list[Pair]:
    """The items with those of their classes that lie below the target and above no other class of theirs."""
    hierarchy = facts.hierarchy
    classes = hierarchy.below(target) - hierarchy.above(target)
    of_item: dict[Node, set[Node]] = {}
    for item, kind in facts.pairs(RDF.type):
        if item in members and kind in classes and isinstance(kind, URIRef):
            of_item.setdefault(item, set()).add(kind)
    above = {kind: hierarchy.above(kind) - hierarchy.below(kind) for kinds in of_item.values() for kind in kinds}
    return [
        (item, kind)
        for item, kinds in of_item.items()
        for kind in sorted(kinds, key=str)
        if not any(kind in above[other] for other in kinds)
    ]
