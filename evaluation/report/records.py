"""Reads evaluation records, as `kartograph evaluate … --json` writes them, and puts them side by side.

A record needs `figures`, `{model: {measure: value}}`; every other part may be missing, and what is missing is told, not
invented. Records of one protocol on the same files with the same options that concern all models share one leaderboard.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kartograph.evaluation.report.record_file import parse_record
from kartograph.tables.errors import BadInput

PROTOCOLS = (
    *("sequences", "interactions", "windows", "last-week", "cold-start"),
    *("preaddl-event-time", "preaddl-event-random-leaking", "preaddl-time", "preaddl-random-leaking"),
    *("mcprhrec-folds", "books"),
)
"""The protocols in the order of the page; others come after them."""
PARTS = {
    "timings": "latency and fitting time",
    "intervals": "confidence intervals",
    "significance": "paired significance",
    "by_length": "accuracy by length of the session",
    "by_popularity": "accuracy by popularity of the item",
    "cold": "cold starts",
    "learning": "learning curves",
}
"""Parts of a record beside its figures, and what a reader misses without them."""
_DIVISIONS = ("division", "pairs")
"""Options with names below them that concern all models; others of that kind are the options of one model."""


@dataclass(frozen=True)
class Record:
    """One evaluation, as it was written."""

    name: str
    """The file's name without its ending."""
    protocol: str
    figures: dict[str, dict[str, float]]
    """Model → measure → value; measures that were nested have their groups' names in front: "cold HR@20"."""
    content: dict[str, Any]
    """Everything else, as it stands in the file."""

    def part(self, name: str) -> dict[str, Any]:
        """A part of the record, empty where it has none."""
        content = self.content.get(name)
        return content if isinstance(content, dict) else {}

    @property
    def options(self) -> dict[str, Any]:
        """The options that concern all models: k, the mask, how the data was divided; not those of single models."""
        return {
            name: value
            for name, value in self.part("options").items()
            if name != "protocol" and (name in _DIVISIONS or not isinstance(value, dict))
        }


@dataclass(frozen=True)
class Leaderboard:
    """Records of one protocol, on the same files and with the same common options."""

    protocol: str
    records: tuple[Record, ...]

    @property
    def options(self) -> dict[str, Any]:
        """The common options."""
        return self.records[0].options

    def part(self, name: str) -> dict[str, Any]:
        """A part of all records together, by the models' names as `figures` has them."""
        whole: dict[str, Any] = {}
        for model, (record, own) in self._models().items():
            if own in record.part(name):
                whole[model] = record.part(name)[own]
        return whole

    @property
    def figures(self) -> dict[str, dict[str, float]]:
        """Model → measure → value. A model that stands in several records with other figures has each of them, told
        apart by the record's seed or name; equal ones stand once.
        """
        return {model: record.figures[own] for model, (record, own) in self._models().items()}

    def record_of(self, model: str) -> tuple[Record, str]:
        """The record that tells of a model, and the model's name in it."""
        return self._models()[model]

    @property
    def missing(self) -> dict[str, list[str]]:
        """Part → the models that no record tells it for; parts that are complete are left out."""
        contents = {part: self._told(part) for part in PARTS}
        gaps = {part: [model for model in self.figures if model not in contents[part]] for part in PARTS}
        return {part: models for part, models in gaps.items() if models}

    def _told(self, part: str) -> set[str]:
        if part != "significance":
            return {model for model, content in self.part(part).items() if content}
        return {
            model
            for model, (record, own) in self._models().items()
            for measure in record.part(part).values()
            if own in measure.get("groups", {})
        }

    def _models(self) -> dict[str, tuple[Record, str]]:
        models: dict[str, tuple[Record, str]] = {}
        for record in self.records:
            for model, figures in record.figures.items():
                if any(own == model and there.figures[own] == figures for there, own in models.values()):
                    continue
                named = model
                if named in models:
                    seed, other = record.content.get("seed"), models[model][0].content.get("seed")
                    named = f"{model} (seed {seed})" if seed != other else f"{model} ({record.name})"
                if named in models:
                    named = f"{model} ({record.name})"
                models[named] = (record, model)
        return models


def read_records(paths: Iterable[Path], damaged: list[str] | None = None) -> list[Record]:
    """Read records from files, and from the `.json` files of folders, by name.

    Where a list for the `damaged` is given, what is wrong with each goes there and the others are read.

    Raises:
        BadInput: a path that is not there; without such a list also a file that is no JSON, has no figures, or holds
            values that no record has, with a line for each.
    """
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise BadInput(f"{path} is not there. Name a record, or a folder of records, of `kartograph evaluate`.")
        files += sorted(path.glob("*.json")) if path.is_dir() else [path]
    records = []
    for file in dict.fromkeys(files):
        try:
            records.append(_read(file))
        except BadInput as error:
            if damaged is None:
                raise
            damaged.append(str(error))
    return records


def leaderboards(records: Iterable[Record]) -> list[Leaderboard]:
    """Put records that can be compared side by side; in the order of `PROTOCOLS`, then by name, most cases first."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        key = json.dumps([record.protocol, record.part("data"), record.options], sort_keys=True)
        groups.setdefault(key, []).append(record)
    boards = [Leaderboard(group[0].protocol, tuple(group)) for group in groups.values()]

    def order(board: Leaderboard) -> tuple:
        position = PROTOCOLS.index(board.protocol) if board.protocol in PROTOCOLS else len(PROTOCOLS)
        return (position, board.protocol, -_cases(board), [one.name for one in board.records])

    return sorted(boards, key=order)


def _cases(board: Leaderboard) -> float:
    return max((figures.get("cases", 0) for figures in board.figures.values()), default=0)


def _read(file: Path) -> Record:
    content = parse_record(file)
    options = content.get("options") or {}
    return Record(
        name=file.stem,
        protocol=str(content.get("protocol") or options.get("protocol") or "unnamed"),
        figures=content["figures"],
        content={name: part for name, part in content.items() if name != "figures"},
    )
