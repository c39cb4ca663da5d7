import gzip
import shutil
from pathlib import Path

import pytest

from kartograph.loaders.edge_lists.as_ontology import rdf_of
from kartograph.loaders.edge_lists.reading import read
from kartograph.loaders.properties import PropertiesOptions, write
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


def test_rows_read_and_rejected_and_said_again_are_all_lines(tmp_path):
    file = tmp_path / "kg.tsv"
    file.write_text('A\tgenre\tdrama\nA\tgenre\tdrama\nB\t\tdrama\nC\tgenre\t""\nD\tgenre\nE\tgenre\tdrama\n')
    edges = read(file)
    assert edges.rows["item"].tolist() == ["A", "E"]
    assert [(row.line, row.reason) for row in edges.rejected] == [
        (3, "an empty field"), (4, "an empty field"), (5, "not 3 fields"),
    ]  # fmt: skip
    report = write(None, file, PropertiesOptions(max_rejects="60%", rejects=tmp_path / "rejects.csv"), dry_run=True)
    assert (report.rows, report.counts["rows that say an edge again"], report.counts["edges"]) == (2 + 1 + 3, 1, 2)


def test_what_holds_no_edge_is_an_error(tmp_path):
    (tmp_path / "empty.tsv").write_text("\n")
    with pytest.raises(BadInput, match="has no edge; rows are `item property value`"):
        read(tmp_path / "empty.tsv")
    with pytest.raises(BadInput, match=r"has no file that ends in \.edgelist"):
        read(tmp_path)
    with pytest.raises(BadInput, match="there is no"):
        read(tmp_path / "nowhere")


DBPEDIA = "http://dbpedia.org/resource/"


def test_a_title_may_hold_a_comma_and_a_colon_where_blanks_part_the_fields(tmp_path):
    (tmp_path / "dbo:director.edgelist").write_text(
        f"{DBPEDIA}Charlie,_the_Lonesome_Cougar {DBPEDIA}Rex_Allen\r\n"
        f"{DBPEDIA}Digimon:_The_Movie {DBPEDIA}Mamoru_Hosoda\r\n"
        f"{DBPEDIA}Jumanji {DBPEDIA}Joe_Johnston\r\n"
    )
    edges = read(tmp_path)
    frame = contents_of(rdf_of(edges)).catalogue.frame("Item")

    assert edges.rejected == ()
    assert frame["label"].tolist() == ["Charlie, the Lonesome Cougar", "Digimon: The Movie", "Jumanji"]
    assert frame["director"].tolist() == ["Rex Allen", "Mamoru Hosoda", "Joe Johnston"]


def test_what_users_did_is_no_property(tmp_path):
    (tmp_path / "director.edgelist").write_text("m1 d1\n")
    (tmp_path / "feedback.edgelist").write_text("user1 m1\n")
    edges = read(tmp_path)
    assert edges.rows["item"].tolist() == ["m1"]
    assert edges.remarks == ("left out: feedback.edgelist, which holds what users did",)
    (tmp_path / "director.edgelist").unlink()
    with pytest.raises(BadInput, match="give a file for a property as well"):
        read(tmp_path)


@pytest.fixture
def numbered(tmp_path):
    """Three items, two authors; the first author wrote the first two items, which is told of the author too."""
    lists = {
        "item_list": "org_id remap_id freebase_id\nB1 0 m.0a\nB2 1 m.0b\nB3 2 m.0c\n",
        "entity_list": 'org_id remap_id\nm.0a 0\nm.0b 1\nm.0c 2\nm.ann 3\n"Bo Lee"@en 4\n',
        "relation_list": "org_id remap_id\nhttp://rdf.example/ns/book.author 0\nhttp://rdf.example/ns/author.books 1\n",
        "kg_final": "0 0 3\n1 0 3\n2 0 4\n\n3 1 0\n3 1 1\n",
    }
    for name, text in lists.items():
        (tmp_path / f"{name}.txt").write_text(text)
    return tmp_path


@pytest.mark.parametrize("named", ["", "kg_final.txt"])
def test_numbers_get_the_names_that_lists_beside_them_give(numbered, named):
    edges = read(numbered / named)
    catalogue = contents_of(rdf_of(edges)).catalogue

    assert catalogue.items.ids.tolist() == [f"urn:kartograph:properties#B{number}" for number in (1, 2, 3)]
    assert catalogue.frame("Item")["book.author"].tolist() == ["m.ann", "m.ann", "Bo Lee"]
    assert edges.remarks == ("left out: 2 edges of things that item_list.txt does not have",)


def test_numbers_of_things_are_no_quantities(numbered):
    (numbered / "entity_list.txt").unlink()
    (numbered / "relation_list.txt").unlink()
    [author] = contents_of(rdf_of(read(numbered))).schema.classes["Item"].attributes
    assert (author.name, author.kind) == ("0", Kind.NOMINAL)

    (numbered / "item_list.txt").unlink()  # a file of numbers alone, whose heads are all items then
    edges = read(numbered / "kg_final.txt")
    attributes = contents_of(rdf_of(edges)).schema.classes["Item"].attributes
    assert len(edges.rows) == 5 and {one.kind for one in attributes} == {Kind.NOMINAL, Kind.NOMINAL_SET}


def test_a_packed_folder_and_a_packed_file_are_read_like_plain_ones(numbered, tmp_path_factory):
    plain = read(numbered).rows
    away = tmp_path_factory.mktemp("packed")
    shutil.make_archive(str(away / "books"), "zip", numbered)
    assert read(away / "books.zip").rows.equals(plain)

    (numbered / "kg_final.txt.gz").write_bytes(gzip.compress((numbered / "kg_final.txt").read_bytes()))
    (numbered / "kg_final.txt").unlink()
    assert read(numbered).rows.equals(plain)


def test_lists_without_numbers_are_refused(numbered):
    (numbered / "item_list.txt").write_text("org_id remap_id\nB1 0\nB2\n")
    with pytest.raises(BadInput, match=r"item_list.txt has rows of different lengths; its rows are `org_id remap_id`"):
        read(numbered)
    (numbered / "item_list.txt").write_text("\n")
    with pytest.raises(BadInput, match=r"item_list.txt is empty"):
        read(numbered)


def test_rdf_names_stay_names_and_labels_and_literals_are_understood(tmp_path):
    rdf, year = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", '"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    file = tmp_path / "artists.nt"
    file.write_text(
        f'<{DBPEDIA}"Weird_Al"_Yankovic>\t<{rdf}type>\t<http://dbpedia.org/ontology/Person>\n'
        f"{DBPEDIA}Dune\t{rdf}type\thttp://dbpedia.org/ontology/Book\n"
        f'{DBPEDIA}Dune\thttp://www.w3.org/2000/01/rdf-schema#label\t"Dune, the novel"@en\n'
        f'{DBPEDIA}Dune\tyear\t"1965{year}\n'
        f"{DBPEDIA}Dune\tabout\t{DBPEDIA}Spice\n"
        f"{DBPEDIA}Dune\tabout\thttp://other.example/Spice\n"
    )
    catalogue = contents_of(rdf_of(read(file))).catalogue
    frame = catalogue.frame("Item")

    assert catalogue.items.ids.tolist() == [f"{DBPEDIA}%22Weird_Al%22_Yankovic", f"{DBPEDIA}Dune"]
    assert frame["label"].tolist() == ['"Weird Al" Yankovic', "Dune, the novel"]
    assert frame["type"].tolist() == ["Person", "Book"]
    assert frame["year"].tolist()[1] == 1965
    assert sorted(frame["about"].tolist()[1]) == [f"{DBPEDIA}Spice", "http://other.example/Spice"]
