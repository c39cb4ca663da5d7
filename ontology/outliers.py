"""Values that are not what most values of a property are: a word among numbers, a text among individuals."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from rdflib import RDF, Literal, Node, URIRef
from rdflib.namespace import XSD

from kartograph.ontology.files.iris import local_name
from kartograph.ontology.files.numbers import NUMBERS_AND_DATES, prevailing_unit, unit_of
from kartograph.ontology.owl.facts import Facts

OTHER_TYPES = ("http://www.w3.org/2002/07/owl#", str(RDF))
"""What types that every thing may have begin with."""


@dataclass(frozen=True)
class Outliers:
    """Fewer than half of some values."""

    shape: str
    """What the others are, in words."""
    values: frozenset[Node]


def outliers(values: set[Node], facts: Facts) -> Outliers | None:
    """The values that are no numbers of one unit, no truth values, or no individuals of one class, where most are."""
    types = Counter(
        str(one)
        for value in values
        for one in facts.graph.objects(value, RDF.type)
        if not str(one).startswith(OTHER_TYPES)
    )
    common = min(types, key=lambda one: (-types[one], one), default="")
    members = facts.members(frozenset(map(str, facts.hierarchy.below(URIRef(common))))) if common else set()
    unit = prevailing_unit(values)
    shapes: dict[str, Callable[[Node], bool]] = {
        "numbers" if unit in ("", NUMBERS_AND_DATES) else unit: lambda value: bool(unit) and unit_of(value) == unit,
        "true or false": is_truth,
        f"individuals of {local_name(common)}": members.__contains__,
        "IRIs": lambda value: not isinstance(value, Literal),
    }
    for shape, fits in shapes.items():
        others = frozenset(value for value in values if not fits(value))
        if 0 < len(others) < len(values) / 2:
            return Outliers(shape, others)
    return None


def is_truth(value: Node) -> bool:
    """Whether a value is true or false."""
    return getattr(value, "datatype", None) == XSD.boolean or str(value) in ("true", "false")
