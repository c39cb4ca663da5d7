"""RDF graphs as files, in the form that the name asks for."""

import warnings
from pathlib import Path

from rdflib import RDF, Graph, Node

from kartograph.tables.errors import BadInput

FORMS = {".ttl": "turtle", ".rdf": "xml", ".owl": "xml", ".nt": "nt", ".jsonld": "json-ld"}


def write_rdf(rdf: Graph, path: Path) -> None:
    """Write a graph; a file of that name is replaced when the whole text is there.

    Raises
    ------
    BadInput
        The name ends in no known form, the form has no way to write the graph, or the file cannot be written.
    """
    if path.suffix not in FORMS:
        raise BadInput(f"{path.name} ends in {path.suffix!r}; allowed are {', '.join(FORMS)}")
    if path.suffix != ".nt" and _circle(rdf):
        raise BadInput(f"{path.name} cannot be written: a list runs in a circle; write it as .nt")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # rdflib warns of numbers whose text is none; they are written as they are
            content = rdf.serialize(format=FORMS[path.suffix], encoding="utf-8")
    except ValueError as error:  # RDF/XML has no form for every property
        raise BadInput(f"{path.name} cannot be written: {error}; write it as .ttl or .nt") from error
    except RecursionError as error:
        raise BadInput(f"{path.name} cannot be written: values are nested too deeply; write it as .nt") from error
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}; name another file") from error


def _circle(rdf: Graph) -> bool:
    """Whether an RDF list leads back to itself: rdflib's Turtle would follow it for ever."""
    rest = dict(rdf.subject_objects(RDF.rest))
    done: set[Node] = set()
    for start in rest:
        path: set[Node] = set()
        node = start
        while node in rest and node not in done:
            if node in path:
                return True
            path.add(node)
            node = rest[node]
        done |= path
    return False
