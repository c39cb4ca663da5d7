"""The whole protocol on a small library, and that nothing of the whole period is a feature."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from kartograph.evaluation.papers.ontology.readers import reader_cases
from kartograph.evaluation.papers.ontology.record import tables
from kartograph.evaluation.papers.ontology.study import ProtocolOptions
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


def test_the_record_has_every_table_and_is_kept_where_the_report_looks(library, tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    record = evaluate(library, (), Ontology(SMALL)).record
    shown = tables(record)
    assert {"Data", "Learned weights", "Readers in time"} < set(shown)
    success = shown["Success in percent of the sessions, mean and deviation over the folds"].set_index("method")
    assert success.loc["ECS", "reported success@3"] == "26" and len(success) == 19
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
