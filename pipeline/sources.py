"""The sources of a declaration: their loaders' options, what identifies their files, and how they are read."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kartograph.loaders import registry
from kartograph.loaders.shared.declared import declared, kind_of
from kartograph.tables.formats.files import find_files

if TYPE_CHECKING:
    from kartograph.pipeline.declaration import SourceDeclaration
    from kartograph.tables.progress import Progress
    from kartograph.tables.schema import Source


def refuse_options(loader: str, options: Mapping[str, Any]) -> None:
    """Raise `ValueError` for an option that the loader does not have, or a value of another type than its own."""
    allowed = _allowed(loader)
    for name, value in options.items():
        if name not in allowed:
            listed = ", ".join(["loader", "path", "mode", *allowed])
            raise ValueError(f"the key {name!r}, which {loader} does not have; allowed are {listed}")
        kind, several = allowed[name]
        values = value if several and isinstance(value, list) else [value]
        for one in values:
            if not isinstance(one, kind) or isinstance(one, bool) != (kind is bool):
                word = {str: "a text", bool: "true or false"}.get(kind, "a number")  # pyright: ignore[reportArgumentType]
                raise ValueError(f"{name} = {one!r}; allowed is {word}")


def _allowed(loader: str) -> dict[str, tuple[Any, bool]]:
    """The options of a loader that a file may say: their kind, and whether there may be several."""
    allowed = {}
    for one in declared(registry.loader(loader).options):
        kind = kind_of(one)
        as_toml = (int, float) if kind is float else str if kind is Path else kind
        allowed[one.name] = (as_toml, isinstance(one.default, tuple))
    return allowed


def name_of(source: "SourceDeclaration") -> str:
    """The name under which the shop knows the source."""
    return str(source.options.get("name", source.loader))


def read_source(source: "SourceDeclaration", rejects: Path, progress: "Progress") -> "Source":
    """Read the files of a source with its loader; rows that cannot be read go to `rejects`, however many they are.

    Raises `BadInput` where files or columns are missing.
    """
    from kartograph.loaders.shared.options import EVERY_ROW

    loader = registry.loader(source.loader)
    options = loader.said(None, {**source.options, "rejects": rejects, "limit": EVERY_ROW})
    return loader.reads(source.path, options, progress)


def fingerprint(source: "SourceDeclaration") -> str:
    """What changes when files of the source come, go or change: a hash of their names, sizes and times.

    Raises `BadInput` where there is no file.
    """
    facts = [(str(file), stat.st_size, stat.st_mtime_ns) for file in find_files(source.path) if (stat := file.stat())]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
