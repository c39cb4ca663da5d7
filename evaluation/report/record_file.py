"""What the file of a record may hold: the parts that the report reads, each with its types, and bounds for the rest.

`parse_record` gives the content with its numbers as finite floats. What is not defined (null, NaN, an infinity) is as
good as missing; a text or a list where a number belongs, a number beyond `MOST` and nesting below `DEEPEST` are errors.
"""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from kartograph.tables.errors import BadInput, in_lines

MOST = 1e15
"""Largest absolute value of a number."""
DEEPEST = 20
"""Levels of lists and dictionaries in each other."""
CONFUSION = ("true_positives", "false_positives", "true_negatives", "false_negatives")
"""Counts of pairs by what they are and what a model called them."""
BESIDES = ("cases", "unserved", "pairs", *CONFUSION)
"""Figures that count and do not measure."""


def _flat(values: Any, before: str = "") -> Any:
    """Nested dictionaries by the names of their way; what is not defined, and what is true or false, is left out."""
    if not isinstance(values, Mapping):
        return values
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{before}{name} ")
        elif value is not None and not isinstance(value, bool):
            flat[f"{before}{name}"] = value
    return flat


def _told(values: Any) -> Any:
    """A dictionary without what is null."""
    return {name: value for name, value in values.items() if value is not None} if isinstance(values, dict) else values


Number = Annotated[float, Field(strict=True, ge=-MOST, le=MOST)]
Measures = Annotated[dict[str, Number], BeforeValidator(_flat)]
Costs = Annotated[dict[str, Annotated[float, Field(strict=True, ge=0, le=MOST)]], BeforeValidator(_told)]
Limits = Annotated[list[Number], Field(min_length=2)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow")


class Test(_Part):
    """What paired tests of one measure found."""

    alpha: Number = 0.05
    correction: str = "?"
    groups: dict[str, str] = {}


class Bucket(BaseModel):
    """Figures of some of the cases, whose size or popularity lies between two borders; None is no border."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Number]  # pyright: ignore[reportIncompatibleVariableOverride]

    from_: Number | None = Field(default=None, alias="from")
    to: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def _defined(cls, values: Any) -> Any:
        return _told(values)


class Layout(_Part):
    """Clusters of items in a plane."""

    points: list[tuple[Number, Number]]
    clusters: list[Annotated[int, Field(strict=True, ge=0)]]
    medoids: list[Annotated[int, Field(strict=True, ge=0)]]
    names: list[str]
    division: str = "agglomerative"

    @model_validator(mode="after")
    def _fits(self) -> "Layout":
        if len(self.points) != len(self.clusters):
            raise ValueError(f"{len(self.points)} points belong to {len(self.clusters)} clusters")
        if len(self.medoids) != len(self.names) or max(self.clusters, default=0) >= max(len(self.names), 1):
            raise ValueError(f"{len(self.names)} names stand for other clusters than those of points and medoids")
        if max(self.medoids, default=-1) >= len(self.points):
            raise ValueError(f"a medoid is none of the {len(self.points)} points")
        return self


class RecordFile(_Part):
    """A record as it lies in a file; parts may be missing, and others may be there."""

    figures: Annotated[dict[str, Measures], Field(min_length=1)]
    protocol: str | None = None
    options: dict[str, Any] | None = None
    data: dict[str, Any] | None = None
    timings: dict[str, Costs] | None = None
    intervals: dict[str, Annotated[dict[str, Limits], BeforeValidator(_told)]] | None = None
    significance: Annotated[dict[str, Test], BeforeValidator(_told)] | None = None
    by_length: dict[str, list[Bucket]] | None = None
    by_popularity: dict[str, list[Bucket]] | None = None
    cold: dict[str, dict[str, Measures]] | None = None
    learning: dict[str, list[Measures]] | None = None
    splits: dict[str, list[Measures]] | None = None
    confusion: dict[str, Measures] | None = None
    layout: Layout | None = None
    tables: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _measures(self) -> "RecordFile":
        if all(name.rpartition(" ")[2] in BESIDES for row in self.figures.values() for name in row):
            raise ValueError("no model has a figure that is a number, beside counts of cases")
        return self


def parse_record(file: Path) -> dict[str, Any]:
    """Read the content of a record.

    Raises:
        BadInput: a file that is no JSON or no record, with a line for each value that is not what it has to be.
    """
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"{file} cannot be read as JSON: {error}. Give a record of `kartograph evaluate`.") from error
    figures = content.get("figures") if isinstance(content, dict) else None
    if not isinstance(figures, dict) or not figures or not all(isinstance(row, dict) for row in figures.values()):
        raise BadInput(
            f"{file} has no figures of models: it is no record of an evaluation. "
            "Write one with `kartograph evaluate … --json FILE`."
        )
    if odd := list(_out_of_bounds(content)):
        raise _damaged(file, "\n".join(odd[:10]))
    try:
        record = RecordFile.model_validate(_defined(content))
    except ValidationError as error:
        raise _damaged(file, in_lines(error)) from error
    return record.model_dump(by_alias=True, exclude_unset=True)


def _damaged(file: Path, lines: str) -> BadInput:
    return BadInput(
        f"{file} is damaged: it holds values that no record has. Write it anew (`kartograph evaluate … --json FILE`)."
        f"\n{lines}"
    )


def _out_of_bounds(content: Any) -> Iterator[str]:
    """A line for each number that is too large, and for each way that leads too deep."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), content)]
    while waiting:
        way, value = waiting.pop()
        if isinstance(value, dict | list) and len(way) == DEEPEST:
            yield f"    {'.'.join(way)[:100]}…: more than {DEEPEST} levels of lists and dictionaries in each other"
        elif isinstance(value, dict | list):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += [((*way, str(name)), part) for name, part in items]
        elif isinstance(value, int | float) and MOST < abs(value) != math.inf:
            shown = f"{value:.3g}" if isinstance(value, float) else f"a whole number of {value.bit_length()} bits"
            yield f"    {'.'.join(way)}: a number between -{MOST:g} and {MOST:g} is allowed, not {shown}"


def _defined(value: Any) -> Any:
    """The same with null for NaN and infinities, which have no place in JSON; `value` is not nested deeply."""
    if isinstance(value, dict):
        return {name: _defined(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_defined(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
