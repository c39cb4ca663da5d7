from pathlib import Path

import pytest

from kartograph.loaders.properties import rdf_of, read
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.contents import contents_of
from kartograph.ontology.similarity import similarity_matrix, space_of
from kartograph.ontology.vocabulary import Kind
from kartograph.tables.errors import BadInput

RECORDS = Path(__file__).with_name("records.tsv")


def test_edges_become_items_with_numbers_names_and_sets():
    edges = read(RECORDS)
    catalogue = contents_of(rdf_of(edges)).catalogue
    kinds = {one.name: one.kind for one in catalogue.schema.classes["Item"].attributes}

    assert (len(edges.rows), edges.rejected) == (10, ())
    assert kinds == {"artist": Kind.NOMINAL, "year": Kind.NUMERIC, "genre": Kind.NOMINAL_SET}
    assert catalogue.items.ids.tolist() == [f"http://records.example/{name}" for name in ("blue", "green", "red")]
    assert catalogue.frame("Item")["artist"].tolist() == ["Ann Lee", "Ann Lee", "Bo"]


def test_linked_individuals_are_compared_by_identity_and_numbers_by_distance():
    matrix = similarity_matrix(space_of(contents_of(rdf_of(read(RECORDS))).catalogue, Measure.ED))
    # Blue and green: the same artist, 2 of 20 years apart, one of two genres shared.
    assert matrix[0, 1] == pytest.approx(1 - ((0 + (2 / 20) ** 2 + (1 / 2) ** 2) / 3) ** 0.5)
    assert matrix[0, 2] == pytest.approx(1 - ((1 + 1 + 1) / 3) ** 0.5)


def test_a_folder_has_a_file_for_each_property(tmp_path):
    (tmp_path / "director.edgelist").write_text("m1 d1\nm2 d1\n\n# a remark\n")
    (tmp_path / "starring.edgelist").write_text("m1 s1\nm1 s2\n")
    edges = read(tmp_path)
    assert set(edges.rows["property"]) == {"director", "starring"} and len(edges.rows) == 4


@pytest.mark.parametrize("parted", ["\t", ",", " "])
def test_rows_of_another_number_of_fields_are_named_and_the_others_kept(tmp_path, parted):
    file = tmp_path / "kg.txt"
    file.write_text(f"1{parted}2{parted}3\n4{parted}2\n5{parted}2{parted}3\n")
    edges = read(file)
    assert edges.rows["item"].tolist() == ["1", "5"]
    [line] = edges.rejected
    assert (line.file.name, line.line) == ("kg.txt", 2)


def test_what_holds_no_edge_is_an_error(tmp_path):
    (tmp_path / "empty.tsv").write_text("\n")
    with pytest.raises(BadInput, match="has no edge; rows are `item property value`"):
        read(tmp_path / "empty.tsv")
    with pytest.raises(BadInput, match=r"has no file that ends in \.edgelist"):
        read(tmp_path)
    with pytest.raises(BadInput, match="there is no"):
        read(tmp_path / "nowhere")
