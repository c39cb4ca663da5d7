"""Terms by which an ontology says how its attributes are compared.

The terms' definitions are in `vocabulary.ttl`; a test keeps the two equal. A misspelt term raises here.
"""

from enum import StrEnum

from rdflib import Namespace, URIRef
from rdflib.namespace import DefinedNamespace


class KG(DefinedNamespace):
    """The annotation vocabulary: `KG.floor` is a term, `KG.flor` raises an AttributeError."""

    _fail = True
    _NS = Namespace("urn:kartograph:vocabulary#")

    isTarget: URIRef  # The class whose individuals are recommended.
    kind: URIRef  # How two values of a property are compared.
    minimum: URIRef  # The smallest value allowed.
    maximum: URIRef  # The largest value allowed.
    floor: URIRef  # Smaller values count as this one.
    ceiling: URIRef  # Larger values count as this one.
    level: URIRef  # A level of an ordinal property.
    value: URIRef  # A level's value in the data.
    position: URIRef  # A level's place between 0 and 1.
    group: URIRef  # A group of values of a grouped property.
    member: URIRef  # A value that belongs to a group.
    compared: URIRef  # Whether the measures compare a property unasked.
    classesAreItems: URIRef  # Whether the classes below the target are recommended too.

    Kind: URIRef  # The class of the kinds below.
    Numeric: URIRef  # One number.
    Ordinal: URIRef  # One of several levels.
    Boolean: URIRef  # True or false.
    Nominal: URIRef  # One name.
    Grouped: URIRef  # A name within groups of names.
    NominalSet: URIRef  # Any number of names.
    NumericSet: URIRef  # Any number of numbers.
    Hierarchical: URIRef  # Classes or concepts, alike as far as they lie below the same ones.
    Linked: URIRef  # Individuals of another class.


class Kind(StrEnum):
    """How the values of an attribute are compared; each has a term of the same name in the vocabulary."""

    NUMERIC = "Numeric"
    ORDINAL = "Ordinal"
    BOOLEAN = "Boolean"
    NOMINAL = "Nominal"
    GROUPED = "Grouped"
    NOMINAL_SET = "NominalSet"
    NUMERIC_SET = "NumericSet"
    HIERARCHICAL = "Hierarchical"
    LINKED = "Linked"
