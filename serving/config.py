"""`serve.toml`: which models answer, what follows where they have too little, limits."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

from kartograph.serving.exposures.answers import NAME
from kartograph.tables.toml_files import checked, read_toml

Fallback = Literal["co-occurrence", "category-popularity", "trending", "popularity"]
"""Lists that are made in memory, whatever was trained."""


Positive = Annotated[float, Field(gt=0)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelsSection(_Section):
    """Which trained models answer."""

    default: str | None = None
    """The model that answers where a request names none; the first current version by name where it is not set."""


class FallbackSection(_Section):
    """What fills a list that the model leaves short."""

    chain: tuple[Fallback, ...] = ("co-occurrence", "category-popularity", "trending", "popularity")


class FiltersSection(_Section):
    """What holds where a request does not say otherwise."""

    available: bool = True
    """Leave out items that are known to be unavailable."""
    one_per_group: bool = True
    """Of items with the same `group_id` show the best one."""


class LimitsSection(_Section):
    """How much a client may ask for."""

    requests_per_second: PositiveInt = 500
    """Of one key, or of one address where no key is needed, in one worker."""
    body_kib: PositiveInt = 64
    """Largest body of a request but those below."""
    batch_mib: PositiveInt = 8
    """Largest batch of `POST /v1/events` and `PATCH /v1/items`."""
    feed_mib: PositiveInt = 256
    """Largest feed of `PUT /v1/items`."""
    body_seconds: PositiveInt = 10
    """How long a body may take to arrive."""
    queued_events: PositiveInt = 200_000
    """Events that wait for the graph; beyond them `POST /v1/events` answers 503."""


class SecuritySection(_Section):
    """Access to the calls."""

    require_key: bool = False
    """Ask for a key on loopback too, as behind a proxy on the same machine; beyond loopback one is always asked for."""
    hosts: tuple[str, ...] = ()
    """Names under which a server without keys may be called, beside localhost: a page of another site is refused."""
    cors_origins: tuple[str, ...] = ()
    """Sites whose pages may call from a browser, as https://shop.example; none by default."""


class RefreshSection(_Section):
    """When what workers answer from is made anew."""

    poll_seconds: Positive = 2.0
    """How often the graph is asked whether versions, loads or promotions have changed."""
    data_seconds: Annotated[float, Field(ge=0)] = 600.0
    """Least time between two readings of the shop's events; new events count at once all the same."""
    flush_seconds: Positive = 5.0
    """How often events and changes of items go into the graph."""


ArmName = Annotated[str, Field(pattern=f"^{NAME}$")]


class ExperimentSection(_Section):
    """Users parted by a hash over models or versions, each of whom stays in the arm; see `experiments`."""

    name: ArmName
    """Another name for each experiment, and after each change of its split: users are parted anew by it."""
    split: Annotated[dict[ArmName, Positive], Field(min_length=2, max_length=20)]
    """The share of each arm. An arm is a model, whose current version answers, or the id of a version."""
    measure: Literal["clicked", "bought"] = "clicked"
    """What the experiment is decided by: the share of users who clicked something that was shown, or bought it."""
    users: PositiveInt = 10_000
    """Users in each arm at which the experiment is decided, neither before nor by looking again."""

    @model_validator(mode="after")
    def _whole(self) -> "ExperimentSection":
        total = sum(self.split.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"shares that add up to {total:g}; allowed are shares that add up to 1")
        return self


class ServeConfig(_Section):
    """The whole of `serve.toml`; every section may be left out."""

    models: ModelsSection = ModelsSection()
    fallback: FallbackSection = FallbackSection()
    filters: FiltersSection = FiltersSection()
    limits: LimitsSection = LimitsSection()
    security: SecuritySection = SecuritySection()
    refresh: RefreshSection = RefreshSection()
    experiment: ExperimentSection | None = None

    @classmethod
    def read(cls, path: Path) -> "ServeConfig":
        """Read a file; raises `BadInput` for one that is no TOML, with a line for each value that cannot be."""
        return checked(path, read_toml(path), cls)
