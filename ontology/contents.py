"""An ontology with its individuals, read whole: schema, catalogue, what was rejected, and what was left alone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from rdflib import OWL, RDF, RDFS, Graph, Node

from kartograph.ontology.files.iris import local_name, namespace_of
from kartograph.ontology.owl.facts import Facts
from kartograph.ontology.owl.individuals import Catalogue
from kartograph.ontology.owl.labels import ENGLISH, LINKS, Labels, label_properties
from kartograph.ontology.owl.schema import Schema, schema_of
from kartograph.ontology.owl.validation import Violation, individuals_of, outside
from kartograph.ontology.vocabulary import KG
from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import RejectLimit

MOST_REJECTED = RejectLimit(share=0.5)
"""Where more than half of all individuals do not fit, the annotations do not fit."""
SILENT = (str(RDF), str(RDFS), str(OWL), str(KG._NS))
"""Vocabularies whose properties are no attributes."""
SHOWN = 5


@dataclass(frozen=True)
class Contents:
    """What an RDF graph holds of an annotated ontology."""

    rdf: Graph
    facts: Facts
    labels: Labels
    catalogue: Catalogue
    """The individuals that fit."""
    violations: tuple[Violation, ...]
    """The triples for which individuals were rejected."""
    rejected: frozenset[str]
    """The rejected individuals."""
    notes: tuple[str, ...]
    """What was left alone, a sentence each."""

    @property
    def schema(self) -> Schema:
        """Classes and attributes."""
        return self.catalogue.schema

    def causes(self) -> list[str]:
        """A line for each cause of a rejection: of how many individuals, why, and the first triple."""
        lines = []
        for (reason, predicate), count in Counter((v.reason, v.predicate) for v in self.violations).most_common():
            first = next(v for v in self.violations if (v.reason, v.predicate) == (reason, predicate))
            lines.append(f"{count:,} × {reason}: <{first.subject}> <{predicate}> {first.object[:200]!r}")
        return lines

    def check(self, limit: RejectLimit = MOST_REJECTED) -> None:
        """Raise a BadInput with the causes where more individuals are rejected than the limit allows."""
        count = len(self.rejected)
        total = count + sum(len(individuals) for individuals in self.catalogue.classes.values())
        too_many = limit.share is not None and count > limit.share * total
        if not too_many and (limit.rows is None or count <= limit.rows):
            return
        left = len(self.catalogue.items)
        allowed = f"{limit.share:.0%} of them" if too_many else f"{limit.rows}"
        allowed = (
            f"allowed are {allowed}" if left else f"none of <{self.schema.classes[self.schema.target].iri}> is left"
        )
        lines = self.causes()
        more = [f"and {len(lines) - SHOWN} more causes"] if len(lines) > SHOWN else []
        raise BadInput(
            f"{count:,} of {total:,} individuals are rejected, {allowed}; correct the triples or the "
            f"annotations{', or raise --max-rejects' if left else ''}:\n  " + "\n  ".join([*lines[:SHOWN], *more])
        )


def contents_of(rdf: Graph, *, languages: Sequence[str] = (ENGLISH,)) -> Contents:
    """The ontology and the individuals of a graph.

    An individual with a value that does not fit is rejected, with all its triples; the others stay, without their links
    to it. Labels and values are taken in the most wanted of the languages, see `labels`.

    Raises
    ------
    BadInput
        The ontology is wrong (see `schema.schema_of`), or no individual of the target class is left.
    """
    facts = Facts(rdf)
    labels = Labels(rdf, languages, facts.same)
    schema = schema_of(rdf, languages)
    catalogue, violations = individuals_of(rdf, schema, facts=facts, labels=labels)
    rejected = frozenset(violation.subject for violation in violations)
    if rejected:
        catalogue, _ = individuals_of(rdf, schema, facts=facts, labels=labels, rejected=rejected)
    contents = Contents(rdf, facts, labels, catalogue, violations, rejected, tuple(_notes(rdf, schema, facts)))
    if not len(catalogue.items):
        contents.check(RejectLimit(share=None, rows=0))
    return contents


def _notes(rdf: Graph, schema: Schema, facts: Facts) -> Iterable[str]:
    undeclared = _undeclared(rdf, schema, facts)
    if undeclared:
        words = []
        for iri, count in undeclared.most_common(SHOWN):
            near = _near(iri, schema)
            hint = f", did you mean <{near[0]}>?" if near else ""
            words.append(f"<{iri}> ({count:,} triples{hint})")
        more = f" and {len(undeclared) - SHOWN} more" if len(undeclared) > SHOWN else ""
        yield f"properties that the ontology does not declare are kept and not compared: {', '.join(words)}{more}"
    stray = outside(facts, schema)
    if stray:
        words = ", ".join(f"{local_name(iri)} ({count:,})" for iri, count in sorted(stray.items()))
        yield f"values on things outside the classes of their property are kept and not compared: {words}"
    imports = sorted(map(str, rdf.objects(None, OWL.imports)))
    if imports:
        shown = ", ".join(f"<{iri}>" for iri in imports[:SHOWN]) + (" …" if len(imports) > SHOWN else "")
        yield f"imported ontologies are not fetched: {shown}; merge what is needed of them into the file"
    left = facts.left_alone()
    if left:
        yield "no conclusions are drawn from " + ", ".join(f"{name} ({count:,})" for name, count in left.items())


def _near(iri: str, schema: Schema) -> list[str]:
    """A declared property of the same namespace with almost the same name."""
    names = {local_name(one): one for one in schema.declared if namespace_of(one) == namespace_of(iri)}
    return [names[name] for name in get_close_matches(local_name(iri), sorted(names), n=1, cutoff=0.8)]


def _undeclared(rdf: Graph, schema: Schema, facts: Facts) -> Counter[str]:
    """Properties of individuals that the ontology says nothing of, with their numbers of triples."""
    followed: set[Node] = {*label_properties(rdf), *LINKS}
    unknown = [
        prop
        for prop in rdf.predicates(unique=True)
        if str(prop) not in schema.declared and prop not in followed and not str(prop).startswith(SILENT)
    ]
    individuals = set().union(*(facts.members(description.types) for description in schema.classes.values()))
    counts = Counter[str]()
    for prop in unknown:
        count = sum(facts.same.get(subject, subject) in individuals for subject in rdf.subjects(prop))
        if count:
            counts[str(prop)] = count
    return counts
