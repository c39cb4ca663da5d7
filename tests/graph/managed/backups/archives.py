"""Archives in the form of a backup, with a manifest that fits or does not."""

import io
import json
import tarfile
from pathlib import Path

from kartograph.graph.managed.backups.manifest import DUMP, MANIFEST


def packed(file: Path, manifest: dict | str, dump: bytes = b"dump") -> Path:
    """Write an archive in the form of a backup."""
    text = manifest if isinstance(manifest, str) else json.dumps(manifest)
    with tarfile.open(file, "w:") as archive:
        for name, content in ((MANIFEST, text.encode()), (DUMP, dump)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file


def described(**changes) -> dict:
    """A manifest that fits no dump."""
    return {
        "format": 1,
        "shop": "shop",
        "created": "2026-01-01T00:00:00+00:00",
        "kartograph": "0.1.0",
        "neo4j": "5.26.30",
        "size": 4,
        "sha256": "00",
        **changes,
    }
