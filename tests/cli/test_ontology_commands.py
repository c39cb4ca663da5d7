"""Films go through the command line; nothing but their file says what films are."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.loading import load  # noqa: F401  (adds the commands)
from kartograph.cli.ontologies import annotate, ontology  # noqa: F401  (adds the commands)
from kartograph.tables.errors import BadInput

MARKED = (
    "@prefix : <urn:f#> . @prefix kg: <urn:kartograph:vocabulary#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . :Film a owl:Class ; kg:isTarget true . "
    ":genre a owl:DatatypeProperty ; rdfs:domain :Film ; kg:kind kg:Nominal . "
)
FILMS = str(Path(__file__).resolve().parents[1] / "ontology" / "films.ttl")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_two_films_are_compared_with_reasons():
    result = json.loads(run("compare", "vertigo", "Rear Window", "--file", FILMS, "--json"))
    assert result["similarity"] > 0.7
    assert "same director: Alfred Hitchcock" in [reason["words"] for reason in result["reasons"]]


@pytest.mark.parametrize("measure", ["CS", "ECS", "ED", "EED-1", "EED-2"])
def test_films_are_suggested_by_every_measure(measure):
    result = json.loads(run("suggest", "--seen", "monOncle", "--file", FILMS, "--measure", measure, "--json"))
    assert result[0]["label"] == "Playtime" and len(result) == 3


def test_films_are_clustered_in_so_many_clusters_or_by_silhouette():
    result = json.loads(run("cluster", "--file", FILMS, "--k", "3", "--json"))
    assert sorted(row["items"] for row in result["clusters"]) == [1, 2, 3]
    assert len(json.loads(run("cluster", "--file", FILMS, "--method", "k-medoids", "--json"))["clusters"]) > 1


@pytest.mark.parametrize(
    "command", ["compare a b", "suggest --seen a", "suggest --seen a --clusters 2", "cluster --k 2"]
)
@pytest.mark.parametrize("label", [":fire:", "[bold]x[/bold]", "<script>x</script>", r"a\u001b[31mred", "[/] x"])
def test_labels_with_markup_and_control_characters_are_shown_as_they_are(tmp_path, label, command):
    file = tmp_path / "films.ttl"
    individuals = f':a a :Film ; rdfs:label "A {label}" ; :genre "{label}" . :b a :Film ; rdfs:label "B {label}" ; '
    file.write_text(MARKED + individuals + f':genre "{label}" . :c a :Film ; :genre "{label} c" .')
    result = CliRunner().invoke(app, [*command.split(), "--file", str(file)], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert label.replace(r"\u001b", r"\x1b") in result.stdout and "\x1b" not in result.output


def test_an_item_that_there_is_not_is_named_as_it_is_written(tmp_path):
    file = tmp_path / "films.ttl"
    file.write_text(MARKED + ':a a :Film ; :genre "x" . :b a :Film ; :genre "y" .')
    with pytest.raises(BadInput, match=r"no item '\[bold\]\\x1b\[31m' among 2"):
        CliRunner().invoke(app, ["compare", "a", "[bold]\x1b[31m", "--file", str(file)], catch_exceptions=False)


def test_a_dry_run_counts_the_individuals():
    assert json.loads(run("load", "ontology", FILMS, "--dry-run", "--json")) == {
        "Film": 6,
        "Person": 4,
        "Country": 2,
        "verdict": {"exit_code": 0, "refused_because": []},
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compare", "vertigo", "nope"), "there is no item 'nope'"),
        (("suggest", "--seen", "vertigo", "--measure", "XX"), "there is no measure 'XX'; there are CS, ECS"),
        (("suggest", "--seen", "vertigo", "--start", "end"), "--start is 'end'; allowed are last, first"),
        (("cluster", "--unknown", "zero"), "--unknown is 'zero'; allowed are left-out, expected"),
        (("cluster", "--method", "none"), "--method is 'none'; allowed are agglomerative, k-medoids"),
    ],
)
def test_what_is_not_allowed_is_named(arguments, message):
    with pytest.raises(BadInput, match=message):
        run(*arguments, "--file", FILMS)


HEAD = """@prefix : <urn:example:tea#> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Tea a owl:Class ; kg:isTarget true .
:picked a owl:DatatypeProperty ; rdfs:domain :Tea ; kg:kind kg:Numeric .
"""


def teas(folder: Path, text: str) -> str:
    path = folder / "teas.ttl"
    path.write_text(HEAD + text)
    return str(path)


def test_a_single_item_has_nothing_to_suggest_and_is_one_cluster(tmp_path):
    file = teas(tmp_path, ":oolong a :Tea ; :picked 1999 .")
    assert "there is no other item" in run("suggest", "--seen", "oolong", "--file", file)
    assert json.loads(run("cluster", "--k", "1", "--file", file, "--json"))["clusters"][0]["items"] == 1
    with pytest.raises(BadInput, match="give it with --k"):
        run("cluster", "--file", file)


def test_items_without_a_known_attribute_in_common_are_said_to_have_none(tmp_path):
    file = teas(tmp_path, ":sencha a :Tea . :assam a :Tea .")
    assert "have no known attribute in common" in " ".join(run("compare", "sencha", "assam", "--file", file).split())
    assert json.loads(run("compare", "sencha", "assam", "--file", file, "--json"))["similarity"] is None
    assert "no other item has a known attribute" in run("suggest", "--seen", "sencha", "--file", file)


WITH_A_REJECT = (
    ":oolong a :Tea ; :picked 1999 . :sencha a :Tea ; :picked 1 , 2 ; :note 'x' . :assam a :Tea ; :picked 2003 ."
)


def test_a_reject_is_said_with_its_triple_and_the_others_are_used(tmp_path):
    file = teas(tmp_path, WITH_A_REJECT)
    result = CliRunner().invoke(app, ["suggest", "--seen", "oolong", "--file", file, "--json"], catch_exceptions=False)
    assert [row["label"] for row in json.loads(result.stdout)] == ["assam"]
    words = " ".join(result.stderr.split())
    assert "1 individual rejected: 1 × picked takes one value and has several" in words
    assert "<urn:example:tea#sencha> <urn:example:tea#picked> '1, 2'" in words
    rejects = tmp_path / "rejects.csv"
    actual = run("load", "ontology", file, "--dry-run", "--json", "--rejects", str(rejects))
    assert {name: json.loads(actual)[name] for name in ("Tea", "rejected")} == {"Tea": 2, "rejected": 1}
    assert rejects.read_text().splitlines()[0] == "subject,predicate,object,reason"


def test_labels_are_taken_in_the_language_that_is_asked_for(tmp_path):
    file = teas(tmp_path, ":a a :Tea ; :picked 1 ; rdfs:label 'Tee'@de , 'tea'@en . :b a :Tea ; :picked 2 .")
    for options, label in (((), "tea"), (("--language", "de"), "Tee")):
        assert json.loads(run("suggest", "--seen", "b", "--file", file, "--json", *options))[0]["label"] == label
    with pytest.raises(BadInput, match="'deutsch!' is no language"):
        run("suggest", "--seen", "b", "--file", file, "--language", "deutsch!")


FOREIGN = Path(__file__).resolve().parents[1] / "ontology" / "foreign"


@pytest.mark.parametrize(
    ("name", "seen", "best"),
    [
        ("wines.rdf", "ElmZinfandel", "AshZinfandel"),
        ("pizzas.ttl", "Margherita", "Caprese"),
        ("movies.ttl", "m1", "Day Train"),
    ],
)
def test_an_ontology_that_nobody_annotated_suggests_after_its_proposal_is_taken(
    tmp_path, monkeypatch, name, seen, best
):
    monkeypatch.chdir(tmp_path)
    file, stem = str(FOREIGN / name), name.partition(".")[0]
    run("annotate", file, "--yes")
    run("annotate", file)
    with pytest.raises(BadInput, match="exists and may have been edited"):
        run("annotate", file)
    for options in (("--file", f"{stem}-annotated.ttl"), ("--file", file, "--annotations", f"{stem}-annotations.ttl")):
        assert json.loads(run("suggest", "--seen", seen, *options, "--json"))[0]["label"] == best


def test_properties_of_one_local_name_stand_in_a_proposal_by_the_names_that_they_are_loaded_with(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "@prefix : <urn:x#> . @prefix o: <http://other.org/old/> . "
    text += ":a a :T ; :year 1 ; o:year 'x' . :b a :T ; :year 2 ; o:year 'y' ."
    (tmp_path / "t.ttl").write_text(text, "utf-8")
    result = json.loads(run("annotate", "t.ttl", "--json"))
    assert {row["property"]: row["kind"] for row in result["properties"]} == {"year": "Numeric", "old_year": "Nominal"}


@pytest.mark.server
def test_annotate_names_the_next_command_with_the_shop_that_was_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    printed = run("--shop", "books", "annotate", str(FOREIGN / "pizzas.ttl"), "--yes")
    assert printed.endswith("Next: kartograph --shop books load ontology pizzas-annotated.ttl\n")
    assert run("annotate", str(FOREIGN / "pizzas.ttl")).endswith(" --annotations pizzas-annotations.ttl\n")


def test_an_annotated_ontology_goes_into_the_shop(addressed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("annotate", str(FOREIGN / "pizzas.ttl"))
    run("load", "ontology", str(FOREIGN / "pizzas.ttl"), "--annotations", "pizzas-annotations.ttl")
    assert json.loads(run("suggest", "--seen", "Margherita", "--json"))[0]["label"] == "Caprese"


@pytest.mark.server
def test_rejects_are_loaded_up_to_a_limit_and_the_shop_keeps_the_language(addressed, tmp_path):
    file = teas(tmp_path, WITH_A_REJECT + ":oolong rdfs:label 'Drachentee'@de , 'dragon tea'@en .")
    with pytest.raises(BadInput, match="1 of 3 individuals are rejected, allowed are 0"):
        run("load", "ontology", file, "--max-rejects", "0")
    rejects = tmp_path / "rejects.csv"
    options = ("--max-rejects", "1", "--language", "de", "--rejects", str(rejects), "--json")
    result = json.loads(run("load", "ontology", file, *options))
    assert (result["items"], result["rejected"], result["similarities"]) == (2, 1, 2)
    assert json.loads(run("suggest", "--seen", "assam", "--json"))[0]["label"] == "Drachentee"
    assert json.loads(run("suggest", "--seen", "assam", "--json", "--language", "en"))[0]["label"] == "dragon tea"


@pytest.mark.server
def test_what_is_not_available_is_not_suggested(addressed):
    run("load", "ontology", FILMS)
    first, second, *_ = (row["label"] for row in json.loads(run("suggest", "--seen", "monOncle", "--json")))
    addressed.query("MATCH (i:Item {title: $title}) SET i.available = false", title=first, write=True)
    addressed.query("MATCH (i:Item {title: $title}) SET i.available = true", title=second, write=True)
    suggested = json.loads(run("suggest", "--seen", "monOncle", "--top", "9", "--json"))
    assert (suggested[0]["label"], len(suggested)) == (second, 4)  # of six films, one is seen and one is not available
    addressed.query("MATCH (i:Item) SET i.available = false", write=True)
    assert "Nothing to suggest: no other item is available." in run("suggest", "--seen", "monOncle")


@pytest.mark.server
def test_what_the_shop_has_weighed_counts_unless_it_is_left_out(addressed):
    run("load", "ontology", FILMS)
    plain = run("compare", "vertigo", "rearWindow", "--json")
    assert run("compare", "vertigo", "rearWindow", "--json", "--file", FILMS) == plain
    # Only the director counts, and both are Hitchcock's.
    addressed.query(
        "MATCH (a:Attribute) SET a.weight = CASE a.name WHEN 'director' THEN 1.0 ELSE 0.0 END, a.weighting = 'by hand'",
        write=True,
    )
    weighted = json.loads(run("compare", "vertigo", "rearWindow", "--json", "--measure", "EED-2"))
    assert weighted["similarity"] == pytest.approx(1)
    assert [reason["attribute"] for reason in weighted["reasons"]] == ["director"]
    assert run("compare", "vertigo", "rearWindow", "--json", "--unweighted") == plain
    assert (
        json.loads(run("suggest", "--seen", "vertigo", "--top", "1", "--measure", "EED-2", "--json"))[0]["score"] == 1
    )
    assert len(json.loads(run("cluster", "--k", "3", "--json"))["clusters"]) == 3
