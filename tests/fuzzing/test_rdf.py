"""Damaged ontologies in every form are read, rejected in part, or refused with a clear error."""

from pathlib import Path

import pytest
from hypothesis import strategies as st
from tests.fuzzing.mutation import damaged, fuzz, tried

from kartograph.loaders.edge_lists.as_ontology import rdf_of
from kartograph.loaders.edge_lists.reading import read
from kartograph.ontology.contents import contents_of
from kartograph.ontology.files.reading import read_rdf

# The same films in every form; written down, since rdflib's own order of lines differs from run to run.
SEEDS = {path.suffix: path.read_bytes() for path in sorted((Path(__file__).parent / "films").iterdir())}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("rdf")


@pytest.mark.parametrize("suffix", list(SEEDS))
def test_files(folder, suffix):
    @fuzz(60, content=damaged([SEEDS[suffix]]))
    def each(content):
        path = folder / f"films{suffix}"
        path.write_bytes(content)
        with tried("RDF files"):
            contents_of(read_rdf(path)).check()

    each()


LINES = st.lists(
    st.sampled_from((":year 7 .", "owl:Thing", "rdfs:domain :Film .", "kg:kind kg:Nominal .", ":f1", ";", "a"))
)


@fuzz(60, lines=LINES)
def test_triples_that_hang_together_in_no_way(folder, lines):
    path = folder / "films.ttl"
    path.write_bytes(SEEDS[".ttl"] + " ".join(lines).encode())
    with tried("RDF files"):
        contents_of(read_rdf(path)).check()


@fuzz(60, content=damaged((b"m1\tdirector\td1\nm1\tyear\t1999\n", b"item,property,value\na,b,c\n")))
def test_edge_lists(folder, content):
    path = folder / "edges.tsv"
    path.write_bytes(content)
    with tried("edge lists"):
        contents_of(rdf_of(read(path)))
