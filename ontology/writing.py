"""RDF graphs as files, in the form that the name asks for."""

import warnings
from pathlib import Path

from rdflib import Graph

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
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # rdflib warns of numbers whose text is none; they are written as they are
            content = rdf.serialize(format=FORMS[path.suffix], encoding="utf-8")
    except ValueError as error:  # RDF/XML has no form for every property
        raise BadInput(f"{path.name} cannot be written: {error}; write it as .ttl or .nt") from error
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}; name another file") from error
