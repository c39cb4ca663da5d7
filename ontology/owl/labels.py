"""What people call the things of an ontology: the labels of individuals, values, attributes and classes.

Of several labels the one in the most wanted language is taken, then one without a language, then an English one, then
any. Within a language `rdfs:label` comes before `skos:prefLabel`, `foaf:name`, `schema:name`, the titles of Dublin Core
and BIBFRAME and the names of GoodRelations; properties below one of them count as it. Then come labels that are nodes
of their own, the titles of BIBFRAME and the labels of SKOS-XL. What has no label is called by the last part of its IRI.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rdflib import DC, DCTERMS, FOAF, RDF, RDFS, SDO, SKOS, Graph, Literal, Namespace, Node, URIRef

from kartograph.ontology.files.iris import local_name
from kartograph.tables.errors import BadInput

GOOD_RELATIONS = Namespace("http://purl.org/goodrelations/v1#")
BIBFRAME = Namespace("http://id.loc.gov/ontologies/bibframe/")
PROPERTIES = (
    *(RDFS.label, SKOS.prefLabel, FOAF.name, URIRef("http://schema.org/name"), SDO.name),
    *(DCTERMS.title, DC.title, BIBFRAME.mainTitle, GOOD_RELATIONS.name, GOOD_RELATIONS.legalName),
)
SKOS_XL = Namespace("http://www.w3.org/2008/05/skos-xl#")
NODES = {
    BIBFRAME.title: (BIBFRAME.mainTitle, BIBFRAME.Title),
    SKOS_XL.prefLabel: (SKOS_XL.literalForm, SKOS_XL.Label),
}
"""Properties whose values are nodes that hold a label, with the property of its text and the class of such nodes: a
title of another class is a variant."""
LINKS = frozenset({*NODES, SKOS_XL.altLabel, SKOS_XL.hiddenLabel, SKOS_XL.literalForm})
"""Properties that lead to labels or hold their texts, and so are no attributes."""
ENGLISH = "en"
TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


def languages_of(text: str) -> tuple[str, ...]:
    """The languages of an option such as `de,en`, the most wanted first; a language stands for its regions as well.

    Raises
    ------
    BadInput
        What is given is no list of language tags.
    """
    tags = tuple(part.strip() for part in text.split(","))
    wrong = [tag for tag in tags if not TAG.fullmatch(tag)]
    if wrong:
        raise BadInput(f"{wrong[0]!r} is no language; give tags such as en, de or pt-BR, separated by commas")
    return tags


def label_properties(graph: Graph) -> dict[Node, int]:
    """The properties whose values are labels, with their rank: 0 for `rdfs:label` and what is below it."""
    ranks: dict[Node, int] = {}
    for rank, top in enumerate(PROPERTIES):
        for below in graph.transitive_subjects(RDFS.subPropertyOf, top):
            if below is not None:
                ranks.setdefault(below, rank)
    return ranks


def _labels(graph: Graph) -> Iterator[tuple[Node, Node, int]]:
    """What may be the label of what, with its rank."""
    for prop, rank in label_properties(graph).items():
        yield from ((subject, value, rank) for subject, value in graph.subject_objects(prop))
    for prop, (text, kind) in NODES.items():
        for subject, node in graph.subject_objects(prop):
            rank = len(PROPERTIES) + ((node, RDF.type, kind) not in graph)
            yield from ((subject, value, rank) for value in (node, *graph.objects(node, text)))


class Labels:
    """The label of everything in a graph."""

    def __init__(
        self, graph: Graph, languages: Sequence[str] = (ENGLISH,), same: Mapping[Node, Node] | None = None
    ) -> None:
        """`same` leads from other names of an individual to the one it is known by."""
        self.languages = tuple(languages)
        self._wanted = [tag.lower() for tag in languages]
        self._wanted += [tag.partition("-")[0] for tag in self._wanted if "-" in tag]
        same = same or {}
        best: dict[Node, tuple[int, int, str]] = {}
        for subject, value, rank in _labels(graph):
            if isinstance(value, Literal) and str(value).strip():
                node = same.get(subject, subject)
                key = (self.language_rank(value), rank, str(value))
                if node not in best or key < best[node]:
                    best[node] = key
        self._best = best

    def language_rank(self, value: Literal) -> int:
        """How little the language of a literal is wanted: 0 is the most wanted one."""
        tag = (value.language or "").lower()
        if not tag:
            return len(self._wanted)
        for rank, language in enumerate(self._wanted):
            if tag == language or tag.startswith(f"{language}-"):
                return rank
        return len(self._wanted) + (1 if tag == ENGLISH or tag.startswith(f"{ENGLISH}-") else 2)

    def label_in_graph(self, node: Node) -> str | None:
        """The label that the graph gives; None where it gives none."""
        best = self._best.get(node)
        return None if best is None else best[2]

    def of(self, node: Node) -> str:
        """The label, or the last part of the IRI."""
        best = self._best.get(node)
        if best is not None:
            return best[2]
        return local_name(str(node)) if isinstance(node, URIRef) else str(node)

    def in_one_language(self, values: Iterable[Node]) -> list[Node]:
        """The same values without those that repeat others in a language that is less wanted.

        Texts without a language, numbers and IRIs stay.
        """
        values = list(values)
        tagged = [value for value in values if isinstance(value, Literal) and value.language]
        if len({str(value.language).lower() for value in tagged}) < 2:
            return values
        best = min((self.language_rank(value), str(value.language)) for value in tagged)
        return [
            value
            for value in values
            if not (isinstance(value, Literal) and value.language)
            or (self.language_rank(value), str(value.language)) == best
        ]
