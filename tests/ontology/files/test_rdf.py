"""A catalogue of tables as RDF."""

from kartograph.ontology.files.rdf import rdf_of
from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.owl.schema import schema_of
from kartograph.ontology.owl.validation import individuals_of


def test_a_catalogue_made_rdf_and_read_again_holds_the_same(shelf, books_ontology):
    rdf = rdf_of(shelf, read_rdf(books_ontology), lambda name, one: f"urn:{name}:{one}")
    back, violations = individuals_of(rdf, schema_of(rdf))
    assert not violations
    for name in ("Book", "Author"):
        mine = shelf.frame(name).assign(id=lambda f, n=name: f"urn:{n}:" + f["id"])
        theirs = back.frame(name).set_index("id").loc[mine["id"]].reset_index()
        for column in ("label", "publicationYear", "price", "birthYear", "numberOfBooks"):
            if column in mine:
                assert mine[column].astype(str).tolist() == theirs[column].astype(str).tolist()
        for column in ("category", "writesIn"):
            if column in mine:
                assert [sorted(v) for v in mine[column]] == [sorted(v) for v in theirs[column]]
    links = {row["id"]: row["writtenBy"] for row in back.frame("Book").to_dict("records")}
    assert sorted(links["urn:Book:both"]) == ["urn:Author:ann", "urn:Author:bob"]
