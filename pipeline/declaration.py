"""What a file such as shop.toml declares: sources, checks, models, the gate and how the winner is published.

    [shop]
    name = "shop"
    [[sources]]
    loader = "interactions"
    path = "exports/*.csv"
    mode = "live"
    [checks]
    shrink = 0.5
    drift = { warn = 0.25, stop = 1.0 }
    [train]
    models = ["walk", "stan"]
    options = { stan = { neighbours = 300 } }
    [gate]
    margin = 0.02
    [publish]
    keep_days = 730

Every part but `sources` and `train` may be left out. Paths are relative to the file.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kartograph.graph.managed.home import ShopDirectory
from kartograph.loaders.registry import loaders
from kartograph.tables.errors import BadInput
from kartograph.tables.toml_files import checked, read_toml

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Bound = Annotated[float, Field(allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=1, strict=True)]
Measure = Literal["HR", "MRR", "NDCG", "Recall", "Precision", "MAP"]


class Part(BaseModel):
    """A part of the file: keys that it does not have are refused, and nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


class Shop(Part):
    """Which shop it is."""

    name: str = "shop"

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        try:
            ShopDirectory.of(name)
        except BadInput:
            raise ValueError("1 to 63 of the characters a-z, 0-9, _ and -, the first a letter or a digit") from None
        return name


class SourceDeclaration(BaseModel):
    """Where events come from; every further key is an option of the loader, as `kartograph load` has it."""

    model_config = ConfigDict(extra="allow", frozen=True)

    loader: str
    path: Annotated[str, Field(min_length=1)]
    mode: Literal["live", "bulk"] = "live"

    @field_validator("loader")
    @classmethod
    def _is_a_loader_of_events(cls, name: str) -> str:
        allowed = [one.name for one in loaders().values() if one.read is not None and one.then is None]
        if name not in allowed:
            raise ValueError(", ".join(allowed))
        return name

    @model_validator(mode="after")
    def _has_options_of_its_loader(self) -> "SourceDeclaration":
        from kartograph.pipeline.sources import refuse_options

        refuse_options(self.loader, self.options)
        return self

    @property
    def options(self) -> dict[str, Any]:
        """The options of the loader."""
        return dict(self.model_extra or {})


class Threshold(Part):
    """From where on a figure of the checks is worth a warning, and from where on it stops the run."""

    warn: Bound | None = None
    stop: Bound | None = None


STOPPING = ("shrink", "rejects", "nulls")
"""Checks whose bound stops the run where it is written as one number; that of all others warns. The other bound stays
as it is by default."""


class Checks(Part):
    """Bounds of what a source may bring, each compared with the last run that got through."""

    shrink: Threshold = Threshold(warn=0.8, stop=0.5)
    """Events, as a share of the last run's: below."""
    grow: Threshold = Threshold(warn=10)
    """The same: above."""
    rejects: Threshold = Threshold(warn=0.02, stop=0.1)
    """Share of rows that cannot be read: above."""
    nulls: Threshold = Threshold(warn=0.1, stop=0.5)
    """How much larger the share of events without a user, or without a time, is than in the last run: above."""
    event_share: Threshold = Threshold(warn=0.1, stop=0.5)
    """By how much the share of any kind of event moved: above."""
    new_users: Threshold = Threshold(warn=0.98)
    """Share of users that no run has seen: above."""
    new_items: Threshold = Threshold(warn=0.5, stop=0.9)
    """Share of items that no run has seen: above. All of them are new where ids change their form."""
    gap_hours: Threshold = Threshold(warn=48)
    """The longest time without any event, from the last run's last event on: above."""
    drift: Threshold = Threshold(warn=0.25)
    """Population stability index of the events over items, kinds and hours of the day: above. See `drift`."""

    @model_validator(mode="before")
    @classmethod
    def _numbers_as_thresholds(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {name: cls._whole(name, value) for name, value in values.items()}

    @classmethod
    def _whole(cls, name: str, value: Any) -> Any:
        if name not in cls.model_fields or isinstance(value, bool) or not isinstance(value, int | float):
            return value
        default: Threshold = cls.model_fields[name].default
        return default.model_dump() | {"stop" if name in STOPPING else "warn": value}


class Train(Part):
    """The models that may win, and options that replace those of their presets."""

    models: Annotated[tuple[str, ...], Field(min_length=1)]
    options: dict[str, dict[str, Any]] = {}
    seed: int = 0

    @model_validator(mode="after")
    def _exists(self) -> "Train":
        from kartograph.pipeline.recipes import Recipe

        if strangers := sorted(set(self.options) - set(self.models)):
            raise ValueError(f"options of {strangers[0]!r}, which is none of the models {', '.join(self.models)}")
        if len(set(self.models)) < len(self.models):
            raise ValueError(f"a model twice: {', '.join(self.models)}")
        for name in self.models:
            Recipe(name, self.options.get(name, {})).refuse_unknown()
        return self


class Gate(Part):
    """How a candidate is compared with what is published."""

    protocol: Literal["last-week"] = "last-week"
    days: Positive = 7
    """The last days of the shop's events, on which models are measured."""
    event: Literal["view", "cart", "buy", "borrow", "all"] = "all"
    """The kind of event that is asked for."""
    item_events: Whole = 5
    """Training events that an item needs."""
    measure: Measure = "NDCG"
    k: Whole = 20
    margin: Share = 0.02
    """Relative loss of the measure that is accepted."""
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    """Chance of being wrong in either of the two tests."""
    fewest_users: Annotated[int, Field(ge=0, strict=True)] = 200
    """With fewer users in the measured days nothing is compared."""
    unserved: Share = 0.01
    """Share of those whom the published model answers that a candidate may leave without an answer."""
    coverage: Share = 0.5
    """Least share of the published model's coverage of the catalogue."""
    popularity: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 2
    """Highest multiple of the published model's mean popularity of shown items."""

    @property
    def measured(self) -> str:
        """The measure with its k, as records name it."""
        return f"{self.measure}@{self.k}"


class Publish(Part):
    """What becomes of the winner, and how long things are kept."""

    write_back: Literal["active", "everyone", "none"] = "active"
    """Whose lists are written into the graph: those of users active in the last `active_days`, of all, of nobody."""
    top: Whole = 10
    active_days: Whole = 30
    keep_versions: Whole = 5
    keep_days: Whole | None = None
    """Sessions that ended so many days before the last event go, with what was derived from them; none by default."""
    keep_runs: Whole = 400
    """Records of runs that are kept."""
    on_failure: str | None = None
    """A command that gets the message on its standard input, or the URL of a webhook, for each run that fails."""
    metrics: str | None = None
    """A file for Prometheus' textfile collector; by default one in the shop's folder."""


class Declaration(Part):
    """The whole file."""

    shop: Shop = Shop()
    sources: Annotated[tuple[SourceDeclaration, ...], Field(min_length=1)]
    checks: Checks = Checks()
    train: Train
    gate: Gate = Gate()
    publish: Publish = Publish()

    @model_validator(mode="after")
    def _only_the_first_in_bulk(self) -> "Declaration":
        late = [number for number, source in enumerate(self.sources) if number and source.mode == "bulk"]
        if late:
            raise ValueError(
                f"mode bulk for source {late[0] + 1}; allowed is bulk for the first one alone, for it replaces the shop"
            )
        return self


def read_declaration(path: Path) -> Declaration:
    """Read the file at `path`; paths in it become absolute.

    Raises `BadInput` with a line for every fault: where it stands, what was received and what is allowed.
    """
    declared = checked(path, read_toml(path), Declaration)
    folder = path.absolute().parent
    sources = tuple(_absolute(one, folder) for one in declared.sources)
    publish = declared.publish
    if publish.metrics is not None:
        publish = publish.model_copy(update={"metrics": str(folder / publish.metrics)})
    return declared.model_copy(update={"sources": sources, "publish": publish})


def _absolute(source: SourceDeclaration, folder: Path) -> SourceDeclaration:
    tables = {"items": str(folder / source.options["items"])} if "items" in source.options else {}
    return SourceDeclaration.model_validate(source.model_dump() | {"path": str(folder / source.path)} | tables)
