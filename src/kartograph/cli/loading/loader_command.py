"""A loader as a command: its flags are made from the options that it declares."""

import inspect
from collections.abc import Callable
from dataclasses import Field
from typing import Annotated, Any

import typer

from kartograph.loaders.registry import Loader
from kartograph.loaders.shared.declared import declared, flag_of, kind_of


def loader_command(loader: Loader, run: Callable[[typer.Context, str, dict[str, Any]], None]) -> Callable[..., None]:
    """A function with a parameter for PATH and for each option, which calls `run` with what was said."""

    def command(context: typer.Context, path: str, **said: Any) -> None:
        run(context, path, said)

    own = declared(loader.options)
    common = [one for one in declared(loader.run_options) if one.name not in {other.name for other in own}]
    argument = Annotated[str, typer.Argument(help=loader.path)]
    parameters = [
        inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        inspect.Parameter("path", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=argument),
        *(_parameter(one) for one in (*own, *common)),
    ]
    command.__doc__ = "\n\n".join(filter(None, (loader.about, loader.more)))
    command.__signature__ = inspect.Signature(parameters)  # pyright: ignore[reportFunctionMemberAccess]
    # Typer reads annotations beside the signature.
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def _parameter(one: Field[Any]) -> inspect.Parameter:
    """An option of a loader as a parameter that Typer understands."""
    several = isinstance(one.default, tuple)
    kind = list[str] if several else kind_of(one)
    default = [] if several else one.default
    said = typer.Option(flag_of(one), help=one.metadata["help"], show_default=one.metadata["default"] or True)
    annotation = Annotated[kind | None if default is None else kind, said]
    return inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
