"""The whole protocol on a small library, and that nothing of the whole period is a feature."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from kartograph.evaluation.papers.ontology.readers import reader_cases
from kartograph.evaluation.papers.ontology.record import tables
from kartograph.evaluation.papers.ontology.study import ProtocolOptions
from kartograph.evaluation.papers.ontology.tables import visit_numbers
from kartograph.evaluation.protocols.ontology import Ontology
from kartograph.evaluation.record import keep_record
from kartograph.evaluation.runner import evaluate
from kartograph.loaders.books import books_schema, catalogue, read_books
from kartograph.ontology.weights.genetic import GeneticOptions
from kartograph.tables.errors import BadInput

LEAKING = ("event_count", "borrow_count", "purchase_count", "circulation_years")
SMALL = ProtocolOptions(
    folds=2,
    genetic=GeneticOptions(chromosomes=3, crossovers=2),
    clusters=(2, 3),
    thresholds=(1.2,),
    populations=(3,),
    crossovers=(1, 2),
)


@pytest.fixture
def library(tmp_path):
    rng = np.random.default_rng(0)
    uri = "https://shakespeareandco.princeton.edu/books/"
    books = [
        f'{uri}b{n}/,{["Fiction", "Poetry", "Drama"][n % 3]},Book {n},"Author {n % 7}",{1900 + n % 30},9,9,9,1931'
        for n in range(30)
    ]
    (tmp_path / "books.csv").write_text("uri,genre,title,author,year," + ",".join(LEAKING) + "\n" + "\n".join(books))
    creators = [f'{n},Author {n},"Author {n}",{1850 + n},' for n in range(7)]
    (tmp_path / "creators.csv").write_text("ID,name,sort name,birth year,Birth Date\n" + "\n".join(creators))
    rows = ["event,event_type,member,book,event_start,event_end"]
    for visit in range(60):
        for book in rng.permutation(30)[: rng.integers(1, 5)]:
            day = pd.Timestamp("1930-01-01") + pd.Timedelta(days=visit * 5)
            rows.append(f"E{len(rows)},Borrow,m{visit % 8},b{book},{day:%Y-%m-%d},")
    (tmp_path / "borrows.csv").write_text("\n".join(rows))
    return tmp_path


@pytest.mark.parametrize(("days", "numbers"), [(1, [1, 1, 2, 3, 4]), (3, [1, 1, 1, 2, 3]), (14, [1, 1, 1, 1, 2])])
def test_a_pause_of_more_days_than_the_gap_ends_a_visit_and_with_1_the_day_does(days, numbers):
    day = pd.to_datetime(["1930-01-01", "1930-01-01", "1930-01-04", "1930-01-18", "1930-01-18"])
    visits = pd.DataFrame({"user": ["a", "a", "a", "a", "b"], "day": day})
    assert visit_numbers(visits, days).tolist() == numbers


@pytest.mark.slow
def test_the_record_has_every_table_and_is_kept_where_the_report_looks(library, tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    record = evaluate(library, (), Ontology(SMALL)).record
    shown = tables(record)
    assert {"Data", "Learned weights", "Readers in time"} < set(shown)
    success = shown["Success in percent of the sessions, mean and deviation over the folds"].set_index("method")
    assert success.loc["ECS", "reported success@3"] == "26" and len(success) == 19
    data = shown["Data"].set_index("")
    assert data.loc["books per author", "reported"] == "2.4" and data.loc["year of reference", "here"] == 1930
    assert data.loc["folds with this year", "here"] == SMALL.folds
    readings = shown["Unknown values"].groupby("measure")["chosen by folds"].sum()
    assert (readings == SMALL.folds).all()
    otherwise = shown["Visits read otherwise, EED-1"].set_index("row")
    assert list(otherwise.index) == ["visit gap 1", "visit gap 3", "visit gap 14", "in circulation that year"]
    # Each of the 8 readers comes every 40 days, so that no gap joins two visits.
    assert otherwise["sessions"].nunique() == 1 and otherwise["meaning"].str.len().min() > 10
    assert set(record["significance"]) == {"success@1", "success@3"}
    assert {"EED-1 genetic", "ECS purity, last two", "Markov 2"} < set(record["figures"])
    assert len(record["layout"]["points"]) == 30
    path = keep_record(record)
    assert path.parent.name == "records" and path.name.startswith("books-")
    assert json.loads(path.read_text())["name"] == library.name


def test_columns_that_count_the_whole_period_are_no_features(library, tmp_path):
    """Whatever stands in them, the books are the same."""
    other = tmp_path / "other"
    other.mkdir()
    for name in ("creators.csv", "borrows.csv"):
        shutil.copy(library / name, other / name)
    frame = pd.read_csv(library / "books.csv", dtype=str)
    assert set(LEAKING) <= set(frame.columns)
    for column in LEAKING:
        frame[column] = [str(number * 7) for number in range(len(frame))]
    frame.to_csv(other / "books.csv", index=False)
    one, two = (catalogue(read_books(folder), books_schema()).frame("Book") for folder in (library, other))
    pd.testing.assert_frame_equal(one, two)
    names = {a.name.lower() for d in books_schema().classes.values() for a in d.attributes}
    assert not names & {"eventcount", "borrowcount", "purchasecount", "circulationyears"}


def test_readers_are_asked_for_books_that_are_new_to_them_and_the_past_lies_before_the_visit(library):
    books = read_books(library)
    ids = books.books["book_id"].to_numpy(dtype=object)
    asked = reader_cases(books.visits, ids, 0.5)
    truth, queries = asked.cases.truth, asked.cases.queries
    trained = np.unique(asked.data.histories.items)
    for case in range(len(asked.cases)):
        right = truth.items[truth.offsets[case] : truth.offsets[case + 1]]
        past = queries.items[queries.offsets[case] : queries.offsets[case + 1]]
        new = asked.new_books.items[asked.new_books.offsets[case] : asked.new_books.offsets[case + 1]]
        assert len(right) and not np.isin(right, past).any()
        assert np.isin(new, right).all() and not np.isin(new, trained).any()
    with pytest.raises(BadInput, match=r"the cuts are 0\.9 and 0\.5"):
        reader_cases(books.visits, ids, 0.9, 0.5)


ONTOLOGY = """
@prefix : <urn:t#> . @prefix kg: <urn:kartograph:vocabulary#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Post a owl:Class ; kg:isTarget true .
:topic a owl:DatatypeProperty ; rdfs:domain :Post ; rdfs:range xsd:string ; kg:kind kg:NominalSet .
:published a owl:DatatypeProperty ; rdfs:domain :Post ; rdfs:range xsd:date ; kg:kind kg:Numeric .
"""
PATTERNS = """
ontology = "posts.ttl"
base = "urn:posts:"
item = { url = '^/([a-z]+-\\d+)' }
[attributes]
topic = { url = '^/([a-z]+)-' }
published = { url = '^/[a-z]+-(\\d+)' }
"""


@pytest.fixture
def posts(tmp_path):
    """Readers who keep to one of three topics, as events and as lines of a log."""
    rng = np.random.default_rng(1)
    events, lines = ["session_id,position,item_id"], []
    for session in range(40):
        for position, number in enumerate(rng.permutation(5)[:3]):
            item = f"{['java', 'sql', 'go'][session % 3]}-{2001 + number}"
            events.append(f"s{session},{position},{item}")
            at = f"{1 + session // 24:02}/Mar/2016:{session % 24:02}:{position:02}:00 +0000"
            lines.append(f'10.0.0.{session} - - [{at}] "GET /{item} HTTP/1.1" 200 9 "-" "Mozilla/5.0 (X11)"')
    items = "".join(
        f':{topic}-{year} a :Post ; :topic "{topic}" ; :published "{year}-01-01"^^xsd:date .\n'
        for topic in ("java", "sql", "go")
        for year in range(2001, 2006)
    )
    (tmp_path / "posts.ttl").write_text(ONTOLOGY)
    (tmp_path / "whole.ttl").write_text(ONTOLOGY + items)
    (tmp_path / "posts.toml").write_text(PATTERNS.replace("published = ", "# published = "))
    (tmp_path / "events.csv").write_text("\n".join(events) + "\ns0,9,unheard-of\n")
    (tmp_path / "access.log").write_text("\n".join(lines) + "\n")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(("file", "ontology", "lost"), [("events.csv", "whole.ttl", 1), ("access.log", "posts.ttl", 0)])
def test_the_protocol_runs_on_any_ontology_with_sessions_or_a_log(posts, file, ontology, lost):
    record = evaluate(posts / file, (), Ontology(SMALL, ontology=posts / ontology)).record
    data = record["tables"]["data"]
    assert record["protocol"] == "ontology" and data["sessions of two or more"] == 40
    assert data["items"] == 15 and data.get("visits of items that the ontology lacks", 0) == lost
    # Whoever reads on a topic stays with it: of the four other posts of the topic two are read.
    assert record["figures"]["ED"]["success@3"] == 1
    shown = tables(record)
    assert {"Data", "Learned weights", "Unknown values", "Purity thresholds, EED-1"} < set(shown)
    assert "Readers in time" not in shown and "Visits read otherwise, EED-1" not in shown


def test_visits_that_the_ontology_knows_nothing_of_are_an_error(posts):
    (posts / "other.csv").write_text("session_id,position,item_id\na,0,x\na,1,y\n")
    with pytest.raises(BadInput, match="none of the 2 visits is of an item of the ontology"):
        evaluate(posts / "other.csv", (), Ontology(SMALL, ontology=posts / "whole.ttl"))
    with pytest.raises(BadInput, match="Name the ontology of its items with --ontology"):
        evaluate(posts / "events.csv", (), Ontology(SMALL))


def test_too_few_sessions_for_the_folds_are_an_error(posts):
    (posts / "few.csv").write_text("session_id,position,item_id\na,0,java-2001\na,1,java-2002\n")
    with pytest.raises(BadInput, match="1 sessions of two or more items of the ontology, too few for 2 folds"):
        evaluate(posts / "few.csv", (), Ontology(SMALL, ontology=posts / "whole.ttl"))
