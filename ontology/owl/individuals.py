"""The individuals of a shop: their attributes as columns, and their links.

A column is kept long: pairs of a row and a value, in which one individual may have several values and many have none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph.ontology.owl.schema import Schema
from kartograph.ontology.vocabulary import Kind
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class Cells:
    """The values of one attribute: `values[j]` belongs to the individual in row `rows[j]`; sorted by row."""

    rows: NDArray[np.int64]
    values: NDArray
    """float64 for numbers, bool for booleans, int64 rows of the linked class for links, str objects for the rest."""

    @classmethod
    def of(cls, rows: Iterable[int], values: Iterable, kind: Kind) -> "Cells":
        """Cells from pairs in any order; a pair that comes twice is kept once."""
        array = np.asarray(list(values), dtype=DTYPES[kind])
        frame = pd.DataFrame({"row": np.asarray(list(rows), dtype=np.int64), "value": array})
        frame = frame.drop_duplicates().sort_values("row", kind="stable")
        return cls(frame["row"].to_numpy(np.int64), frame["value"].to_numpy(DTYPES[kind]))


DTYPES: Mapping[Kind, type] = {
    Kind.NUMERIC: np.float64,
    Kind.NUMERIC_SET: np.float64,
    Kind.BOOLEAN: np.bool_,
    Kind.LINKED: np.int64,
    Kind.ORDINAL: np.object_,
    Kind.NOMINAL: np.object_,
    Kind.GROUPED: np.object_,
    Kind.NOMINAL_SET: np.object_,
    Kind.HIERARCHICAL: np.object_,
}
SINGLE = (Kind.NUMERIC, Kind.ORDINAL, Kind.BOOLEAN, Kind.NOMINAL)
"""Kinds of which an individual has one value at most."""


@dataclass(frozen=True)
class Individuals:
    """All individuals of one class, in the order of their rows."""

    ids: NDArray[np.object_]
    """IRIs, or the shop's own item ids."""
    labels: NDArray[np.object_]
    cells: Mapping[str, Cells]
    """By attribute name; an attribute of which nothing is known may be absent."""

    def __len__(self) -> int:
        """How many individuals there are."""
        return len(self.ids)


@dataclass(frozen=True)
class Catalogue:
    """The individuals of every class of a schema."""

    schema: Schema
    classes: Mapping[str, Individuals]
    names: Mapping[str, str] = field(default_factory=dict)
    """What people call the IRIs that stand as values of attributes."""

    @property
    def items(self) -> Individuals:
        """The individuals of the target class: what is recommended."""
        return self.classes[self.schema.target]

    def frame(self, class_name: str) -> pd.DataFrame:
        """One class as a frame with a row per individual: `id, label` and a column per attribute.

        Kinds of one value give that value or NA, the others lists (empty where nothing is known); links hold ids.
        """
        individuals = self.classes[class_name]
        columns: dict[str, object] = {"id": individuals.ids, "label": individuals.labels}
        for attribute in self.schema.classes[class_name].attributes:
            cells = individuals.cells.get(attribute.name)
            values = pd.Series(dtype=object) if cells is None else pd.Series(cells.values, index=cells.rows)
            if cells is not None and attribute.linked:
                values = pd.Series(self.classes[attribute.linked].ids[cells.values], index=cells.rows)
            everyone = pd.RangeIndex(len(individuals))
            if attribute.kind in SINGLE:
                columns[attribute.name] = values.reindex(everyone)
            else:
                lists = values.groupby(level=0).agg(list).to_dict()
                columns[attribute.name] = [lists.get(row, []) for row in everyone]
        return pd.DataFrame(columns)


def catalogue_of(
    schema: Schema,
    ids: Mapping[str, Iterable[str]],
    labels: Mapping[str, Iterable[str]],
    values: Mapping[str, Mapping[str, tuple[Iterable[str], Iterable]]],
) -> Catalogue:
    """A catalogue from plain columns, as a loader has them.

    Parameters
    ----------
    ids, labels
        By class name: one id and one label per individual.
    values
        By class name and attribute name: the ids and the values, pair by pair; for links the ids on both sides.

    Raises
    ------
    BadInput
        An unknown class, attribute or id; an id that comes twice; several values of a kind that takes one.
    """
    rows: dict[str, pd.Series] = {}
    for name in schema.classes:
        index = pd.Index(list(ids.get(name, ())), dtype=object)
        if not index.is_unique:
            raise BadInput(
                f"the {name} ids {list(index[index.duplicated()][:5])} come twice; give each individual one row"
            )
        rows[name] = pd.Series(np.arange(len(index)), index=index)
    classes = {}
    for name, description in schema.classes.items():
        cells = {}
        for attribute_name, (subjects, objects) in values.get(name, {}).items():
            attribute = description.attribute(attribute_name)
            objects = _rows_of(rows[attribute.linked], objects) if attribute.linked else objects
            cells[attribute_name] = Cells.of(_rows_of(rows[name], subjects), objects, attribute.kind)
            _check_single(name, attribute_name, attribute.kind, cells[attribute_name], rows[name])
        names = np.asarray(list(labels.get(name, rows[name].index)), dtype=object)
        classes[name] = Individuals(rows[name].index.to_numpy(), names, cells)
    return Catalogue(schema, classes)


def _rows_of(rows: pd.Series, ids: Iterable[str]) -> NDArray[np.int64]:
    aligned = rows.reindex(pd.Index(list(ids), dtype=object))
    if aligned.isna().any():
        unknown = list(aligned.index[aligned.isna()].unique()[:5])
        raise BadInput(f"values are given for {unknown}, which are no individuals; add them to the ids")
    return aligned.to_numpy(np.int64)


def _check_single(class_name: str, attribute: str, kind: Kind, cells: Cells, rows: pd.Series) -> None:
    if kind in SINGLE and len(cells.rows) != len(np.unique(cells.rows)):
        twice = cells.rows[1:][cells.rows[1:] == cells.rows[:-1]][:5]
        raise BadInput(
            f"{attribute} of {class_name} is {kind} and takes one value; {list(rows.index[twice])} have several; "
            "keep one, or declare it as NominalSet or NumericSet"
        )
