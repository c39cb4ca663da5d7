"""Columns that a measure compares: the target's own, and what its linked individuals bring.

A column is a dictionary of distinct values and one code per item. Values are compared once for each pair of distinct
values and not for each pair of items; 6,000 books have some 200 years and 2,000 authors.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kartograph.ontology.compare.ragged import Ragged, distinct, ragged
from kartograph.ontology.owl.individuals import Catalogue, Cells
from kartograph.ontology.owl.schema import Attribute
from kartograph.ontology.vocabulary import Kind
from kartograph.tables.errors import BadInput


class Measure(StrEnum):
    """How items are compared: cosine or Euclidean, and how the linked classes take part."""

    CS = "CS"
    """Cosine similarity of the target's own attributes; a link counts as the name of what it leads to."""
    ECS = "ECS"
    """Extended cosine similarity: the linked individuals' attributes stand in line with the target's own."""
    ED = "ED"
    """1 less the Euclidean distance of the target's own attributes."""
    EED1 = "EED-1"
    """Extended Euclidean distance, first form: linked attributes in line, as in ECS."""
    EED2 = "EED-2"
    """Second form: the distance of the linked individuals is found first and enters as one attribute."""

    @classmethod
    def named(cls, text: str) -> "Measure":
        """The measure of that name; a BadInput that lists them where there is none."""
        if text not in list(cls):
            raise BadInput(f"there is no measure {text!r}; there are {', '.join(cls)}")
        return cls(text)

    @property
    def is_cosine(self) -> bool:
        """True for CS and ECS."""
        return self in (Measure.CS, Measure.ECS)


@dataclass(frozen=True)
class Column:
    """One attribute of all items, ready to be compared."""

    name: str
    """`publicationYear`; of what a link brings in line `writtenBy.identity`, `writtenBy.birthYear` …"""
    label: str
    kind: Kind
    codes: NDArray[np.int32]
    """Per item the index of its value set in `sets`; -1 where nothing is known."""
    sets: Ragged
    """The distinct sets of values; most have one member."""
    shown: NDArray
    """Per atom the value as a person reads it; linked individuals by their labels."""
    scaled: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    """Per atom the value on the scale from 0 to 1; of numeric and ordinal columns only."""
    groups: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Per atom the number of its group; of grouped columns only."""
    above: csr_array | None = None
    """Atoms × classes: 1 where a class is the atom or lies above it; of hierarchical columns only."""
    parts: tuple["Column", ...] = ()
    """EED-2: the columns of the linked class, over whose individuals the atoms of this column run."""

    @property
    def is_number(self) -> bool:
        """True where the cosine measures multiply values: one number per item, or the pooled ones of several links."""
        return self.kind in (Kind.NUMERIC, Kind.ORDINAL)


def columns_of(catalogue: Catalogue, measure: Measure, attributes: tuple[str, ...] | None = None) -> tuple[Column, ...]:
    """The columns that a measure compares.

    Parameters
    ----------
    attributes
        Names of columns to compare (a link alone stands for all that it brings); the default are those that the
        ontology does not mark `kg:compared false`.

    Raises
    ------
    BadInput
        A name that is no column of this measure, or nothing to compare.
    """
    schema = catalogue.schema
    everything: list[tuple[Column, bool]] = []
    for attribute in schema.classes[schema.target].attributes:
        cells = catalogue.items.cells.get(attribute.name)
        everything += _of_attribute(catalogue, measure, attribute, cells, attribute.name, (schema.target,))
    if attributes is None:
        chosen = tuple(column for column, compared in everything if compared)
    else:
        names = [column.name for column, _ in everything]
        links = {name.split(".")[0] for name in names}
        unknown = sorted(set(attributes) - set(names) - links)
        if unknown:
            raise BadInput(f"{measure} compares no {unknown}; it can compare {names}")
        chosen = tuple(c for c, _ in everything if c.name in attributes or c.name.split(".")[0] in attributes)
    if not chosen:
        raise BadInput(f"the ontology leaves {measure} nothing to compare; annotate properties with kg:kind")
    return chosen


def _of_attribute(
    catalogue: Catalogue,
    measure: Measure,
    attribute: Attribute,
    cells: Cells | None,
    name: str,
    path: tuple[str, ...],
) -> list[tuple[Column, bool]]:
    """The columns of one attribute over all items, each with whether it is compared unasked."""
    items = len(catalogue.items)
    if attribute.linked is None:
        return [(_plain(catalogue, attribute, cells, name, items, path[-1]), attribute.compared)]
    identity = _identity(catalogue, attribute, cells, name, items)
    deeper = attribute.linked not in path  # a class that links back to one on the way is compared by identity alone
    if measure in (Measure.CS, Measure.ED) or not deeper:
        return [(identity, attribute.compared)]
    inner_path = (*path, attribute.linked)
    description = catalogue.schema.classes[attribute.linked]
    if measure is Measure.EED2:
        parts = _parts(catalogue, attribute.linked, inner_path)
        column = Column(name, attribute.label, Kind.LINKED, identity.codes, identity.sets, identity.shown, parts=parts)
        return [(column, attribute.compared)]
    columns = [(_renamed(identity, f"{name}.identity"), attribute.compared)]
    for inner in description.attributes:
        pooled = _pooled(cells, catalogue.classes[attribute.linked].cells.get(inner.name))
        listed = _of_attribute(catalogue, measure, inner, pooled, f"{name}.{inner.name}", inner_path)
        columns += [(column, compared and attribute.compared) for column, compared in listed]
    return columns


def _parts(catalogue: Catalogue, class_name: str, path: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns over the individuals of a linked class: who they are, and their own attributes."""
    individuals = catalogue.classes[class_name]
    inner = replace(catalogue, schema=replace(catalogue.schema, target=class_name))
    everyone = np.arange(len(individuals))
    own = Column(
        name="identity",
        label=catalogue.schema.classes[class_name].label,
        kind=Kind.LINKED,
        codes=everyone.astype(np.int32),
        sets=ragged(everyone, everyone, len(individuals)),
        shown=individuals.labels,
    )
    columns = [own]
    for attribute in catalogue.schema.classes[class_name].attributes:
        cells = individuals.cells.get(attribute.name)
        listed = _of_attribute(inner, Measure.EED2, attribute, cells, attribute.name, path)
        columns += [column for column, compared in listed if compared]
    return tuple(columns)


def _plain(
    catalogue: Catalogue, attribute: Attribute, cells: Cells | None, name: str, items: int, class_name: str
) -> Column:
    cells = cells or Cells(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=object))
    values, atoms = np.unique(cells.values, return_inverse=True)
    codes, sets = distinct(ragged(cells.rows, atoms, items))
    shown = values if not catalogue.names else np.array([catalogue.names.get(v, v) for v in values], dtype=object)
    numbers = np.zeros(0, dtype=np.float32)
    groups = np.zeros(0, dtype=np.int64)
    if attribute.kind is Kind.ORDINAL:
        numbers = np.array([attribute.levels[value] for value in values], dtype=np.float32)
    elif attribute.kind in (Kind.NUMERIC, Kind.NUMERIC_SET):
        everywhere = catalogue.classes[class_name].cells.get(attribute.name, cells).values
        numbers = scale(values.astype(np.float64), attribute, everywhere)
    elif attribute.kind is Kind.GROUPED:
        # A value without a group is a group of its own; the prefixes keep it apart from a group of the same name.
        named = zip(values, shown, strict=True)
        names = [attribute.groups.get(v) or attribute.groups.get(name, f"value {v}") for v, name in named]
        groups = np.unique(np.array(names, dtype=object), return_inverse=True)[1] if names else groups
    above = _above(attribute, values) if attribute.kind is Kind.HIERARCHICAL else None
    return Column(name, attribute.label, attribute.kind, codes, sets, shown, numbers, groups, above)


def _above(attribute: Attribute, values: NDArray) -> csr_array:
    """Values × classes: 1 where a class is the value or lies above it; a value that is no class is one of its own."""
    classes = [sorted(attribute.above.get(value, (value,))) for value in values]
    sizes = [len(some) for some in classes]
    names, columns = np.unique([name for some in classes for name in some], return_inverse=True)
    rows = np.repeat(np.arange(len(values)), sizes)
    return csr_array((np.ones(len(rows), dtype=np.float32), (rows, columns)), (len(values), max(len(names), 1)))


def _identity(catalogue: Catalogue, attribute: Attribute, cells: Cells | None, name: str, items: int) -> Column:
    rows, linked = (cells.rows, cells.values) if cells else (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    codes, sets = distinct(ragged(rows, linked.astype(np.int64), items))
    shown = catalogue.classes[attribute.linked or ""].labels
    return Column(name, attribute.label, Kind.LINKED, codes, sets, shown)


def _renamed(column: Column, name: str) -> Column:
    return Column(name, column.label, column.kind, column.codes, column.sets, column.shown)


def _pooled(links: Cells | None, cells: Cells | None) -> Cells | None:
    """The values that all linked individuals of an item have together."""
    if links is None or cells is None:
        return None
    starts = np.searchsorted(cells.rows, links.values, side="left")
    sizes = np.searchsorted(cells.rows, links.values, side="right") - starts
    inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return Cells(np.repeat(links.rows, sizes), cells.values[np.repeat(starts, sizes) + inside])


def scale(values: NDArray[np.float64], attribute: Attribute, everywhere: NDArray) -> NDArray[np.float32]:
    """Values on the scale from 0 to 1: `(x - min) / (max - min)` after the floor and the ceiling.

    The ends are those that the ontology declares, else the smallest and the largest value of the whole catalogue.
    Where there is one value only, it is 0.
    """
    low = -np.inf if attribute.floor is None else attribute.floor
    high = np.inf if attribute.ceiling is None else attribute.ceiling
    clipped = np.clip(everywhere.astype(np.float64), low, high)
    least = attribute.minimum if attribute.minimum is not None else clipped.min(initial=np.inf)
    most = attribute.maximum if attribute.maximum is not None else clipped.max(initial=-np.inf)
    if not most > least:
        return np.zeros(len(values), dtype=np.float32)
    return np.clip((np.clip(values, low, high) - least) / (most - least), 0, 1).astype(np.float32)


def weight_vector(columns: tuple[Column, ...], weights: Mapping[str, float] | None) -> NDArray[np.float64]:
    """One weight per column, 1 where none is given.

    Raises
    ------
    BadInput
        A weight for no column, or one outside 0 to 1.
    """
    names = [column.name for column in columns]
    inner = [f"{column.name}.{part.name}" for column in columns for part in column.parts]
    for name, weight in (weights or {}).items():
        if name not in names and name not in inner:
            raise BadInput(f"there is a weight for {name!r}, which is not compared; the columns are {names + inner}")
        if not 0 <= weight <= 1:
            raise BadInput(f"the weight of {name!r} is {weight}; weights lie between 0 and 1")
    return np.array([(weights or {}).get(name, 1.0) for name in names], dtype=np.float64)


def part_weights(column: Column, weights: Mapping[str, float] | None) -> dict[str, float]:
    """The weights `writtenBy.birthYear` … of a linked column, under the names of its parts."""
    prefix = f"{column.name}."
    return {name.removeprefix(prefix): w for name, w in (weights or {}).items() if name.startswith(prefix)}
