"""Columns that are not read and say what a row stands for."""

from kartograph.loaders.interactions import read


def test_columns_of_yes_and_no_are_told_where_all_rows_count(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,item,Purchased,member,rating\nu,a,0,0,1\nu,b,1,1,5\nu,c,0,1,4\n")
    report = read(path, options()).report
    assert report.remarks == [
        "column 'Purchased' is not read, and says '0' in 2 of 3 rows, which count like the others: "
        "--event 'Purchased' --event-map 1=buy,0=ignore leaves them out"
    ]
    assert any(words.startswith("column 'rating' of ratings is not read") for words in report.notes)
    source = read(path, options(event="Purchased", event_map=("1=buy,0=ignore",)))
    bought = source.interactions.to_pyarrow().to_pylist()
    assert [(row["item_id"], row["event"]) for row in bought] == [("b", "buy")]


def test_columns_of_totals_are_told_where_each_row_counts_once(tmp_path, options):
    path = tmp_path / "plays.csv"
    path.write_text("user,item,play_count,numViews,count\nu,a,30,1,red\nu,b,1,1,5\n")
    report = read(path, options()).report
    assert report.remarks == [
        "column 'play_count' is not read, and says '30' in 1 of 2 rows, each of which counts once: "
        "--quantity 'play_count' counts them as often"
    ]
    rows = read(path, options(quantity="play_count")).interactions.order_by("item_id").to_pyarrow().to_pylist()
    assert [row["quantity"] for row in rows] == [30, None]
