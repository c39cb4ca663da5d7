"""The plugins that declare procedures, as links in a folder of their own.

Neo4j loads every class of its plugin folder when it starts, to look for procedures and functions. Of some 9,000 classes
of the Graph Data Science library a few hundred declare any; the others are on the class path.
"""

import os
import shutil
import zipfile
from pathlib import Path

from kartograph.graph.managed.installing.artifacts import PLUGINS

PROCEDURES = "procedures"
ANNOTATIONS = tuple(
    f"Lorg/neo4j/procedure/{name};".encode() for name in ("Procedure", "UserFunction", "UserAggregationFunction")
)
"""As the bytes of a class name what stands on its methods."""


def collect(server: Path) -> None:
    """Make the folder, whole or not at all."""
    partial = server / f".{PROCEDURES}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    for jar in sorted((server / PLUGINS).glob("*.jar")):
        if _declares(jar):
            (partial / jar.name).symlink_to(Path("..", PLUGINS, jar.name))
    os.replace(partial, server / PROCEDURES)


def _declares(jar: Path) -> bool:
    with zipfile.ZipFile(jar) as classes:
        contents = (classes.read(name) for name in classes.namelist() if name.endswith(".class"))
        return any(annotation in content for content in contents for annotation in ANNOTATIONS)
