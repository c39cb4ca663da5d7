"""The options that commands that measure share, declared once."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from kartograph.cli.shared.completion import model_lists
from kartograph.evaluation.report.reported import BENCHMARKS
from kartograph.loaders.specifications.interactions import ITEMS_WORDS
from kartograph.tables.errors import BadInput

BENCHMARK_WORDS = (
    f"Public benchmark that the data come from; its published figures are shown beside ours: {', '.join(BENCHMARKS)}."
)
Models = Annotated[
    str,
    typer.Option(
        "--models",
        help="Names from `kartograph models` or file.py:Class, separated by commas.",
        autocompletion=model_lists,
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Random seed.")]
Data = Annotated[
    Path | None,
    typer.Argument(
        help="A file of interactions or of REES46, or a folder of RetailRocket or of the bookshop.",
        show_default="the shop's events, read from its graph before anything is measured",
    ),
]
Items = Annotated[Path | None, typer.Option("--items", help=ITEMS_WORDS, show_default="none")]


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """How a run is named and kept."""

    json: Annotated[Path | None, typer.Option("--json", help="Write the record of the run to this file.")] = None
    seed: Seed = 0
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the data in reports.", show_default="the name of the file")
    ] = None
    benchmark: Annotated[
        str | None,
        typer.Option("--benchmark", help=BENCHMARK_WORDS),
    ] = None

    @property
    def all_seeds(self) -> list[int]:
        """The seeds to run with."""
        return [self.seed]


@dataclass(frozen=True, kw_only=True)
class Repeated(Recorded):
    """The same for a run that several seeds may repeat."""

    seeds: Annotated[
        str,
        typer.Option(
            "--seeds", help="Several seeds as 1,2,3, in place of --seed: figures are means, with standard deviations."
        ),
    ] = ""

    @property
    def all_seeds(self) -> list[int]:
        """The seeds to run with; raises `BadInput` where they are no whole numbers."""
        parts = [part.strip() for part in self.seeds.split(",") if part.strip()]
        if not all(part.isdecimal() for part in parts):
            raise BadInput(f"--seeds is {self.seeds!r}. Give whole numbers with commas between them, such as 1,2,3.")
        return [int(part) for part in parts] or [self.seed]


@dataclass(frozen=True, kw_only=True)
class Listed(Repeated):
    """The same for a run that makes lists."""

    k: Annotated[int, typer.Option("--k", min=1, help="Length of the lists.")] = 20


def measuring(command: Callable[..., None]) -> Callable[..., None]:
    """The command with every field of its parameter `how` as an option, for Typer."""
    signature = inspect.signature(command, eval_str=True)
    kind = signature.parameters["how"].annotation
    hints = get_type_hints(kind, include_extras=True)
    own = [one for one in signature.parameters.values() if one.name != "how"]
    shared = [
        inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default, annotation=hints[one.name])
        for one in fields(kind)
    ]

    @wraps(command)
    def spread(**said: Any) -> None:
        how = kind(**{one.name: said.pop(one.name) for one in shared})
        command(**said, how=how)

    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own] + shared
    spread.__signature__ = signature.replace(parameters=parameters)  # pyright: ignore[reportAttributeAccessIssue]
    # Typer reads annotations beside the signature.
    spread.__annotations__ = {one.name: one.annotation for one in parameters}
    return spread
