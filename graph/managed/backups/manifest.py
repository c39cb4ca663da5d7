"""What a backup says about itself, and whether it can be restored here."""

import json
import tarfile
from pathlib import Path
from typing import Annotated

import pydantic
from pydantic.dataclasses import dataclass

from kartograph.graph.managed.installing.artifacts import committed_lock
from kartograph.tables.errors import BadInput, in_lines

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "neo4j.dump"
_LONGEST_MANIFEST = 100_000
_Text = Annotated[str, pydantic.Field(max_length=200)]


@dataclass(frozen=True, config=pydantic.ConfigDict(strict=True))
class Manifest:
    """What a backup says about itself."""

    format: int
    """Of the archive; 1."""
    shop: _Text
    """The shop whose database it is."""
    created: _Text
    """ISO 8601, UTC."""
    kartograph: _Text
    """Release that made it."""
    neo4j: _Text
    """Version of the server that wrote the database."""
    size: pydantic.NonNegativeInt
    """Bytes of the dump."""
    sha256: _Text
    """Of the dump."""
    versions: pydantic.NonNegativeInt | None = None
    """Trained versions in the archive; None where the release that made it kept none."""
    versions_size: pydantic.NonNegativeInt = 0
    """Bytes of their files."""
    versions_sha256: _Text = ""
    """Of the list of their files, which has the sum of each."""


_MANIFEST = pydantic.TypeAdapter(Manifest)


def read_manifest(archive: tarfile.TarFile, file: Path) -> Manifest:
    """Return what a backup says about itself; raises `BadInput` where the archive is no backup."""
    try:
        members = [archive.getmember(name) for name in (MANIFEST, DUMP)]
        for member in members:
            if not member.isreg():
                raise ValueError(f"its member {member.name} is no file but a link, a folder or a device")
        if members[0].size > _LONGEST_MANIFEST:
            raise ValueError(f"its {MANIFEST} has {members[0].size:,} bytes")
        opened = archive.extractfile(members[0])
        text = opened.read() if opened else b""
        content = json.loads(text)
        if isinstance(content, dict) and content.get("format", FORMAT) != FORMAT:
            raise BadInput(
                f"{file} is a backup of format {str(content['format'])[:50]}, and this release of Kartograph reads "
                f"format {FORMAT}; install the release that made it ({str(content.get('kartograph'))[:50]})"
            )
        return _MANIFEST.validate_json(text)
    except pydantic.ValidationError as error:
        raise BadInput(
            f"{file} is no backup of Kartograph, or it is damaged: its {MANIFEST} is not what "
            f"`kartograph backup` writes:\n{in_lines(error)}"
        ) from error
    except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError, tarfile.TarError, OSError) as error:
        raise BadInput(
            f"{file} is no backup of Kartograph: an archive with {MANIFEST} and {DUMP} is one, "
            f"written by `kartograph backup` ({error})"
        ) from error


def refuse_later_server(manifest: Manifest, file: Path) -> None:
    """Raise `BadInput` for a database that a later server than the one of this release wrote."""
    own_version = committed_lock().neo4j
    try:
        later = _numbers(manifest.neo4j) > _numbers(own_version)
    except ValueError:
        raise BadInput(f'{file} names the Neo4j version "{manifest.neo4j}", which is none') from None
    if later:
        raise BadInput(
            f"{file} was written by Neo4j {manifest.neo4j}, and this release of Kartograph carries "
            f"{own_version}, which cannot read it; install Kartograph {manifest.kartograph} or later"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
