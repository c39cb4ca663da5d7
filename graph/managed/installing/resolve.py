"""How the lock file comes to be: `python -m kartograph.graph.managed.installing.resolve` after raising a version below.

It resolves the three parts with all that they need at run time, downloads every jar, and writes the sums into
`artifacts.lock.json` beside this file. Two minutes with an empty cache. Look at the difference before committing it.
"""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import jgo

from kartograph.graph.managed.installing.artifacts import LIB, LOCK_FILE, PLUGINS, Artifact, Lock, format_lock

NEO4J = "5.26.30"
GDS = "2.13.9"
BROWSER = "5.24.0"

GDS_PARTS = ("proc", "opengds-extension", "proc-sysinfo", "open-model-catalog", "open-write-services")
"""Together the open edition of the Graph Data Science library."""


def resolve() -> Lock:
    """Return the lock for the versions above, downloading whatever is not in the local Maven cache yet."""
    server = jgo.resolve(f"org.neo4j:neo4j:{NEO4J}")
    browser = jgo.resolve(f"org.neo4j.client:neo4j-browser:{BROWSER}")
    gds = jgo.resolve("+".join(f"org.neo4j.gds:{part}:{GDS}" for part in GDS_PARTS))
    in_lib = {(artifact.groupId, artifact.artifactId) for artifact in server}
    # What lib/ holds in any version must not come twice: the server's own version is the one that both use.
    plugins = [artifact for artifact in gds if (artifact.groupId, artifact.artifactId) not in in_lib]
    placed = [(artifact, LIB) for artifact in (*server, *browser)] + [(artifact, PLUGINS) for artifact in plugins]
    with ThreadPoolExecutor(8) as threads:
        artifacts = sorted(threads.map(lambda pair: _measured(*pair), placed), key=lambda artifact: artifact.file)
    names = [artifact.file for artifact in artifacts]
    if len(set(names)) != len(names):
        raise ValueError(f"two jars share a file name: {sorted({name for name in names if names.count(name) > 1})}")
    return Lock(NEO4J, GDS, BROWSER, tuple(artifacts))


def _measured(artifact: jgo.maven.Artifact, folder: str) -> Artifact:
    content = artifact.resolve().read_bytes()
    known = Artifact(artifact.groupId, artifact.artifactId, artifact.version, artifact.classifier or "", folder, "", 0)
    return replace(known, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


if __name__ == "__main__":
    lock = resolve()
    Path(__file__).with_name(LOCK_FILE).write_text(format_lock(lock), "utf-8")
    print(f"{len(lock.artifacts)} jars, {lock.size / 1e6:.0f} MB, digest {lock.digest}")
