"""How proposed annotations stand in a file: Turtle for a person to edit, with what is known of each property."""

from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, Graph, Literal, Node, URIRef

from kartograph.ontology.files.iris import local_name
from kartograph.ontology.vocabulary import KG, Kind

if TYPE_CHECKING:
    from kartograph.ontology.annotate import Annotations


def as_turtle(annotations: "Annotations", file: str) -> str:
    """The annotations as Turtle for a person to edit, with what is known of each property in comments."""
    counts = ", ".join(f"{local_name(one.iri)} {one.individuals:,}" for one in annotations.classes[:10])
    lines = [
        f"# How the items of {_comment(file)} are compared: proposed, to be edited.",
        f"# A kind is one of {', '.join(f'kg:{kind}' for kind in Kind)}; a property without one is not compared.",
        "# kg:compared false leaves a property out unless it is named.",
        f"@prefix kg: <{KG._NS}> .",
        f"@prefix owl: <{OWL}> .",
        f"@prefix rdfs: <{RDFS}> .",
        "",
        f"# Individuals by class: {_comment(counts)}",
        *_statements(annotations.triples, annotations.target),
    ]
    stated: set[str] = {annotations.target}
    for one in annotations.properties:
        known = f"{one.known:,} individuals of {local_name(one.owner)} have it, {one.different:,} different"
        lines += ["", f"# {_comment(f'{local_name(one.iri)}: {known}, as {one.example}')}"]
        if one.reason:
            lines.append(f"# {'In doubt' if one.kind else 'Left out'}: {_comment(one.reason)}.")
        for iri in (one.range, one.iri):
            if iri and iri not in stated:
                stated.add(iri)
                lines += _statements(annotations.triples, iri)
    return "\n".join(lines) + "\n"


def _statements(triples: Graph, iri: str) -> list[str]:
    """The triples of one subject, a line."""
    short = ((str(KG._NS), "kg:"), (str(OWL), "owl:"), (str(RDFS), "rdfs:"))

    def term(node: Node) -> str:
        if isinstance(node, Literal):
            return str(node)  # the truth values
        for namespace, prefix in short:
            if str(node).startswith(namespace):
                return prefix + str(node).removeprefix(namespace)
        return f"<{node}>"

    pairs = sorted(triples.predicate_objects(URIRef(iri)), key=lambda pair: (pair[0] != RDF.type, str(pair)))
    parts = [f"{'a' if p == RDF.type else term(p)} {term(o)}" for p, o in pairs]
    return [f"<{iri}> {' ; '.join(parts)} ."] if parts else []


def _comment(text: str) -> str:
    """A text in one line without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
