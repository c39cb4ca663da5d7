"""The jars that make the server and the sum of each: the lock file `artifacts.lock.json` as a type.

The lock is written by `python -m kartograph.graph.managed.installing.resolve` when a version is raised and committed; a
user's machine resolves nothing, it downloads what the lock names and compares the sums.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LOCK_FILE = "artifacts.lock.json"
LIB, PLUGINS = "lib", "plugins"
"""The folders of an installed server: Neo4j with Browser, and the Graph Data Science library."""


@dataclass(frozen=True)
class Artifact:
    """One jar of the server."""

    group: str
    name: str
    version: str
    classifier: str
    """Empty for most; "linux-x86_64" for a native part."""
    folder: str
    """Where it goes: `LIB` or `PLUGINS`."""
    sha256: str
    size: int
    """Bytes."""

    @property
    def file(self) -> str:
        """Its path below the folder of an installed server: "lib/neo4j-5.26.30.jar"."""
        classifier = f"-{self.classifier}" if self.classifier else ""
        return f"{self.folder}/{self.name}-{self.version}{classifier}.jar"

    @property
    def coordinates(self) -> str:
        """Its Maven coordinates, group:name:version[:classifier]."""
        return ":".join(filter(None, (self.group, self.name, self.version, self.classifier)))


@dataclass(frozen=True)
class Lock:
    """Everything that an installed server consists of."""

    neo4j: str
    """Version of the Neo4j server."""
    gds: str
    """Version of the Graph Data Science library."""
    browser: str
    """Version of Neo4j Browser."""
    artifacts: tuple[Artifact, ...]

    @property
    def digest(self) -> str:
        """A short name of this exact set of jars; the folder of the installed server is called so."""
        lines = "\n".join(sorted(f"{artifact.file} {artifact.sha256}" for artifact in self.artifacts))
        return hashlib.sha256(lines.encode()).hexdigest()[:16]

    @property
    def size(self) -> int:
        """Bytes of all jars together."""
        return sum(artifact.size for artifact in self.artifacts)


@cache
def committed_lock() -> Lock:
    """Return the lock that this version of Kartograph carries."""
    return parse_lock(files("kartograph.graph.managed.installing").joinpath(LOCK_FILE).read_text("utf-8"))


def parse_lock(text: str) -> Lock:
    """Read the text of a lock file."""
    content = json.loads(text)
    artifacts = []
    for entry in content["artifacts"]:
        group, name, version, *classifier = entry["coordinates"].split(":")
        artifacts.append(
            Artifact(group, name, version, "".join(classifier), entry["folder"], entry["sha256"], entry["size"])
        )
    return Lock(**content["versions"], artifacts=tuple(artifacts))


def format_lock(lock: Lock) -> str:
    """Write a lock as text, one artifact a line, so that a raised version shows as few changed lines."""
    versions = json.dumps({"neo4j": lock.neo4j, "gds": lock.gds, "browser": lock.browser})
    lines = [
        json.dumps(
            {
                "coordinates": artifact.coordinates,
                "folder": artifact.folder,
                "sha256": artifact.sha256,
                "size": artifact.size,
            }
        )
        for artifact in lock.artifacts
    ]
    return f'{{"versions": {versions},\n "artifacts": [\n  ' + ",\n  ".join(lines) + "\n ]}\n"
